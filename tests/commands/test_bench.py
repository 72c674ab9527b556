"""`cocomposer bench`: one JSON object with all promised keys, whatever could be measured."""

import json
from pathlib import Path
from typing import Any

import pytest

from cocomposer.__main__ import main
from cocomposer.bench import lateness, machine
from cocomposer.bench.figures import FIGURES
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.commands import bench

MACHINE = {"bundle": "b", "provider": "cpu", "cpu": "c", "cores": 2, "python": "3", "onnxruntime": "1"}


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Measurements that take no time; which were made, in order."""
    made: list[str] = []

    def stand_in(name: str, figures: dict[str, Any]) -> bench.Measurement:
        def measure(subject: Subject) -> dict[str, Any]:
            made.append(name)
            if name == "turn_gap" and subject.corpus is None:
                raise NotMeasured("Give the corpus with --corpus DIR.")
            return figures

        return measure

    figures: dict[str, dict[str, Any]] = {
        "note_cost": {"note_ms_p50": 2.0, "note_ms_max": 9.0},
        "first_note": {"first_note_ms_p50": 25.0},
        "turn_gap": {"turn_judged_s_p50": 0.3, "false_endings": 1, "false_endings_fixed_1s": 2},
    }
    stand_ins = {name: stand_in(name, figures.get(name, {})) for name in bench.MEASUREMENTS}
    monkeypatch.setattr(bench, "MEASUREMENTS", stand_ins)
    monkeypatch.setattr(machine, "measure", lambda _: MACHINE)
    monkeypatch.setattr(bench, "default_corpus", lambda _: None)
    return made


def last_object(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def corpus_in(folder: Path) -> str:
    (folder / "manifest.csv").touch()
    return str(folder)


def test_all_keys_are_there(measured: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["bench", "--json", "--corpus", corpus_in(tmp_path)]) == 0
    found = last_object(capsys)
    assert {figure.key for figure in FIGURES} | MACHINE.keys() <= found.keys()
    assert found["note_ms_p50"] == 2.0 and found["note_ms_max"] == 9.0 and found["rss_mb"] is None
    assert found["turn_gap_s_p50"] == pytest.approx(0.325)
    assert found["missing"] == []
    assert measured == list(bench.MEASUREMENTS)


def test_without_a_corpus_the_rest_is_measured(measured: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--json"]) == 0
    found = last_object(capsys)
    assert found["turn_gap_s_p50"] is None and found["note_ms_p50"] == 2.0
    assert found["missing"] == ["turn_gap: Give the corpus with --corpus DIR."]


def test_what_another_figure_needs_is_measured_too(
    measured: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["bench", "--only", "turn_gap", "--corpus", corpus_in(tmp_path)]) == 0
    assert measured == ["first_note", "turn_gap"]
    shown = capsys.readouterr().out
    assert "note cost" not in shown and "0.325" in shown


def test_a_measurement_that_fails_spoils_no_other(
    measured: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Subject) -> dict[str, Any]:
        raise OSError("the wire is cut")

    monkeypatch.setitem(bench.MEASUREMENTS, "beat", broken)
    assert main(["bench", "--json", "--quick"]) == 1
    found = last_object(capsys)
    assert "beat: the wire is cut" in found["missing"] and found["note_ms_p50"] == 2.0
    assert "lateness" in measured


def test_a_corpus_that_is_none_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["bench", "--corpus", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_lateness_is_reported_with_and_without_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        lateness, "measure", lambda messages, realtime: {"lateness_ms_p99": realtime + 0.5, "messages": messages}
    )
    figures = bench._lateness(Subject(Path(), quick=True))
    assert figures == {
        "lateness_ms_p99": 1.5, "lateness_messages": bench.LATENESS_MESSAGES_QUICK,
        "lateness_plain_ms_p99": 0.5, "lateness_plain_messages": bench.LATENESS_MESSAGES_QUICK,
    }  # fmt: skip
