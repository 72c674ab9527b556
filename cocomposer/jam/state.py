"""What the parts of a jam share: settings, whose beat, what was played, and what shall be done. No decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from cocomposer.events.codec import Metre
from cocomposer.generation.given_chords import GivenChords
from cocomposer.generation.request import Hearing, Wish
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode, Output
from cocomposer.jam.settings import Settings
from cocomposer.jam.shaping import told_style
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note
from cocomposer.sync.transport import Transport

CONTEXT_NOTES: Final = 640
"""Notes told to the composer: more than its window, so that the oldest are never missed."""


@dataclass(slots=True)
class State:
    """The shared part of a running jam."""

    settings: Settings
    transport: Transport
    mode: Mode = Mode.LISTENING
    history: list[Note] = field(default_factory=list)
    """The last notes of the jam, both players', in the order in which they became settled."""
    forgotten: int = 0
    """Notes of the jam that are no longer in `history`."""
    unanswered: int = 0
    """Notes at the end of `history` that belong to a phrase still unanswered."""
    chords: GivenChords = field(default_factory=GivenChords)
    """Those that answers go by."""
    chord_tones_only: bool = False
    _went_by: tuple[GivenChords, bool] = field(default_factory=lambda: (GivenChords(), False))
    composer_ready: bool = False
    notes: int = 0
    """Notes committed so far, answers and auditions."""
    out: list[Output] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """One sentence for the musician."""
        self.out.append(outputs.Notice(sentence))

    def set_mode(self, mode: Mode, now: float, entry_seconds: float | None = None) -> None:
        """Change what the jam is doing, and tell it."""
        if mode is not self.mode or entry_seconds is not None:
            self.mode = mode
            self.out.append(outputs.ModeChanged(mode, now, entry_seconds))

    def next_note_id(self) -> int:
        """A number for the next note that is committed."""
        self.notes += 1
        return self.notes

    @property
    def nudge_seconds(self) -> float:
        """All that we play sounds so much later (below 0: earlier) than the beat."""
        return self.settings.nudge_ms / 1000

    def remember(self, notes: Sequence[Note]) -> None:
        """These notes were played and will not change any more."""
        self.history.extend(notes)
        self.shorten()

    def shorten(self) -> None:
        """Forget the oldest notes, which nobody looks back on any more."""
        surplus = len(self.history) - 2 * CONTEXT_NOTES
        if surplus > 0:
            del self.history[:surplus]
            self.forgotten += surplus

    def forget(self) -> None:
        """Nothing was played."""
        self.forgotten += len(self.history)
        self.history.clear()
        self.unanswered = 0

    def hearing(self, grid: Grid, more: Sequence[Note]) -> Hearing:
        """All that the composer shall have heard: the history and the notes of now."""
        notes = (*self.history[-CONTEXT_NOTES:], *more)[-CONTEXT_NOTES:]
        first = self.forgotten + len(self.history) + len(more) - len(notes)
        return Hearing(first, notes, metre_of(grid), told_style(self.settings), self.chords)

    def go_by(self, chords: GivenChords, tones_only: bool) -> None:
        """These are the chords that answers go by."""
        self.chords, self.chord_tones_only = chords, tones_only

    def chords_changed(self) -> bool:
        """Whether answers go by other chords than when this was asked last."""
        before, self._went_by = self._went_by, (self.chords, self.chord_tones_only)
        return before != self._went_by

    def by_chords(self, wish: Wish) -> Wish:
        """The wish for notes that go by the chords, or by none if there are none. A drum's pitch is no pitch."""
        chords = GivenChords() if self.settings.style == "drums" else self.chords
        return msgspec.structs.replace(wish, chords=chords, chord_tones_only=self.chord_tones_only)


def metre_of(grid: Grid) -> Metre:
    """What the composer may know of a grid's beat."""
    return Metre(grid.beat_known, grid.bar_tick, grid.ticks_per_bar)


def beat_is_given(grid: Grid) -> bool:
    """Whether somebody gives the beat (an estimate is a guess, not worth waiting for)."""
    return grid.source in (BeatSource.CLOCK, BeatSource.TAP, BeatSource.SET) and grid.running
