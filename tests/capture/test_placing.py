"""Seconds on ticks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.capture.placing import Placing, place
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note, Pedal, PlayedNote

GRID = Grid(seconds=10.0, tick=480.0, seconds_per_tick=0.01)


def played(onset: float, release: float | None, pitch: int = 60, pedal: Pedal = Pedal.UNKNOWN) -> PlayedNote:
    return PlayedNote(onset, release, pitch, 80, 0, pedal)


@pytest.mark.parametrize(
    ("onset", "release", "now", "onset_tick", "duration_ticks"),
    [
        (10.0, 10.5, 11.0, 480, 50),
        (10.004, 10.506, 11.0, 480, 51),
        (10.0, 10.001, 11.0, 480, 1),
        (9.99, 10.0, 11.0, 479, 1),
        (10.0, None, 10.01, 480, 12),
        (10.0, None, 11.0, 480, 192),
        (5.0, 5.1, 11.0, -20, 10),
    ],
)
def test_table(onset: float, release: float | None, now: float, onset_tick: int, duration_ticks: int) -> None:
    assert place([played(onset, release)], GRID, now) == (Note(onset_tick, 60, duration_ticks, 80),)


def test_order_is_onset_then_pitch() -> None:
    notes = [played(10.002, 10.5, 67), played(10.0, 10.5, 64), played(9.5, 9.6, 72)]
    assert [(note.onset_tick, note.pitch) for note in place(notes, GRID, 11)] == [(430, 72), (480, 64), (480, 67)]


def test_of_two_on_one_place_the_longer_stays() -> None:
    notes = [played(10.0, 10.001), played(10.001, 10.4), played(10.003, 10.2)]
    assert place(notes, GRID, 11) == (Note(480, 60, 40, 80),)


def test_the_first_of_a_chord_has_the_fresh_pedal() -> None:
    notes = [
        played(10.0, 10.1, 67, Pedal.FRESH),
        played(10.001, 10.1, 60, Pedal.DOWN),
        played(10.002, 10.1, 64, Pedal.DOWN),
    ]
    pedals = [note.pedal for note in place(notes, GRID, 11)]
    assert pedals == [Pedal.FRESH, Pedal.DOWN, Pedal.DOWN]


seconds = st.floats(0, 30)


@given(st.lists(st.tuples(seconds, st.none() | st.floats(0, 3), st.integers(58, 62))), st.floats(30, 40))
def test_any_notes(raw: list[tuple[float, float | None, int]], now: float) -> None:
    notes = [played(onset, None if length is None else onset + length, pitch) for onset, length, pitch in raw]
    placed = place(notes, GRID, now)
    keys = [(note.onset_tick, note.pitch) for note in placed]
    assert keys == sorted(set(keys))
    assert all(note.duration_ticks >= 1 for note in placed)
    assert set(keys) == {(place([note], GRID, now)[0].onset_tick, note.pitch) for note in notes}


def clock_grid(seconds_now: float, wander: float) -> Grid:
    return replace(GRID, seconds=seconds_now, tick=480 + 100 * (seconds_now - 10) + wander, source=BeatSource.CLOCK)


def test_on_a_moving_clock_a_settled_note_keeps_its_ticks() -> None:
    placing = Placing()
    notes = [played(10.0, 10.2)]
    assert placing.arrange(notes, clock_grid(10.3, 0.0), 10.3) == (Note(480, 60, 20, 80),)
    assert placing.arrange(notes, clock_grid(10.4, 3.0), 10.4) == (Note(480, 60, 20, 80),)
    placing.forget()
    assert placing.arrange(notes, clock_grid(10.4, 3.0), 10.4) == (Note(483, 60, 20, 80),)


def test_a_young_note_moves_with_the_clock() -> None:
    placing = Placing()
    notes = [played(10.0, None)]
    assert placing.arrange(notes, clock_grid(10.01, 0.0), 10.01)[0].onset_tick == 480
    assert placing.arrange(notes, clock_grid(10.02, 40.0), 10.02)[0].onset_tick == 520


def test_without_a_clock_a_new_tempo_moves_all() -> None:
    placing = Placing()
    notes = [played(10.5, 10.6)]
    assert placing.arrange(notes, GRID, 11.0)[0].onset_tick == 530
    assert placing.arrange(notes, replace(GRID, seconds_per_tick=0.02), 11.0)[0].onset_tick == 505
