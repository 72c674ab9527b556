"""What roles ask for takes, where what comes belongs, and what a kept one is."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.document import Document
from cocomposer.document.edits import AddTake
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.events.codec import Metre
from cocomposer.generation.roles.varying import placed
from cocomposer.jam import inputs, outputs
from cocomposer.jam.roles import Asked, Role, hearing_and_wish
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.note import Note
from cocomposer.runtime.news import FromFront
from tests.ui.takes_jam import BAR, jam, take
from ui.asking_again import AskingAgain
from ui.presenters.alternative_cards import CardsPresenter, State
from ui.presenters.alternatives import Regeneration
from ui.presenters.roles_asked import (
    Asking,
    Part,
    Place,
    amount_words,
    drums,
    fill,
    harmonise,
    in_order,
    kept_already,
    parts_of,
    vary,
)

Plan = Callable[[KeptTake, Place], Asking]
PLACE = Place((), 7)
CONTEXT = tuple(Note(12 * n, 50, 10, 70) for n in range(400))


def accepted(asked: inputs.Imagine) -> None:
    """The jam takes it: it is what a composer can be asked."""
    settings = changed(Settings(), {**asked.changes, "seed": asked.seed})
    phrase = asked.heard[-asked.phrase_notes :]
    metre = Metre(asked.beat_known, asked.bar_tick if asked.beat_known else None, BAR)
    hearing_and_wish(
        Asked(asked.role, asked.amount, asked.heard, phrase, asked.right, asked.first_tick, asked.end_tick),
        metre, settings,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0.0, "the same"), (0.1, "nearly the same"), (0.4, "alike"), (0.7, "quite different"), (1.0, "only the rhythm")],
)
def test_amounts_have_words(amount: float, words: str) -> None:
    assert amount_words(amount) == words


@pytest.mark.parametrize("part", list(Part))
@pytest.mark.parametrize("beat_known", [True, False])
def test_vary_asks_for_the_phrase_again_behind_it(part: Part, beat_known: bool) -> None:
    one = take(3, beat_known=beat_known)
    asking = vary(one, part, 0.7, Place(CONTEXT, 7, 0, 5))
    phrase = one.answer if part is Part.ANSWER else one.phrase
    assert [asked.request for asked in asking.requests] == [7, 8, 9, 10]
    assert len({asked.seed for asked in asking.requests}) == 4
    for asked in asking.requests:
        assert (asked.role, asked.amount, asked.moved_ticks) == (Role.VARY, 0.7, 5)
        assert asked.heard[-asked.phrase_notes :] == phrase
        assert asked.first_tick > phrase[-1].onset_tick
        metre = Metre(beat_known, 0 if beat_known else None, BAR)
        again = placed(phrase, asked.first_tick, metre)
        assert again[0].onset_tick == asked.first_tick and again[-1].onset_tick < asked.end_tick
        accepted(asked)
        shift = again[0].onset_tick - phrase[0].onset_tick
        assert asking.back_ticks == (shift if part is Part.ANSWER else 0)
    assert asking.base.phrase == one.phrase and not asking.under
    assert "varied: quite different" in asking.title


def test_what_of_a_take_can_be_varied() -> None:
    assert parts_of(take(1)) == (Part.PHRASE, Part.ANSWER)
    assert parts_of(take(1, answer=())) == (Part.PHRASE,)


def test_drums_lie_under_all_of_it_from_bar_line_to_bar_line() -> None:
    one = take(2)
    asking = drums(one, PLACE)
    for asked in asking.requests:
        assert (asked.role, asked.heard, asked.phrase_notes) == (Role.DRUMS, one.notes, len(one.notes))
        assert (asked.first_tick, asked.end_tick) == (2 * 12 * BAR, 2 * 12 * BAR + 4 * BAR)
        accepted(asked)
    assert asking.under and asking.whole and asking.base == one


def test_chords_lie_under_all_of_it_the_best_first() -> None:
    one = take(2)
    span = (2 * 12 * BAR, 2 * 12 * BAR + 4 * BAR)
    for rounds, seeds in ((0, [1, 2, 3, 4]), (1, [5, 6, 7, 8])):
        asking = harmonise(one, Place((), 7, rounds))
        assert [asked.seed for asked in asking.requests] == seeds
        for asked in asking.requests:
            assert (asked.role, asked.heard, asked.phrase_notes) == (Role.HARMONISE, one.notes, len(one.notes))
            assert (asked.first_tick, asked.end_tick) == span
            accepted(asked)
        assert asking.under and asking.whole and asking.base == one and asking.title == "Chords under Take 2"


@pytest.mark.parametrize("plan", [drums, harmonise])
def test_what_is_drawn_under_a_take_takes_the_place_of_what_was(plan: Plan) -> None:
    channels: dict[Plan, int] = {drums: 12, harmonise: 5}
    settings = changed(Settings(), {"drums_channel": 13, "accompany_chords_channel": 6})
    parts = tuple(Note(2 * 12 * BAR, 40 + channel, 12, 90, channel) for channel in (2, 5, 12))
    one = take(2, along=parts, settings=settings)
    base = plan(one, PLACE).base
    assert [note.channel for note in base.along] == [c for c in (2, 5, 12) if c != channels[plan]]
    assert base.notes == one.notes


@pytest.mark.parametrize("bars", [1, 2, 5])
def test_a_gap_between_two_takes_has_the_right_one_behind_it(bars: int) -> None:
    left, right = take(1), take(4, 1, along=(Note(4 * 12 * BAR, 36, 12, 90, 9),))
    asking = fill(left, right, bars, PLACE)
    gap = left.answer[-1].end_tick // BAR * BAR + BAR
    for asked in asking.requests:
        assert (asked.role, asked.heard) == (Role.INFILL, left.notes)
        assert (asked.first_tick, asked.end_tick) == (gap, gap + bars * BAR)
        assert asked.right[0].onset_tick == gap + bars * BAR
        assert [note.pitch for note in asked.right] == [note.pitch for note in right.notes]
        accepted(asked)
    assert asking.base.phrase == (*left.phrase, *asking.requests[0].right[: len(right.phrase)])
    assert asking.base.answer == (*left.answer, *asking.requests[0].right[len(right.phrase) :])
    assert asking.base.along[0].onset_tick == gap + bars * BAR


def test_context_is_what_went_before() -> None:
    for asking in (
        drums(take(3), Place(CONTEXT, 1)),
        harmonise(take(3), Place(CONTEXT, 1)),
        vary(take(3), Part.PHRASE, 0.4, Place(CONTEXT, 1)),
    ):
        assert asking.requests[0].heard[:256] == CONTEXT[-256:]


def test_takes_are_put_in_order_and_what_was_just_played_is_found_again() -> None:
    one, two = take(1), take(2)
    assert in_order([two, one, take(3, phrase=(), answer=())]) == (one, two)
    document = Document()
    document.edit(AddTake(one))
    played = take(1, answer=(), kind=TakeKind.CAPTURED)
    assert kept_already(document, played) == one
    assert kept_already(document, take(2)) is None


@given(st.frozensets(st.integers(0, 3), max_size=3))
def test_a_gap_with_bars_kept_behind_it_is_led_to_them(kept: frozenset[int]) -> None:
    one = take(5, 4)
    work = Regeneration(one, kept, (), 1)
    while (asked := work.next_request()) is not None:
        behind = [bar for bar in kept if one.answer[0].onset_tick + bar * BAR >= asked.end_tick]
        assert (asked.role is Role.INFILL) == bool(behind)
        if behind:
            assert asked.right[0].onset_tick == one.answer[0].onset_tick + min(behind) * BAR
            accepted(asked)
        work.take_in(outputs.Alternative(1, asked.seed, (Note(asked.first_tick, 60, 12, 80),)))
    assert work.failure is None


# -- asked and kept ----------------------------------------------------------------------------


class Desk:
    """A session with two takes, and what it asked the engine."""

    def __init__(self) -> None:
        self.session = jam(take(1), take(4))
        self.said: list[FromFront] = []
        self.heard: list[tuple[str, tuple[Note, ...], tuple[Note, ...]]] = []
        self.asking = AskingAgain(self.session, self._send, self._hear)

    def _send(self, command: FromFront) -> bool:
        self.said.append(command)
        return True

    def _hear(self, name: str, notes: tuple[Note, ...], _bpm: float, along: tuple[Note, ...]) -> None:
        self.heard.append((name, notes, along))

    @property
    def asked(self) -> list[inputs.Imagine]:
        return [one for one in self.said if isinstance(one, inputs.Imagine)]

    def answer(self, notes: tuple[Note, ...]) -> None:
        """The first of the last four comes."""
        asked = self.asked[-4]
        news = outputs.Alternative(asked.request, asked.seed, notes)
        self.session.take_in(news)
        self.asking.take_in(news)

    def card(self) -> KeptTake:
        view = CardsPresenter().view(self.session, 0.0)
        assert view is not None and view.cards[0].state is State.READY and view.cards[0].take is not None
        return view.cards[0].take


def test_drums_become_part_of_the_take_and_are_heard_with_it() -> None:
    desk = Desk()
    one = desk.session.document.takes[0]
    desk.asking.drums(one)
    beat = (Note(one.notes[0].onset_tick, 36, 12, 90, 9),)
    desk.answer(beat)
    kept = desk.card()
    assert (kept.phrase, kept.answer, kept.along) == (one.phrase, one.answer, beat)
    assert (kept.kind, kept.parent) == (TakeKind.ALTERNATIVE, one.id)
    desk.asking.hear(0)
    assert desk.heard == [("alternative 1", one.notes, beat)]
    view = CardsPresenter().view(desk.session, 0.0)
    assert view is not None and not view.cards[0].answerable and view.title == "Drums under Take 1"
    before = {asked.seed for asked in desk.asked}
    desk.asking.more()
    assert len(desk.asked) == 8 and not before & {asked.seed for asked in desk.asked[4:]}
    assert all(asked.role is Role.DRUMS for asked in desk.asked)


def test_chords_become_part_of_the_take_and_failures_are_told() -> None:
    desk = Desk()
    one = desk.session.document.takes[0]
    desk.asking.harmonise(one)
    chords = tuple(Note(one.notes[0].onset_tick, pitch, 96, 60, 1) for pitch in (48, 52, 55))
    desk.answer(chords)
    why = "There is no melody to harmonise; play or choose something with pitched notes."
    second = desk.asked[-3]
    desk.session.take_in(outputs.Alternative(second.request, second.seed, (), why))
    assert desk.card().along == chords
    view = CardsPresenter().view(desk.session, 0.0)
    assert view is not None and (view.cards[1].state, view.cards[1].facts) == (State.FAILED, why)
    desk.asking.more()
    assert [asked.seed for asked in desk.asked] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(asked.role is Role.HARMONISE for asked in desk.asked)
    desk.asking.harmonise(None)
    assert len(desk.asked) == 8


def test_a_varied_answer_takes_the_place_of_the_answer() -> None:
    desk = Desk()
    one = desk.session.document.takes[0]
    desk.asking.ask_for(one, lambda wanted, place: vary(wanted, Part.ANSWER, 0.3, place))
    shift = desk.asked[0].first_tick - one.answer[0].onset_tick
    desk.answer(tuple(Note(n.onset_tick + shift, n.pitch + 1, 20, 80) for n in one.answer))
    kept = desk.card()
    assert [note.onset_tick for note in kept.answer] == [note.onset_tick for note in one.answer]
    assert [note.pitch for note in kept.answer] == [note.pitch + 1 for note in one.answer]


def test_what_fills_a_gap_is_heard_between_its_sides() -> None:
    desk = Desk()
    left, right = desk.session.document.takes
    desk.asking.ask_for(left, lambda wanted, place: fill(wanted, right, 2, place))
    middle = (Note(desk.asked[0].first_tick, 61, 12, 80),)
    desk.answer(middle)
    desk.asking.hear(0)
    ((_, notes, _),) = desk.heard
    assert middle[0] in notes and notes[: len(left.notes)] == left.notes and len(notes) == len(left.notes) * 2 + 1
    kept = desk.card()
    assert [note.pitch for note in kept.phrase] == [note.pitch for note in (*left.phrase, *right.phrase)]
    assert [note.pitch for note in kept.answer] == [note.pitch for note in (*left.answer, *middle, *right.answer)], (
        "what the machine played on either side stays the machine's, in the file too"
    )
    view = CardsPresenter().view(desk.session, 0.0)
    assert view is not None and view.cards[0].drawn == middle


def test_other_answers_end_what_a_role_was_asked_for() -> None:
    desk = Desk()
    one = desk.session.document.takes[0]
    desk.asking.drums(one)
    desk.asking.ask(one)
    assert desk.asked[-1].role is Role.CONTINUE and desk.session.alternatives is not None
    assert not desk.session.alternatives.under
    desk.asking.close()
    desk.asking.more()
    assert len(desk.asked) == 8


def test_nothing_is_asked_without_an_engine() -> None:
    session = jam(take(1))
    asking = AskingAgain(session, lambda _command: False, lambda *_heard: None)
    asking.drums(session.document.takes[0])
    assert session.alternatives is None
    asking.drums(None)
