"""When the engine is asked about chords, what becomes of its answers, and what is heard and placed."""

import pytest

from cocomposer.document.edits import SetProgression
from cocomposer.document.progression import Progression
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.runtime.news import FromFront
from ui.bench import session_states as states
from ui.chord_advice import AGAIN_SECONDS, NO_CARD, NO_KEY, WAITS_SECONDS, ChordAdvice
from ui.presenters.chords_wish import ChordWish
from ui.presenters.session import Link


class Stage:
    """An engine that writes down what it is told, and a progression that does too."""

    def __init__(self) -> None:
        self.session, _ = states.listening()
        self.session.suggested = None
        self.said: list[FromFront] = []
        self.placed: list[str] = []
        self.advice = ChordAdvice(self.session, self._send, self.placed.append)

    def _send(self, command: FromFront) -> bool:
        self.said.append(command)
        return True

    @property
    def asked(self) -> list[inputs.Suggest]:
        return [one for one in self.said if isinstance(one, inputs.Suggest)]

    @property
    def heard(self) -> list[str]:
        return [one.name for one in self.said if isinstance(one, inputs.Audition)]

    def answer(self) -> None:
        self.advice.take_in(states.suggested(self.asked[-1].request))


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_the_same_is_asked_once(stage: Stage) -> None:
    for moment in range(5):
        stage.advice.look(moment)
    assert len(stage.asked) == 1
    stage.answer()
    stage.advice.look(6.0)
    assert len(stage.asked) == 1 and stage.session.suggested is not None


def test_one_question_is_on_its_way_and_the_last_state_is_asked_then(stage: Stage) -> None:
    stage.advice.look(0.0)
    for number in range(4):
        stage.session.take_in(outputs.HarmonyChanged(0.0, 900.0 + number, f"{'CDEF'[number]}7", 0.5))
        stage.advice.look(0.1 * number)
    assert len(stage.asked) == 1
    stage.answer()
    stage.advice.look(1.0)
    assert [symbol for symbol, _ in stage.asked[1].chords] == ["F7"]
    assert stage.asked[1].request != stage.asked[0].request


def test_an_answer_to_an_older_question_counts_for_nothing(stage: Stage) -> None:
    stage.advice.look(0.0)
    stage.advice.look(WAITS_SECONDS + 1)
    first, second = (one.request for one in stage.asked)
    stage.advice.take_in(states.suggested(first))
    assert stage.session.suggested is None
    stage.advice.take_in(states.suggested(second))
    assert stage.session.suggested is not None


def test_a_wish_is_asked_anew(stage: Stage) -> None:
    stage.advice.look(0.0)
    stage.answer()
    stage.advice.wish(ChordWish(surprise=0.8))
    stage.advice.look(0.1)
    assert [one.surprise for one in stage.asked] == [0.0, 0.8]


def test_suggestions_that_nobody_sees_do_not_grow_old(stage: Stage) -> None:
    stage.advice.look(0.0)
    stage.answer()
    stage.advice.seen = False
    stage.advice.look(1.0)
    shown = [stage.session.suggested]
    stage.advice.seen = True
    stage.advice.look(2.0)
    stage.answer()
    shown.append(stage.session.suggested)
    assert [one is None for one in shown] == [True, False] and len(stage.asked) == 2


def test_what_failed_is_asked_again_later(stage: Stage) -> None:
    stage.advice.look(0.0)
    stage.advice.take_in(outputs.Suggested(stage.asked[0].request, failure="Not now."))
    stage.advice.look(AGAIN_SECONDS / 2)
    assert len(stage.asked) == 1
    stage.advice.look(AGAIN_SECONDS)
    assert len(stage.asked) == 2


def test_without_chords_or_engine_nothing_is_asked(stage: Stage) -> None:
    stage.advice.look(0.0)
    stage.answer()
    stage.session.take_in(outputs.HarmonyChanged(0.0, 900.0))
    stage.advice.look(1.0)
    assert stage.session.suggested is None and len(stage.asked) == 1
    stage.session.take_in(states.harmony(100.0))
    stage.session.link = Link.LOST
    stage.advice.look(2.0)
    assert len(stage.asked) == 1
    stage.session.link = Link.JOINED
    stage.advice.look(3.0)
    assert len(stage.asked) == 2


def test_a_chord_that_is_rested_on_sounds_unless_something_else_does(stage: Stage) -> None:
    session, advice = stage.session, stage.advice
    advice.rest_on("G7")
    assert stage.heard == ["chord G7"]
    session.audition = outputs.AuditionBegan("chord G7", 0.0, 0, 0.01, 1.0)
    advice.rest_on("C")
    assert stage.heard == ["chord G7", "chord C"]
    session.audition = outputs.AuditionBegan("t1", 0.0, 0, 0.01, 1.0)
    advice.rest_on("C")
    session.audition = None
    for mode in (Mode.ANSWERING, Mode.ARMED):
        session.mode = mode
        advice.rest_on("C")
    session.mode = Mode.LISTENING
    session.chords = outputs.ChordsChanged((inputs.ChordSlot("C", 4.0),), sound=True)
    advice.rest_on("C")
    session.chords = outputs.ChordsChanged()
    advice.wish(ChordWish(hear=False))
    advice.rest_on("C")
    assert len(stage.heard) == 2


def test_what_is_placed_sounds_always_and_the_next_is_voiced_near_it(stage: Stage) -> None:
    stage.session.mode = Mode.ANSWERING
    stage.session.suggested = states.suggested()
    stage.advice.choose(2)
    assert (stage.placed, stage.heard) == (["Gm7"], ["chord Gm7"])
    stage.session.take_in(outputs.HarmonyChanged(0.0, 900.0, "Gm7", 0.5))
    stage.advice.place("C7")
    first, second = ({note.pitch for note in one.notes} for one in stage.said if isinstance(one, inputs.Audition))
    assert first & second
    stage.session.link = Link.LOST
    stage.advice.place("F")
    assert stage.placed == ["Gm7", "C7", "F"] and len(stage.heard) == 2


def test_a_suggestion_that_is_not_there_is_told(stage: Stage) -> None:
    stage.advice.choose(0)
    stage.session.suggested = states.suggested()
    stage.advice.choose(8)
    assert not stage.placed
    assert stage.session.notices[-1].sentence == NO_CARD


def test_a_pad_that_is_pressed_while_no_card_is_seen_means_what_could_come_next_now(stage: Stage) -> None:
    stage.session.suggested = states.suggested()
    stage.advice.seen = False
    stage.session.take_in(outputs.HarmonyChanged(0.0, 900.0, "E", 0.5))
    stage.advice.choose(1)
    stage.advice.choose(0)
    assert not stage.placed, "what was suggested for other chords is not placed"
    assert [one.chords[-1][0] for one in stage.asked] == ["E", "E"]
    stage.advice.take_in(states.suggested(stage.asked[0].request))
    assert not stage.placed, "it was asked again since"
    stage.answer()
    assert stage.placed == ["C"] and len(stage.asked) == 3, "the second goes on from the first"
    stage.answer()
    assert stage.placed == ["C", "Bb"] and len(stage.asked) == 3
    stage.advice.choose(2)
    stage.advice.take_in(outputs.Suggested(stage.asked[-1].request, failure="Not now."))
    assert len(stage.placed) == 2 and stage.session.notices[-1].sentence == "Not now."
    stage.advice.choose(3)
    stage.session.link = Link.LOST
    stage.advice.look(0.0)
    stage.session.link = Link.JOINED
    stage.advice.look(0.5)
    assert len(stage.asked) == 5, "nothing is asked while nobody looks"
    stage.advice.seen = True
    stage.advice.look(1.0)
    stage.answer()
    assert len(stage.placed) == 2, "a press of before is not carried out after all"


def test_a_question_of_a_pad_that_was_lost_is_asked_anew_when_somebody_looks(stage: Stage) -> None:
    stage.advice.seen = False
    stage.advice.choose(0)
    stage.advice.seen = True
    stage.advice.look(0.0)
    assert len(stage.asked) == 2


def test_what_is_heard_is_on_the_chords_own_channel_at_once_and_beside_an_answer(stage: Stage) -> None:
    row = Progression(channel=7)
    stage.session.document.edit(SetProgression(row, "channel"))
    stage.advice.rest_on("G7")
    stage.advice.place("C")
    auditions = [one for one in stage.said if isinstance(one, inputs.Audition)]
    assert [(one.channel, one.at_once, one.beside) for one in auditions] == [(7, True, True)] * 2


def test_the_key_is_pinned_and_followed_again(stage: Stage) -> None:
    def pinned() -> str | None:
        stage.advice.pin_key()
        return stage.session.chord_wish.pinned_key

    assert pinned() == "D minor"
    stage.session.take_in(outputs.HarmonyChanged(0.0, 900.0, "C", 0.5, (), "C major", 0.9))
    assert stage.session.chord_wish.pinned_key == "D minor"
    assert pinned() is None
    assert pinned() == "C major"
    assert pinned() is None
    stage.session.harmony = None
    assert pinned() is None and stage.session.notices[-1].sentence == NO_KEY
