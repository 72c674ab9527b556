"""All that can happen to a jam, as values. They also travel from front ends to the engine."""

from typing import Any

import msgspec

from cocomposer.generation import chord_request
from cocomposer.generation.request import Reply
from cocomposer.jam.roles import Role
from cocomposer.music.note import Note


class Arrived(msgspec.Struct, frozen=True, tag=True):
    """A MIDI message came in."""

    at_seconds: float
    data: bytes


class Sent(msgspec.Struct, frozen=True, tag=True):
    """A message of ours went out."""

    at_seconds: float
    data: bytes
    passed_on: bool = False
    """It is the player's own, passed on (thru)."""


class Woke(msgspec.Struct, frozen=True, tag=True):
    """Nothing but time has passed."""


class TakeOver(msgspec.Struct, frozen=True, tag=True):
    """Answer now."""


class StopAnswer(msgspec.Struct, frozen=True, tag=True):
    """Stop the machine and listen."""


class Reset(msgspec.Struct, frozen=True, tag=True):
    """Stop, and forget all that was played."""


class Panic(msgspec.Struct, frozen=True, tag=True):
    """Silence everything, whatever it takes."""


class Tap(msgspec.Struct, frozen=True, tag=True):
    """The musician taps the beat."""

    at_seconds: float


class Change(msgspec.Struct, frozen=True, tag=True):
    """Change some settings."""

    changes: dict[str, Any]


class Listen(msgspec.Struct, frozen=True, tag=True):
    """Stop the machine; from now on it answers phrases by itself."""


class Rest(msgspec.Struct, frozen=True, tag=True):
    """Stop the machine and every audition; from now on it answers on command only."""


class Learn(msgspec.Struct, frozen=True, tag=True):
    """The next controller, key or program change works this target (see `targets`); None: learn nothing after all."""

    target: str | None


class Forget(msgspec.Struct, frozen=True, tag=True):
    """Nothing works this target any more."""

    target: str


class Show(msgspec.Struct, frozen=True, tag=True):
    """How something stands that only a front end knows (a target "window:…"), for the controller that works it."""

    target: str
    value: float
    """0 (off) to 1 (on)."""


class Audition(msgspec.Struct, frozen=True, tag=True):
    """Play these notes once where the answers sound, at the next beat if one is given, else at once.

    They are no part of the jam. One audition at a time: a new one ends the one before; no notes only end it. An answer
    that sounds is stopped by it, and one that enters ends it.
    """

    name: str
    """Told back in `AuditionBegan` and `AuditionEnded`."""
    notes: tuple[Note, ...]
    """In order; the first onset sounds at once, or at its place in the beat."""
    bpm: float
    """Used where no beat is given, and for what begins at once."""
    channel: int | None = None
    """Counted from 1; None: that of the answers."""
    at_once: bool = False
    """It does not wait for the beat that is given."""
    beside: bool = False
    """Answers go on and enter beside it."""
    along: tuple[Note, ...] = ()
    """Sound together with `notes`, on their own channels."""


class Offer(msgspec.Struct, frozen=True, tag=True):
    """Take these notes as just played, ending now: the next answer answers them (a phrase) or resembles them."""

    notes: tuple[Note, ...]
    reference: bool = False
    """They are only context ("more like this"), no phrase to be answered."""
    answer: bool = False
    """Answer at once."""


class Imagine(msgspec.Struct, frozen=True, tag=True):
    """Draw notes beside the jam, without sounding them; comes back as `Alternative`. The running jam comes first."""

    request: int
    """Chosen by the front end, told back."""
    heard: tuple[Note, ...]
    """All that went before, in order; the last notes of it are the phrase."""
    phrase_notes: int
    """So many notes at the end of `heard` are the phrase, whose register and pitch classes count."""
    first_tick: int
    """Where the first note begins, on the axis of `heard`."""
    end_tick: int
    beat_known: bool
    bar_tick: int
    beats_per_bar: int
    seed: int
    changes: dict[str, Any] = {}
    """Settings that differ from those in force."""
    role: Role = Role.CONTINUE
    amount: float = 0.4
    """How much a phrase is varied, from 0 (not at all) to 1 (only its rhythm is kept)."""
    right: tuple[Note, ...] = ()
    """What comes after a gap that is filled, in order, on the axis of `heard`; the gap ends where it begins."""
    moved_ticks: int = 0
    """Added to the jam's ticks gives those of `heard`: where the chords lie that answers go by, which this goes by too,
    also before the place from which they are in force.
    """


class Punch(msgspec.Struct, frozen=True, tag=True):
    """Let a muted part in from the next beat on, or mute it again."""

    part: str
    """One of `targets.PARTS`; another is nobody's."""
    down: bool
    """Let in; else muted, at once."""
    on_bar: bool = False
    """Both wait for the next bar line, where bars are known."""


class GiveUp(msgspec.Struct, frozen=True, tag=True):
    """Forget every `Imagine` that is not drawn yet."""


Suggest = chord_request.Suggest
"""A command too: the jam passes it on to the composer's process as it is."""
LONGEST_GAP = chord_request.LONGEST_GAP
"""Chords that a `Suggest` may have filled in at once."""


class ChordSlot(msgspec.Struct, frozen=True):
    """One chord of a progression and how long it lasts."""

    symbol: str
    """As musicians write it (see `harmony.names.symbols`); "N.C.": silence."""
    beats: float
    """Above 0; rounded to ticks of 1/48 beat where it begins and ends."""


class PlayChords(msgspec.Struct, frozen=True, tag=True):
    """Let this progression be the jam's chords from the next bar line on (the next beat where no bar is known).

    Where nobody gives a beat it gives one: the jam's tempo is set, and told as `SettingsChanged`. What plays already
    goes on to the next bar line; a change that concerns only how it sounds, or slots not yet reached, keeps its place.
    Told back as `ChordsChanged`, or refused with one sentence (`Notice`), and then nothing changes.

    Stop, Rest, Panic and the loss of the output or of the DAW's clock end the sound; no slots, or Reset, end all.
    """

    slots: tuple[ChordSlot, ...] = ()
    """None: no chords any more."""
    loop: bool = True
    """Again and again; else once."""
    sound: bool = True
    """It is heard, on a channel of its own. It is no part of what the jam has heard."""
    lock: bool = False
    """Answers go by these chords: the model is told of them, and pitches lean towards their tones."""
    strict: bool = False
    """With `lock`: answers have no other tones than those of the chord in force."""
    style: str = "close"
    """How the tones are laid out: the value of a `harmony.voicing.rules.Style`."""
    voices: int | None = None
    """How many, the bass counted; None: as the style has it."""
    pattern: str | None = None
    """The rhythm: a name in `harmony.comping_patterns.COMPING_PATTERNS` that is made for the jam's bars; None: held."""
    channel: int = 2
    """Counted from 1, as musicians do."""
    velocity: int = 72
    bpm: float | None = None
    """Used where no beat is given, 20 to 300; None: that of the playing, else 120."""


class PlayLike(msgspec.Struct, frozen=True, tag=True):
    """Read the player's own MIDI files in this folder, to play like them (see the setting `files`)."""

    folder: str
    """Empty: forget those that were read, and stop reading."""


class LightsOpened(msgspec.Struct, frozen=True, tag=True):
    """A port to controllers was opened: they know nothing yet of how things stand."""


class PortLost(msgspec.Struct, frozen=True, tag=True):
    """A port went away."""

    is_input: bool
    sentence: str


class PortOpened(msgspec.Struct, frozen=True, tag=True):
    """A port was opened or came back."""

    is_input: bool
    sentence: str


Command = (
    TakeOver | StopAnswer | Reset | Panic | Tap | Change | Listen | Rest | Learn | Forget | Show | Audition | Offer
    | Imagine | GiveUp | Punch | Suggest | PlayChords | PlayLike
)  # fmt: skip
Input = Arrived | Sent | Woke | Command | Reply | PortLost | PortOpened | LightsOpened
