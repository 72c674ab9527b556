"""The guard lowers exactly what would copy too much, says nothing of other fields, and lets quotations be."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.music.note import Note
from cocomposer.originality.guard import STEEP, Guard
from cocomposer.originality.index import LEAST, Index
from cocomposer.originality.line import Line
from cocomposer.originality.overlap import copied, most_shared
from tests.originality.made_music import WORKS, leaps, notes_of

TUNE = leaps(1, 60)
FREE = np.zeros(128)


@dataclass
class At:
    """All that the guard reads of a drawing."""

    onset_tick: int | None


def index_of(*works: list[Note]) -> Index:
    lines = []
    for number, notes in enumerate(works):
        line = Line()
        for note in notes:
            line.hear(note.onset_tick, note.pitch, note.end_tick)
        line.close()
        lines.append((number, bytes(line.steps)))
    return Index.of(WORKS, lines)


def answer(guard: Guard, phrase: list[Note], wanted: list[Note]) -> list[Note]:
    """What a player plays who wants just this, but yields to the guard; the likeliest pitch each time."""
    guard.begin(phrase)
    played = []
    for want in wanted:
        liking = -0.1 * np.abs(np.arange(128) - want.pitch)
        pitch = int(np.argmax(guard.shape("pitch", liking, At(want.onset_tick))))
        played.append(Note(want.onset_tick, pitch, want.duration_ticks, 80))
        guard.took(played[-1])
    return played


def test_a_copy_is_left_in_time() -> None:
    index = index_of(notes_of(TUNE))
    played = answer(Guard(index, 12), [], notes_of(TUNE))
    assert played[:12] == notes_of(TUNE)[:12] and played[12].pitch != TUNE[12]
    found = most_shared(index, played)
    assert found is not None and found.counted == 12


def test_a_quotation_is_gone_on_with() -> None:
    tune = notes_of(TUNE)
    assert answer(Guard(index_of(tune), 12), tune[:12], tune[12:]) == tune[12:]


def test_a_turn_that_goes_on_after_another_does_not_quote_it() -> None:
    tune = notes_of(TUNE)
    guard = Guard(index_of(tune), 12)
    played = answer(guard, [], tune[:12])
    assert played == tune[:12]
    assert answer(guard, played, tune[12:13])[0].pitch != TUNE[12]
    # The same notes by the player are a quotation.
    assert answer(Guard(index_of(tune), 12), played, tune[12:13])[0].pitch == TUNE[12]


def test_a_few_notes_of_chance_are_no_quotation() -> None:
    tune = notes_of(TUNE)
    index = index_of(tune)
    played = answer(Guard(index, 12), tune[:5], tune[5:])
    found = copied(index, tune[:5], played)
    assert found is not None and found.counted == 12


def test_a_quotation_of_one_piece_is_no_leave_for_another() -> None:
    common = TUNE[5:30]
    quoted, other = TUNE[:40], [*leaps(8, 10), *common, *leaps(9, 10)]
    phrase = notes_of(TUNE[:16])
    index = index_of(notes_of(quoted), notes_of(other))
    guard = Guard(index, 12)
    # Both pieces go together up to TUNE[29]; after that only the quoted one may be followed.
    on_with_it = answer(guard, phrase, notes_of(TUNE[16:40], first_tick=24 * 16))
    assert [note.pitch for note in on_with_it] == TUNE[16:40]


def test_scales_go_on_for_ever() -> None:
    scale = notes_of([48 + octave + degree for octave in (0, 12, 24) for degree in (0, 2, 4, 5, 7, 9, 11)])
    assert answer(Guard(index_of(scale), 12), [], scale) == scale


def test_other_fields_and_an_unknown_onset_are_left_alone() -> None:
    tune = notes_of(TUNE)
    guard = Guard(index_of(tune), 12)
    guard.begin([])
    for note in tune[:12]:
        guard.took(note)
    for field in ("onset", "duration", "velocity", "pedal"):
        assert guard.shape(field, FREE, At(288)) is FREE
    assert guard.shape("pitch", FREE, At(None)) is FREE
    lowered = guard.shape("pitch", FREE, At(288))
    assert lowered[TUNE[12]] == -STEEP and np.count_nonzero(lowered) == 1
    assert not FREE.any()


def test_too_short_a_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Guard(index_of(), LEAST)


PITCHES = st.lists(st.sampled_from((60, 64, 65, 69)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(PITCHES, min_size=1, max_size=3), st.integers(0, 40), st.sampled_from((0, 24, 48)), st.data())
def test_lowered_is_what_would_be_a_new_copy_too_long(
    works: list[list[int]], phrase: int, gap: int, data: st.DataObject
) -> None:
    """Against the report, which hears the note and looks afterwards."""
    most = data.draw(st.integers(9, 13))
    index = index_of(*map(notes_of, works))
    notes: list[Note] = []
    for pitch in played_from(works, data):
        # Bass notes make chords of some of them.
        onset = 24 * len({note.onset_tick for note in notes})
        bass = [Note(onset, 40, 24, 80)] if data.draw(st.booleans()) else []
        notes += [*bass, Note(onset, pitch, 24, 80)]
    heard, drawn = notes[:phrase], notes[phrase:]
    guard = Guard(index, most)
    guard.begin(heard)
    for note in drawn:
        guard.took(note)
    onset = (notes[-1].onset_tick if notes else 0) + gap
    before = copied(index, heard, drawn)
    if before is not None and before.counted > most:
        return
    lowered = np.flatnonzero(guard.shape("pitch", FREE, At(onset))).tolist()
    expected = []
    for pitch in range(50, 72):
        after = copied(index, heard, [*drawn, Note(onset, pitch, 24, 80)])
        if after is not None and after.counted > most:
            expected.append(pitch)
    assert lowered == expected


def played_from(works: list[list[int]], data: st.DataObject) -> list[int]:
    """Pitches that are partly those of the works."""
    pitches: list[int] = []
    for work in works:
        begin = data.draw(st.integers(0, len(work)))
        pitches += work[begin : begin + data.draw(st.integers(0, 30))]
    return pitches
