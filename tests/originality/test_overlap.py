"""What a performance shares with the training music: exactly what stands there, whose it is, and what counts of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.music.note import Note
from cocomposer.originality.index import LEAST, Index
from cocomposer.originality.line import Line
from cocomposer.originality.overlap import FARTHEST, Follower, copied, most_shared
from tests.originality.made_music import WORKS, brute_force, leaps, longest_by_brute_force, notes_of

# Few pitches and lengths: much is shared by chance.
PLAYED = st.lists(st.tuples(st.sampled_from((60, 64, 65)), st.sampled_from((24, 48))), max_size=40)


def played(choices: list[tuple[int, int]]) -> list[Note]:
    notes, onset = [], 0
    for pitch, length in choices:
        notes.append(Note(onset, pitch, length, 80))
        onset += length
    return notes


def line_of(notes: list[Note]) -> bytes:
    line = Line()
    for note in notes:
        line.hear(note.onset_tick, note.pitch, note.end_tick)
    line.close()
    return bytes(line.steps)


def index_of(*works: list[Note]) -> Index:
    return Index.of(WORKS, [(number, line_of(notes)) for number, notes in enumerate(works)])


@settings(max_examples=40, deadline=None)
@given(st.lists(PLAYED, max_size=3), PLAYED, st.integers(0, 60), st.data())
def test_the_longest_passage_is_known_at_every_note(
    works: list[list[tuple[int, int]]], choices: list[tuple[int, int]], at_once: int, data: st.DataObject
) -> None:
    for work in works:
        # Then some of each work follows, so that passages are long.
        begin = data.draw(st.integers(0, len(work)))
        choices = [*choices, *work[begin : begin + data.draw(st.integers(0, 30))]]
    index = index_of(*map(played, works))
    follower = Follower(index)
    notes = played(choices)
    follower.catch_up(notes[:at_once])
    for note in (*notes[at_once:], None):
        if note is None:
            follower.close()
        else:
            follower.hear(note)
        steps = bytes(follower.line.steps)
        assert follower.longest == longest_by_brute_force(index, steps)
        expected = brute_force(index, steps[-follower.longest :]) if follower.longest else []
        assert sorted(follower.places.tolist()) == expected


def test_a_long_phrase_is_looked_back_on_so_far_only() -> None:
    tune = notes_of(leaps(1, 2 * FARTHEST))
    follower = Follower(index_of(tune))
    follower.catch_up(tune[:-1])
    assert follower.longest == FARTHEST
    follower.hear(tune[-1])
    assert follower.longest == FARTHEST + 1


def test_a_tune_is_known_again_with_its_piece() -> None:
    index = index_of(notes_of(leaps(1, 40)), notes_of(leaps(2, 40)))
    strange = notes_of(leaps(9, 12))
    shared = notes_of(leaps(2, 40)[10:30], first_tick=24 * 12, shift=-3)
    found = most_shared(index, [*strange, *shared])
    assert found is not None
    assert (found.counted, found.notes, found.work, found.begin) == (20, 20, WORKS[1], 12)


def test_nine_notes_are_the_shortest_passage() -> None:
    index = index_of(notes_of(leaps(1, 40)))
    eight, nine = (most_shared(index, notes_of(leaps(1, 40)[20 : 20 + count], shift=5)) for count in (LEAST, LEAST + 1))
    assert eight is None
    assert nine is not None and nine.notes == 9


def test_a_scale_and_a_trill_count_for_little() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81]
    trill = [72, 74] * 10
    found = most_shared(index_of(notes_of(scale), notes_of(trill)), notes_of(scale))
    assert found is not None and (found.counted, found.notes) == (2, 13)
    found = most_shared(index_of(notes_of(scale), notes_of(trill)), notes_of(trill))
    assert found is not None and (found.counted, found.notes) == (4, 20)


def test_a_phrase_that_quotes_may_be_gone_on_with() -> None:
    tune = notes_of(leaps(1, 40))
    index = index_of(tune)
    assert copied(index, tune[:12], tune[12:32]) is None
    found = copied(index, tune[:4], tune[4:32])
    assert found is not None and found.notes == 32


def test_what_was_quoted_may_not_be_taken_up_again() -> None:
    tune = notes_of(leaps(1, 40))
    strange = notes_of(leaps(7, 10), first_tick=24 * 12)
    again = notes_of(leaps(1, 40)[12:30], first_tick=24 * 22)
    found = copied(index_of(tune), tune[:12], [*strange, *again])
    assert found is not None and found.notes == 18


def test_nothing_is_shared_with_nothing() -> None:
    assert most_shared(index_of(), notes_of(leaps(1, 40))) is None
    assert copied(index_of(notes_of(leaps(1, 40))), [], []) is None
