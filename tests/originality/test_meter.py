"""The meter says what an answer shares so far and whose it is; quotations and what is planned anew count for nobody."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.music.note import Note
from cocomposer.originality.meter import Meter, Nearest
from cocomposer.originality.overlap import copied
from tests.originality.made_music import WORKS, leaps, notes_of
from tests.originality.test_guard import index_of

TUNE, OTHER = notes_of(leaps(1, 60)), notes_of(leaps(2, 60))
INDEX = index_of(TUNE, OTHER)


def told(meter: Meter, heard: list[Note], answer: list[Note]) -> list[int]:
    """Notes of the longest passage after each note of the answer; 0: none."""
    meter.begin(heard)
    found = []
    for note in answer:
        meter.took(note)
        found.append(meter.nearest.notes)
    return found


def moved(notes: list[Note], ticks: int, semitones: int = 0) -> list[Note]:
    return [Note(n.onset_tick + ticks, n.pitch + semitones, n.duration_ticks, n.velocity) for n in notes]


def test_a_passage_grows_note_by_note_and_has_a_name() -> None:
    meter = Meter(INDEX)
    # A note belongs to the tune once the next one shows that no higher one was struck with it.
    assert told(meter, [], TUNE[:14]) == [0] * 9 + [9, 10, 11, 12, 13]
    work = WORKS[0]
    assert meter.nearest == Nearest(13, work.title, work.composer, work.licence)


def test_the_longest_stays_told_when_the_answer_goes_its_own_way_and_is_forgotten_with_the_next() -> None:
    meter = Meter(INDEX)
    free = moved(notes_of(leaps(7, 20)), 24 * 12)
    assert told(meter, [], TUNE[:12] + free)[-1] >= 11
    assert told(meter, [*TUNE[:12], *free, Note(24 * 40, 50, 24, 80)], moved(OTHER[30:36], 24 * 11))[-1] == 0


def test_what_the_player_quoted_counts_for_nobody() -> None:
    assert told(Meter(INDEX), TUNE[:14], TUNE[14:30])[-1] == 0


def test_a_turn_that_is_planned_anew_counts_what_was_played_of_it_only() -> None:
    meter = Meter(INDEX)
    phrase = moved(notes_of(leaps(9, 12)), -24 * 12)
    assert told(meter, phrase, TUNE[:20])[-1] == 19
    # The first ten notes were played, the rest is drawn anew, another way.
    again = told(meter, [*phrase, *TUNE[:10]], moved(OTHER[20:30], 24 * 10 - 24 * 20))
    assert again[-1] in (9, 10, 11)


def test_it_shapes_nothing() -> None:
    logits = np.arange(128.0)
    assert Meter(INDEX).shape("pitch", logits, None) is logits


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(9, 30), st.integers(-12, 12), st.integers(0, 12))
def test_it_agrees_with_the_report(start: int, length: int, semitones: int, phrase: int) -> None:
    heard = moved(TUNE[start : start + phrase], 0, semitones)
    answer = moved(TUNE[start + phrase : start + length], 0, semitones)
    after = [Note(24 * 70, 20, 24, 80)]
    meter = Meter(INDEX)
    told(meter, heard, [*answer, *after])
    found = copied(INDEX, heard, [*answer, *after])
    # The very last chord is open: the report closes it.
    assert meter.nearest == (Nearest() if found is None else Nearest.of(found))
