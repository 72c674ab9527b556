"""Answering anew: what is asked for, how gaps are drawn one after the other, and what the cards say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.capture import answer_bars
from cocomposer.document.edits import AddTake
from cocomposer.document.takes import TakeKind
from cocomposer.events.codec import Metre
from cocomposer.generation.given_chords import progression
from cocomposer.generation.request import Wish
from cocomposer.harmony.chord import Chord
from cocomposer.jam import outputs
from cocomposer.jam.settings import Length, Settings, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from tests.ui.takes_jam import BAR, alternatives, hear, jam, take
from ui.presenters.alternative_cards import CardsPresenter, State, lettered
from ui.presenters.alternatives import CONTEXT_NOTES, PLACES, Regeneration, answer_span, plan_again, seeds

CONTEXT = tuple(Note(12 * n, 50, 10, 70) for n in range(400))


def test_four_answers_to_the_same_phrase_with_seeds_of_their_own() -> None:
    one = take(3)
    asked = plan_again(one, 0, CONTEXT, 7)
    assert [ask.request for ask in asked] == [7, 8, 9, 10]
    assert [ask.seed for ask in asked] == [31, 32, 33, 34]
    for ask in asked:
        assert ask.heard[-ask.phrase_notes :] == one.phrase
        assert ask.heard[: -ask.phrase_notes] == CONTEXT[-CONTEXT_NOTES:]
        assert (ask.first_tick, ask.end_tick) == (one.answer[0].onset_tick, one.answer[0].onset_tick + 2 * BAR)
        assert (ask.beat_known, ask.bar_tick, ask.beats_per_bar) == (True, 0, 4)


@given(st.integers(0, 2**32 - 1), st.integers(0, 50))
def test_no_two_rounds_share_a_seed(seed: int, rounds: int) -> None:
    one = take(1, seed=seed)
    first, second = seeds(one, rounds), seeds(one, rounds + 1)
    assert len({*first, *second, seed}) == 2 * PLACES + 1
    assert all(0 <= each < 2**32 for each in first)
    assert first == seeds(one, rounds)


def test_context_ends_where_the_phrase_begins() -> None:
    one = take(3)
    asked = plan_again(one, 0, (*CONTEXT, *one.phrase, *one.answer), 1)[0]
    assert asked.heard == (*CONTEXT[-CONTEXT_NOTES:], *one.phrase)


def test_it_is_drawn_with_the_settings_of_the_take() -> None:
    settings = changed(Settings(), {"creativity": 1.4, "style": "auto", "register_reach": 3, "tempo": 90})
    one = take(2, settings=settings)
    changes = plan_again(one, 0, (), 1)[0].changes
    pitches = [note.pitch for note in one.phrase]
    assert changes["creativity"] == 1.4
    assert (changes["lowest_pitch"], changes["highest_pitch"]) == (min(pitches) - 3, max(pitches) + 3)
    assert "seed" not in changes and "bindings" not in changes
    changed(Settings(), changes)  # the jam takes them


@pytest.mark.parametrize(
    "steered",
    [{"density": 0.4}, {"likeness": -0.3}, {"min_p": 0.1}, {"polyphony": 2}, {"scale": "major", "tonic": "D"},
     {"memory": 0.0}, {"files": 1.0}, {"guard": False}, {"guard_notes": 9}, {"chord_lean": 0.2}, {"chord_lock": True},
     {"note_length": 0.5}, {"loudness": -1.0}, {"strictness": 1.0}, {"rhythm": 0.7}, {"register": 0.3}],
    ids=lambda steered: next(iter(steered)),
)  # fmt: skip
def test_all_that_steers_an_answer_steers_the_ones_that_are_drawn_anew(steered: dict[str, Any]) -> None:
    """Whatever of the settings reaches the composer in an answer does so beside the jam: no list to keep up."""
    settings, before = changed(Settings(), steered), Settings()
    asked = plan_again(take(2, settings=settings), 0, (), 1)[0]
    there = changed(before, {**asked.changes, "seed": asked.seed})
    metre, phrase = Metre(True, 0, 192), take(2).phrase
    bounds = {"lowest_pitch": there.lowest_pitch, "highest_pitch": there.highest_pitch}
    chords = progression([(0, Chord(0, "maj"))])
    wish = Wish(1, 1, 0, chords=chords)
    assert shaped(wish, there, metre, phrase) == shaped(wish, changed(settings, bounds), metre, phrase)
    assert shaped(wish, there, metre, phrase) != shaped(wish, changed(before, bounds), metre, phrase)


def test_it_is_told_where_the_jams_chords_lie() -> None:
    one = take(2)
    assert plan_again(one, 0, (), 1, 960)[0].moved_ticks == 960
    asked = Regeneration(one, frozenset({0}), (), 1, 0, 960).next_request()
    assert asked is not None and asked.moved_ticks == 960


def test_a_phrase_outside_the_register_is_answered_inside_it() -> None:
    settings = changed(Settings(), {"lowest_pitch": 90, "highest_pitch": 100, "register_reach": 1})
    changes = plan_again(take(2, settings=settings), 0, (), 1)[0].changes
    assert (changes["lowest_pitch"], changes["highest_pitch"]) == (90, 100)


@pytest.mark.parametrize(
    ("length", "notes", "bars"),
    [
        ({}, 16, 2),  # as long as the phrase
        ({}, 3, 2),  # cut short: it is drawn whole
        ({"length": Length.BARS, "length_bars": 4}, 16, 4),
        ({"length": Length.ENDLESS}, 16, 2),
        ({"length": Length.ENDLESS}, 9, 2),
        ({"length": Length.BARS, "length_bars": 1}, 16, 2),  # the setting was changed while it sounded
    ],
)
def test_how_long_the_new_answers_are(length: dict[str, object], notes: int, bars: int) -> None:
    one = take(1, settings=changed(Settings(), length))
    first, end = answer_span(take(1, settings=one.settings, answer=one.answer[:notes]))
    assert (first, end) == (one.answer[0].onset_tick, one.answer[0].onset_tick + bars * BAR)


def test_a_take_without_an_answer_is_answered_on_the_next_bar() -> None:
    one = take(1, answer=(), kind=TakeKind.CAPTURED)
    assert answer_span(one) == (one.phrase[0].onset_tick + 2 * BAR, one.phrase[0].onset_tick + 4 * BAR)
    free = take(1, answer=(), kind=TakeKind.CAPTURED, beat_known=False)
    assert answer_span(free)[0] == free.phrase[-1].end_tick


# -- regeneration ------------------------------------------------------------------------------


def _drawn(first: int, end: int) -> tuple[Note, ...]:
    return tuple(Note(tick, 72, 10, 99) for tick in range(first, end, 48))


def test_gaps_are_drawn_one_after_the_other_and_hear_what_came_before() -> None:
    one = take(1, 4)
    work = Regeneration(one, frozenset({1, 3}), CONTEXT, 5)
    begin = one.answer[0].onset_tick
    first = work.next_request()
    assert first is not None and (first.request, first.first_tick, first.end_tick) == (5, begin, begin + BAR)
    assert first.heard[-first.phrase_notes :] == one.phrase
    drawn = _drawn(begin, begin + BAR)
    assert work.take_in(outputs.Alternative(5, first.seed, drawn))
    second = work.next_request()
    assert second is not None and (second.first_tick, second.end_tick) == (begin + 2 * BAR, begin + 3 * BAR)
    assert second.heard[-second.phrase_notes :] == (*one.phrase, *drawn, *one.answer[8:16])
    assert second.seed != first.seed
    # The register is the phrase's, although notes of the answer count as heard now.
    assert second.changes == first.changes
    late = _drawn(begin + 2 * BAR, begin + 3 * BAR)
    assert work.share == 0.5
    assert work.take_in(outputs.Alternative(5, second.seed, late))
    assert work.answer == (*drawn, *one.answer[8:16], *late, *one.answer[24:])
    assert work.next_request() is None


@given(st.frozensets(st.integers(0, 3)), st.integers(1, 30))
def test_kept_bars_stay_whatever_is_kept(kept: frozenset[int], number: int) -> None:
    one = take(number, 4)
    work = Regeneration(one, kept, (), 1)
    asked = 0
    while (ask := work.next_request()) is not None:
        asked += 1
        assert ask.heard == tuple(sorted(ask.heard))
        assert all(note.onset_tick < ask.first_tick for note in ask.heard)
        assert work.take_in(outputs.Alternative(1, ask.seed, _drawn(ask.first_tick, ask.end_tick)))
    assert work.answer is not None and asked <= 2
    for place, (first, end) in enumerate(answer_bars(one)):
        before = [note for note in one.answer if first <= note.onset_tick < end]
        after = [note for note in work.answer if first <= note.onset_tick < end]
        assert after == (before if place in kept else list(_drawn(first, end)))


def test_the_same_seeds_ask_for_the_same() -> None:
    one = take(1, 4)
    again = [Regeneration(one, frozenset({0}), (), 1).next_request() for _ in range(2)]
    other = Regeneration(one, frozenset({0}), (), 1, rounds=1).next_request()
    assert again[0] == again[1] and again[0] is not None
    assert other is not None and other.seed != again[0].seed


def test_a_failure_ends_it() -> None:
    work = Regeneration(take(1, 4), frozenset({1}), (), 3)
    assert not work.take_in(outputs.Alternative(4, 1, ()))
    assert work.take_in(outputs.Alternative(3, 1, (), "The model is not there."))
    assert (work.failure, work.answer, work.next_request()) == ("The model is not there.", None, None)
    assert not work.take_in(outputs.Alternative(3, 1, ()))


# -- cards -------------------------------------------------------------------------------------


def test_cards_tell_how_far_each_is() -> None:
    one, two = take(1), take(2)
    session = jam(one)
    asked = alternatives(session, "t1")
    asked.answers[0] = two.answer
    asked.answers[2] = ()
    asked.failures[1] = "The composer is not there; wait until it is ready."
    view = CardsPresenter().view(session, 0.0)
    assert view is not None
    assert [card.state for card in view.cards] == [State.READY, State.FAILED, State.EMPTY, State.DRAWING]
    assert (view.title, view.waiting) == ("Other answers to Take 1", 1)
    assert view.cards[0].facts.endswith("2.0 notes/beat · seed 11")
    assert view.cards[1].facts == "The composer is not there; wait until it is ready."
    assert view.cards[3].spoken == "Alternative 4, drawing"


def test_the_card_that_sounds_is_marked() -> None:
    session = jam(take(1))
    asked = alternatives(session, "t1")
    asked.answers.update({0: take(2).answer, 1: take(3).answer})
    hear(session, "alternative 2", 0)
    view = CardsPresenter().view(session, 104.0)
    assert view is not None and [card.share for card in view.cards] == [None, pytest.approx(0.5), None, None]


def test_an_unchanged_place_keeps_its_take() -> None:
    session = jam(take(1))
    asked = alternatives(session, "t1")
    asked.answers[0] = take(2).answer
    presenter = CardsPresenter()
    first, second = presenter.view(session, 0.0), presenter.view(session, 1.0)
    assert first is not None and second is not None and first == second
    assert first.cards[0].take is second.cards[0].take


def test_a_kept_one_says_so() -> None:
    session = jam(take(1))
    asked = alternatives(session, "t1")
    asked.answers[0] = take(2).answer
    kept = take(9, kind=TakeKind.ALTERNATIVE, parent="t1", seed=11, answer=take(2).answer)
    session.document.edit(AddTake(kept))
    view = CardsPresenter().view(session, 0.0)
    assert view is not None and view.cards[0].kept and view.cards[0].spoken.endswith("kept")


def test_no_cards_without_alternatives_or_their_take() -> None:
    session = jam(take(1))
    presenter = CardsPresenter()
    assert presenter.view(session, 0.0) is None
    alternatives(session, "gone")
    assert presenter.view(session, 0.0) is None


def test_names_go_on_through_the_alphabet() -> None:
    one = take(3)
    takes = [one]
    for place in range(27):
        name = lettered(one, takes)
        assert name == (f"Take 3 {chr(ord('b') + place)}" if place < 25 else f"Take 3 {place + 2}")
        takes.append(take(4 + place, name=name, kind=TakeKind.ALTERNATIVE, parent="t3"))
    # An alternative answered again goes on in the same row of letters.
    assert lettered(takes[1], takes[:3]) == "Take 3 d"
    assert lettered(take(5, name="Chorus b"), takes) == "Chorus b b"
