"""All that a jam can want done, as values: by the player of notes, by the composer, by whoever shows it."""

from enum import StrEnum

import msgspec

from cocomposer.generation.request import Request
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note


class Mode(StrEnum):
    """What the jam is doing."""

    LISTENING = "listening"
    """Nothing is being played."""
    HEARING = "hearing"
    """The player plays."""
    ARMED = "armed"
    """The answer is asked for and waits for its entry."""
    ANSWERING = "answering"


class Play(msgspec.Struct, frozen=True, tag=True):
    """Commit one note: it will sound then, and not be moved any more."""

    turn: int
    note_id: int
    note: Note
    on_seconds: float
    off_seconds: float
    fallback: bool = False
    """It does not come from the model."""


class Send(msgspec.Struct, frozen=True, tag=True):
    """Commit one message that is no note (the pedal)."""

    turn: int
    due_seconds: float
    data: bytes


class Cut(msgspec.Struct, frozen=True, tag=True):
    """Silence a turn now and forget what it had queued."""

    turn: int


class Silence(msgspec.Struct, frozen=True, tag=True):
    """Panic: end everything, known or not."""


class Thru(msgspec.Struct, frozen=True, tag=True):
    """Pass on a message of the player."""

    data: bytes


class ModeChanged(msgspec.Struct, frozen=True, tag=True):
    """To be shown."""

    mode: Mode
    at_seconds: float
    entry_seconds: float | None = None
    """When an armed answer enters."""


class Heard(msgspec.Struct, frozen=True, tag=True):
    """The player struck a key; to be shown."""

    at_seconds: float
    pitch: int
    velocity: int
    channel: int


class Take(msgspec.Struct, frozen=True, tag=True):
    """A turn is over: what was played and what was answered, for whoever keeps it."""

    turn: int
    phrase: tuple[Note, ...]
    answer: tuple[Note, ...]
    bpm: float
    beat_known: bool
    bar_tick: int
    """A tick on which a bar begins (0 where no bar is known)."""
    beats_per_bar: int
    seed: int
    cut_short: bool


class SettingsChanged(msgspec.Struct, frozen=True, tag=True):
    """To be shown and kept."""

    settings: Settings


class Notice(msgspec.Struct, frozen=True, tag=True):
    """One sentence for the musician."""

    sentence: str


Shown = ModeChanged | Heard | Take | SettingsChanged | Notice
"""What front ends are told (they are told of every `Play` too)."""
Output = Play | Send | Cut | Silence | Thru | Request | Shown
