"""Cutting takes out of the timeline, and keeping some bars of an answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.capture import answer_bars, captured, gaps, last_phrase, recorded, regenerated
from cocomposer.document.document import Document
from cocomposer.document.edits import AddTake
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note
from tests.fakes.jam_facts import BEGAN_AT, take_fact

BAR = 192
FOUR_FOUR = Grid(0.0, 0.0, 60 / 100 / 48, BeatSource.CLOCK, 0, 4)


def jam(*onsets: int, length: int = 24) -> Document:
    """The player strikes one key after the other."""
    document = Document()
    document.join("s", BEGAN_AT)
    for number, onset in enumerate(onsets):
        document.happened(outputs.Heard(onset / 96, 60 + number, 80, 0, float(onset)))
        document.happened(outputs.Released((onset + length) / 96, 60 + number, 0, float(onset + length)))
    return document


def onsets(take: KeptTake | None) -> list[int]:
    assert take is not None
    return [note.onset_tick for note in take.phrase]


def test_nothing_played_is_nothing_captured() -> None:
    assert captured(jam(), 1000, BAR) is None
    assert last_phrase(jam(), 1000) is None
    assert recorded(jam(0), 100, 1000) is None
    assert captured(jam(500), 400, BAR) is None, "what comes later does not count"


CAPTURES: list[tuple[str, list[int], float, Grid | None, list[int]]] = [
    ("the last bar is the one of the last note", [0, BAR, BAR + 48, 2 * BAR], BAR, FOUR_FOUR, [2 * BAR]),
    ("two bars", [0, BAR, BAR + 48, 2 * BAR], 2 * BAR, FOUR_FOUR, [BAR, BAR + 48, 2 * BAR]),
    ("a note a little early belongs to its bar", [100, BAR - 4, BAR + 48], BAR, FOUR_FOUR, [BAR - 4, BAR + 48]),
    ("the last one too", [0, 48, BAR - 4], BAR, FOUR_FOUR, [BAR - 4]),
    ("bars of another place", [0, 40, 60, 200], BAR, Grid(0, 0, 0.01, BeatSource.SET, 48, 4), [60, 200]),
    ("three beats to the bar", [0, 140, 150], 144, Grid(0, 0, 0.01, BeatSource.SET, 0, 3), [140, 150]),
    ("no beat: so many ticks back from the last end", [0, 100, 200], 130, Grid(0, 0), [100, 200]),
    ("a tempo without bars", [0, 100, 200], 130, Grid(0, 0, 0.01, BeatSource.ESTIMATE), [100, 200]),
    ("nobody tells the beat", [0, 100, 200], 130, None, [100, 200]),
    ("never nothing", [0, 100, 200], 1, Grid(0, 0), [200]),
    ("everything", [0, 100, 2000], 1 << 30, FOUR_FOUR, [0, 100, 2000]),
]


@pytest.mark.parametrize(
    ("played", "ticks", "grid", "expected"), [case[1:] for case in CAPTURES], ids=[case[0] for case in CAPTURES]
)
def test_what_is_captured(played: list[int], ticks: float, grid: Grid | None, expected: list[int]) -> None:
    assert onsets(captured(jam(*played), 50_000, ticks, grid)) == expected


def test_a_capture_tells_what_it_is() -> None:
    document = jam(0, 48)
    take = captured(document, 100, BAR, FOUR_FOUR)
    assert take is not None
    assert (take.kind, take.number, take.name, take.answer) == (TakeKind.CAPTURED, 1, "Capture 1", ())
    assert (round(take.bpm), take.beat_known, take.bar_tick, take.beats_per_bar) == (100, True, 0, 4)
    document.edit(AddTake(take))
    again = captured(document, 100, BAR, FOUR_FOUR)
    assert again is not None and (again.name, again.id == take.id) == ("Capture 2", False)


def test_a_key_still_down_ends_where_it_is_captured() -> None:
    document = jam()
    document.happened(outputs.Heard(1.0, 60, 80, 0, 0.0))
    take = captured(document, 30.0, BAR, FOUR_FOUR)
    assert take is not None and take.phrase == (Note(0, 60, 30, 80),)


def test_without_a_grid_the_last_turn_tells_the_beat() -> None:
    document = jam(0, BAR, 2 * BAR)
    document.happened(take_fact(1, (Note(0, 60, 24, 80),), (Note(3 * BAR, 60, 24, 80),)))
    take = captured(document, 50_000, BAR)
    assert onsets(take) == [2 * BAR]
    assert take is not None and take.beat_known


def test_bars_lie_behind_the_run_before() -> None:
    document = jam(0, 100)
    document.join("t", BEGAN_AT)
    assert document.offset_ticks == BAR
    for onset in (100, 300):
        document.happened(outputs.Heard(onset / 96, 60, 80, 0, float(onset)))
    take = captured(document, 50_000, BAR, Grid(0, 0, 0.01, BeatSource.SET, 96, 4))
    assert onsets(take) == [BAR + 300]
    assert take is not None and take.bar_tick == BAR + 96


PHRASES: list[tuple[str, list[int], list[int]]] = [
    ("one phrase", [0, 48, 96], [0, 48, 96]),
    ("after a pause", [0, 48, 168, 200], [168, 200]),
    ("the last pause", [0, 200, 400, 420], [400, 420]),
]


@pytest.mark.parametrize(("played", "expected"), [case[1:] for case in PHRASES], ids=[case[0] for case in PHRASES])
def test_the_last_phrase(played: list[int], expected: list[int]) -> None:
    assert onsets(last_phrase(jam(*played), 50_000)) == expected


def test_a_held_key_is_no_pause() -> None:
    document = jam()
    document.happened(outputs.Heard(0.0, 40, 80, 0, 0.0))
    document.happened(outputs.Heard(0.1, 60, 80, 0, 10.0))
    document.happened(outputs.Released(0.2, 60, 0, 20.0))
    document.happened(outputs.Heard(4.0, 62, 80, 0, 400.0))
    assert onsets(last_phrase(document, 500)) == [0, 10, 400]


def test_a_recording_has_both_parts_and_ends_where_it_ends() -> None:
    document = jam(0, 48, 96)
    for note in (Note(60, 70, 500, 80), Note(120, 71, 10, 80)):
        document.happened(outputs.Play(1, 1, note, 1.0, 2.0, note.pitch == 71))
    take = recorded(document, 40, 130)
    assert take is not None and take.kind is TakeKind.RECORDING and take.name == "Recording 1"
    assert [note.onset_tick for note in take.phrase] == [48, 96]
    assert take.answer == (Note(60, 70, 70, 80), Note(120, 71, 10, 80))


# -- keeping bars ------------------------------------------------------------------------------


def take_of(*answer: Note, beat_known: bool = True, bar_tick: int = 0) -> KeptTake:
    phrase = (Note(0, 60, 24, 80),)
    return KeptTake(
        "t", 1, TakeKind.ANSWER, "t", phrase, answer, 120, beat_known, bar_tick, 4, 1, Settings(), BEGAN_AT
    )  # fmt: skip


def note(onset: int, pitch: int = 60, length: int = 24) -> Note:
    return Note(onset, pitch, length, 80)


FOUR_BARS = take_of(note(200), note(390), note(590), note(800))
"""An answer that enters a little behind a line."""


def test_bars_of_an_answer() -> None:
    assert answer_bars(FOUR_BARS) == [(200, 384), (384, 576), (576, 768), (768, 960)]
    assert answer_bars(take_of(note(188), note(380))) == [(192, 384), (384, 576)]
    assert answer_bars(take_of(note(100), note(400), beat_known=False)) == [(100, 292), (292, 484)]
    assert answer_bars(take_of(note(50), bar_tick=48)) == [(50, 240)]
    assert answer_bars(take_of()) == []


GAPS: list[tuple[set[int], list[tuple[int, int]]]] = [
    (set(), [(200, 960)]),
    ({0, 1, 2, 3}, []),
    ({0}, [(384, 960)]),
    ({3}, [(200, 768)]),
    ({1}, [(200, 384), (576, 960)]),
    ({0, 2}, [(384, 576), (768, 960)]),
    ({0, 17}, [(384, 960)]),
]


@pytest.mark.parametrize(("kept", "expected"), GAPS)
def test_gaps_between_kept_bars(kept: set[int], expected: list[tuple[int, int]]) -> None:
    assert gaps(FOUR_BARS, kept) == expected


def test_kept_notes_stay_and_drawn_ones_end_at_kept_bars() -> None:
    take = take_of(note(192, 60, 300), note(400, 62), note(600, 64))
    drawn = (note(200, 70), note(390, 60), note(500, 71, 400), note(560, 64, 8), note(570, 72, 4), note(700, 73))
    assert regenerated(take, {0, 2}, drawn) == (
        note(192, 60, 300),  # rings over the line, as it did
        # 200 is a kept bar's; the key of 390 is still down
        note(500, 71, 76),
        note(560, 64, 8),
        note(570, 72, 4),
        note(600, 64),
    )


def test_a_drawn_note_lets_go_of_a_key_that_a_kept_note_strikes() -> None:
    take = take_of(note(192), note(384 - 4, 64))
    assert regenerated(take, {1}, (note(300, 64, 200),)) == (note(300, 64, 80), note(380, 64))


def test_the_last_drawn_note_may_ring() -> None:
    assert regenerated(take_of(note(192), note(400)), {0}, (note(560, 71, 400),)) == (note(192), note(560, 71, 400))


answers = st.lists(
    st.builds(note, st.integers(0, 1500), st.integers(60, 63), st.integers(1, 400)), min_size=1, max_size=12
)


@given(answers, st.frozensets(st.integers(0, 8)), answers, st.booleans(), st.integers(0, 191))
def test_whatever_is_kept_and_drawn(
    answer: list[Note], kept: frozenset[int], drawn: list[Note], beat_known: bool, bar_tick: int
) -> None:
    take = take_of(*sorted(answer), beat_known=beat_known, bar_tick=bar_tick)
    bars, spans = answer_bars(take), gaps(take, kept)
    assert all(first < end for first, end in [*bars, *spans])
    assert all(end == first for (_, end), (first, _) in pairwise(bars))
    assert all(end < first for (_, end), (first, _) in pairwise(spans))
    everything = frozenset(range(len(bars)))
    assert regenerated(take, everything, drawn) == take.answer
    merged = regenerated(take, kept, drawn)
    assert list(merged) == sorted(merged)
    assert all(other.duration_ticks > 0 for other in merged)
    stayed = regenerated(take, kept, ())
    assert set(stayed) <= set(take.answer)
    assert set(stayed) | set(regenerated(take, everything - kept, ())) == set(take.answer)
    new = list(merged)
    for other in stayed:
        new.remove(other)
    lines = [bars[number][0] for number in kept if number < len(bars)]
    for other in new:
        assert any(first <= other.onset_tick < end for first, end in spans)
        assert not any(other.onset_tick < line < other.end_tick for line in lines)
