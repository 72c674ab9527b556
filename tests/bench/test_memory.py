"""Memory is read, and an endless answer on a virtual clock is driven as far as asked."""

import os
import subprocess
import sys

import pytest

from cocomposer.bench import memory, memory_of
from cocomposer.bench.plain_model import PlainModel
from cocomposer.generation.worker import Worker
from tests.fakes.note_model import no_spare

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@linux_only
def test_two_processes_have_the_memory_of_both() -> None:
    mine = memory_of.resident_mb([os.getpid()])
    both = memory_of.resident_mb([os.getpid(), os.getppid(), None])
    assert mine is not None and both is not None and both > mine > 5
    shared = memory_of.proportional_mb([os.getpid()])
    assert shared is not None and 0 < shared <= mine * 1.1


@linux_only
def test_a_process_that_has_gone_has_none() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert memory_of.resident_mb([gone.pid]) is None


def test_elsewhere_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory_of.resident_mb([os.getpid()]) is None


def test_an_endless_answer_is_driven_on_a_virtual_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = iter((100.0, 103.5))
    monkeypatch.setattr(memory, "_resident", lambda: next(seen))
    figures = memory.over_notes(Worker(PlainModel(), no_spare), notes=300, settled=100)
    assert figures["rss_growth_mb"] == 3.5 and figures["rss_growth_notes"] == 300
    assert figures["endless_note_ms_early"] > 0 and figures["endless_note_ms_late"] > 0
