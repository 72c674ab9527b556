"""What the engine and the composer say to each other, as values. They travel between processes; they know no model."""

from enum import StrEnum

import msgspec

from cocomposer.events.codec import Metre
from cocomposer.generation.chord_request import Suggest, Suggested
from cocomposer.generation.controls import NEUTRAL, Controls
from cocomposer.generation.given_chords import GivenChords
from cocomposer.generation.roles.tasks import Task
from cocomposer.music.note import Note
from cocomposer.originality.meter import Nearest

NO_LIMIT = 128
"""As many notes as there are pitches."""


class OnsetGrid(StrEnum):
    """Where answers may begin notes when a beat is known."""

    OFF = "off"
    """Anywhere, as the model feels it."""
    SIXTEENTHS = "1/16"
    TRIPLETS = "1/16+1/8T"
    """Sixteenths and eighth triplets."""
    THIRTYSECONDS = "1/32"

    def allows(self, tick: int) -> bool:
        """Whether a note may begin on this tick of the beat."""
        match self:
            case OnsetGrid.OFF:
                return True
            case OnsetGrid.SIXTEENTHS:
                return tick % 12 == 0
            case OnsetGrid.TRIPLETS:
                return tick % 12 == 0 or tick % 16 == 0
            case OnsetGrid.THIRTYSECONDS:
                return tick % 6 == 0


class GivenUp(StrEnum):
    """A hard constraint that could not be kept, because all of them together left nothing to draw."""

    CHORD = "chord"
    """A note that is no tone of the chord in force: none of its tones lies in the scale and the register."""
    SCALE = "scale"
    """A note off the scale: no note of the scale lies in the register."""
    REST = "rest"
    """A rest longer than the longest: too many notes still sounded."""
    ENTRY = "entry"
    """A later entry than the given one: too many notes still sounded."""


class Hearing(msgspec.Struct, frozen=True):
    """All notes that the composer shall have heard: notes `first` … of the jam, counted from 0, in order."""

    first: int
    notes: tuple[Note, ...]
    metre: Metre
    style: str = "unknown"
    chords: GivenChords = GivenChords()
    """Given to the wish too, or what was drawn by them has to be heard again without them."""


class Wish(msgspec.Struct, frozen=True):
    """How the notes of one turn shall be."""

    turn: int
    seed: int
    earliest_tick: int
    """No onset before this."""
    first_tick: int | None = None
    """The first note begins exactly here."""
    end_tick: int | None = None
    """No onset here or later: the turn is over. None: endless."""
    metre: Metre = Metre()
    grid: OnsetGrid = OnsetGrid.OFF
    style: str = "unknown"
    channel: int = 0
    temperature: float = 1.0
    """It and the next two say how each field is drawn (see `sampler`); but where no beat is known, onsets and durations
    are drawn as the model feels them: there, what is cut off is the breath between phrases."""
    top_p: float = 0.95
    min_p: float = 0.0
    """Classes less likely than this share of the likeliest one are not drawn."""
    controls: Controls = NEUTRAL
    phrase_ticks: tuple[int, int] | None = None
    """The phrase that is answered has its onsets in [begin, end): controls are measured against it, and what was heard
    later is this answer so far. None: against the latest notes."""
    steady: bool = False
    """Circles lose likelihood (see `circles`), and a pace that runs away from the phrase's is led back (see `tilt`)."""
    follow_key: float = 0.0
    """How much the pitches lean towards those heard (see `key_lean`)."""
    lowest_pitch: int = 21
    highest_pitch: int = 108
    longest_rest_ticks: int = 192
    """The next onset comes at most so long after the one before."""
    most_at_once: int = 8
    """Notes that may begin together."""
    most_sounding: int = NO_LIMIT
    """Notes of the machine that may sound at a time, those that still sound counted; by their keys, not the pedal."""
    sounding_until: tuple[int, ...] = ()
    """Ends of the machine's notes from before this turn that are not over yet."""
    scale: tuple[int, ...] = ()
    """Pitch classes that it keeps to; empty: all."""
    chords: GivenChords = GivenChords()
    """Chords to go by: the model is told, `controls.chord` leans on them."""
    chord_tones_only: bool = False
    """Only tones of the chord in force, where there is one."""
    use_pedal: bool = False
    memory: float = 0.0
    """How much of what was played in this jam is mixed in; 1 as predicts best (see `memory.MemoryShaper`)."""
    files: float = 0.0
    """The same of the player's own files."""
    guard_notes: int = 0
    """The longest passage that may be shared with a training piece, in notes that count; 0: no matter."""
    redrawn: int = 0
    """How often this turn was planned anew. Each time chance is another: were it the same, a turn that is planned anew
    all the time would put its next onset off again and again."""


class Hear(msgspec.Struct, frozen=True, tag=True):
    """Hear this, and say when a pause would be the end of it."""

    hearing: Hearing


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Draw a turn after this hearing, at first up to `until_tick`."""

    attempt: int
    hearing: Hearing
    wish: Wish
    until_tick: int


class Extend(msgspec.Struct, frozen=True, tag=True):
    """Go on with the turn up to this tick."""

    turn: int
    attempt: int
    until_tick: int


class Drop(msgspec.Struct, frozen=True, tag=True):
    """Forget the turn that is being drawn."""

    turn: int


class Sketch(msgspec.Struct, frozen=True, tag=True):
    """Draw a whole turn beside the jam, when nothing else is to be done; the same sketch gives the same notes."""

    number: int
    hearing: Hearing
    wish: Wish
    most_notes: int
    """It ends after so many notes, wherever it is."""
    task: Task | None = None
    """None: a continuation of the hearing."""


class DropSketches(msgspec.Struct, frozen=True, tag=True):
    """Forget all sketches that are not drawn yet."""


class PlayLike(msgspec.Struct, frozen=True, tag=True):
    """Read the player's own MIDI files in this folder, to play like them; instead of those read before."""

    folder: str
    """Empty: play like none any more."""


class FilesRead(msgspec.Struct, frozen=True, tag=True):
    """How far the reading of the player's own files is; told after each."""

    folder: str
    read: int
    total: int
    notes: int
    """Of all files so far."""
    done: bool = False
    """Nothing more is read."""
    sentence: str | None = None
    """Why the last file was left out or cut, or why nothing could be read."""


class Drawn(msgspec.Struct, frozen=True, tag=True):
    """Notes of a turn, in order."""

    turn: int
    attempt: int
    notes: tuple[Note, ...]
    ended: bool = False
    """That was the last of this turn."""
    given_up: tuple[GivenUp, ...] = ()
    """What could not be kept in these notes and was not said yet in this attempt."""
    nearest: Nearest | None = None
    """What the turn shares so far with the training music; None where that music is not known."""


class Expected(msgspec.Struct, frozen=True, tag=True):
    """All notes of the jam before `heard` were heard; silences after the last onset, each less likely."""

    heard: int
    quiet_ticks: tuple[int, ...]


class Sketched(msgspec.Struct, frozen=True, tag=True):
    """A sketch is done: all its notes, in order."""

    number: int
    notes: tuple[Note, ...]
    failed: bool = False
    """The model failed: it came to nothing."""
    reason: str | None = None
    """Why it came to nothing, a sentence, where that is known."""


class ComposerReady(msgspec.Struct, frozen=True, tag=True):
    """The composer can be asked. Said again when it had to change its model: what it was drawing is lost then."""

    provider: str
    model: str
    sentence: str


class ComposerLost(msgspec.Struct, frozen=True, tag=True):
    """The composer cannot be asked (any more)."""

    sentence: str
    for_good: bool = False
    """It is not tried again: its bundle or provider is at fault, or it died too often."""


Request = Hear | Ask | Extend | Drop | Sketch | DropSketches | Suggest | PlayLike
Reply = Drawn | Expected | Sketched | ComposerReady | ComposerLost | Suggested | FilesRead
