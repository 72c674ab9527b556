"""Lead sheets for tests: by hand, every kind of chord, and any at all."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from cocomposer.export.lead_sheet import LeadSheet, joined
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.names.chart import Step, read_chart, section_name
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.qualities import NAMED, quality_of
from cocomposer.music.note import Note
from tests.harmony.chord_types import ALL_TYPES

Heard = list[tuple[Chord | NoChord, Fraction]]
"""Chords and their beats, equal neighbours as one."""

CHORD_TYPES = [*(named.semitones for named in NAMED.values()), *ALL_TYPES[:: len(ALL_TYPES) // 60]]
"""All that have a name, and some that have none; finding a name for each of 2048 takes seconds."""
METERS = [(4, 4), (3, 4), (2, 2), (5, 4), (6, 8), (7, 8), (12, 8), (3, 8)]


def sheet_of(text: str, key: str | None = None, meter: tuple[int, int] = (4, 4), **facts: object) -> LeadSheet:
    """A sheet of a line of chords."""
    read = read_chart(text, None if key is None else key_named(key), Fraction(4 * meter[0], meter[1]))
    assert not read.faults
    return LeadSheet(read.steps, None if key is None else key_named(key), meter, **facts)  # type: ignore[arg-type]


def heard(sheet_or_steps: LeadSheet | list[Step]) -> Heard:
    """What is heard of the chords, however they are written."""
    steps = sheet_or_steps.steps if isinstance(sheet_or_steps, LeadSheet) else sheet_or_steps
    return [(step.chord, step.beats) for step in joined([replace(step, section="") for step in steps])]


def sections_of(sheet_or_steps: LeadSheet | Sequence[Step]) -> list[tuple[Fraction, str]]:
    """(beat, name) of each section."""
    sheet = sheet_or_steps if isinstance(sheet_or_steps, LeadSheet) else LeadSheet(tuple(sheet_or_steps))
    return [(start, step.section) for step, start in zip(sheet.steps, sheet.starts, strict=False) if step.section]


def without_last_silence(chords: Heard) -> Heard:
    """Without what fills the last bar."""
    return chords[:-1] if chords and chords[-1][0] is NoChord.SILENT else chords


def silent_where_unknown(sheet: LeadSheet) -> list[Step]:
    """For formats that cannot say that a chord is unknown."""
    return [Step(NoChord.SILENT if step.chord is NoChord.UNKNOWN else step.chord, step.beats) for step in sheet.steps]


def every_named_chord(roots: tuple[int, ...] = (0, 1, 6, 10)) -> list[Chord]:
    """Every chord type that has a name, on some roots, in every inversion and over a foreign bass."""
    return [
        Chord(root, quality, None if above == 0 else (root + above) % 12)
        for quality, named in NAMED.items()
        for root in roots
        for above in [*sorted(named.semitones), next(tone for tone in range(12) if tone not in named.semitones)]
    ]


def _chord(root: int, tones: frozenset[int], bass: int | None) -> Chord:
    return Chord(root, quality_of(tones), None if bass == root else bass)


any_chord = st.sampled_from(NoChord) | st.builds(
    _chord, st.integers(0, 11), st.sampled_from(CHORD_TYPES), st.none() | st.integers(0, 11)
)
whole_beats = st.sampled_from([1, 2, 3, 4, 8]).map(Fraction)
any_beats = whole_beats | st.integers(60, 8 * 240).map(lambda parts: Fraction(parts, 240))
"""In parts that a tick divides a beat into, and fifths: sums of them keep denominators that can be written."""
any_key: st.SearchStrategy[Key | None] = st.none() | st.sampled_from(KEYS)
any_section = st.sampled_from(["", "", "", "A", "b", "Verse 2", "Intro", "Pre-chorus"]) | st.text(max_size=30).map(
    section_name
)
any_title = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)


@st.composite
def melodies(draw: st.DrawFn) -> tuple[Note, ...]:
    """One voice whose notes lie on sixteenths and end in time."""
    notes, at = [], 0
    for _ in range(draw(st.integers(0, 12))):
        at += 12 * draw(st.integers(0, 4))
        length = 12 * draw(st.integers(1, 20))
        notes.append(Note(at, draw(st.integers(40, 90)), length, 80))
        at += length
    return tuple(notes)


def sheets(
    beats: st.SearchStrategy[Fraction] = any_beats, meters: list[tuple[int, int]] = METERS
) -> st.SearchStrategy[LeadSheet]:
    """Any sheet with a chord at least."""
    return st.builds(
        LeadSheet,
        st.lists(st.builds(Step, any_chord, beats, section=any_section), min_size=1, max_size=8).map(tuple),
        any_key,
        st.sampled_from(meters),
        st.integers(20, 300).map(float),
        any_title,
        melodies(),
    )
