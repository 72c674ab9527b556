"""An engine in its own process, seen from a front end: it obeys, and whoever dies, nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import NOTE_OFF, NOTE_ON, kind_of, note_off, note_on
from cocomposer.runtime.front_end import EngineGone, EngineProcess
from cocomposer.runtime.news import Lost, News, Opened, Options, Ready

PATIENCE = 30.0


def alive(pid: int) -> bool:
    """Whether the process still runs (one that has ended but was not asked about has ended)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_gone(*pids: int) -> None:
    """Whoever they belong to: that they are gone can only be asked again and again."""
    ends_at = time.monotonic() + PATIENCE
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < ends_at, [pid for pid in pids if alive(pid)]
        time.sleep(0.01)


def wait_for(engine: EngineProcess, kind: type) -> News:
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at:
        news = engine.news(1.0)
        if news is not None and isinstance(news, kind):
            return news
    raise AssertionError(f"no {kind.__name__} came")


@pytest.fixture
def engine(tiny_bundle: Path) -> Iterator[EngineProcess]:
    settings = changed(Settings(), {"entry": "free", "length": "bars", "length_bars": 1})
    engine = EngineProcess(Options(str(tiny_bundle), "cpu", "virtual", settings=settings, realtime=False))
    yield engine
    engine.close()
    wait_until_gone(engine.pid)


def test_an_engine_is_played_from_a_front_end(engine: EngineProcess) -> None:
    opened = wait_for(engine, Opened)
    assert isinstance(opened, Opened) and opened.midi == "virtual"
    wait_for(engine, Ready)
    for pitch in (60, 64, 67):
        engine.send(inputs.Arrived(opened.at_seconds, note_on(0, pitch, 80)))
        engine.send(inputs.Arrived(opened.at_seconds, note_off(0, pitch)))
    engine.send(inputs.TakeOver())
    take = wait_for(engine, outputs.Take)
    assert isinstance(take, outputs.Take) and take.answer
    engine.send(inputs.Change({"creativity": 99}))
    notice = wait_for(engine, outputs.Notice)
    while isinstance(notice, outputs.Notice) and "creativity" not in notice.sentence:
        notice = wait_for(engine, outputs.Notice)
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(EngineGone):
        wait_for(engine, type(None))


def test_an_engine_without_a_model_says_so_and_goes_on(tmp_path: Path) -> None:
    engine = EngineProcess(Options(str(tmp_path), "cpu", "virtual", realtime=False))
    lost = wait_for(engine, Lost)
    assert isinstance(lost, Lost) and lost.for_good and "no model bundle" in lost.sentence
    engine.close()
    wait_until_gone(engine.pid)


def test_a_front_end_killed_in_mid_answer_takes_engine_and_composer_along_and_no_note_hangs(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    wire = tmp_path / "wire.txt"
    front = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.doomed_front_end", str(tiny_bundle), str(wire)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert front.stdout is not None
    engine, composer = (int(word) for word in front.stdout.readline().split())
    assert alive(engine) and alive(composer)
    front.kill()
    front.wait(PATIENCE)
    front.stdout.close()
    wait_until_gone(engine, composer)
    sounding: set[tuple[int, int]] = set()
    messages = [bytes.fromhex(line) for line in wire.read_text(encoding="ascii").splitlines()]
    for data in messages:
        key = (data[0] & 0x0F, data[1])
        if kind_of(data) == NOTE_ON:
            sounding.add(key)
        elif kind_of(data) == NOTE_OFF:
            sounding.discard(key)
    assert any(kind_of(data) == NOTE_ON for data in messages) and not sounding
