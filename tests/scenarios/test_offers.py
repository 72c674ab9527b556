"""Notes that are offered: laid into what was heard so that they end now, then answered or only resembled."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.generation.request import Hear
from cocomposer.jam import inputs
from cocomposer.jam.offers import lay
from cocomposer.jam.outputs import Mode
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel
from tests.scenarios.rig import Late, Rig, scale

TUNE = tuple(Note(7000 + 24 * number, 50 + number % 12, 20, 80) for number in range(14))
"""A little less than two bars."""


def offer(at_seconds: float, notes: tuple[Note, ...] = TUNE, reference: bool = False, answer: bool = False) -> (
    tuple[float, inputs.Input]
):  # fmt: skip
    return at_seconds, inputs.Offer(notes, reference, answer)


def test_a_phrase_offered_is_answered_on_command_as_if_played() -> None:
    rig = Rig(tempo=120)
    rig.run([offer(9.3)], until=15)
    assert not rig.heard, "not by itself"
    rig.run([(15.0, inputs.TakeOver())], until=30)
    assert [note.pitch for note in rig.takes[0].phrase] == [note.pitch for note in TUNE]
    end = max(note.end_tick for note in rig.takes[0].phrase)
    assert rig.takes[0].phrase[0].onset_tick % 48 == 7000 % 48
    assert 768 - 48 < end <= 768, "the last bar line before 9.3 s is 8 s"


def test_or_at_once() -> None:
    rig = Rig(tempo=120, entry="bar")
    rig.run([offer(9.3, answer=True)], until=20)
    assert rig.entry() == pytest.approx(10.0) and len(rig.takes[0].phrase) == len(TUNE)


def test_a_reference_is_heard_but_not_answered() -> None:
    plain, more_like_this = Rig(tempo=120, seed=2), Rig(tempo=120, seed=2)
    plain.run(scale(2.0), until=12)
    more_like_this.run([offer(1.0, reference=True)], scale(2.0), until=12)
    assert plain.takes[0].phrase == more_like_this.takes[0].phrase
    assert plain.takes[0].answer != more_like_this.takes[0].answer
    assert len(more_like_this.jam.history) == len(plain.jam.history) + len(TUNE) + (
        len(more_like_this.takes[0].answer) - len(plain.takes[0].answer)
    )


def test_a_reference_that_comes_after_a_phrase_leaves_it_to_be_answered() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(scale(0.0), [offer(4.0, reference=True), (5.0, inputs.TakeOver())], until=15)
    assert [note.pitch for note in rig.takes[0].phrase] == [60 + number for number in range(8)]


def test_it_closes_the_players_phrase_and_stops_the_answer() -> None:
    rig = Rig(tempo=120)
    rig.run(scale(0.0, count=4), [offer(0.9)], until=4)
    assert rig.mode() is Mode.LISTENING and len(rig.jam.history) == 4 + len(TUNE) and rig.jam.phrase == ()
    rig = Rig(tempo=120, length="endless")
    rig.run(scale(), [offer(5.0, answer=True)], until=5.0)
    assert rig.takes[0].cut_short and rig.mode() is Mode.ARMED
    rig.run(until=9)
    assert rig.mode() is Mode.ANSWERING
    rig.run([(9.0, inputs.StopAnswer())], until=10)
    rig.assert_silent()
    assert [note.pitch for note in rig.takes[1].phrase] == [note.pitch for note in TUNE]


def test_no_notes_are_no_offer() -> None:
    rig = Rig()
    rig.run([offer(0.0, ()), offer(0.1, (Note(0, 300, 1, 1),))], until=1)
    assert len([notice for notice in rig.notices if "no notes" in notice]) == 2 and rig.jam.history == ()


def test_the_composer_hears_it_at_once() -> None:
    worker = Late(lambda _: False, FakeNoteModel())
    rig = Rig(worker)
    rig.run([offer(1.0)], until=1.0)
    hear = worker.requests[-1]
    assert isinstance(hear, Hear) and len(hear.hearing.notes) == len(TUNE)


ticks = st.integers(-2000, 3000)
some_notes = st.lists(
    st.builds(Note, ticks, st.integers(30, 90), st.integers(1, 900), st.just(80)), min_size=1, max_size=12
).map(sorted)
grids = st.sampled_from(
    [
        Grid(0.0, 0.0),
        Grid(0.0, 0.0, source=BeatSource.TAP),
        Grid(0.0, 0.0, source=BeatSource.SET, bar_tick=96),
        Grid(0.0, 0.0, source=BeatSource.CLOCK, bar_tick=0, beats_per_bar=3),
    ]
)


@given(some_notes, some_notes, st.integers(0, 12), st.booleans(), grids)
def test_an_offer_keeps_its_shape_and_overlaps_nothing(
    offered: list[Note], played: list[Note], unanswered: int, reference: bool, grid: Grid
) -> None:
    now = grid.seconds_at(max(note.end_tick for note in played))
    unanswered = min(unanswered, len(played))
    laid = lay(offered, reference, played, unanswered, grid, now)
    assert len(laid.history) == len(offered) + len(played)
    assert laid.unanswered == (unanswered if reference else len(offered))
    begin = len(played) - (unanswered if reference else 0)
    older, middle, phrase = laid.history[:begin], laid.history[begin : begin + len(offered)], (
        laid.history[begin + len(offered) :]
    )  # fmt: skip
    shift = middle[0].onset_tick - offered[0].onset_tick
    assert middle == [replace(note, onset_tick=note.onset_tick + shift) for note in offered]
    assert phrase == played[begin:]
    end = max(note.end_tick for note in middle)
    assert end <= (phrase[0].onset_tick if phrase else grid.tick_at(now)) + 1e-6
    assert max((note.end_tick for note in older), default=end) <= middle[0].onset_tick or not older
    assert all(one.onset_tick <= other.onset_tick for one, other in pairwise(laid.history))
    moves = {before.onset_tick - after.onset_tick for before, after in zip(played, older, strict=False)}
    assert len(moves) <= 1 and all(move % grid.ticks_per_bar == 0 for move in moves)
    if grid.beat_known:
        assert shift % 48 == 0
