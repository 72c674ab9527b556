"""The command that measures the window: its table, and what it says of what cannot be measured."""

import importlib
import json
from types import SimpleNamespace

import pytest

from ui.bench import __main__ as bench
from ui.bench.options import NotMeasured, Options


def test_every_figure_has_a_module_that_measures() -> None:
    for name, module in bench.FIGURES.items():
        assert callable(importlib.import_module(module).measure), name


def test_what_is_wanted_stands_beside_what_was_measured() -> None:
    lines = bench.table({"start_s": 2.0, "paint_ms_p99": 9.0, "paint_frames": 100.0}).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["start_s", "2.000", "<=", "2.5", "yes"],
        ["paint_ms_p99", "9.000", "<=", "8", "NO"],
        ["paint_frames", "100.000"],
    ]


def _instead(monkeypatch: pytest.MonkeyPatch, **modules: object) -> None:
    monkeypatch.setattr(bench, "FIGURES", {name: name for name in modules})
    monkeypatch.setattr(importlib, "import_module", modules.__getitem__)


def test_the_last_line_is_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Options] = []

    def measure(options: Options) -> dict[str, float]:
        asked.append(options)
        return {"start_s": options.stretch(9.0, 1.0), "notes": float(options.amount(9, 1))}

    _instead(monkeypatch, start=SimpleNamespace(measure=measure))
    assert bench.main(["--json", "--quick", "--seconds", "3"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "start_s": 3.0, "notes": 1.0, "missing": [], "quick": True,
    }  # fmt: skip
    assert bench.main(["start"]) == 0
    assert asked[1].stretch(9.0, 1.0) == 9.0


def test_what_cannot_be_measured_is_said_and_the_rest_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_options: Options) -> dict[str, float]:
        raise NotMeasured("There is no screen; start one.")

    _instead(monkeypatch, start=SimpleNamespace(measure=fail), note=SimpleNamespace(measure=lambda _: {"note": 1.0}))
    assert bench.main(["--json"]) == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["missing"] == ["start: There is no screen; start one."]
    assert told["note"] == 1.0


def test_an_unknown_figure_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        bench.main(["speed"])
    assert end.value.code == 2
    assert "there is no figure 'speed'" in capsys.readouterr().err
