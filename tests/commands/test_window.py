"""Which window or help comes where, and the engine as a command of its own."""

import os
import signal
import subprocess
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cocomposer.runtime.engine_address import Place, published
from cocomposer.runtime.joining import EngineLink
from cocomposer.runtime.news import Hello, Opened, Ready

PATIENCE = 30.0
Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """With what words a window was opened; none is."""
    windows: list[list[str]] = []

    def main(arguments: Sequence[str]) -> int:
        windows.append(list(arguments))
        return 7

    app = types.ModuleType("ui.app")
    app.main = main  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ui.app", app)
    return windows


@pytest.mark.parametrize("words", [["my.jam", "--midi", "virtual"], ["--midi", "virtual", "my.jam"], ["--help"], []])
def test_the_window_is_opened_with_what_follows(cocomposer: Run, opened: list[list[str]], words: list[str]) -> None:
    assert cocomposer("window", *words)[0] == 7
    assert opened == [words]


@pytest.mark.parametrize(
    ("system", "variables", "window"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_without_a_command_the_window_comes_where_there_is_a_display_else_the_help(
    cocomposer: Run,
    opened: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    variables: dict[str, str],
    window: bool,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("cocomposer.commands.window.sys.platform", system)
    code, text, err = cocomposer()
    monkeypatch.undo()
    assert (code, err) == ((7, "") if window else (0, ""))
    assert opened == ([[]] if window else [])
    assert ("usage: cocomposer" in text and "the engine alone" in text) is not window


def test_the_engine_lives_alone_until_it_is_told_to_end(tmp_path: Path, tiny_bundle: Path) -> None:
    place = Place(tmp_path / "run", tmp_path / "logs")
    words = [
        "engine", "--midi", "virtual", "--bundle", str(tiny_bundle), "--tempo", "93",
        "--runtime", str(place.runtime), "--logs", str(place.logs),
    ]  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "cocomposer", *words], stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as engine:
        try:
            while (listing := published(place)) is None:
                assert engine.poll() is None
            link = EngineLink(listing, place)
            hello = link.news(PATIENCE)
            assert isinstance(hello, Hello) and hello.settings.tempo == 93
            kinds = set()
            while Ready not in kinds:
                kinds.add(type(link.news(PATIENCE)))
            assert Opened in kinds
            again = subprocess.run(
                [sys.executable, "-m", "cocomposer", *words], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE
            )
            assert (again.returncode, again.stderr) == (3, "An engine is running already; a window joins it.\n")
            link.close()
            os.kill(engine.pid, signal.SIGTERM)
            assert engine.wait(PATIENCE) == 0
            assert engine.stderr is not None and engine.stderr.read() == ""
        finally:
            engine.kill()
