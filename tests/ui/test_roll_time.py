"""The ruler: bars where they are known, beats where only these are, seconds where nothing is; and the takes on it."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.harmony.metre import Metre
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note
from ui.bench import session_states as states
from ui.presenters.roll_time import MetreChange, counted, lines_of, metre_at, metres_of, place_words, span_at, spans_of
from ui.presenters.roll_viewport import Viewport

FREE = Metre(4, None, False)


def kept(first: int = 0, kind: TakeKind = TakeKind.ANSWER, **changes: object) -> KeptTake:
    document = Document()
    document.happened(states.take(1, first))
    return msgspec.structs.replace(document.takes[0], id=f"{kind}{first}", kind=kind, **changes)


def looking(pixels_per_tick: float, left: int = 0) -> Viewport:
    return Viewport(width=1000, pixels_per_tick=pixels_per_tick, left=left)


def test_bars_and_beats_lie_where_they_are_counted() -> None:
    lines = lines_of((MetreChange(0, Metre(3, 48, True)),), looking(1.0))
    assert lines.bars[:3] == (48, 48 + 144, 48 + 288)
    assert lines.beats[:4] == (0, 96, 144, 240)
    assert lines.labels[:2] == ((48, "1", True), (192, "2", True))


def test_where_only_beats_are_known_no_bar_is_shown() -> None:
    lines = lines_of((MetreChange(0, Metre(4, None, True)),), looking(1.0))
    assert not lines.bars and not lines.labels
    assert lines.beats[:3] == (0, 48, 96)


def test_where_nothing_is_known_seconds_are_marked() -> None:
    lines = lines_of((MetreChange(0, FREE),), looking(1.0))
    assert not lines.bars
    assert lines.beats[:3] == (0, 96, 192)
    assert lines.labels[:3] == ((0, "0:00", False), (96, "0:01", False), (192, "0:02", False))


@given(st.floats(0.002, 12), st.integers(-24, 500_000), st.integers(1, 16), st.booleans())
def test_lines_are_never_too_dense_and_always_in_order(scale: float, left: int, beats: int, known: bool) -> None:
    lines = lines_of((MetreChange(0, Metre(beats, 0 if known else None, known)),), looking(scale, left))
    for places, least in ((lines.bars, 13), (lines.beats, 13), ([x for x, _, _ in lines.labels], 55)):
        assert all(b - a >= least for a, b in pairwise(places))
    assert not set(lines.bars) & set(lines.beats)


def test_a_change_of_metre_ends_the_lines_before() -> None:
    lines = lines_of((MetreChange(0, Metre(4, 0, True)), MetreChange(384, Metre(3, 400, True))), looking(1.0))
    assert lines.bars[:4] == (0, 192, 400, 544)


def test_time_is_counted_as_the_takes_say_and_then_as_the_grid_says() -> None:
    grid = Grid(0.0, 0.0, source=BeatSource.CLOCK, bar_tick=10, beats_per_bar=3)
    found = metres_of([kept(0), kept(1000, beat_known=False)], counted((), grid, 2000, 2000))
    assert [change.from_tick for change in found] == [0, 1000, 2000]
    assert found[-1].metre == Metre(3, 2010, True)
    assert metre_at(found, 1500) == found[1].metre
    assert metre_at(found, -5) == found[0].metre
    assert metre_at((), 0) is None


def test_a_loop_that_goes_round_for_hours_leaves_only_its_latest_changes() -> None:
    since: tuple[MetreChange, ...] = ()
    for turn in range(1000):
        since = counted(since, Grid(0.0, 0.0, source=BeatSource.CLOCK, bar_tick=384 * turn), 0, 384.0 * turn)
    assert len(since) == 64
    assert [change.metre.bar_tick for change in since[-2:]] == [384 * 998, 384 * 999]


def test_a_grid_that_counts_as_the_takes_did_changes_nothing() -> None:
    grid = Grid(0.0, 0.0, source=BeatSource.CLOCK, bar_tick=0, beats_per_bar=4)
    assert len(metres_of([kept(0)], counted((), grid, 0, 0))) == 1


@pytest.mark.parametrize(
    ("metre", "tick", "words"),
    [
        (Metre(4, 0, True), 2 * 192 + 72, "bar 3 beat 2.5"),
        (Metre(4, 0, True), 191.99, "bar 2 beat 1"),
        (Metre(3, 48, True), 48, "bar 1 beat 1"),
        (Metre(4, None, True), 60, "beat 2.25"),
        (FREE, 120, "second 1.2"),
    ],
)
def test_places_in_words(metre: Metre, tick: float, words: str) -> None:
    assert place_words((MetreChange(0, metre),), tick) == words


def test_takes_that_sounded_have_their_stretch() -> None:
    recording, turn = kept(0, TakeKind.RECORDING), kept(0)
    alone = kept(2000, phrase=())
    spans = spans_of([recording, turn, alone, kept(0, TakeKind.IMPORTED), kept(0, TakeKind.ALTERNATIVE)])
    assert [(span.take_id, span.lane) for span in spans] == [(turn.id, 0), (recording.id, 1), (alone.id, 0)]
    assert (spans[0].first_tick, spans[0].split_tick) == (0, 2 * states.BAR)
    assert spans[0].end_tick == max(note.end_tick for note in turn.answer)
    assert spans[2].first_tick == spans[2].split_tick == 2000 + 2 * states.BAR


def test_a_take_is_found_by_its_lane_or_the_shortest() -> None:
    long = msgspec.structs.replace(kept(0, TakeKind.RECORDING), answer=(Note(0, 60, 5000, 60),))
    spans = spans_of([kept(0), long])
    short_id, long_id = spans[0].take_id, spans[1].take_id
    assert [getattr(span_at(spans, 10, lane), "take_id", None) for lane in (0, 1, None)] == [
        short_id,
        long_id,
        short_id,
    ]
    assert getattr(span_at(spans, 4000), "take_id", None) == long_id
    assert span_at(spans, 9000) is None
