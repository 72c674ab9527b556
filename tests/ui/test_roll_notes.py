"""Notes as the roll looks for them, held against looking at every note there is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.timeline import HELD, Timeline
from cocomposer.harmony.key import Key, Mode, key_named
from cocomposer.harmony.metre import Metre
from cocomposer.music.note import Note
from ui.presenters.roll_notes import (
    BANDS,
    band_of,
    bands_of,
    end_row,
    pitch_words,
    row_above,
    row_at,
    rows_open_at,
    spoken,
    step_row,
    visible_rows,
)
from ui.presenters.roll_time import MetreChange
from ui.presenters.roll_viewport import Viewport

FOUR_FOUR = (MetreChange(0.0, Metre(4, 0, True)),)


def timeline_of(*notes: tuple[int, int, int, int]) -> Timeline:
    """(onset, pitch, length, velocity) as the player's; a length of 0 is still held."""
    timeline = Timeline()
    for onset, pitch, length, velocity in notes:
        timeline.heard(pitch, velocity, 0, float(onset))
        if length:
            timeline.released(pitch, 0, float(onset + length))
    return timeline


notes = st.lists(
    st.tuples(st.integers(0, 500), st.integers(30, 90), st.integers(0, 200), st.integers(1, 127)), max_size=40
)


@given(notes, st.integers(-50, 600), st.integers(1, 300), st.integers(20, 90), st.integers(0, 40), st.integers(0, 700))
def test_what_is_seen_is_what_looking_at_each_note_finds(
    played: list[tuple[int, int, int, int]], first: int, length: int, lowest: int, rows: int, now: int
) -> None:
    timeline = timeline_of(*played)
    end, highest = first + length, lowest + rows
    wanted = []
    for row in range(timeline.count):
        onset, ending = timeline.onset[row], timeline.end[row]
        seen_until = max(now, onset) if ending == HELD else ending
        unheard = ending == onset
        inside = onset < end and (seen_until > first or (ending == HELD and seen_until >= first))
        if inside and not unheard and lowest <= timeline.pitch[row] <= highest:
            wanted.append(row)
    assert visible_rows(timeline, first, end, lowest, highest, now).tolist() == wanted


@given(notes, st.integers(0, 700))
def test_what_can_still_sound_is_all_that_ends_later(played: list[tuple[int, int, int, int]], tick: int) -> None:
    timeline = timeline_of(*played)
    sounding = {row for row in range(timeline.count) if timeline.end[row] > max(tick, timeline.onset[row])}
    assert set(rows_open_at(timeline, tick).tolist()) == sounding


def test_a_note_that_began_long_before_is_seen() -> None:
    timeline = timeline_of((0, 60, 10_000, 80), (5, 62, 10, 80))
    assert visible_rows(timeline, 5000, 5100, 0, 127, 6000).tolist() == [0]


def test_a_held_key_is_seen_up_to_the_playhead() -> None:
    timeline = timeline_of((100, 60, 0, 80))
    assert visible_rows(timeline, 150, 200, 0, 127, 120).tolist() == []
    assert visible_rows(timeline, 150, 200, 0, 127, 160).tolist() == [0]


def test_the_note_under_the_pointer_is_found() -> None:
    timeline = timeline_of((100, 60, 100, 80), (150, 60, 20, 80), (100, 64, 100, 80))
    viewport = Viewport(width=800, height=400, pixels_per_tick=1.0, row=10.0, left=0, top=500)
    y = viewport.y_of(60) + 5
    assert row_at(timeline, viewport, 105, y, 0) == 0
    assert row_at(timeline, viewport, 155, y, 0) == 1, "what lies above is meant"
    assert row_at(timeline, viewport, 155, viewport.y_of(64) + 2, 0) == 2
    assert row_at(timeline, viewport, 98, y, 0) == 0, "a hair beside it still counts"
    assert row_at(timeline, viewport, 300, y, 0) is None
    assert row_at(timeline, viewport, 105, viewport.y_of(62) + 2, 0) is None


@given(notes)
def test_the_cursor_goes_through_all_notes_in_order(played: list[tuple[int, int, int, int]]) -> None:
    timeline = timeline_of(*played)
    heard = [row for row in range(timeline.count) if timeline.end[row] > timeline.onset[row]]
    wanted = sorted(heard, key=lambda row: (timeline.onset[row], timeline.pitch[row]))
    row = end_row(timeline, last=False)
    assert row == (wanted[0] if wanted else None)
    gone = []
    for _ in wanted:
        assert row is not None
        gone.append(row)
        row = step_row(timeline, row, 1, 0)
    assert sorted(gone) == sorted(wanted)
    assert [(timeline.onset[r], timeline.pitch[r]) for r in gone] == [
        (timeline.onset[r], timeline.pitch[r]) for r in wanted
    ]
    if wanted:
        assert step_row(timeline, wanted[-1], 1, 0) == end_row(timeline, last=True) == row
        assert step_row(timeline, wanted[0], -1, 0) == wanted[0]


def test_without_a_note_the_cursor_begins_where_one_looks() -> None:
    timeline = timeline_of((0, 60, 10, 80), (100, 60, 10, 80), (200, 60, 10, 80))
    assert step_row(timeline, None, 1, 50) == 1
    assert step_row(timeline, None, 1, 900) == 2
    assert step_row(Timeline(), None, 1, 0) is None


def test_up_and_down_go_through_a_chord() -> None:
    timeline = timeline_of((0, 60, 50, 80), (0, 67, 50, 80), (2, 64, 50, 80), (300, 65, 10, 80))
    assert row_above(timeline, 0, 1, 0) == 2
    assert row_above(timeline, 2, 1, 0) == 1
    assert row_above(timeline, 1, 1, 0) == 1
    assert row_above(timeline, 1, -1, 0) == 2


@pytest.mark.parametrize(
    ("onset", "pitch", "velocity", "words"),
    [
        (2 * 192 + 72, 66, 100, "F sharp 4, player, bar 3 beat 2.5, loud"),
        (0, 60, 40, "C 4, player, bar 1 beat 1, soft"),
        (191, 21, 127, "A 0, player, bar 1 beat 4.98, very loud"),
        (40, 61, 10, "D flat 4, player, bar 1 beat 1.83, very soft"),
    ],
)
def test_a_note_in_words(onset: int, pitch: int, velocity: int, words: str) -> None:
    assert spoken(timeline_of((onset, pitch, 20, velocity)), 0, FOUR_FOUR) == words


def test_who_plays_and_whether_a_key_is_down_is_said() -> None:
    timeline = timeline_of((0, 60, 0, 60))
    timeline.played(1, Note(48, 58, 20, 60))
    timeline.played(1, Note(48, 62, 20, 60), fallback=True)
    assert spoken(timeline, 0, FOUR_FOUR) == "C 4, player, bar 1 beat 1, medium, held"
    assert spoken(timeline, 1, FOUR_FOUR, key_named("F major")) == "B flat 3, machine, bar 1 beat 2, medium"
    assert "machine without the model" in spoken(timeline, 2, FOUR_FOUR)


def test_pitches_are_spelt_in_the_key() -> None:
    assert pitch_words(66, Key(7, Mode.MAJOR)) == "F sharp 4"
    assert pitch_words(66, Key(1, Mode.MAJOR)) == "G flat 4"
    assert pitch_words(60) == "C 4"


def test_shades_grow_with_velocity() -> None:
    shades = [band_of(velocity) for velocity in range(1, 128)]
    assert shades == sorted(shades) and set(shades) == set(range(BANDS))
    assert bands_of(np.arange(1, 128, dtype=np.int32)).tolist() == shades
