"""The built-in sound for real: a process of its own, heard on a JACK server, and every way in which it can end."""

import os
import queue
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.music.message import note_off, note_on
from cocomposer.runtime.sound_link import SoundLink
from tests.fakes.jack_server import JackServer
from tests.fakes.jam_program import alive, until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
RATE = 48_000


class Link(SoundLink):
    """A link whose news can be waited for."""

    def __init__(self, *systems: str) -> None:
        self.ready: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.failed: queue.SimpleQueue[str] = queue.SimpleQueue()
        super().__init__(0.7, self.failed.put, self.ready.put, systems or None)

    def until_ready(self) -> int:
        self.ready.get(timeout=PATIENCE)
        assert self.pid is not None
        return self.pid


MakeLink = Callable[..., Link]


@pytest.fixture
def make_link() -> Iterator[MakeLink]:
    made: list[Link] = []

    def make(*systems: str) -> Link:
        made.append(Link(*systems))
        return made[-1]

    yield make
    for link in made:
        link.stop()
        assert link.pid is None or not alive(link.pid)


def recorded(file: Path) -> NDArray[np.float64]:
    """What jack_rec wrote, as left and right between −1 and 1."""
    with wave.open(str(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, RATE)
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    return samples.reshape(-1, 2) / 32768


def level(sound: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(sound**2)))


def test_a_note_is_heard_on_a_sound_server_in_tune_and_ends(
    jack_server: JackServer, make_link: MakeLink, tmp_path: Path
) -> None:
    link = make_link("JACK")
    pid = link.until_ready()
    ours = ["cocomposer sound:playback0", "cocomposer sound:playback1"]
    assert set(ours) <= set(jack_server.ports())
    file = tmp_path / "heard.wav"
    recorder = jack_server.run("jack_rec", "-f", str(file), "-d", "3", "-b", "16", *ours)
    assert until(lambda: "jackrec:input2" in jack_server.ports())
    link.send(note_on(0, 69, 100))
    time.sleep(1.0)  # how long the note is
    link.send(note_off(0, 69))
    assert recorder.wait(PATIENCE) == 0
    assert _real_time_threads(pid) == []

    sound = recorded(file)
    loud = np.flatnonzero(np.abs(sound).sum(1) > 0.01)
    began = int(loud[0])
    held = sound[began + RATE // 10 : began + 9 * RATE // 10]
    assert level(held) > 0.01
    spectrum = np.abs(np.fft.rfft(held.sum(1) * np.hanning(len(held)), 1 << 19))
    assert 1200 * abs(np.log2(float(np.argmax(spectrum)) * RATE / (1 << 19) / 440)) < 2
    assert len(sound) - began > 1.8 * RATE and level(sound[-RATE // 5 :]) < 3e-4


def _real_time_threads(pid: int) -> list[str]:
    """Names of a process's threads that run before all ordinary ones."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [
        (thread / "comm").read_text()
        for thread in threads
        if os.sched_getscheduler(int(thread.name)) not in (os.SCHED_OTHER, os.SCHED_BATCH)
    ]


def test_without_a_sound_server_it_says_so_once_and_takes_messages_into_nothing(
    make_link: MakeLink, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-runs-this")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    link = make_link("JACK")
    sentence = link.failed.get(timeout=PATIENCE)
    assert sentence.startswith("No sound device was found; ") and sentence.endswith(".")
    for _ in range(10_000):
        link.send(note_on(0, 60, 80))
    link.set_volume(0.3)
    link.stop()
    assert link.failed.empty()
    assert capfd.readouterr().err == ""


def test_a_process_that_is_killed_is_told_of(make_link: MakeLink) -> None:
    link = make_link("null")
    os.kill(link.until_ready(), signal.SIGKILL)
    assert link.failed.get(timeout=PATIENCE) == "The built-in sound has ended unexpectedly; switch it on again."


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGSTOP")
def test_a_process_that_is_stuck_never_keeps_a_sender_waiting_and_is_ended(make_link: MakeLink) -> None:
    link = make_link("null")
    os.kill(link.until_ready(), signal.SIGSTOP)
    longest = 0.0
    for _ in range(50_000):
        before = time.perf_counter()
        link.send(note_on(0, 60, 80))
        longest = max(longest, time.perf_counter() - before)
    assert longest < 0.25, "a send took as long as a blocked write would"
    assert "unexpectedly" in link.failed.get(timeout=PATIENCE)


def test_stopped_at_any_moment_it_is_gone_and_says_nothing(make_link: MakeLink) -> None:
    early, playing = make_link("null"), make_link("null")
    early.stop()
    pid = playing.until_ready()
    playing.send(note_on(0, 60, 80))
    playing.stop()
    playing.stop()
    assert not alive(pid)
    assert early.failed.empty() and playing.failed.empty()


def test_it_ends_with_an_engine_that_is_killed() -> None:
    engine = subprocess.Popen([sys.executable, "-m", "tests.fakes.doomed_sound"], cwd=ROOT, stdout=subprocess.PIPE)
    assert engine.stdout is not None
    with engine.stdout:
        pid = int(engine.stdout.readline())
    assert alive(pid)
    engine.kill()
    engine.wait()
    assert until(lambda: not alive(pid))
