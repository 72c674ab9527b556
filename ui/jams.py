"""Jams and MIDI files on disk: new, open, recent, save, import, export, and the journal that lets nothing get lost.

Asks the musician for names; what a document or take means is the conductor's.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox

from cocomposer.adapters.disk import SaveError, save_bytes
from cocomposer.adapters.fact_files import FactLogError, read_facts
from cocomposer.adapters.jam_files import EXTENSION, JamFileError, open_jam, save_jam
from cocomposer.adapters.journal import Journal, left_behind
from cocomposer.adapters.journal_lines import JournalError
from cocomposer.adapters.midi_files import MidiFileError
from cocomposer.adapters.midi_takes import read_take
from cocomposer.adapters.preferences import Preferences
from cocomposer.document.document import Document, Fact
from cocomposer.document.takes import KeptTake
from cocomposer.export.lead_sheet import SheetError
from cocomposer.export.take_midi import take_midi
from ui.conductor import Conductor
from ui.dialogs.role_questions import FillQuestion, VaryQuestion
from ui.main_window import MainWindow
from ui.presenters.roles_asked import Asking, Part, Place, fill, in_order, vary
from ui.presenters.takes import title_of
from ui.widgets.bar_picker import BarPicker
from ui.widgets.drag_out import friendly_name
from ui.widgets.progression_out import PLAYED, file_name, kind_name, suffix_of, written
from ui.widgets.words import in_menu

JAMS: Final = f"Jams (*{EXTENSION})"
MIDI_FILES: Final = "MIDI files (*.mid *.midi *.smf)"
RECENT_MOST: Final = 10


def read_log(path: str, first: int, end: int) -> Sequence[Fact]:
    """Some facts of an engine's log; none if it cannot be read."""
    try:
        return read_facts(path, end, first)[1]
    except FactLogError:
        return ()


class Memory(Protocol):
    """Who keeps the preferences."""

    @property
    def preferences(self) -> Preferences: ...
    def remember(self, **changes: Any) -> None: ...


class Jams:
    """The jam that is open, and all that files have to do with it."""

    def __init__(self, folder: Path, window: MainWindow, conductor: Conductor, memory: Memory) -> None:
        """`folder`: for the journals."""
        self._folder, self._window, self._conductor, self._memory = folder, window, conductor, memory
        self._session = conductor.session
        self._journal: Journal | None = None
        self._trouble: str | None = None
        window.window_acts.update(
            {
                "new": self.new,
                "open": partial(self._ask_path, "Open a jam", JAMS, self.open),
                "save": self.save,
                "save_as": self._save_as,
                "import_phrase": partial(self._import, "phrase"),
                "import_seed": partial(self._import, "seed"),
                "import_reference": partial(self._import, "reference"),
                "export_take": self._export,
                "export_chords": self._export_chords,
                "regenerate": self._regenerate,
                "vary": lambda: self._vary(self._conductor.take),
                "vary_played": lambda: self._vary(self._conductor.just_played()),
                "fill": self._fill,
            }
        )
        window.progression.save_meant.connect(self._export_chords)
        self._recent_menu = QMenu("Open recent", window)
        window.insert_menu("open", self._recent_menu)
        self._recent_menu.aboutToShow.connect(self._fill_recent)

    def begin(self, path: Path | None) -> None:
        """Open the file, or go on with what was left behind, or begin anew."""
        left = left_behind(self._folder) if path is None else []
        if path is not None:
            self.open(path)
        for folder in left:
            if self._journal is None:  # one that is damaged does not hide those before it
                self._recover(folder)
        if self._journal is None:
            self._begin_document(Document(), None)

    def end(self, keep: bool) -> None:
        """The window closes. What is not saved, or goes on in the engine (`keep`), is there again at the next start."""
        journal, self._journal, self._conductor.diary = self._journal, None, None
        if journal is not None:
            if keep or self._session.unsaved:
                journal.leave()
            else:
                journal.close()

    def look(self) -> None:
        """After each frame: find a key for a take that is new; say it if what is decided cannot be written down."""
        self._session.document.name_next()
        trouble = self._journal.trouble if self._journal is not None else None
        if trouble is not None and trouble != self._trouble:
            self._session.say(trouble)
        self._trouble = trouble

    def _recover(self, folder: Path) -> None:
        try:
            journal, recovered = Journal.resume(folder, lambda log: read_facts(log)[1])
        except JournalError as error:
            self._session.say(str(error))
            return
        self._journal = journal
        self._conductor.begin(recovered.document, recovered.path, journal)
        self._session.unsaved = recovered.unsaved
        self._name_window()
        takes = len(recovered.document.takes)
        if takes or recovered.document.timeline.count:
            self._session.say(f"Your last jam is back, with {takes} take{'' if takes == 1 else 's'}.")
        for sentence in recovered.sentences:
            self._session.say(sentence)

    def _begin_document(self, document: Document, path: str | None) -> None:
        """A journal of its own for this document, and the conductor on it."""
        before, self._journal = self._journal, None
        try:
            self._journal = Journal.begin(self._folder, document, path)
        except JournalError as error:
            self._session.say(str(error))
        self._conductor.begin(document, path, self._journal)
        if before is not None:
            before.close()
        self._name_window()

    def _name_window(self) -> None:
        path = self._session.path
        self._window.setWindowTitle(f"{Path(path).stem if path else 'New jam'}[*] – cocomposer")

    def _may_leave(self) -> bool:
        """Whether the jam that is open may make room: it is saved, or need not be."""
        if not self._session.unsaved:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "cocomposer",
            "Save this jam first?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            self.save()
            return not self._session.unsaved
        return bool(answer == buttons.Discard)

    def new(self) -> None:
        """A new, empty jam."""
        if self._may_leave():
            document = Document()
            document.settings = self._session.settings
            self._begin_document(document, None)
            self._conductor.go_on()

    def _ask_path(self, title: str, kinds: str, then: Callable[[Path], None]) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, title, self._memory.preferences.folder, kinds)
        if name:
            self._memory.remember(folder=str(Path(name).parent))
            then(Path(name))

    def open(self, path: Path) -> None:
        """Open this one instead of the one that is open."""
        if not self._may_leave():
            return
        try:
            document = open_jam(path)
        except JamFileError as error:
            self._forget_recent(path)
            self._session.say(str(error))
            return
        self._begin_document(document, str(path))
        self._conductor.go_on()
        self._add_recent(path)

    def save(self) -> None:
        """Save it; under which name is asked the first time."""
        if self._session.path is None:
            self._save_as()
        else:
            self._save_to(Path(self._session.path))

    def _save_as(self) -> None:
        first = self._session.path or str(Path(self._memory.preferences.folder or Path.home()) / f"jam{EXTENSION}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the jam", first, JAMS)
        if name:
            path = Path(name)
            named = path if path.suffix == EXTENSION else path.with_name(path.name + EXTENSION)
            # The dialog has asked only about the name that was typed.
            if named == path or not named.exists() or self._may_replace(named):
                self._save_to(named)

    def _may_replace(self, path: Path) -> bool:
        buttons = QMessageBox.StandardButton
        question = f"{path.name} is there already. Replace it?"
        answer = QMessageBox.question(self._window, "cocomposer", question, buttons.Yes | buttons.No, buttons.No)
        return bool(answer == buttons.Yes)

    def _save_to(self, path: Path) -> None:
        try:
            save_jam(path, self._session.document)
        except JamFileError as error:
            self._session.say(str(error))
            return
        self._session.path, self._session.unsaved = str(path), False
        if self._journal is not None:
            self._journal.saved(str(path))
        self._add_recent(path)
        self._name_window()
        self._session.say(f"Saved as {path.name}.")

    def _add_recent(self, path: Path) -> None:
        others = [other for other in self._memory.preferences.recent if other != str(path)]
        self._memory.remember(recent=(str(path), *others)[:RECENT_MOST], folder=str(path.parent))

    def _forget_recent(self, path: Path) -> None:
        self._memory.remember(recent=tuple(other for other in self._memory.preferences.recent if other != str(path)))

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        for name in self._memory.preferences.recent:
            self._recent_menu.addAction(in_menu(Path(name).name), partial(self.open, Path(name)))
        if not self._memory.preferences.recent:
            self._recent_menu.addAction("No jam was saved yet").setEnabled(False)

    def _import(self, use: str) -> None:
        self._ask_path("Import a MIDI file", MIDI_FILES, partial(self._read_midi, use))

    def _read_midi(self, use: str, path: Path) -> None:
        try:
            imported = read_take(path, self._session.document)
        except MidiFileError as error:
            self._session.say(str(error))
            return
        if imported.sentence is not None:
            self._session.say(imported.sentence)
        self._conductor.import_take(imported.take, answer=use == "seed", reference=use == "reference")

    def _export(self) -> None:
        take = self._conductor.take
        if take is None:
            self._session.say("There is no take to export yet.")
            return
        first = str(Path(self._memory.preferences.folder or Path.home()) / f"{friendly_name(take)}.mid")
        name, _ = QFileDialog.getSaveFileName(self._window, "Export the take", first, MIDI_FILES)
        if not name:
            return
        self._save_bytes(Path(name), take_midi(take, title_of(take), take.along))

    def _export_chords(self, kind: str = PLAYED) -> None:
        """The progression in a format (see `progression_out`)."""
        try:
            content = written(self._session, kind)
        except SheetError as error:
            self._session.say(str(error))
            return
        suffix = suffix_of(kind)
        folder = Path(self._memory.preferences.folder or Path.home())
        first = str(folder / f"{file_name(self._session)}{suffix}")
        kinds = f"{kind_name(kind)} (*{suffix})"
        name, _ = QFileDialog.getSaveFileName(self._window, "Export the chords", first, kinds)
        if not name:
            return
        path = Path(name)
        named = path if path.suffix else path.with_name(path.name + suffix)
        # The dialog has asked only about the name that was typed.
        if named == path or not named.exists() or self._may_replace(named):
            self._save_bytes(named, content)

    def _save_bytes(self, path: Path, content: bytes) -> None:
        try:
            save_bytes(path, content)
        except SaveError as error:
            self._session.say(str(error))
        else:
            self._session.say(f"Exported as {path.name}.")

    def _vary(self, take: KeptTake | None) -> None:
        if take is None or not take.notes:
            self._session.say("There is nothing to vary yet; play something, or choose a take.")
            return
        asked = VaryQuestion(take, self._window)
        if asked.agreed():
            self._conductor.alternatives.ask_for(take, partial(_varied, asked.part, asked.amount))

    def _fill(self) -> None:
        document = self._session.document
        chosen = in_order([take for take in map(document.take, self._window.takes.chosen()) if take is not None])
        if len(chosen) != 2:
            self._session.say("Select the two takes that shall be joined, with Ctrl held for the second one.")
            return
        left, right = chosen
        asked = FillQuestion(left, right, self._window)
        if asked.agreed():
            self._conductor.alternatives.ask_for(left, partial(_filled, right, asked.bars))

    def _regenerate(self) -> None:
        take = self._conductor.take
        if take is None or not take.answer:
            self._session.say("Choose a take with an answer first.")
            return
        kept = BarPicker.ask(take, self._window)
        if kept is not None:
            self._conductor.alternatives.regenerate(take, kept)


def _varied(part: Part, amount: float, take: KeptTake, place: Place) -> Asking:
    return vary(take, part, amount, place)


def _filled(right: KeptTake, bars: int, left: KeptTake, place: Place) -> Asking:
    return fill(left, right, bars, place)
