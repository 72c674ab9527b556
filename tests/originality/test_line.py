"""The tune of what is played: the same in any key, tempo and dress; and what of it tells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.originality.line import (
    BOUNDARY,
    STEP_VALUES,
    WIDEST,
    Line,
    interval_of,
    is_telling,
    rhythm_of,
    same_as,
    step_between,
)

Played = list[tuple[int, int, int]]
"""Onset, pitch and end of each note."""


def steps_of(played: Played) -> bytes:
    line = Line()
    for note in sorted(played):
        line.hear(*note)
    line.close()
    return bytes(line.steps)


def tune(pitches: list[int], gaps: list[int]) -> Played:
    """One note after another, each as long as until the next."""
    played, onset = [], 0
    for pitch, gap in zip(pitches, gaps, strict=True):
        played.append((onset, pitch, onset + gap))
        onset += gap
    return played


def tunes(least: int = 2) -> st.SearchStrategy[Played]:
    note = st.tuples(st.integers(55, 80), st.sampled_from((6, 8, 12, 16, 18, 24, 36, 48, 72, 96)))
    return st.lists(note, min_size=least, max_size=16).map(lambda notes: tune(*map(list, zip(*notes, strict=True))))


@settings(max_examples=50, deadline=None)
@given(tunes(), st.integers(-20, 20), st.integers(1, 5))
def test_a_tune_is_the_same_in_any_key_and_tempo(played: Played, shift: int, slower: int) -> None:
    other = [(slower * onset, pitch + shift, slower * end) for onset, pitch, end in played]
    assert steps_of(other) == steps_of(played)


@settings(max_examples=50, deadline=None)
@given(tunes(), st.data())
def test_what_sounds_below_it_is_no_part_of_it(played: Played, data: st.DataObject) -> None:
    below = [
        (onset, pitch - data.draw(st.integers(1, 30)), end) for onset, pitch, end in played if data.draw(st.booleans())
    ]
    during = [(onset + 1, 30, end) for onset, _, end in played if end - onset > 13 and data.draw(st.booleans())]
    assert steps_of(played + below + during) == steps_of(played)


@settings(max_examples=50, deadline=None)
@given(tunes())
def test_a_note_struck_again_is_no_new_note(played: Played) -> None:
    played = [(2 * onset, pitch, 2 * end) for onset, pitch, end in played]
    again = [note for onset, pitch, end in played for note in ((onset, pitch, end), ((onset + end) // 2, pitch, end))]
    assert steps_of(again) == steps_of(played)


@settings(max_examples=50, deadline=None)
@given(tunes(), st.integers(0, 127))
def test_a_step_is_foretold(played: Played, pitch: int) -> None:
    line = Line()
    for note in played:
        line.hear(*note)
    onset = played[-1][2]
    line.reach(onset)
    before = bytes(line.steps)
    foretold = line.step_to(pitch)
    line.hear(onset, pitch, onset + 24)
    line.close()
    assert bytes(line.steps) == before + (b"" if foretold is None else bytes((foretold,)))


def test_an_arpeggio_under_a_held_note_is_no_tune() -> None:
    tune_notes = [(0, 76, 96), (96, 74, 192)]
    arpeggio = [(onset, pitch, onset + 12) for onset, pitch in zip(range(12, 192, 12), [60, 64, 67] * 5, strict=True)]
    assert steps_of(tune_notes + [note for note in arpeggio if note[0] != 96]) == steps_of(tune_notes)


def test_a_note_tied_over_does_not_hide_the_next_one() -> None:
    assert steps_of([(0, 76, 28), (24, 74, 48), (48, 72, 72)]) == steps_of([(0, 76, 24), (24, 74, 48), (48, 72, 72)])


def test_a_broken_chord_is_a_chord() -> None:
    assert len(steps_of([(0, 60, 40), (2, 64, 40), (5, 67, 40), (48, 69, 90)])) == 1


@settings(max_examples=50, deadline=None)
@given(st.integers(-127, 127), st.integers(1, 10_000), st.none() | st.integers(1, 10_000))
def test_a_step_fits_a_byte_and_is_no_boundary(interval: int, gap: int, before: int | None) -> None:
    step = step_between(interval, gap, before)
    assert BOUNDARY < step < STEP_VALUES
    found = interval_of(step)
    assert found == interval if abs(interval) <= WIDEST else (found - interval) % 12 == 0 and found * interval > 0


def test_what_is_the_same_is_so_both_ways_and_has_the_same_interval() -> None:
    steps = {step_between(interval, gap, 24) for interval in range(-WIDEST, WIDEST + 1) for gap in range(1, 400)}
    for step in steps:
        expected = {
            s for s in steps if interval_of(s) == interval_of(step) and abs(rhythm_of(s) - rhythm_of(step)) <= 1
        }
        assert set(same_as(step)) == expected


@pytest.mark.parametrize("ratio", [(1, 1), (2, 1), (3, 1), (3, 2), (4, 3), (1, 2), (1, 3), (2, 3), (4, 1), (1, 4)])
def test_a_loosely_played_rhythm_is_the_same(ratio: tuple[int, int]) -> None:
    gap, before = 24 * ratio[0], 24 * ratio[1]
    for near in range(round(gap * 0.78), round(gap * 1.28) + 1):
        assert step_between(2, near, before) in same_as(step_between(2, gap, before))


@pytest.mark.parametrize(("one", "other"), [(24, 48), (24, 12), (24, 72), (12, 36), (36, 8)])
def test_other_rhythms_are_others(one: int, other: int) -> None:
    assert step_between(2, other, 24) not in same_as(step_between(2, one, 24))


@pytest.mark.parametrize(
    ("what", "pitches", "telling"),
    [
        ("a scale", [60, 62, 64, 65, 67, 69], [1, 0, 0, 0, 0]),
        ("a chromatic run down", [72, 71, 70, 69], [1, 0, 0]),
        ("a trill", [60, 62] * 4, [1, 1, 1, 0, 0, 0, 0]),
        ("thirds on thirds", [60, 63, 66, 69], [1, 0, 0]),
        ("an Alberti bass", [60, 67, 64, 67] * 3, [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]),
        ("Ode to Joy, up and down again", [64, 65, 67, 65, 64, 62, 60, 62, 64], [1, 0, 1, 0, 0, 0, 1, 0]),
        ("a tune of leaps", [60, 67, 64, 72, 65, 69], [1, 1, 1, 1, 1]),
    ],
)
def test_what_tells(what: str, pitches: list[int], telling: list[int]) -> None:
    steps = steps_of(tune(pitches, [24] * len(pitches)))
    assert [int(is_telling(steps[: n + 1])) for n in range(len(steps))] == telling, what
