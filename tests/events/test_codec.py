"""Notes to rows and back: what comes back is what went in, quantised as the tables say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.events.codec import Metre, encode, note_of, velocity_class, velocity_of
from cocomposer.events.layout import BEAT_UNKNOWN, COLUMN, DRAWN, GIVEN, PHASE_UNKNOWN, PITCH_NONE, RECENT, STYLES
from cocomposer.events.steps import STEPS
from cocomposer.music.note import Note, Pedal

notes_strategy = st.lists(
    st.builds(
        Note,
        onset_tick=st.integers(0, 4000),
        pitch=st.integers(0, 127),
        duration_ticks=st.integers(1, 1200),
        velocity=st.integers(1, 127),
        pedal=st.sampled_from(Pedal),
    ),
    min_size=1,
    max_size=12,
).map(sorted)
metres = st.builds(
    Metre, beat_known=st.booleans(), bar_tick=st.none() | st.integers(0, 400), ticks_per_bar=st.sampled_from((144, 192))
)


def nearest(ticks: int) -> int:
    """The table's length nearest to `ticks`, the longer of two."""
    return min(STEPS, key=lambda step: (abs(step - ticks), -step))


@given(notes_strategy, metres)
def test_decoding_what_was_encoded_is_quantising(notes: list[Note], metre: Metre) -> None:
    rows, ticks = encode(notes, metre)
    assert ticks.tolist() == [note.onset_tick for note in notes]
    last, before = notes[0].onset_tick, notes[0].onset_tick
    for note, row in zip(notes, rows, strict=True):
        decoded = note_of(row[: len(DRAWN)].tolist(), last)
        assert decoded.onset_tick - last == nearest(note.onset_tick - before)
        assert decoded.pitch == note.pitch and decoded.pedal is note.pedal
        assert decoded.duration_ticks == max(1, nearest(note.duration_ticks))
        assert abs(decoded.velocity - note.velocity) <= 2
        last, before = decoded.onset_tick, note.onset_tick


@given(notes_strategy)
def test_what_was_quantised_once_stays(notes: list[Note]) -> None:
    def again(given_notes: list[Note]) -> list[Note]:
        rows, _ = encode(given_notes, Metre())
        last, decoded = given_notes[0].onset_tick, []
        for row in rows:
            decoded.append(note_of(row[: len(DRAWN)].tolist(), last))
            last = decoded[-1].onset_tick
        return decoded

    once = again(notes)
    assert again(once) == once


@given(notes_strategy, metres, st.integers(1, 11))
def test_encoding_in_two_parts_is_encoding_at_once(notes: list[Note], metre: Metre, cut: int) -> None:
    whole, whole_ticks = encode(notes, metre, "folk")
    head, head_ticks = encode(notes[:cut], metre, "folk")
    tail, tail_ticks = encode(notes[cut:], metre, "folk", before=notes[:cut])
    assert (np.concatenate((head, tail)) == whole).all()
    assert (np.concatenate((head_ticks, tail_ticks)) == whole_ticks).all()


@given(notes_strategy, metres)
def test_every_value_is_a_class_of_its_field(notes: list[Note], metre: Metre) -> None:
    rows, _ = encode(notes, metre, STYLES[-1])
    for field in (*DRAWN, *GIVEN):
        column = rows[:, COLUMN[field.name]]
        assert (column >= 0).all() and (column < field.classes).all()
    for index, row in enumerate(rows):
        for back in range(1, RECENT + 1):
            expected = notes[index - back].pitch if index >= back else PITCH_NONE
            assert row[COLUMN[f"before_{back}"]] == expected


def test_an_onset_out_of_order_counts_as_together_with_the_one_before() -> None:
    rows, ticks = encode([Note(100, 60, 10, 80), Note(90, 64, 10, 80), Note(110, 67, 10, 80)], Metre())
    assert ticks.tolist() == [100, 100, 110]
    assert rows[:, COLUMN["onset"]].tolist() == [0, 0, 10]


def test_nothing_encodes_to_no_rows() -> None:
    rows, ticks = encode([], Metre())
    assert rows.shape == (0, len(COLUMN)) and len(ticks) == 0


@pytest.mark.parametrize(
    ("metre", "tick", "position"),
    [
        (Metre(), 100, (PHASE_UNKNOWN, BEAT_UNKNOWN)),
        (Metre(beat_known=True), 100, (4, BEAT_UNKNOWN)),
        (Metre(beat_known=True, bar_tick=0), 100, (4, 2)),
        (Metre(beat_known=True, bar_tick=48), 40, (40, 3)),
        (Metre(beat_known=True, bar_tick=0, ticks_per_bar=20 * 48), 19 * 48, (0, BEAT_UNKNOWN - 1)),
    ],
)
def test_positions(metre: Metre, tick: int, position: tuple[int, int]) -> None:
    assert metre.position(tick) == position


def test_velocities_invert_and_unknown_stays_unknown() -> None:
    classes = np.arange(1, 33)
    assert [int(velocity_class(np.asarray([velocity_of(int(c))]))[0]) for c in classes] == classes.tolist()
    assert velocity_class(np.asarray([0]))[0] == 0
    assert 1 <= velocity_of(0) <= 127
    assert replace(note_of((3, 60, 0, 1, 1), 10), velocity=1) == Note(13, 60, 1, 1, 0, Pedal.UP)
