"""The settings as a table of rows: how each is named, shown, grouped and stepped. A new setting is a new row here.

Knows no widgets; the side panel lays out what stands here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cocomposer.harmony.comping_patterns import COMPING_PATTERNS
from cocomposer.harmony.scales import SCALES
from cocomposer.jam.setting_facts import FACTS
from cocomposer.jam.settings import ANY_NUMBER, AUTO, OFF, Entry, Length, Tonic


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
    PHRASE = "Beside my phrase"
    HARMONY = "Scale and chords"
    ACCOMPANIMENT = "Playing along"
    ORIGINAL = "Originality"
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
    only_if: tuple[str, tuple[Any, ...]] | None = None
    """It counts only while that setting has one of those values."""
    beyond: tuple[float, str] | None = None
    """What a slider's last place, one step above `high`, means, and its text."""
    decimals: int = 0
    """Of the number shown; where `unit` is " %", 0–1 is shown in per cent."""

    @property
    def tip(self) -> str:
        """What it does."""
        return FACTS[self.name].words

    @property
    def default(self) -> Any:
        """Where a double click puts it."""
        return FACTS[self.name].default


NO_PAUSE: Final = "after a pause"
_PERCENT: Final = " %"
_SCALES: Final = ((OFF, "any notes"), (AUTO, "the key that is heard"), *((name, name) for name in SCALES))


def _signed(name: str, label: str, group: Group, low: str, high: str, more: bool = True) -> Row:
    """A slider with a neutral middle."""
    return Row(name, label, Kind.SLIDER, group, -1.0, 1.0, 0.05, _PERCENT, ends=(low, high), more=more)


ROWS: Final = (
    Row("entry", "Enters", Kind.CHOICE, Group.ANSWER,
        choices=((Entry.FREE, "at once"), (Entry.BEAT, "on the beat"), (Entry.BAR, "on the bar"))),
    Row("entry_bars", "Every", Kind.NUMBER, Group.ANSWER, 1, 16, unit=" bars", only_if=("entry", (Entry.BAR,)),
        more=True),
    Row("length", "Lasts", Kind.CHOICE, Group.ANSWER,
        choices=((Length.PHRASE, "as my phrase"), (Length.BARS, "some bars"), (Length.ENDLESS, "until I stop it"))),
    Row("length_bars", "Bars", Kind.NUMBER, Group.ANSWER, 1, 64, unit=" bars", only_if=("length", (Length.BARS,))),
    Row("creativity", "Creativity", Kind.SLIDER, Group.CHARACTER, 0.1, 2.0, 0.05, ends=("safe", "wild"), decimals=2),
    Row("follow_key", "Follow my key", Kind.SLIDER, Group.CHARACTER, 0.0, 1.0, 0.05, unit=_PERCENT,
        ends=("free", "strict"), more=True),
    Row("style", "Style", Kind.CHOICE, Group.CHARACTER,
        choices=(("auto", "as I play"), ("performed", "live piano"), ("score", "written score"),
                 ("leadsheet", "lead sheet"), ("folk", "folk tune"), ("hymn", "hymn"), ("drums", "drums"),
                 ("unknown", "any"))),
    Row("top_p", "Unlikely notes", Kind.SLIDER, Group.CHARACTER, 0.05, 1.0, 0.05, unit=_PERCENT,
        ends=("none", "all"), more=True),
    Row("min_p", "Rule out below", Kind.SLIDER, Group.CHARACTER, 0.0, 0.5, 0.01, unit=_PERCENT,
        ends=("none", "most"), more=True),
    Row("memory", "Memory of this jam", Kind.SLIDER, Group.CHARACTER, 0.0, 3.0, 0.1, "×", ends=("none", "much"),
        more=True, decimals=1),
    Row("files", "Like my files", Kind.SLIDER, Group.CHARACTER, 0.0, 3.0, 0.1, "×", ends=("none", "much"),
        more=True, decimals=1),
    _signed("density", "Density", Group.PHRASE, "fewer", "more notes", more=False),
    _signed("likeness", "Follow my phrase", Group.PHRASE, "away", "closely", more=False),
    _signed("register", "Register", Group.PHRASE, "lower", "higher"),
    _signed("note_length", "Note length", Group.PHRASE, "short", "long"),
    _signed("loudness", "Loudness", Group.PHRASE, "softer", "louder"),
    _signed("strictness", "Timing", Group.PHRASE, "performed", "strict"),
    Row("rhythm", "Keep my rhythm", Kind.SLIDER, Group.PHRASE, 0.0, 1.0, 0.05, unit=_PERCENT,
        ends=("free", "mine"), more=True),
    Row("register_reach", "Reach", Kind.SLIDER, Group.PHRASE, 0, 36, 1, unit=" semitones",
        ends=("near", "far"), beyond=(127, "anywhere"), more=True),
    Row("lowest_pitch", "Lowest note", Kind.PITCH, Group.PHRASE, 0, 127, more=True),
    Row("highest_pitch", "Highest note", Kind.PITCH, Group.PHRASE, 0, 127, more=True),
    Row("polyphony", "Notes at a time", Kind.SLIDER, Group.PHRASE, 1, 12, 1, ends=("one", "many"),
        beyond=(ANY_NUMBER, "any number"), more=True),
    Row("grid", "Grid", Kind.CHOICE, Group.PHRASE,
        choices=(("off", "free"), ("1/16", "16ths"), ("1/16+1/8T", "16ths, triplets"), ("1/32", "32nds")),
        more=True),
    Row("scale", "Keep to", Kind.CHOICE, Group.HARMONY, choices=_SCALES),
    Row("tonic", "On", Kind.CHOICE, Group.HARMONY, only_if=("scale", tuple(SCALES)),
        choices=tuple((tonic, tonic.replace("b", "♭").replace("#", "♯")) for tonic in Tonic)),
    Row("chord_lean", "Lean on the chords", Kind.SLIDER, Group.HARMONY, 0.0, 1.0, 0.05, unit=_PERCENT,
        ends=("free", "near"), more=True),
    Row("chord_lock", "Only chord tones", Kind.SWITCH, Group.HARMONY, more=True),
    Row("accompany", "Accompany me", Kind.CHOICE, Group.ACCOMPANIMENT,
        choices=((OFF, "no"), ("chords", "chords"), ("bass", "bass"), ("voice", "a second voice"),
                 ("chords+bass", "chords + bass"))),
    Row("accompany_rhythm", "Rhythm", Kind.CHOICE, Group.ACCOMPANIMENT, more=True,
        choices=((AUTO, "leaves room"), *((name, one.label) for name, one in COMPING_PATTERNS.items()))),
    Row("accompany_volume", "Volume", Kind.SLIDER, Group.ACCOMPANIMENT, 0.1, 1.5, 0.05, unit=_PERCENT,
        ends=("soft", "loud"), more=True),
    Row("channel", "Channel of the answers", Kind.NUMBER, Group.ACCOMPANIMENT, 1, 16, more=True),
    Row("accompany_chords_channel", "Channel of the chords", Kind.NUMBER, Group.ACCOMPANIMENT, 1, 16, more=True),
    Row("accompany_bass_channel", "Channel of the bass", Kind.NUMBER, Group.ACCOMPANIMENT, 1, 16, more=True),
    Row("accompany_voice_channel", "Channel of the second voice", Kind.NUMBER, Group.ACCOMPANIMENT, 1, 16, more=True),
    Row("drums_channel", "Channel of the drums", Kind.NUMBER, Group.ACCOMPANIMENT, 1, 16, more=True),
    Row("mute_answers", "Mute the answers", Kind.SWITCH, Group.ACCOMPANIMENT, more=True),
    Row("mute_chords", "Mute the chords", Kind.SWITCH, Group.ACCOMPANIMENT, more=True),
    Row("mute_bass", "Mute the bass", Kind.SWITCH, Group.ACCOMPANIMENT, more=True),
    Row("mute_voice", "Mute the second voice", Kind.SWITCH, Group.ACCOMPANIMENT, more=True),
    Row("mute_drums", "Mute the drums", Kind.SWITCH, Group.ACCOMPANIMENT, more=True),
    Row("guard", "Never copy", Kind.SWITCH, Group.ORIGINAL, more=True),
    Row("guard_notes", "Shares at most", Kind.NUMBER, Group.ORIGINAL, 9, 16, unit=" notes",
        only_if=("guard", (True,)), more=True),
    Row("answer", "Answer by itself", Kind.SWITCH, Group.LISTENING),
    Row("patience", "Patience", Kind.SLIDER, Group.LISTENING, 0.25, 4.0, 0.25, unit="×",
        ends=("eager", "patient"), decimals=2),
    Row("phrase_bars", "Phrase ends", Kind.NUMBER, Group.LISTENING, 0, 64, unit=" bars",
        lowest_text=NO_PAUSE, more=True),
    Row("interruptible", "Playing stops it", Kind.SWITCH, Group.LISTENING, more=True),
    Row("thru", "Pass on what I play", Kind.SWITCH, Group.OUTPUT, more=True),
    Row("nudge_ms", "Nudge", Kind.SLIDER, Group.OUTPUT, -250, 250, 5, unit=" ms", ends=("earlier", "later"),
        more=True),
    Row("seed", "Seed", Kind.SEED, Group.SEED, 0, 2**32 - 1),
)  # fmt: skip
ELSEWHERE: Final = frozenset({"tempo", "beats_per_bar", "bindings"})
"""Settings that are worked in the transport bar, or by learning."""
BY_NAME: Final = {row.name: row for row in ROWS}


@dataclass(frozen=True, slots=True)
class PartLine:
    """One line of the table of parts."""

    part: str
    """One of `jam.targets.PARTS`."""
    label: str
    channel: str
    """The setting."""
    mute: str


PARTS: Final = (
    PartLine("answers", "Answers", "channel", "mute_answers"),
    PartLine("chords", "Chords", "accompany_chords_channel", "mute_chords"),
    PartLine("bass", "Bass", "accompany_bass_channel", "mute_bass"),
    PartLine("voice", "Voice", "accompany_voice_channel", "mute_voice"),
    PartLine("drums", "Drums", "drums_channel", "mute_drums"),
)
IN_TABLE: Final = frozenset(name for line in PARTS for name in (line.channel, line.mute))
"""Settings that are worked in the table of parts."""


def rows_of(group: Group, more: bool) -> tuple[Row, ...]:
    """The rows of a section, up front or behind "More", in order."""
    return tuple(row for row in ROWS if row.group is group and row.more is more)
