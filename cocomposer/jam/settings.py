"""What the musician can set, with the limits of each value. Knows no window and no file."""

from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from cocomposer.events.layout import STYLES
from cocomposer.generation.faults import faults
from cocomposer.generation.request import NO_LIMIT, OnsetGrid, Wish
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS
from cocomposer.harmony.scales import SCALES, pitch_classes_of
from cocomposer.jam.targets import is_target
from cocomposer.music.message import CC_SOFT, CC_SOSTENUTO


class Entry(StrEnum):
    """Where an answer enters."""

    FREE = "free"
    """At once."""
    BEAT = "beat"
    """On the next beat, if somebody gives one (a clock, taps, a set tempo); else at once."""
    BAR = "bar"
    """On the next bar line (of those `entry_bars` apart) if the bar is known; else on the next beat; else at once."""


class Length(StrEnum):
    """How long an answer is."""

    PHRASE = "phrase"
    """As long as the phrase."""
    BARS = "bars"
    ENDLESS = "endless"
    """Until somebody plays or stops it."""


class Accompaniment(StrEnum):
    """What is played along while the player plays."""

    OFF = "off"
    CHORDS = "chords"
    BASS = "bass"
    VOICE = "voice"
    CHORDS_BASS = "chords+bass"


class TriggerKind(StrEnum):
    """What kind of message works a command."""

    CONTROL = "cc"
    NOTE = "note"
    PROGRAM = "program"


class Trigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A controller (pressed from value 64 on), a key or a program change that works a command or a setting."""

    kind: TriggerKind
    number: Annotated[int, Meta(ge=0, le=127)]
    channel: Annotated[int, Meta(ge=0, le=16)] = 0
    """Counted from 1; 0: any."""
    inverted: bool = False
    """A pedal wired the other way round: pressed below 64."""
    latch: bool = False
    """A switch that stays down: each of its moves counts as a press."""


class Tonic(StrEnum):
    """The note that a scale is built on."""

    C = "C"
    D_FLAT = "Db"
    D = "D"
    E_FLAT = "Eb"
    E = "E"
    F = "F"
    F_SHARP = "F#"
    G = "G"
    A_FLAT = "Ab"
    A = "A"
    B_FLAT = "Bb"
    B = "B"

    @property
    def pitch_class(self) -> int:
        """0 (C) to 11 (B)."""
        return list(Tonic).index(self)


ANY_NUMBER: Final = NO_LIMIT
"""Of notes at a time."""
OFF: Final = "off"
AUTO: Final = "auto"
DRUMS: Final = "drums"
"""The style in which a pitch is no pitch."""
SCALE_CHOICES: Final = (OFF, AUTO, *SCALES)
STYLE_CHOICES: Final = (AUTO, *STYLES)
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "entry": tuple(Entry), "length": tuple(Length), "grid": tuple(OnsetGrid), "tonic": tuple(Tonic),
    "scale": SCALE_CHOICES, "style": STYLE_CHOICES,
    "accompany": tuple(Accompaniment), "accompany_rhythm": (AUTO, *COMPING_PATTERNS),
}  # fmt: skip
"""Settings that are one of a few words, and these."""


class SettingsError(ValueError):
    """A setting is out of range or unknown; the text is one sentence with what to do."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of a jam; every change acts within a beat. What is said of each is shown to the musician too."""

    entry: Annotated[Entry, Meta(description="Where an answer begins when a beat is known")] = Entry.BAR
    entry_bars: Annotated[int, Meta(ge=1, le=16, description="Answers begin only on every so many bars")] = 1
    length: Annotated[Length, Meta(description="How long an answer is")] = Length.PHRASE
    length_bars: Annotated[int, Meta(ge=1, le=64, description="How many bars an answer has")] = 4
    creativity: Annotated[float, Meta(ge=0.1, le=2.0, description="How far answers dare to go")] = 0.95
    """Temperature of the draws."""
    top_p: Annotated[float, Meta(gt=0.0, le=1.0, description="How many of the unlikely notes are left in")] = 0.95
    """Share of the probability that may be drawn, the likeliest first."""
    min_p: Annotated[
        float, Meta(ge=0.0, le=0.9, description="Notes less likely than this share of the likeliest are ruled out")
    ] = 0.0
    follow_key: Annotated[
        float, Meta(ge=0.0, le=1.0, description="How much answers lean towards the notes that were played")
    ] = 0.3
    density: Annotated[float, Meta(ge=-1.0, le=1.0, description="Fewer notes than in your phrase, or more")] = 0.0
    register: Annotated[float, Meta(ge=-1.0, le=1.0, description="Lower or higher than your phrase")] = 0.0
    note_length: Annotated[float, Meta(ge=-1.0, le=1.0, description="Shorter or longer notes than in your phrase")] = (
        0.0
    )
    loudness: Annotated[float, Meta(ge=-1.0, le=1.0, description="Softer or louder than your phrase")] = 0.0
    strictness: Annotated[
        float,
        Meta(ge=-1.0, le=1.0, description="Timing as in a performance, or strictly on the beat where it is known"),
    ] = 0.0
    likeness: Annotated[
        float, Meta(ge=-1.0, le=1.0, description="How closely answers follow your phrase, or keep away from it")
    ] = 0.0
    rhythm: Annotated[float, Meta(ge=0.0, le=1.0, description="How much of the phrase's rhythm answers keep")] = 0.0
    polyphony: Annotated[
        int, Meta(ge=1, le=NO_LIMIT, description="How many notes of the answer may sound at a time")
    ] = ANY_NUMBER
    scale: Annotated[str, Meta(description="No answer leaves this scale; auto: that of the key that is heard")] = OFF
    """One of SCALE_CHOICES."""
    tonic: Annotated[Tonic, Meta(description="The note that a scale is built on")] = Tonic.C
    chord_lean: Annotated[
        float,
        Meta(ge=0.0, le=1.0, description="How much answers that go by given chords lean towards their tones"),
    ] = 1.0
    chord_lock: Annotated[bool, Meta(description="Answers that go by given chords have their tones only")] = False
    memory: Annotated[
        float, Meta(ge=0.0, le=3.0, description="How much answers pick up of what was played in this jam")
    ] = 1.0
    """1 is what predicts held-out music best, see the log of training."""
    files: Annotated[
        float, Meta(ge=0.0, le=3.0, description="How much answers pick up of your own files, where some were given")
    ] = 0.0
    guard: Annotated[bool, Meta(description="Steer away from copying a passage of the training music")] = True
    guard_notes: Annotated[
        int, Meta(ge=9, le=16, description="The longest passage that an answer may share with one training piece")
    ] = 12
    """In notes that count (see `originality.overlap`). Shorter ones than the least are everybody's."""
    lowest_pitch: Annotated[int, Meta(ge=0, le=127, description="No answer goes below this note")] = 28
    highest_pitch: Annotated[int, Meta(ge=0, le=127, description="No answer goes above this note")] = 100
    register_reach: Annotated[
        int, Meta(ge=0, le=127, description="How many semitones answers may go below and above your phrase")
    ] = 12
    """127: anywhere."""
    grid: Annotated[
        OnsetGrid, Meta(description="Where notes may begin when a beat is known; drums only if timing is strict")
    ] = OnsetGrid.TRIPLETS
    style: Annotated[str, Meta(description="The kind of music that answers resemble")] = AUTO
    """One of STYLE_CHOICES: a kind of music the model was trained on, or as it is heard."""
    seed: Annotated[
        int, Meta(ge=0, le=2**32 - 1, description="Same seed, same settings, same playing: same answer")
    ] = 1
    tempo: Annotated[
        Annotated[float, Meta(ge=20, le=300)] | None, Meta(description="Beats a minute, if no DAW gives the beat")
    ] = None
    """Set by hand; None: tapped, estimated or the DAW's."""
    beats_per_bar: Annotated[int, Meta(ge=1, le=16, description="Beats in a bar, if no DAW tells")] = 4
    answer: Annotated[bool, Meta(description="Answer when a phrase is over; off: on command only")] = True
    phrase_bars: Annotated[
        int,
        Meta(ge=0, le=64, description="Phrases end on every so many bars where the beat is known; 0: after a pause"),
    ] = 0
    patience: Annotated[float, Meta(ge=0.25, le=4.0, description="How long you may pause before an answer comes")] = 1.0
    """Factor on the pause that ends a phrase."""
    interruptible: Annotated[bool, Meta(description="Playing stops the answer at once")] = True
    thru: Annotated[bool, Meta(description="Send your own notes on to the output too")] = False
    channel: Annotated[int, Meta(ge=1, le=16, description="The MIDI channel that answers are sent on")] = 1
    """Counted from 1 as musicians do."""
    drums_channel: Annotated[int, Meta(ge=1, le=16, description="The MIDI channel of drums drawn under a phrase")] = 10
    """Where General MIDI has them."""
    nudge_ms: Annotated[
        float, Meta(ge=-250, le=250, description="Send answers earlier or later, for sounds with a delay of their own")
    ] = 0.0
    """Below 0 earlier than the beat."""
    accompany: Annotated[
        Accompaniment, Meta(description="What is played along with you while you play, on the beat")
    ] = Accompaniment.OFF
    accompany_rhythm: Annotated[str, Meta(description="The rhythm of the chords; auto leaves you room")] = AUTO
    """AUTO, or a name of COMPING_PATTERNS; one that is not made for the metre is as AUTO."""
    accompany_volume: Annotated[
        float, Meta(ge=0.1, le=1.5, description="How loud the accompaniment is beside your own playing")
    ] = 0.8
    """Factor on the player's velocity."""
    accompany_chords_channel: Annotated[int, Meta(ge=1, le=16, description="The MIDI channel of the chords")] = 2
    accompany_bass_channel: Annotated[int, Meta(ge=1, le=16, description="The MIDI channel of the bass")] = 3
    accompany_voice_channel: Annotated[int, Meta(ge=1, le=16, description="The MIDI channel of the second voice")] = 4
    mute_answers: Annotated[bool, Meta(description="Answers go on in silence; takes have them all the same")] = False
    mute_chords: Annotated[bool, Meta(description="The chords played along are silent")] = False
    mute_bass: Annotated[bool, Meta(description="The bass played along is silent")] = False
    mute_voice: Annotated[bool, Meta(description="The second voice is silent")] = False
    mute_drums: Annotated[bool, Meta(description="Drums under a take are left out when it is played")] = False
    bindings: dict[str, Trigger] = msgspec.field(
        default_factory=lambda: {
            "take_over": Trigger(TriggerKind.CONTROL, CC_SOFT),
            "reset": Trigger(TriggerKind.CONTROL, CC_SOSTENUTO),
        }
    )
    """What works which target (see `targets`)."""


def _refusal(changes: dict[str, Any], reason: str) -> str:
    """msgspec's own words, such as "Expected `int` <= 16 - at `$.channel`", as a sentence for a musician."""
    why, _, place = reason.partition(" - at `$.")
    name = place.rstrip("`")
    if name not in changes or name not in Settings.__struct_fields__:
        return f"That setting does not work: {reason}; see the list of settings."
    if name in CHOICES:
        return f"{name} cannot be {changes[name]!r}; choose one of {', '.join(CHOICES[name])}."
    return f"{name} cannot be {changes[name]!r} ({why[:1].lower()}{why[1:].replace('`', '')})."


def changed(settings: Settings, changes: dict[str, Any]) -> Settings:
    """`settings` with some values changed; SettingsError names the first that is unknown or out of range."""
    values = msgspec.to_builtins(settings) | changes
    try:
        new = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(_refusal(changes, str(error))) from error
    for name in ("scale", "style", "accompany_rhythm"):
        if getattr(new, name) not in CHOICES[name]:
            raise SettingsError(_refusal({name: getattr(new, name)}, f" - at `$.{name}`"))
    if new.lowest_pitch > new.highest_pitch:
        raise SettingsError(
            f"The lowest pitch ({new.lowest_pitch}) lies above the highest ({new.highest_pitch}); swap them."
        )
    unknown = next((target for target in new.bindings if not is_target(target)), None)
    if unknown is not None:
        raise SettingsError(f"Nothing is called {unknown!r} that a controller could work; see the list of commands.")
    for sentence in faults(_bounds(new)):
        raise SettingsError(sentence)
    return new


def locked_scale(settings: Settings) -> tuple[int, ...]:
    """The pitch classes of a scale that is named, ascending; none where none is."""
    if settings.scale not in SCALES:
        return ()
    return tuple(sorted(pitch_classes_of(settings.scale, settings.tonic.pitch_class)))


def _bounds(settings: Settings) -> Wish:
    """What no answer may leave, whatever was played."""
    return Wish(
        turn=0,
        seed=0,
        earliest_tick=0,
        lowest_pitch=settings.lowest_pitch,
        highest_pitch=settings.highest_pitch,
        most_sounding=settings.polyphony,
        # A drum's pitch is no pitch.
        scale=() if settings.style == DRUMS else locked_scale(settings),
    )
