"""The progression on its way out: its bytes in each format, the button that is dragged into a DAW, the clipboard."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from cocomposer.document.progression import Progression
from cocomposer.export.chord_formats import CHORD_FORMATS
from cocomposer.export.chord_midi import chord_midi, voiced
from cocomposer.export.lead_sheet import LeadSheet, SheetError
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS
from cocomposer.harmony.voicing.rules import VoicingRules
from ui.presenters.chords import renamed
from ui.presenters.progression import chart_of, row_key, sheet_of
from ui.presenters.session import Session
from ui.widgets.drag_out import DragFolder, fit_name, mime_of
from ui.widgets.press_button import PressButton

PLAYED: Final = "played"
"""A MIDI file too, with the chords voiced and in their rhythm instead of plain blocks."""
NOTHING: Final = "There are no chords yet; place or type some first."


def written(session: Session, name: str) -> bytes:
    """The progression in a format of CHORD_FORMATS, or as it is PLAYED. SheetError if it has no chords or cannot be."""
    if not session.document.progression.cards:
        raise SheetError(NOTHING)
    sheet = sheet_of(session)
    return _played(sheet, session.document.progression) if name == PLAYED else CHORD_FORMATS[name].write(sheet)


def _played(sheet: LeadSheet, progression: Progression) -> bytes:
    pattern = None if progression.pattern is None else COMPING_PATTERNS.get(progression.pattern)
    return chord_midi(sheet, voiced(sheet, VoicingRules(progression.style), pattern).notes)


def kind_name(name: str) -> str:
    """A format for people."""
    return CHORD_FORMATS["midi" if name == PLAYED else name].label


def suffix_of(name: str) -> str:
    """The ending of files in a format."""
    return CHORD_FORMATS["midi" if name == PLAYED else name].suffix


def file_name(session: Session) -> str:
    """What a file of it is called, without its ending: the title, else the first chords."""
    key = row_key(session)
    symbols = [renamed(card.symbol, key) for card in session.document.progression.cards[:4]]
    return fit_name(session.document.title or f"Chords {' '.join(symbols)}")


def text_of(session: Session, name: str) -> str:
    """The progression as text for the clipboard."""
    return written(session, name).decode().strip()


def chart_of_selected(session: Session) -> str:
    """The selected cards as the text of a chart, all of them if none is selected."""
    progression = session.document.progression
    chosen = session.row.selected_of(len(progression.cards)) or range(len(progression.cards))
    cards = tuple(progression.cards[number] for number in chosen)
    return chart_of(Progression(cards, progression.key), session.settings.beats_per_bar, progression.chosen_key)


def midi_mime(session: Session, folder: DragFolder) -> QMimeData:
    """As it is played, as a MIDI file that other programs take. SheetError, or OSError if it cannot be written."""
    return mime_of([folder.keep(file_name(session), written(session, PLAYED))])


class ExportButton(PressButton):
    """Pressed, it opens the menu of formats; dragged, it gives the MIDI file."""

    menu_meant = Signal(QPoint)
    failed = Signal(str)
    """The file could not be given away: a sentence."""

    def __init__(self, mime: Callable[[], QMimeData]) -> None:
        """`mime` makes what is given away."""
        super().__init__("Export …", "Save or copy the chords; drag from here to put them into your DAW as MIDI")
        self._mime = mime
        self._pressed_at: QPoint | None = None
        self.clicked.connect(lambda: self.menu_meant.emit(self.mapToGlobal(QPoint(0, self.height()))))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed_at = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and event.buttons() & Qt.MouseButton.LeftButton:
            if (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
                self._pressed_at = None
                self.setDown(False)
                drag = self.drag_of()
                if drag is not None:
                    drag.exec(Qt.DropAction.CopyAction)
            return
        super().mouseMoveEvent(event)

    def drag_of(self) -> QDrag | None:
        """A drag that is ready to go; None, and the reason told, if there is nothing to give."""
        try:
            mime = self._mime()
        except (SheetError, OSError) as error:
            self.failed.emit(sentence_of(error))
            return None
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.setPixmap(self.grab())
        drag.setHotSpot(QPoint(8, 8))
        return drag


def sentence_of(error: SheetError | OSError) -> str:
    """Why it could not be given away."""
    if isinstance(error, OSError):
        why = (error.strerror or str(error)).lower()
        return f"The MIDI file could not be written ({why}); free some space or check the cache folder."
    return str(error)


def export_menu(menu: QMenu, save: Callable[[str], None], copy: Callable[[str], None]) -> QMenu:
    """All formats to save, and those that a clipboard takes."""
    labels = {PLAYED: "MIDI file, as it is played", **{one.name: one.label for one in CHORD_FORMATS.values()}}
    labels["midi"] += ", plain blocks"
    labels["chart"] = "plain chart"
    for name, label in labels.items():
        _add(menu, f"Save as {label} …", f"save_{name}", partial(save, name))
    menu.addSeparator()
    texts = {"chart": "Copy the chart", "ireal": "Copy the iReal Pro link"}
    texts |= {
        one.name: f"Copy as {one.label}" for one in CHORD_FORMATS.values() if one.is_text and one.name not in texts
    }
    for name, label in (texts | {PLAYED: "Copy as MIDI file"}).items():
        _add(menu, label, f"copy_{name}", partial(copy, name))
    return menu


def _add(menu: QMenu, text: str, name: str, step: Callable[[], None]) -> None:
    action = menu.addAction(text)
    action.setObjectName(name)
    action.triggered.connect(lambda _checked=False: step())


def copy_out(session: Session, name: str, folder: DragFolder) -> None:
    """Put it on the clipboard. SheetError, or OSError if a file cannot be written."""
    clipboard = QGuiApplication.clipboard()
    if name == PLAYED:
        clipboard.setMimeData(midi_mime(session, folder))
    else:
        clipboard.setText(text_of(session, name))
