"""What the musician can set, with the limits of each value. Knows no window and no file."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from cocomposer.events.layout import STYLES
from cocomposer.generation.request import OnsetGrid
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


class SettingsError(ValueError):
    """A setting is out of range or unknown; the text is one sentence with what to do."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of a jam; every change acts on the next note."""

    entry: Entry = Entry.BAR
    entry_bars: Annotated[int, Meta(ge=1, le=16)] = 1
    length: Length = Length.PHRASE
    length_bars: Annotated[int, Meta(ge=1, le=64)] = 4
    creativity: Annotated[float, Meta(ge=0.1, le=2.0)] = 0.95
    """Temperature of the draws: below 1 safer, above 1 wilder."""
    top_p: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.95
    follow_key: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.3
    """How much answers lean towards the pitch classes that were played; 0: only as the model feels it."""
    lowest_pitch: Annotated[int, Meta(ge=0, le=127)] = 28
    highest_pitch: Annotated[int, Meta(ge=0, le=127)] = 100
    register_reach: Annotated[int, Meta(ge=0, le=127)] = 12
    """Semitones that an answer may go below and above its phrase; 127: anywhere."""
    grid: OnsetGrid = OnsetGrid.TRIPLETS
    style: str = "auto"
    """A kind of music the model was trained on, or "auto"."""
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)] = 1
    tempo: Annotated[float, Meta(ge=20, le=300)] | None = None
    """Beats a minute, set by hand; None: tapped, estimated or the DAW's."""
    beats_per_bar: Annotated[int, Meta(ge=1, le=16)] = 4
    answer: bool = True
    """Answer by itself when a phrase is over; else only on command."""
    phrase_bars: Annotated[int, Meta(ge=0, le=64)] = 0
    """The phrase is over on every so many bars where the beat is known; 0: when the player pauses."""
    patience: Annotated[float, Meta(ge=0.25, le=4.0)] = 1.0
    """Factor on the pause that ends a phrase."""
    interruptible: bool = True
    """Playing stops the machine at once."""
    thru: bool = False
    """Pass on what is played."""
    channel: Annotated[int, Meta(ge=1, le=16)] = 1
    """MIDI channel of the answers, counted from 1 as musicians do."""
    nudge_ms: Annotated[float, Meta(ge=-250, le=250)] = 0.0
    """Send all answers earlier (below 0) or later than the beat, for sounds or DAWs with a delay of their own."""
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
    kinds = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    if name not in changes or name not in kinds:
        return f"That setting does not work: {reason}; see the list of settings."
    kind = kinds[name]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return f"{name} cannot be {changes[name]!r}; choose one of {', '.join(kind)}."
    return f"{name} cannot be {changes[name]!r} ({why[:1].lower()}{why[1:].replace('`', '')})."


def changed(settings: Settings, changes: dict[str, Any]) -> Settings:
    """`settings` with some values changed; SettingsError names the first that is unknown or out of range."""
    values = msgspec.to_builtins(settings) | changes
    try:
        new = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(_refusal(changes, str(error))) from error
    if new.lowest_pitch > new.highest_pitch:
        raise SettingsError(
            f"The lowest pitch ({new.lowest_pitch}) lies above the highest ({new.highest_pitch}); swap them."
        )
    unknown = next((target for target in new.bindings if not is_target(target)), None)
    if unknown is not None:
        raise SettingsError(f"Nothing is called {unknown!r} that a controller could work; see the list of commands.")
    if new.style != "auto" and new.style not in STYLES:
        raise SettingsError(f"{new.style!r} is no style of this model; choose auto or one of {', '.join(STYLES)}.")
    return new
