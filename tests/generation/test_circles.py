"""Circles are left, sooner the more often they went round; music without them is not touched."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.events.codec import Metre
from cocomposer.events.steps import step_of
from cocomposer.generation.circles import LEAST, STRENGTH, Circles
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.jam.settings import Settings, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel

STEP = 12
STEP_CLASS = int(step_of(np.asarray([STEP]))[0])
FLAT = np.zeros(128)


def line(*pitches: int, start: int = 0, step: int = STEP) -> list[Note]:
    return [Note(start + step * n, pitch, step, 80) for n, pitch in enumerate(pitches)]


def pitch_logits(circles: Circles, onset_tick: int, last_tick: int) -> Logits:
    return circles.shape("pitch", FLAT, Drawing((STEP_CLASS,), last_tick, onset_tick, (), ()))


def lost(played: list[Note], heard: list[Note] | None = None, gap: int = STEP) -> Logits:
    """What each pitch loses for the note after those of the turn."""
    circles = Circles()
    circles.begin(line(60, 64, 67, start=-1000) if heard is None else heard)
    for note in played:
        circles.took(note)
    last = played[-1].onset_tick
    return -pitch_logits(circles, last + gap, last)


ROUND = (60, 67, 64, 72)


@pytest.mark.parametrize(("rounds", "loses"), [(1, 0.0), (2, 0.0), (2.75, 0.0), (3, 1.0), (4, 2.0), (5, 3.0)])
def test_what_went_round_often_loses_and_nothing_else_does(rounds: float, loses: float) -> None:
    played = line(*(ROUND * 6)[: int(rounds * 4)])
    found = lost(played)
    coming = (ROUND * 9)[len(played)]
    assert found[coming] == pytest.approx(loses * STRENGTH)
    assert not np.delete(found, coming).any()


def test_another_rhythm_is_no_circle() -> None:
    played = line(*ROUND * 4)
    assert lost(played)[60] > 0
    assert not lost(played, gap=3 * STEP).any(), "a note that comes later than the circle has it leaves it"
    assert lost(played, gap=STEP + 1)[60] > 0, "people are not that exact"


def test_one_odd_note_does_not_make_it_free() -> None:
    played = line(*ROUND * 4, 61, *ROUND[1:], 60)
    assert lost(played)[67] > 0


def test_a_note_that_is_struck_a_few_times_is_no_circle() -> None:
    assert not lost(line(*[60] * LEAST)).any()
    assert lost(line(*[60] * (LEAST + 1)))[60] == pytest.approx(STRENGTH)


def trill(notes: int, start: int = 0) -> list[Note]:
    """Two pitches in turn; in the other hand a bass without order."""
    basses = np.random.default_rng(1).integers(36, 52, notes)
    return [Note(start + 6 * n, int(basses[n]) if n % 5 == 3 else (74, 76)[n % 2], 6, 80) for n in range(notes)]


def test_a_trill_does_not_go_on_for_ever_though_other_voices_interrupt_it() -> None:
    found = [lost(trill(notes), gap=6) for notes in (8, 16, 30)]
    assert not found[0].any() and not found[1].any()
    assert found[2][74] > 0 and found[2][76] > 0 and not np.delete(found[2], [74, 76]).any()


def test_a_phrase_that_trills_may_be_answered_by_trills() -> None:
    assert not lost(trill(30), trill(30, start=-1000), gap=6)[[74, 76]].any()


def test_chords_that_come_again_are_a_circle() -> None:
    chords = [Note(24 * n, pitch, 24, 80) for n in range(4) for pitch in (48, 55, 64)]
    assert lost(chords, gap=24)[48] > 0


def test_what_the_phrase_repeats_its_answer_may_repeat() -> None:
    phrase = line(*ROUND * 5, start=-1000)
    assert not lost(line(*ROUND * 5)[:-1], phrase).any()
    assert lost(line(*ROUND * 5), phrase)[60] > 0, "a sixth time"
    assert lost(line(*(*ROUND, 72) * 4), phrase)[60] > 0, "rounds of another length are its own"


@given(st.lists(st.integers(30, 90), min_size=1, max_size=80, unique=True), st.integers(1, 30))
def test_music_that_never_comes_again_is_not_touched(pitches: list[int], step: int) -> None:
    circles = Circles()
    circles.begin([])
    for note in line(*pitches, step=step):
        assert pitch_logits(circles, note.onset_tick, note.onset_tick - step) is FLAT
        circles.took(note)


@given(st.integers(1, 12), st.integers(3, 8), st.integers(0, 40))
def test_a_turn_that_is_taken_up_again_has_turned_as_often(period: int, rounds: int, taken_up: int) -> None:
    phrase = line(40, 47, 45, start=-1000)
    played = line(*(tuple(range(60, 60 + period)) * rounds))
    circles = Circles((phrase[0].onset_tick, phrase[-1].onset_tick + 1))
    circles.begin([*phrase, *played[:taken_up]])
    for note in played[taken_up:]:
        circles.took(note)
    last = played[-1].onset_tick
    assert (-pitch_logits(circles, last + STEP, last)).tolist() == lost(played, phrase).tolist()


class Stubborn:
    """A shaper that wants a circle with nearly all its might, as a network does that has gone round a few times."""

    def __init__(self) -> None:
        self.count = 0

    def begin(self, _heard: Sequence[Note]) -> None:
        self.count = 0

    def shape(self, field: str, logits: Logits, _drawing: Drawing) -> Logits:
        wanted = {"onset": STEP_CLASS, "pitch": ROUND[self.count % 4]}.get(field)
        if wanted is None:
            return logits
        result = np.zeros(len(logits))
        result[wanted] = 9.0
        return result

    def took(self, _note: Note) -> None:
        self.count += 1


def longest_run(notes: list[Note]) -> int:
    """Notes in a row that are those of the circle."""
    longest = run = 0
    for n, note in enumerate(notes):
        run = run + 1 if note.pitch == ROUND[n % 4] else 0
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize("seed", range(5))
def test_an_answer_leaves_the_circle_that_its_model_is_caught_in(seed: int) -> None:
    heard = tuple(line(60, 62, 64, 65, 67))
    metre = Metre(bar_tick=0)
    found = []
    for leaves in (False, True):
        composer = Composer(FakeNoteModel(), [Stubborn()])
        list(composer.hear(Hearing(0, heard, metre)))
        wish = Wish(turn=0, seed=seed, earliest_tick=60, metre=metre, steady=leaves)
        found.append(longest_run(list(islice(composer.play(wish), 120))))
    without, with_it = found
    assert with_it <= 40 < without


def test_answers_leave_circles_and_grooves_go_round() -> None:
    phrase = line(60, 62, 64)
    for style, leaves in (("auto", True), ("drums", False)):
        settings = changed(Settings(), {"style": style})
        assert shaped(Wish(0, 1, 100), settings, Metre(), phrase).steady is leaves
