"""The lateness benchmark runs, measures what it says, and leaves no process behind."""

import json
import multiprocessing

import pytest

from cocomposer.bench import lateness


def test_a_short_run_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert lateness.main(["--messages", "100", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    for run in (figures, figures["without_realtime"]):
        assert run["messages"] == 100 and run["dropped"] == 0
        assert 0 < run["lateness_ms_p50"] <= run["lateness_ms_p99"] <= run["lateness_ms_max"]
    assert figures["without_realtime"]["priority"] == "none"
    assert not multiprocessing.active_children()


def test_an_engine_that_dies_is_reported_and_its_neighbours_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lateness, "_engine", max)  # called with arguments that it does not take
    with pytest.raises(RuntimeError, match="ended before"):
        lateness.measure(10)
    assert not multiprocessing.active_children()
