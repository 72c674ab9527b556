"""What the operating system grants, and that asking never fails."""

import os
import platform
import threading

import pytest

from cocomposer.runtime.priority import BEHIND, NOT_GRANTED, request_realtime, request_sharp_timers, step_back


def in_a_thread(priority: int) -> tuple[str, int]:
    seen: list[tuple[str, int]] = []
    thread = threading.Thread(target=lambda: seen.append((request_realtime(priority), os.sched_getscheduler(0))))
    thread.start()
    thread.join()
    return seen[0]


@pytest.mark.skipif(platform.system() != "Linux", reason="Linux threads have a niceness each")
def test_only_the_thread_that_steps_back_does_so() -> None:
    seen: list[tuple[bool, int]] = []

    def run() -> None:
        granted = step_back()
        seen.append((granted, os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [(True, max(before, BEHIND))]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


@pytest.mark.skipif(platform.system() != "Linux", reason="Linux policies")
def test_what_is_said_is_what_the_kernel_did() -> None:
    said, policy = in_a_thread(20)
    policies = {"fifo 20": os.SCHED_FIFO, "rr 20": os.SCHED_RR}
    assert policy & ~os.SCHED_RESET_ON_FORK == policies.get(said, os.SCHED_OTHER)
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
    assert request_sharp_timers()


def test_what_is_refused_is_said_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse, raising=False)
    monkeypatch.setattr(os, "setpriority", refuse, raising=False)
    assert request_realtime() == NOT_GRANTED


@pytest.mark.parametrize("system", ["Windows", "Darwin", "Plan 9"])
def test_a_system_without_the_calls_grants_nothing(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    assert request_realtime() == NOT_GRANTED
    assert not request_sharp_timers()
    assert not step_back()
