"""Comping: known rhythms note for note; with any chords, nothing overlaps, hangs over or is left out."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping import comp
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS, CompingPattern, patterns_for
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.voicing.search import voice_progression
from cocomposer.harmony.voicing.voicing import Voicing, voicing_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from tests.harmony.voicings import NAMES, chord, pitches

LONGEST_LEAD = TICKS_PER_BEAT // 2


def played(line: str, pattern: str, beats_per_bar: int = 4, start_beat: float = 0) -> list[Note]:
    """The notes of a line such as "C:4 G7:2 -:2": chords with their beats, in a voicing of bass and close triad."""
    spans, voicings = [], []
    tick = round(start_beat * TICKS_PER_BEAT)
    for word in line.split():
        symbol, _, beats = word.partition(":")
        end = tick + round(float(beats) * TICKS_PER_BEAT)
        named = None if symbol == "-" else chord(symbol)
        spans.append(ChordSpan(tick, end, named))
        voicings.append(None if named is None else VOICINGS[symbol])
        tick = end
    return list(comp(spans, voicings, COMPING_PATTERNS[pattern], Metre(beats_per_bar)))


VOICINGS = {
    symbol: voicing_of(chord(symbol), pitches(line), 16, bass_apart=True)
    for symbol, line in {"C": "C3 G3 C4 E4", "F": "F2 A3 C4 F4", "G7": "G2 G3 B3 F4", "Am": "A2 A3 C4 E4"}.items()
}


def heard(notes: list[Note]) -> list[str]:
    """Each stroke as beat, pitches and beats: "1.5 C3 G3 for 2"; notes of one stroke that end together are one."""
    strokes: dict[tuple[int, int], list[str]] = {}
    for note in notes:
        name = f"{NAMES[note.pitch % 12]}{note.pitch // 12 - 1}"
        strokes.setdefault((note.onset_tick, note.duration_ticks), []).append(name)
    return [
        f"{tick / TICKS_PER_BEAT:g} {' '.join(names)} for {round(ticks / TICKS_PER_BEAT, 2):g}"
        for (tick, ticks), names in sorted(strokes.items())
    ]


@pytest.mark.parametrize(
    ("line", "pattern", "beats_per_bar", "expected"),
    [
        ("C:4 F:4", "whole", 4, ["0 C3 G3 C4 E4 for 4", "4 F2 A3 C4 F4 for 4"]),
        # A chord that comes within a long stroke is struck when it comes.
        ("C:3 F:1", "whole", 4, ["0 C3 G3 C4 E4 for 3", "3 F2 A3 C4 F4 for 1"]),
        ("C:8", "whole", 4, ["0 C3 G3 C4 E4 for 4", "4 C3 G3 C4 E4 for 4"]),
        ("C:5", "whole", 5, ["0 C3 G3 C4 E4 for 5"]),
        ("C:1 F:3", "half", 4, ["0 C3 G3 C4 E4 for 1", "1 F2 A3 C4 F4 for 1", "2 F2 A3 C4 F4 for 2"]),
        ("C:2 -:2", "quarters", 4, ["0 C3 G3 C4 E4 for 0.9", "1 C3 G3 C4 E4 for 0.9"]),
        ("C:1 F:1", "offbeats", 4, ["0 C3 for 0.46", "0.5 G3 C4 E4 for 0.4", "1 F2 for 0.46", "1.5 A3 C4 F4 for 0.4"]),
        # The second stroke of the Charleston anticipates what comes on three.
        ("C:4", "charleston", 4, ["0 C3 G3 C4 E4 for 1.4", "1.5 C3 G3 C4 E4 for 0.79"]),
        ("C:2 F:2", "charleston", 4, ["0 C3 G3 C4 E4 for 1.4", "1.5 F2 A3 C4 F4 for 0.79"]),
        # It passes over a chord on four alone, which is struck all the same.
        ("C:3 F:1", "charleston", 4, ["0 C3 G3 C4 E4 for 1.4", "1.5 C3 G3 C4 E4 for 0.79", "3 F2 A3 C4 F4 for 1"]),
        ("C:3", "waltz", 3, ["0 C3 for 1", "1 G3 C4 E4 for 0.71", "2 G3 C4 E4 for 0.71"]),
        # A chord that has only just come is not passed over for the next one.
        (
            "C:1.5 F:0.5 G7:2",
            "charleston",
            4,
            ["0 C3 G3 C4 E4 for 1.4", "1.5 F2 A3 C4 F4 for 0.5", "2 G2 G3 B3 F4 for 2"],
        ),
        # A bass tone alone is no chord.
        ("C:1 F:2", "waltz", 3, ["0 C3 G3 C4 E4 for 1", "1 A3 C4 F4 for 0.71", "2 A3 C4 F4 for 0.71"]),
        ("C:2 F:1", "waltz", 3, ["0 C3 for 1", "1 G3 C4 E4 for 0.71", "2 A3 C4 F4 for 0.71"]),
        (
            "C:2",
            "alberti",
            4,
            ["0 G3 for 0.5", "0 C3 for 2", "0.5 E4 for 0.5", "1 C4 for 0.5", "1.5 E4 for 0.5"],
        ),
        (
            "C:4",
            "skank",
            4,
            [
                "0 C3 for 1.5",
                "1 G3 C4 E4 for 0.35",
                "2 G2 for 1",
                "3 G3 C4 E4 for 0.35",
                "3.5 C3 for 0.5",
            ],
        ),
    ],
)
def test_rhythms(line: str, pattern: str, beats_per_bar: int, expected: list[str]) -> None:
    assert heard(played(line, pattern, beats_per_bar)) == expected


def test_a_push_is_tied_over_the_bar_line() -> None:
    right = [note for note in played("C:4 F:4 F:4", "push") if note.pitch >= 55]
    f_major = {pitch for pitch in VOICINGS["F"].pitches if pitch >= 55}
    pushed = {(note.pitch, note.end_tick) for note in right if note.onset_tick == 3.5 * TICKS_PER_BEAT}
    assert {pitch for pitch, _ in pushed} == f_major
    assert all(end > 4 * TICKS_PER_BEAT for _, end in pushed)
    assert not [note for note in right if note.onset_tick == 4 * TICKS_PER_BEAT]  # tied, not struck again
    assert [note for note in right if note.onset_tick == 0]  # nothing is tied over to the first bar
    bass = [note for note in played("C:4 F:4", "push") if note.onset_tick == 4 * TICKS_PER_BEAT]
    assert [note.pitch for note in bass] == [VOICINGS["F"].pitches[0]]


def test_the_last_chord_ends_with_the_last_bar() -> None:
    for pattern in patterns_for(4):
        assert max(note.end_tick for note in played("C:4 F:4", pattern.name)) <= 8 * TICKS_PER_BEAT


def test_a_phrase_may_begin_within_a_bar() -> None:
    # A long stroke of that bar is struck where the phrase begins.
    assert heard(played("C:2 F:4", "whole", start_beat=2)) == ["2 C3 G3 C4 E4 for 2", "4 F2 A3 C4 F4 for 4"]


def test_bars_need_not_be_known() -> None:
    span = ChordSpan(17, 17 + 4 * TICKS_PER_BEAT, chord("C"))
    notes = comp([span], [VOICINGS["C"]], COMPING_PATTERNS["whole"], Metre(bar_tick=None))
    assert {(note.onset_tick, note.end_tick) for note in notes} == {(17, span.end_tick)}


def test_velocity_follows_the_accents_within_midi() -> None:
    span = ChordSpan(0, 4 * TICKS_PER_BEAT, chord("C"))
    loud = comp([span], [VOICINGS["C"]], COMPING_PATTERNS["push"], velocity=127)
    soft = comp([span], [VOICINGS["C"]], COMPING_PATTERNS["push"], velocity=1)
    assert {note.velocity for note in loud} > {127} and max(note.velocity for note in loud) == 127
    assert {note.velocity for note in soft} == {1}


def test_a_rhythm_for_another_metre_is_told() -> None:
    with pytest.raises(ValueError, match=r"waltz is not made for bars of 4 beats; take one of: whole, half, quarters"):
        played("C:4", "waltz", 4)
    with pytest.raises(ValueError, match="1 chords need as many voicings, not 0"):
        comp([ChordSpan(0, 48, chord("C"))], [], COMPING_PATTERNS["whole"])


def test_silence_has_no_notes() -> None:
    assert played("-:4", "whole") == []
    assert comp([], [], COMPING_PATTERNS["whole"]) == ()


@pytest.mark.parametrize("pattern", COMPING_PATTERNS.values(), ids=COMPING_PATTERNS)
def test_every_pattern_lies_within_its_cycle(pattern: CompingPattern) -> None:
    cycle = pattern.cycle_ticks or TICKS_PER_BEAT
    assert pattern.strokes
    for stroke in pattern.strokes:
        assert 0 <= stroke.tick < cycle
        assert 0 < stroke.accent <= 1.2
        assert stroke.ticks is None or stroke.ticks > 0
        assert stroke.tick + (stroke.ticks or 0) <= cycle or stroke.lead_ticks or not stroke.holds
        assert stroke.lead_ticks <= LONGEST_LEAD
        # The next chord has begun with such a stroke: nothing plays the old one beside it.
        beside = [other for other in pattern.strokes if 0 <= other.tick - stroke.tick < stroke.lead_ticks]
        assert all(other.lead_ticks for other in beside)
    for beats in pattern.bar_beats:
        bar = beats * TICKS_PER_BEAT
        assert cycle % bar == 0 or bar % cycle == 0


@pytest.mark.parametrize("beats", [2, 3, 4, 5, 6, 7])
def test_there_are_patterns_for_every_metre(beats: int) -> None:
    assert len(patterns_for(beats)) >= 3


def test_a_pattern_of_two_bars_goes_through_both() -> None:
    bossa = COMPING_PATTERNS["bossa"]
    bar = 4 * TICKS_PER_BEAT
    assert bossa.strokes_in_bar(0, bar) == bossa.strokes_in_bar(2, bar) != bossa.strokes_in_bar(1, bar)
    assert len(bossa.strokes_in_bar(0, bar)) + len(bossa.strokes_in_bar(1, bar)) == len(bossa.strokes)


@st.composite
def spans_and_voicings(draw: st.DrawFn) -> tuple[list[ChordSpan], list[Voicing | None]]:
    """Chords of any length, some of them silence, no two neighbours with a pitch in common."""
    tick = draw(st.integers(-100, 300))
    spans: list[ChordSpan] = []
    voicings: list[Voicing | None] = []
    for number in range(draw(st.integers(1, 9))):
        end = tick + draw(st.sampled_from([1, 5, 12, 24, 36, 48, 96, 144, 192, 400]))
        is_silent = draw(st.integers(0, 5)) == 0
        named = Chord(number % 12)
        # Each chord has four pitch classes of its own, three chords in turn, so that a note tells its chord.
        own = [
            40 + 12 * octave + (number % 3) * 4 + draw(st.integers(0, 3)) for octave in range(draw(st.integers(1, 4)))
        ]
        spans.append(ChordSpan(tick, end, None if is_silent else named))
        voicings.append(None if is_silent else voicing_of(named, own, 16, bass_apart=draw(st.booleans())))
        tick = end + draw(st.sampled_from([0, 0, 0, 24]))
    return spans, voicings


@settings(max_examples=400, deadline=None)
@given(spans_and_voicings(), st.sampled_from(list(COMPING_PATTERNS.values())), st.integers(2, 6), st.integers(-50, 50))
def test_nothing_overlaps_hangs_over_or_is_left_out(
    given_chords: tuple[list[ChordSpan], list[Voicing | None]], pattern: CompingPattern, beats: int, bar_tick: int
) -> None:
    if not pattern.fits(beats):
        beats = pattern.bar_beats[0]
    spans, voicings = given_chords
    notes = comp(spans, voicings, pattern, Metre(beats, bar_tick))
    assert list(notes) == sorted(notes)
    for pitch in {note.pitch for note in notes}:
        same = [note for note in notes if note.pitch == pitch]
        assert all(before.end_tick <= after.onset_tick for before, after in pairwise(same))
    assert all(note.duration_ticks > 0 and 0 <= note.pitch <= 127 and 1 <= note.velocity <= 127 for note in notes)
    uses_other_tones = any(stroke.part == "fifth" for stroke in pattern.strokes)
    explained: set[Note] = set()
    for number, (span, voicing) in enumerate(zip(spans, voicings, strict=True)):
        if voicing is None:
            continue
        own = {pitch % 12 for pitch in voicing.pitches}
        earliest = span.tick - LONGEST_LEAD
        mine = {n for n in notes if n.pitch % 12 in own and earliest <= n.onset_tick and n.end_tick <= span.end_tick}
        assert any(note.end_tick > span.tick for note in mine), f"chord {number} is not heard"
        explained |= mine
    if not uses_other_tones:
        assert explained == set(notes)
    sounding = [span for span, voicing in zip(spans, voicings, strict=True) if voicing]
    if sounding:
        assert min(note.onset_tick for note in notes) >= min(sounding[0].tick, spans[0].tick)
        assert max(note.end_tick for note in notes) <= sounding[-1].end_tick


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["C", "F", "G7", "Am"]), min_size=1, max_size=6), st.sampled_from(patterns_for(4)))
def test_the_same_chords_in_one_hand_or_two_can_be_written_as_a_file(
    symbols: list[str], pattern: CompingPattern
) -> None:
    named = [chord(symbol) for symbol in symbols]
    spans = [ChordSpan(192 * number, 192 * (number + 1), one) for number, one in enumerate(named)]
    notes = comp(spans, voice_progression(named).voicings, pattern)
    assert midi_bytes([Part("Chords", notes)]).startswith(b"MThd")
    classes = {pitch for one in named for pitch in one.pitch_classes}
    assert {note.pitch % 12 for note in notes} <= classes
