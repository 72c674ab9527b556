"""The far end of the wire, and that a studio ends what it started."""

import multiprocessing
import queue
import threading
from pathlib import Path

import pytest

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.bench.studio import Studio, far_end
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.music.message import TimedMessage, note_off, note_on


def test_the_far_end_plays_its_script_and_tells_what_it_heard() -> None:
    ours, theirs = multiprocessing.Pipe()
    clock = SystemClock()
    midi = far_end(theirs, clock)
    arrived: queue.Queue[TimedMessage] = queue.Queue()
    engine_input = midi.own_input("in")
    engine_input.listen(arrived.put)
    begin = clock.now() + 0.01
    script = [(begin, note_on(0, 60, 80)), (begin + 0.02, note_off(0, 60))]
    ours.send(script)
    got = [arrived.get(timeout=5), arrived.get(timeout=5)]
    assert [message.data for message in got] == [data for _, data in script]
    assert all(message.at_seconds >= at for message, (at, _) in zip(got, script, strict=True))
    midi.own_output("out").send(note_on(0, 72, 90))
    ours.send(None)
    assert [data for _, data in ours.recv()] == [note_on(0, 72, 90)]
    ours.send(None)
    assert ours.recv() == []
    ours.close()


def test_a_studio_without_a_model_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    threads = threading.active_count()
    with Studio(Subject(tmp_path)) as studio, pytest.raises(NotMeasured, match="no model bundle"):
        studio.wait_ready()
    assert not multiprocessing.active_children()
    assert threading.active_count() <= threads
