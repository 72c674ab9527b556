"""What all commands are run with: no terminal to read from, and the signal handlers put back."""

import io
import signal
import sys
from collections.abc import Callable, Iterator

import pytest

from cocomposer.__main__ import main

Run = Callable[..., tuple[int, str, str]]
"""Runs the command with these words; exit code, standard output, standard error."""


@pytest.fixture
def cocomposer(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}

    def run(*words: object) -> tuple[int, str, str]:
        capfd.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        out, err = capfd.readouterr()
        return code, out, err

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
