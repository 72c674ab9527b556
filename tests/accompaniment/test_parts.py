"""What each part makes of the chords: tables of music theory and properties."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.accompaniment import bass_part, voice_part
from cocomposer.accompaniment.bass_part import BassPart
from cocomposer.accompaniment.chord_part import CEILINGS, LOWEST_WITH_BASS, ChordPart, rhythm_for
from cocomposer.accompaniment.parts import Cue, Planner, stroke_ticks
from cocomposer.accompaniment.soloist import Soloist
from cocomposer.accompaniment.voice_part import VoicePart, next_tone
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.progression import ChordSpan

BAR = 192
QUALITIES = ("", "m", "7", "m7", "maj7", "m7b5", "dim7", "sus4", "6", "aug", "9", "7b9")
ROOTS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
symbols = st.builds(lambda root, quality: root + quality, st.sampled_from(ROOTS), st.sampled_from(QUALITIES))


def chord(symbol: str) -> Chord:
    found = read_symbol(symbol)
    assert isinstance(found, Chord)
    return found


def cue(*names: str, from_tick: int = 0, beats_per_bar: int = 4, melody: int | None = None) -> Cue:
    """A chord a bar."""
    bar = 48 * beats_per_bar
    spans = tuple(ChordSpan(n * bar, (n + 1) * bar, chord(name)) for n, name in enumerate(names))
    return Cue(spans, Metre(beats_per_bar), from_tick, 70, 1.5, melody=melody)


def test_a_bass_plays_root_and_fifth_and_steps_into_the_next_root() -> None:
    notes = BassPart().plan(cue("C", "F", "G7", "C"))
    assert [(note.onset_tick, note.pitch) for note in notes if note.onset_tick % BAR in (0, 96)] == [
        (0, 36), (96, 31), (192, 29), (288, 36), (384, 31), (480, 38), (576, 36), (672, 31),
    ]  # fmt: skip
    steps = [note for note in notes if note.onset_tick % BAR == 144]
    targets = [note.pitch for note in notes if note.onset_tick in (192, 384, 576)]
    assert len(steps) == 3
    assert all(0 < abs(step.pitch - target) <= 5 for step, target in zip(steps, targets, strict=True))


@given(st.lists(symbols, min_size=1, max_size=6), st.integers(0, 4 * BAR), st.sampled_from([2, 3, 4, 5]))
def test_parts_stay_in_range_and_never_begin_before_they_may(names: list[str], first: int, beats: int) -> None:
    wanted = cue(*names, from_tick=first, beats_per_bar=beats)
    parts: list[tuple[Planner, int, int]] = [
        (BassPart(), bass_part.LOWEST, bass_part.HIGHEST),
        (VoicePart(), voice_part.LOWEST, voice_part.HIGHEST),
        (ChordPart(), 28, 96),
        (ChordPart(with_bass=True), LOWEST_WITH_BASS, CEILINGS[-1]),
    ]
    for part, lowest, highest in parts:
        notes = part.plan(wanted)
        assert all(lowest <= note.pitch <= highest for note in notes)
        assert all(first <= note.onset_tick < wanted.end_tick and note.end_tick <= wanted.end_tick for note in notes)
        assert part.plan(wanted) == notes


@given(st.lists(symbols, min_size=1, max_size=6))
def test_chords_and_voice_are_tones_of_their_chord(names: list[str]) -> None:
    for part in (VoicePart(), ChordPart(rhythm="quarters")):
        for note in part.plan(cue(*names)):
            assert note.pitch % 12 in chord(names[note.onset_tick // BAR]).pitch_classes


def test_a_chord_once_voiced_is_voiced_the_same_until_it_ends() -> None:
    part = ChordPart(rhythm="quarters")
    first = part.plan(cue("Dm7", "G7"))
    later = part.plan(replace(cue("Dm7", "C"), from_tick=96))
    assert {n.pitch for n in first if n.onset_tick == 0} == {n.pitch for n in later if n.onset_tick == 96}
    assert {n.pitch % 12 for n in later if n.onset_tick >= BAR} == {0, 4, 7}


@given(st.lists(st.tuples(symbols, st.integers(60, 84)), min_size=2, max_size=10))
def test_no_two_perfect_intervals_follow_each_other_where_another_tone_is_near(steps: list[tuple[str, int]]) -> None:
    before: int | None = None
    melody_before: int | None = None
    for name, melody in steps:
        pitch = next_tone(chord(name), before, melody_before, cue(name, melody=melody))
        if before is not None and melody_before is not None and pitch != before and melody != melody_before:
            apart = (melody - pitch) % 12, (melody_before - before) % 12
            others = [
                p for p in range(before - 5, before + 6) if p % 12 in chord(name).pitch_classes and p < melody - 3
            ]
            in_reach = [p for p in others if (melody - p) % 12 in (3, 4, 8, 9) and p >= max(48, melody - 16)]
            assert apart not in ((7, 7), (0, 0)) or not in_reach
        before, melody_before = pitch, melody


@pytest.mark.parametrize(
    ("wanted", "beats", "density", "name"),
    [
        ("auto", 4, 0.3, "quarters"), ("auto", 4, 2.0, "half"), ("auto", 3, 2.0, "waltz"), ("auto", 5, 2.0, "quarters"),
        ("charleston", 4, 2.0, "charleston"), ("charleston", 3, 2.0, "waltz"),
    ],
)  # fmt: skip
def test_the_rhythm_fits_the_metre_and_leaves_room(wanted: str, beats: int, density: float, name: str) -> None:
    assert rhythm_for(wanted, beats, density) == name


def test_strokes_lie_on_beats_of_the_bar_and_where_chords_begin() -> None:
    wanted = replace(
        cue("C", "F"), spans=(ChordSpan(0, 100, chord("C")), ChordSpan(100, 384, chord("F"))), from_tick=96
    )
    assert stroke_ticks(wanted, (0, 2)) == [96, 100, 192, 288]


def test_a_soloist_is_heard_without_drums() -> None:
    soloist = Soloist()
    soloist.strike(0, 40, 100, channel=9)
    assert not soloist.has_played
    for number in range(8):
        soloist.strike(number * 24, 60 + number, 40 + number)
        soloist.release(number * 24 + 20, 60 + number)
    assert soloist.onsets_per_beat(192) == 2.0 and soloist.top(192) == 67 and soloist.velocity == 44
    assert not soloist.rests_at(300, 192) and soloist.rests_at(380, 192)
    assert soloist.tones_since(150) == {7} and soloist.held_tones == frozenset()
    assert [a < b for a, b in pairwise((soloist.velocity, 45))] == [True]
