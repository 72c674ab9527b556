"""A take: a turn, a recording, or notes from elsewhere, as kept in a document. Frozen; edits make new ones."""

from enum import StrEnum

import msgspec

from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT


class TakeKind(StrEnum):
    """Where a take comes from."""

    ANSWER = "answer"
    """A turn of the jam: the phrase that was played and the machine's answer."""
    ALTERNATIVE = "alternative"
    """Another answer to a take's phrase, drawn beside the jam and kept."""
    RECORDING = "recording"
    """All that was heard and answered while recording."""
    CAPTURED = "captured"
    """Taken afterwards from what was played."""
    IMPORTED = "imported"
    """Read from a MIDI file."""


class ChordName(msgspec.Struct, frozen=True):
    """A chord by name where it begins, for showing."""

    tick: int
    name: str


class KeptTake(msgspec.Struct, frozen=True):
    """One take. Phrase and answer are in order, on one tick axis of their own (that of the jam when they sounded)."""

    id: str
    """Unique in all documents."""
    number: int
    """1, 2, … among those of its kind; never used again in its document."""
    kind: TakeKind
    name: str
    phrase: tuple[Note, ...]
    """What the player (or a file) gave."""
    answer: tuple[Note, ...]
    """What the machine made of it; empty for captured and imported ones."""
    bpm: float
    beat_known: bool
    bar_tick: int
    beats_per_bar: int
    seed: int
    settings: Settings
    created_at: str
    """ISO 8601, with zone."""
    cut_short: bool = False
    starred: bool = False
    parent: str | None = None
    """The take whose phrase this answers anew."""
    key: str = ""
    """By name, such as "D minor"; empty if unclear."""
    chords: tuple[ChordName, ...] = ()
    along: tuple[Note, ...] = ()
    """What sounds beside both: an accompaniment as it was played along, drums drawn under it. In order, each part on
    a channel of its own."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """Both players' notes, in order."""
        return tuple(sorted((*self.phrase, *self.answer)))

    @property
    def ticks_per_bar(self) -> int:
        """Length of a bar."""
        return self.beats_per_bar * TICKS_PER_BEAT
