"""Memory of engine and composer together, and whether it stays flat over ten thousand notes of an endless answer.

The size is that of the two real processes after some seconds of answering on a DAW's beat. Ten thousand notes take
an hour in real time, so the growth is that of jam, player and composer in one process of their own on a virtual
clock: the same code without ports and pipes, whose queues are bounded.
"""

import gc
import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from cocomposer.bench import memory_of
from cocomposer.bench.daw_clock import Beat
from cocomposer.bench.live_answer import live_answer
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.settings import Length, Settings
from cocomposer.music.message import note_off, note_on
from cocomposer.runtime.composer_process import load_model, spare_model
from cocomposer.runtime.offline import Offline

NOTES: Final = 10_000
NOTES_QUICK: Final = 700
SETTLED_NOTES: Final = 1_500
"""Growth is counted from here: by then all windows and rings are full."""
SETTLED_NOTES_QUICK: Final = 300
LIVE_SECONDS: Final = 12.0
LIVE_SECONDS_QUICK: Final = 4.0
_BPM: Final = 120.0
_STRETCH_SECONDS: Final = 2.0


def measure(subject: Subject) -> dict[str, Any]:
    """MB; None on systems where memory cannot be read so. The live size is the larger of begin and end."""
    seconds = subject.amount(LIVE_SECONDS, LIVE_SECONDS_QUICK)
    subject.tell(f"  {seconds:.0f} real seconds of answering")
    live = live_answer(subject, Beat(0.0, seconds, _BPM, _BPM), 0.001).memory_mb
    notes = subject.amount(NOTES, NOTES_QUICK)
    subject.tell(f"  {notes} notes on a virtual clock")
    grown = _in_child(subject, notes, subject.amount(SETTLED_NOTES, SETTLED_NOTES_QUICK))
    return {"rss_mb": None if live is None else max(live), **grown}


def _in_child(subject: Subject, notes: int, settled: int) -> dict[str, Any]:
    spawn = multiprocessing.get_context("spawn")
    hear, tell = spawn.Pipe(duplex=False)
    arguments = (tell, str(subject.bundle), subject.provider, notes, settled)
    child = spawn.Process(target=_answer, args=arguments, name="endless", daemon=True)
    try:
        child.start()
        tell.close()
        try:
            figures: dict[str, Any] | str = hear.recv()
        except EOFError:
            raise NotMeasured("The process that was measured ended by itself; start the benchmark again.") from None
    finally:
        if child.pid is not None:
            child.kill()
            child.join()
        hear.close()
    if isinstance(figures, str):
        raise NotMeasured(figures)
    return figures


def _answer(tell: Connection, bundle: str, provider: str, notes: int, settled: int) -> None:
    try:
        model, _ = load_model(Path(bundle), provider)
    except (ValueError, RuntimeError) as error:
        tell.send(str(error))
        return
    tell.send(over_notes(Worker(model, lambda: spare_model(Path(bundle))), notes, settled))


def over_notes(worker: Worker, notes: int, settled: int) -> dict[str, Any]:
    """Drive an endless answer through jam, player and composer; MB and seconds a note then against before."""
    offline = Offline(Jam(Settings(length=Length.ENDLESS, tempo=_BPM)), worker)
    offline.begin()
    call: list[tuple[float, inputs.Input]] = []
    for number in range(8):
        call.append((0.25 * number, inputs.Arrived(0.25 * number, note_on(0, 60 + number, 80))))
        call.append((0.25 * number + 0.2, inputs.Arrived(0.25 * number + 0.2, note_off(0, 60 + number))))
    offline.run(call, 2.0)
    offline.do(inputs.TakeOver())
    _until(offline, settled // 2)
    early = _until(offline, settled - settled // 2)
    begun = _resident()
    _until(offline, notes - notes // 10)
    late = _until(offline, notes // 10)
    ended = _resident()
    return {
        "rss_growth_mb": None if begun is None or ended is None else ended - begun,
        "rss_growth_notes": notes,
        "endless_note_ms_early": 1000 * early,
        "endless_note_ms_late": 1000 * late,
    }


def _resident() -> float | None:
    gc.collect()
    return memory_of.resident_mb([os.getpid()])


def _until(offline: Offline, notes: int) -> float:
    """Go on until so many more notes were played; seconds of computing for each."""
    played = 0
    begun = time.perf_counter()
    while played < notes:
        offline.run((), offline.now + _STRETCH_SECONDS)
        played += sum(isinstance(told, outputs.Play) for told in offline.told)
        # These lists are the listener's, not the jam's.
        offline.told.clear()
        offline.heard.clear()
        if offline.jam.turn is None:
            raise RuntimeError("the endless answer ended")
    return (time.perf_counter() - begun) / played
