"""The settings as a table of rows: how each is named, shown, grouped and stepped. A new setting is a new row here.

Knows no widgets; the side panel lays out what stands here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cocomposer.jam.settings import Entry, Length


class Kind(StrEnum):
    """How a setting is worked."""

    SLIDER = "slider"
    NUMBER = "number"
    PITCH = "pitch"
    """A MIDI note number, shown by name."""
    CHOICE = "choice"
    SWITCH = "switch"
    SEED = "seed"


class Group(StrEnum):
    """Sections, in the order in which they are laid out."""

    ANSWER = "Answer"
    CHARACTER = "Character"
    LISTENING = "Listening"
    OUTPUT = "Output"
    SEED = "Seed"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. `low`, `high` and `step` are in the setting's own unit."""

    name: str
    """In `Settings`."""
    label: str
    kind: Kind
    group: Group
    tip: str
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
    unit: str = ""
    """Put behind the number, with its space."""
    ends: tuple[str, str] = ("", "")
    """Words at both ends of a slider."""
    choices: tuple[tuple[str, str], ...] = ()
    """Value and text."""
    lowest_text: str = ""
    """Instead of the lowest number."""
    more: bool = False
    """Shown only where more was asked for."""
    only_if: tuple[str, Any] | None = None
    """It counts only while that setting has that value."""
    beyond: tuple[float, str] | None = None
    """What a slider's last place, one step above `high`, means, and its text."""
    decimals: int = 0
    """Of the number shown; where `unit` is " %", 0–1 is shown in per cent."""


NO_PAUSE: Final = "after a pause"
ROWS: Final = (
    Row("entry", "Enters", Kind.CHOICE, Group.ANSWER, "Where an answer begins when a beat is known",
        choices=((Entry.FREE, "at once"), (Entry.BEAT, "on the beat"), (Entry.BAR, "on the bar"))),
    Row("entry_bars", "Every", Kind.NUMBER, Group.ANSWER, "Answers begin only on every so many bars",
        1, 16, unit=" bars", only_if=("entry", Entry.BAR)),
    Row("length", "Lasts", Kind.CHOICE, Group.ANSWER, "How long an answer is",
        choices=((Length.PHRASE, "as my phrase"), (Length.BARS, "some bars"), (Length.ENDLESS, "until I stop it"))),
    Row("length_bars", "Bars", Kind.NUMBER, Group.ANSWER, "How many bars an answer has",
        1, 64, unit=" bars", only_if=("length", Length.BARS)),
    Row("creativity", "Creativity", Kind.SLIDER, Group.CHARACTER, "How far answers dare to go",
        0.1, 2.0, 0.05, ends=("safe", "wild"), decimals=2),
    Row("follow_key", "Follow my key", Kind.SLIDER, Group.CHARACTER, "How much answers keep to the notes you used",
        0.0, 1.0, 0.05, unit=" %", ends=("free", "strict")),
    Row("style", "Style", Kind.CHOICE, Group.CHARACTER, "The kind of music that answers resemble",
        choices=(("auto", "as I play"), ("performed", "live piano"), ("score", "written score"),
                 ("leadsheet", "lead sheet"), ("folk", "folk tune"), ("hymn", "hymn"), ("drums", "drums"),
                 ("unknown", "any"))),
    Row("register_reach", "Register", Kind.SLIDER, Group.CHARACTER,
        "How far answers may go below and above your phrase", 0, 36, 1, unit=" semitones",
        ends=("near", "far"), beyond=(127, "anywhere"), more=True),
    Row("lowest_pitch", "Lowest note", Kind.PITCH, Group.CHARACTER, "No answer goes below this note", 0, 127,
        more=True),
    Row("highest_pitch", "Highest note", Kind.PITCH, Group.CHARACTER, "No answer goes above this note", 0, 127,
        more=True),
    Row("grid", "Grid", Kind.CHOICE, Group.CHARACTER, "Where notes may begin when a beat is known",
        choices=(("off", "free"), ("1/16", "16ths"), ("1/16+1/8T", "16ths, triplets"), ("1/32", "32nds")),
        more=True),
    Row("top_p", "Unlikely notes", Kind.SLIDER, Group.CHARACTER, "How many of the unlikely notes are ruled out",
        0.05, 1.0, 0.05, unit=" %", ends=("none", "all"), more=True),
    Row("answer", "Answer by itself", Kind.SWITCH, Group.LISTENING, "Off: it answers on command only"),
    Row("patience", "Patience", Kind.SLIDER, Group.LISTENING, "How long you may pause before an answer comes",
        0.25, 4.0, 0.25, unit="×", ends=("eager", "patient"), decimals=2),
    Row("phrase_bars", "Phrase ends", Kind.NUMBER, Group.LISTENING,
        "After a pause, or on every so many bars where the beat is known", 0, 64, unit=" bars",
        lowest_text=NO_PAUSE, more=True),
    Row("interruptible", "Playing stops it", Kind.SWITCH, Group.LISTENING, "Off: it plays on while you play",
        more=True),
    Row("thru", "Pass on what I play", Kind.SWITCH, Group.OUTPUT, "Send your own notes on to the output too",
        more=True),
    Row("channel", "MIDI channel", Kind.NUMBER, Group.OUTPUT, "The channel that answers are sent on", 1, 16,
        more=True),
    Row("nudge_ms", "Nudge", Kind.SLIDER, Group.OUTPUT,
        "Send answers earlier or later, for sounds with a delay of their own", -250, 250, 5, unit=" ms",
        ends=("earlier", "later"), more=True),
    Row("seed", "Seed", Kind.SEED, Group.SEED, "Same seed, same settings, same playing: same answer",
        0, 2**32 - 1),
)  # fmt: skip
ELSEWHERE: Final = frozenset({"tempo", "beats_per_bar", "bindings"})
"""Settings that are worked in the transport bar, or by learning."""
BY_NAME: Final = {row.name: row for row in ROWS}


def rows_of(group: Group, more: bool) -> tuple[Row, ...]:
    """The rows of a section, up front or behind "More", in order."""
    return tuple(row for row in ROWS if row.group is group and row.more is more)
