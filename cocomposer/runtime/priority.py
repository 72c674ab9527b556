"""Asks the operating system to run the calling thread when it wants to run. Never fails; says what was granted.

Knows nothing of what the thread does. Threads and processes started from it do not inherit what it was granted.
"""

import ctypes
import os
import platform
import threading
from typing import Final

PLAYBACK_PRIORITY: Final = 20
"""Above ordinary threads, far below the sound drivers (JACK uses 10 to 80, interrupts 50)."""
JAM_PRIORITY: Final = 10
"""For the jam's own loop: playback waits for it when both want the interpreter, so it must not be kept waiting."""
NOT_GRANTED: Final = "none"

BEHIND: Final = 5
"""How nice (Linux) a thread is that lets music go first."""

_PR_SET_TIMERSLACK: Final = 29  # linux/prctl.h
_SLACK_NANOSECONDS: Final = 1000
_NICE: Final = -10
_QOS_USER_INTERACTIVE: Final = 0x21  # macOS sys/qos.h
_THREAD_PRIORITY_TIME_CRITICAL: Final = 15  # Windows winbase.h
_THREAD_PRIORITY_BELOW_NORMAL: Final = -1


def request_realtime(priority: int = PLAYBACK_PRIORITY) -> str:
    """Ask for `priority` (1–99, Linux scale) for the calling thread; says in a word what was granted, or "none"."""
    ask = {"Linux": _linux, "Windows": _windows, "Darwin": _macos}.get(platform.system())
    try:
        return NOT_GRANTED if ask is None else ask(priority)
    except (OSError, AttributeError, ValueError):
        return NOT_GRANTED


def request_sharp_timers() -> bool:
    """Ask that waits end on time: 1 µs of timer slack on Linux (default 50), 1 ms timer steps on Windows."""
    system = platform.system()
    try:
        if system == "Linux":
            return bool(ctypes.CDLL(None).prctl(_PR_SET_TIMERSLACK, _SLACK_NANOSECONDS, 0, 0, 0) == 0)
        if system == "Windows":
            return bool(ctypes.CDLL("winmm").timeBeginPeriod(1) == 0)
    except (OSError, AttributeError):
        pass
    return False


def step_back() -> bool:
    """Ask that the calling thread lets other programs' threads go first; whether that was granted.

    On Linux, threads and processes that it starts later do so too.
    """
    try:
        if platform.system() == "Linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)
            return True
        if platform.system() == "Windows":
            kernel = ctypes.CDLL("kernel32")
            kernel.GetCurrentThread.restype = ctypes.c_void_p
            kernel.SetThreadPriority.argtypes = [ctypes.c_void_p, ctypes.c_int]
            return bool(kernel.SetThreadPriority(kernel.GetCurrentThread(), _THREAD_PRIORITY_BELOW_NORMAL))
    except (OSError, AttributeError):
        pass
    return False


def _linux(priority: int) -> str:
    import resource  # Windows has none

    allowed = resource.getrlimit(resource.RLIMIT_RTPRIO)[0]
    for level in (priority, min(priority, allowed)) if allowed > 0 else (priority,):
        for word, policy in (("fifo", os.SCHED_FIFO), ("rr", os.SCHED_RR)):
            try:
                os.sched_setscheduler(0, policy | os.SCHED_RESET_ON_FORK, os.sched_param(level))
            except OSError:
                continue
            return f"{word} {level}"
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    except OSError:
        return NOT_GRANTED
    return f"nice {_NICE}"


def _windows(_: int) -> str:
    task = ctypes.c_uint32(0)
    if ctypes.CDLL("avrt").AvSetMmThreadCharacteristicsW(ctypes.c_wchar_p("Pro Audio"), ctypes.byref(task)):
        return "mmcss pro audio"
    kernel = ctypes.CDLL("kernel32")
    kernel.GetCurrentThread.restype = ctypes.c_void_p
    kernel.SetThreadPriority.argtypes = [ctypes.c_void_p, ctypes.c_int]
    done = kernel.SetThreadPriority(kernel.GetCurrentThread(), _THREAD_PRIORITY_TIME_CRITICAL)
    return "time critical" if done else NOT_GRANTED


def _macos(_: int) -> str:
    done = ctypes.CDLL(None).pthread_set_qos_class_self_np(_QOS_USER_INTERACTIVE, 0)
    return "qos user interactive" if done == 0 else NOT_GRANTED
