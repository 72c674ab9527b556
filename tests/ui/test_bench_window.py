"""The figures of the whole window, taken for real with as little of everything as makes sense."""

import random
import sys
from pathlib import Path

import pytest

from ui.bench import lateness, memory, note, start
from ui.bench.lateness import Run, dense_take, histogram, verdict
from ui.bench.options import Options
from ui.bench.surroundings import Surroundings, screen, settled
from ui.bench.watched import NOT_IN_THE_WINDOW

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the figures are taken on Linux")


@pytest.fixture
def quick(tiny_bundle: Path) -> Options:
    return Options(quick=True, seconds=1.5, bundle=str(tiny_bundle))


def test_the_window_is_usable_soon_and_needs_no_library_of_the_engine(quick: Options) -> None:
    with screen() as shown_on, Surroundings(shown_on) as surroundings:
        begun = surroundings.open_window("--midi", "virtual", "--bundle", str(quick.bundle))
        told = surroundings.report("ready")
        assert begun < told["shown"] <= told["usable"] <= told["ready"]
        assert begun < told["opened"] <= told["usable"] < begun + 20.0
        report = surroundings.close_window()
    assert report["modules"] == [], f"{NOT_IN_THE_WINDOW} have no place in the window's process"
    assert report["painted"][0] == told["shown"]


def test_a_window_that_fails_is_told_of() -> None:
    with screen() as shown_on, Surroundings(shown_on, settled()) as surroundings:
        surroundings.open_window("--provider", "abacus")
        with pytest.raises(RuntimeError, match=r"does not come to 'ready' .*abacus"):
            surroundings.report("ready")


def test_starts(quick: Options) -> None:
    figures = start.starts(quick, "virtual", "start")
    assert 0.0 < figures["start_first_frame_s"] <= figures["start_s"] == figures["start_s_max"]
    assert figures["start_ports_s"] <= figures["start_s"] <= figures["start_ready_s"]


def test_notes_come_to_the_screen(quick: Options) -> None:
    figures = note.measure(quick)
    for state in ("rest", "answer"):
        assert 0.0 < figures[f"note_{state}_ms_p50"] <= figures[f"note_{state}_ms_p99"] < 5000.0


def test_lateness_with_and_without_a_window(quick: Options) -> None:
    told: list[str] = []
    options = Options(quick=True, seconds=1.5, bundle=quick.bundle, tell=told.append)
    figures = lateness.compare(options, realtime=False, key="late")
    assert figures["late_messages"] > 100
    assert figures["late_frames_per_second"] > 1
    assert figures["late_alone_ms_p50"] > 0 < figures["late_window_ms_p50"]
    assert sum("messages" in line for line in told) == 2
    assert any(line.startswith("late by at most") for line in told)


def test_memory_over_a_short_jam(quick: Options) -> None:
    lines = memory.fast_jam(quick, (0.3, 0.6))
    assert [line["minute"] for line in lines] == [0.0, 0.3, 0.6]
    assert [line["notes"] for line in lines] == sorted({line["notes"] for line in lines})
    assert lines[-1]["takes"] == 2
    assert 20.0 < lines[0]["proportional_mb"] <= lines[0]["resident_mb"]
    assert lines[-1]["frames"] > 100


def test_a_difference_is_only_told_beyond_that_between_equal_runs() -> None:
    assert verdict("p99", 0.2, 0.3).startswith("p99: no difference")
    assert verdict("p99", 0.4, 0.3).startswith("p99: 0.400 ms later")


def test_histograms_stand_side_by_side() -> None:
    bins = (*[0] * 11, 3, 1)
    lines = histogram(("alone", "window"), (bins, (*[0] * 12, 2))).splitlines()
    assert lines[-2].split() == ["20", "ms", "75.00", "%", "0.00", "%"]
    assert lines[-1].split() == ["more", "25.00", "%", "100.00", "%"]
    assert lateness.added((Run({}, (1, 2), None), Run({}, (3, 4), None))) == [4, 6]


def test_the_dense_take_is_dense_and_no_key_is_struck_twice_at_once() -> None:
    take = dense_take(10.0, random.Random(1))
    assert len(take) == 480
    ends: dict[int, int] = {}
    for one in take:
        assert ends.get(one.pitch, 0) <= one.onset_tick
        ends[one.pitch] = one.end_tick
