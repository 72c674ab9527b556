"""All that a jam can want done, as values: by the player of notes, by the composer, by whoever shows it."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate

import msgspec

from cocomposer.generation import chord_request
from cocomposer.generation.request import Request
from cocomposer.jam.inputs import ChordSlot
from cocomposer.jam.settings import Settings
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.playback.sounding import ACCOMPANIMENT_TURNS


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
    muted: bool = False
    """It counts as played, and is not heard."""


class Preview(msgspec.Struct, frozen=True, tag=True):
    """Commit one note of an audition or of the chords: it sounds like `Play`, but is no part of the jam; not told."""

    turn: int
    note_id: int
    note: Note
    on_seconds: float
    off_seconds: float


class Accompany(msgspec.Struct, frozen=True, tag=True):
    """Commit one note of the accompaniment: played like `Play`, and shown; no part of any answer."""

    turn: int
    """Which part: one of `playback.sounding.ACCOMPANIMENT_TURNS`."""
    note_id: int
    note: Note
    on_seconds: float
    off_seconds: float

    @property
    def part(self) -> str:
        """By name: chords, bass or voice."""
        return next(name for name, turn in ACCOMPANIMENT_TURNS.items() if turn == self.turn)


class EndMoved(msgspec.Struct, frozen=True, tag=True):
    """A note that was committed ends at another moment; one that has not begun by then never sounds."""

    note_id: int
    off_seconds: float
    share: float
    """How much of the note as it was committed sounds then, 0 (nothing) to 1."""


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
    tick: float
    """Where it lies on the jam's axis."""
    pedal: Pedal = Pedal.UNKNOWN


class Released(msgspec.Struct, frozen=True, tag=True):
    """A key of the player's no longer sounds as held (it came up, or was given up); to be shown."""

    at_seconds: float
    pitch: int
    channel: int
    tick: float


class Drafted(msgspec.Struct, frozen=True, tag=True):
    """All notes of the running turn that are planned and not committed; to be shown. Empty: none (any more)."""

    turn: int
    notes: tuple[Note, ...]


class BeatChanged(msgspec.Struct, frozen=True, tag=True):
    """The beat goes on along another line from `at_seconds` on; to be shown. Between two of these it is straight."""

    at_seconds: float
    tick: float
    seconds_per_tick: float
    source: BeatSource
    running: bool
    bar_tick: int | None
    beats_per_bar: int


class AuditionBegan(msgspec.Struct, frozen=True, tag=True):
    """`tick` of the notes auditioned sounds at `at_seconds`, and they go on at this pace; to be shown."""

    name: str
    at_seconds: float
    tick: int
    seconds_per_tick: float
    ends_at_seconds: float


class AuditionEnded(msgspec.Struct, frozen=True, tag=True):
    """It is over, or was ended."""

    name: str
    at_seconds: float


class Alternative(msgspec.Struct, frozen=True, tag=True):
    """What an `Imagine` came to. `failure` is a sentence if it came to nothing."""

    request: int
    seed: int
    notes: tuple[Note, ...]
    failure: str | None = None


Suggested = chord_request.Suggested
"""What a `Suggest` came to."""
SuggestedChord = chord_request.SuggestedChord
SuggestedLine = chord_request.SuggestedLine


class HarmonyChanged(msgspec.Struct, frozen=True, tag=True):
    """What is heard of the harmony, by the player's keys and the machine's; told when anything of it changes."""

    at_seconds: float
    tick: float
    """Where the jam's axis is then."""
    chord: str | None = None
    """The symbol of what sounds now, or sounded last, spelt in the key; None: none, or none any more."""
    confidence: float = 0.0
    """Estimated probability of it, 0–1, in steps of 1/20."""
    alternatives: tuple[tuple[str, float], ...] = ()
    """(symbol, confidence) of what else it may be, best first, at most 5; what is hardly likely is left out."""
    key: str | None = None
    """Such as "D minor"; None before enough was heard."""
    key_confidence: float = 0.0
    spans: tuple[tuple[int, int, str], ...] = ()
    """(tick, end_tick, symbol) of the chords so far, in order; the last 32. Where there was no chord there is a gap."""
    given: bool = False
    """The chord is the one that `PlayChords` plays: known, not heard."""


class ChordsChanged(msgspec.Struct, frozen=True, tag=True):
    """The progression that is the jam's own from `first_tick` on; to be shown. No slots: there is none (any more)."""

    slots: tuple[ChordSlot, ...] = ()
    first_tick: int = 0
    """Where its first slot begins, on the jam's axis: now, soon, or where it would have begun."""
    loop_ticks: int | None = None
    """It goes round once in so many ticks; None: it is played once."""
    sound: bool = False
    """It is heard."""
    lock: bool = False
    """Answers go by it."""
    strict: bool = False
    style: str = ""
    pattern: str | None = None
    channel: int = 0

    @property
    def ticks(self) -> tuple[int, ...]:
        """Where each slot begins the first time, and at last where the last one ends."""
        return tuple(self.first_tick + offset for offset in slot_ticks(self.slots))


def slot_ticks(slots: Sequence[ChordSlot]) -> tuple[int, ...]:
    """Where each slot begins, counted from the first, and at last where the last one ends."""
    ends = accumulate((slot.beats for slot in slots), initial=0.0)
    return tuple(round(beats * TICKS_PER_BEAT) for beats in ends)


class Learning(msgspec.Struct, frozen=True, tag=True):
    """The next controller, key or program change will work this; None: no longer learning."""

    target: str | None


class Triggered(msgspec.Struct, frozen=True, tag=True):
    """A controller works something that only a front end can do (a target "window:…")."""

    target: str
    value: float
    """0–1; a key or a momentary switch tells 1 when pressed and nothing when let go."""


class Light(msgspec.Struct, frozen=True, tag=True):
    """Tell the controllers how something stands that they work, as the message that works it (for LEDs, motors)."""

    data: bytes


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
    settings: Settings = Settings()
    """Those in force when it began: with them and the seed it can be drawn again."""


class Originality(msgspec.Struct, frozen=True, tag=True):
    """The longest passage that the answer shares so far with the training music, and whose; to be shown."""

    turn: int
    notes: int
    """Of the passage, in any key and at any tempo, those that count; 0: it shares none of nine notes."""
    title: str
    composer: str
    licence: str


class PlayingLike(msgspec.Struct, frozen=True, tag=True):
    """Which folder of the player's own files is remembered, and how far it is read; to be shown."""

    folder: str
    """Empty: none."""
    read: int = 0
    total: int = 0
    notes: int = 0
    done: bool = True
    left_out: tuple[str, ...] = ()
    """A sentence for each file that was left out or cut, the latest ones, or why nothing could be read."""


class SettingsChanged(msgspec.Struct, frozen=True, tag=True):
    """To be shown and kept."""

    settings: Settings


class Notice(msgspec.Struct, frozen=True, tag=True):
    """One sentence for the musician."""

    sentence: str


Shown = (
    ModeChanged | Heard | Released | Drafted | BeatChanged | AuditionBegan | AuditionEnded | Alternative | Learning
    | Triggered | Take | SettingsChanged | Notice | HarmonyChanged | ChordsChanged | Suggested | Originality
    | PlayingLike | Accompany | EndMoved
)  # fmt: skip
"""What front ends are told (they are told of every `Play` too)."""
Output = Play | Preview | Send | Cut | Silence | Thru | Light | Request | Shown
