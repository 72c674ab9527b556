"""The main window: puts the panels in their places, turns keys and menus into actions, shows the session each frame.

Decides nothing about the jam (see the conductor) and knows no engine but its bridge.
"""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QScrollArea, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from cocomposer.jam.outputs import Mode
from ui.conductor import Conductor
from ui.engine_bridge import EngineBridge, EngineLost
from ui.presenters.actions import ACTIONS
from ui.presenters.session import Link, Session
from ui.widgets.alternatives import AlternativesPanel
from ui.widgets.chord_panel import ChordPanel
from ui.widgets.computer_keyboard import ComputerKeyboard
from ui.widgets.panel import Panel
from ui.widgets.piano_keys import PianoKeys
from ui.widgets.progression import ProgressionPanel
from ui.widgets.roll import RollPanel
from ui.widgets.side_panel import SidePanel
from ui.widgets.status_bar import StatusBar
from ui.widgets.takes_panel import TakesPanel
from ui.widgets.transport_bar import TransportBar
from ui.widgets.words import in_menu

FRAME_MS: Final = 16
"""While something moves."""
REST_MS: Final = 100
"""While nothing does: lamps and the engine's state still change."""
MOVES_ON_SECONDS: Final = 1.0
"""So long after the last thing that moved the window still paints at full rate."""
ROOM_FOR_CHORDS: Final = 860
"""So high the window shows the chords unless they were hidden."""


LEAST_MIDDLE: Final = 400
NO_ROOM: Final = "There is no room for that; make the window higher, or close what else is shown."


def least_height(part: QWidget) -> int:
    """In pixels, shown or not."""
    if part.sizePolicy().verticalPolicy() is QSizePolicy.Policy.Fixed:
        return part.sizeHint().height()
    return max(part.minimumSizeHint().height(), part.minimumHeight())


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(inside)
    return area


class MainWindow(QMainWindow):
    """One window, one session."""

    def __init__(
        self,
        session: Session,
        conductor: Conductor,
        bridge: EngineBridge,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__()
        self.session, self.conductor, self.bridge = session, conductor, bridge
        self.may_close: Callable[[], bool] = lambda: True
        """Asked when the window is to be closed."""
        self.after_frame: Callable[[], None] = lambda: None
        """Called when a frame was shown."""
        self._clock = clock
        self._moved_at = clock()
        self._checked: tuple[object, ...] | None = None
        self.setWindowTitle("cocomposer[*]")
        self.setObjectName("main")
        self.transport_bar, self.takes, self.roll = TransportBar(), TakesPanel(), RollPanel()
        self.alternatives, self.piano, self.side, self.status = (
            AlternativesPanel(),
            PianoKeys(),
            SidePanel(),
            StatusBar(),
        )
        self.computer_keyboard = ComputerKeyboard(self)
        self.chords = ChordPanel()
        self.chords_wanted: bool | None = None
        """Whether the chords are shown; None: where there is room for them."""
        self.progression = ProgressionPanel(conductor.progression, self.takes.drag_folder)
        self.progression_wanted: bool | None = None
        """Whether the progression is shown; None: where there are chords in it and room for them."""
        self._panels: tuple[Panel, ...] = (
            self.transport_bar, self.takes, self.roll, self.chords, self.progression, self.alternatives, self.piano,
            self.side, self.status,
        )  # fmt: skip
        self.piano_wanted = True
        self._asked_for: list[QWidget] = [self.piano, self.chords, self.progression]
        """What stands in the middle as far as there is room; what was asked for last comes first."""
        self._lay_out()
        self.takes.drag_folder.clean()
        self.actions_by_id: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self.window_acts: dict[str, Callable[[], None]] = {
            "follow": lambda: self.roll.set_follow(not self.roll.following),
            "zoom_in": self.roll.zoom_in,
            "zoom_out": self.roll.zoom_out,
            "zoom_fit": self.roll.zoom_fit,
            "rename": self.takes.begin_rename,
            "side_panel": lambda: self._side_area.setVisible(not self._side_area.isVisible()),
            "chords": lambda: self._want(self.chords, not self.chords.isVisible()),
            "progression": lambda: self._want(self.progression, not self.progression.isVisible()),
            "piano": lambda: self._want(self.piano, not self.piano.isVisible()),
            "computer_keys": self._toggle_computer_keys,
            "quit": self.quit,
        }
        """What the window does itself; the application adds dialogs."""
        self._make_actions()
        for panel in self._panels:
            panel.acted.connect(self.act)
            panel.commanded.connect(conductor.command)
            panel.edited.connect(conductor.edit)
        self.progression.touched.connect(self._touched)
        self.chords.placed.connect(conductor.advice.place)
        self.chords.rested.connect(conductor.advice.rest_on)
        self.chords.wished.connect(conductor.advice.wish)
        self.computer_keyboard.commanded.connect(conductor.command)
        self.computer_keyboard.changed.connect(lambda: self.piano.show_letters(self.computer_keyboard.letters))
        for selecting in (self.takes, self.roll, self.alternatives):
            selecting.selected.connect(self._select)
        self.roll.followed.connect(lambda _following: self._show_checks())
        self._frames = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self.frame)
        self._frames.start(FRAME_MS)
        bridge.arrived.connect(self.frame)

    # -- place ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.roll, 1)
        column.addWidget(self.chords)
        column.addWidget(self.progression)
        column.addWidget(self.alternatives)
        column.addWidget(self.piano)
        self.alternatives.hide()
        self.progression.hide()
        # What has no room after all (large letters, a line more) is scrolled: the window never grows by itself.
        self._middle_area = _scrolled(middle)
        self._middle_area.setMinimumWidth(LEAST_MIDDLE)
        self._side_area = _scrolled(self.side)
        self._side_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side_area.setMinimumWidth(self.side.sizeHint().width() + 16)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for part, stretch in ((self.takes, 0), (self._middle_area, 1), (self._side_area, 0)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
            self.splitter.setCollapsible(self.splitter.count() - 1, False)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.transport_bar)
        rows.addWidget(self.splitter, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)
        self.resize(1440, 900)
        self.splitter.setSizes([300, 840, 300])

    def _make_actions(self) -> None:
        for action in ACTIONS:
            made = QAction(action.text, self, checkable=action.checkable)
            made.setObjectName(action.id)
            made.setShortcuts([QKeySequence(keys) for keys in action.keys])
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            made.setAutoRepeat(False)
            made.setToolTip(action.tip or action.text)
            made.triggered.connect(lambda _checked=False, name=action.id: self.act(name))
            self.actions_by_id[action.id] = made
            if action.menu not in self._menus:
                self._menus[action.menu] = self.menuBar().addMenu(action.menu)
            self._menus[action.menu].addAction(made)
        self.addActions(list(self.actions_by_id.values()))

    # -- act -----------------------------------------------------------------------------------

    def act(self, name: str) -> None:
        """Do what an action says, from wherever it came."""
        if name in ("undo", "redo"):
            self.settle()
        if name == "panic":
            self.computer_keyboard.silence()
            self.piano.silence()
        act = self.window_acts.get(name)
        if act is not None:
            act()
        elif not self.conductor.act(name):
            raise LookupError(f"nothing carries out the action {name!r}")
        self._moved_at = self._clock()
        self._show_checks()
        self.frame()

    def settle(self) -> None:
        """A knob that still turns has come to rest: what it did is one edit."""
        self.transport_bar.settle()
        self.side.settle()

    def _select(self, take: str) -> None:
        self.session.selected = take
        self.frame()

    def _toggle_computer_keys(self) -> None:
        self.computer_keyboard.set_active(not self.computer_keyboard.active)

    def _want(self, part: QWidget, wanted: bool) -> None:
        """Show a part of the middle, or hide it; others give way where there is too little room."""
        if part is self.chords:
            self.chords_wanted = wanted
        elif part is self.progression:
            self.progression_wanted = wanted
        else:
            self.piano_wanted = wanted
        self._asked_for.remove(part)
        self._asked_for.append(part)
        self._show_parts()
        if wanted and not part.isVisible():
            self.session.say(NO_ROOM)

    def _touched(self) -> None:
        """Show at once what was done with the progression."""
        self._moved_at = self._clock()
        self.frame()

    def _show_parts(self) -> None:
        """What comes and goes by itself."""
        high, others = self.height() >= ROOM_FOR_CHORDS, self.session.alternatives is not None
        row = high and bool(self.session.document.progression.cards)
        wanted: dict[QWidget, bool] = {
            self.piano: self.piano_wanted,
            self.chords: high if self.chords_wanted is None else self.chords_wanted,
            self.progression: row if self.progression_wanted is None else self.progression_wanted,
        }
        room = self._middle_area.height() - least_height(self.roll) - others * least_height(self.alternatives)
        fits: dict[QWidget, bool] = {}
        for part in reversed(self._asked_for):
            least = least_height(part)
            fits[part] = wanted[part] and least <= room
            room -= least * fits[part]
        for part in self._asked_for:
            part.setVisible(fits[part])
        self.alternatives.setVisible(others)

    def _to_check(self) -> tuple[object, ...]:
        """What changes without an action too: by a panel."""
        session = self.session
        return session.document, session.document.version, session.selected, session.chord_wish

    def _show_checks(self) -> None:
        self._checked = self._to_check()
        take = self.conductor.take
        states = {
            "record": self.session.recording_from is not None,
            "star": take is not None and take.starred,
            "follow": self.roll.following,
            "side_panel": self._side_area.isVisible(),
            "chords": self.chords.isVisible(),
            "progression": self.progression.isVisible(),
            "play_chords": self.session.chords.sound and bool(self.session.chords.slots),
            "lock_chords": self.session.chords.lock and bool(self.session.chords.slots),
            "pin_key": self.session.chord_wish.pinned_key is not None,
            "piano": self.piano.isVisible(),
            "computer_keys": self.computer_keyboard.active,
            "sound": self.session.sound.on,
        }
        for name, on in states.items():
            self.actions_by_id[name].setChecked(on)
        for name, text in (("undo", self.session.document.undo_text), ("redo", self.session.document.redo_text)):
            self.actions_by_id[name].setEnabled(text is not None)
            self.actions_by_id[name].setText(f"{name.capitalize()} {in_menu(text)}" if text else name.capitalize())

    # -- show ----------------------------------------------------------------------------------

    def frame(self) -> None:
        """Take in all news, then let each panel show the session."""
        news = self.bridge.news()
        for one in news:
            if isinstance(one, EngineLost):
                self.session.engine_lost(one.sentence)
                continue
            asked = self.conductor.take_in(one)
            if asked is not None and (asked in self.window_acts or asked in self.actions_by_id):
                self.act(asked)
        now = self._clock()
        session = self.session
        moving = bool(news) or session.mode is not Mode.LISTENING or session.audition is not None
        if moving or (session.beat is not None and session.beat.running and self._beat_is_shown()):
            self._moved_at = now
        self._frames.setInterval(FRAME_MS if now - self._moved_at < MOVES_ON_SECONDS else REST_MS)
        self._show_parts()
        self.conductor.advice.seen = self.chords.isVisible()
        self.conductor.advice.look(now)
        for panel in self._panels:
            if panel.isVisible():
                panel.refresh(session, now)
        if news or self._checked != self._to_check():
            self._show_checks()
        self.setWindowModified(session.unsaved)
        self.after_frame()

    def _beat_is_shown(self) -> bool:
        return self.session.link is Link.JOINED and self.session.bar_and_beat(self._clock()) is not None

    def insert_menu(self, after: str, menu: QMenu) -> None:
        """Put a menu behind the action of this id."""
        action = self.actions_by_id[after]
        inside = next(one for one in self._menus.values() if action in one.actions())
        following = inside.actions()[inside.actions().index(action) + 1]
        inside.insertMenu(following, menu)

    # -- end -----------------------------------------------------------------------------------

    def quit(self) -> None:
        """Close, and end the engine too."""
        self._quitting = True
        self.close()

    _quitting = False

    @property
    def quitting(self) -> bool:
        """The window is being closed because everything shall end."""
        return self._quitting

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            self._quitting = False
            event.ignore()
            return
        self.computer_keyboard.set_active(False)
        self._frames.stop()
        event.accept()

    def restore_layout(self, geometry: QByteArray, splitter: QByteArray) -> None:
        """As `layout_state` told it."""
        self.restoreGeometry(geometry)
        self.splitter.restoreState(splitter)

    def layout_state(self) -> tuple[QByteArray, QByteArray]:
        """Place and size, to be given to `restore_layout` the next time."""
        return self.saveGeometry(), self.splitter.saveState()
