"""What one drawn note costs the composer, in a process of its own beside one that paints, as in a jam.

Everything that a note costs is in it: drawing all fields, one step of the backbone, and the composer's own
bookkeeping. Notes are drawn a few at a time with pauses, as a jam asks for them, so caches are as cold as there.
"""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import numpy as np

from cocomposer.bench.lateness import paint
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.generation.request import Ask, Drawn, Hear, Hearing, Wish
from cocomposer.generation.worker import Worker
from cocomposer.music.note import Note
from cocomposer.runtime.composer_process import load_model, spare_model

CONTEXT_NOTES: Final = 512
BURST_NOTES: Final = 10
_PAUSE_SECONDS: Final = 0.02
NOTES: Final = 600
NOTES_QUICK: Final = 150
EARLY_NOTE: Final = 600
LATE_NOTE: Final = 5000
LATE_NOTE_QUICK: Final = 900
AROUND: Final = 200
_ENDLESS_TICKS: Final = 1 << 40


def measure(subject: Subject) -> dict[str, Any]:
    """Milliseconds a note at a full context, and the cost of a late note of an endless turn against an early one."""
    late_note = subject.amount(LATE_NOTE, LATE_NOTE_QUICK)
    subject.tell(f"  up to note {late_note} of an endless turn")
    spawn = multiprocessing.get_context("spawn")
    hear, tell = spawn.Pipe(duplex=False)
    arguments = (tell, str(subject.bundle), subject.provider, subject.amount(NOTES, NOTES_QUICK), late_note)
    children = [
        spawn.Process(target=_compose, args=arguments, name="composer", daemon=True),
        spawn.Process(target=paint, name="paint", daemon=True),
    ]
    try:
        for child in children:
            child.start()
        tell.close()
        try:
            figures: dict[str, Any] | str = hear.recv()
        except EOFError:
            raise NotMeasured("The composer's process ended by itself; run cocomposer doctor.") from None
    finally:
        for child in children:
            if child.pid is not None:
                child.kill()
                child.join()
        hear.close()
    if isinstance(figures, str):
        raise NotMeasured(figures)
    return figures


def _compose(tell: Connection, bundle: str, provider: str, notes: int, late_note: int) -> None:
    try:
        early, late = (_drawing(Path(bundle), provider) for _ in range(2))
        figures = {**at_full_context(early, notes), **growth(early, late, notes, late_note)}
    except (ValueError, RuntimeError) as error:
        tell.send(str(error))
        return
    tell.send(figures)


def _drawing(bundle: Path, provider: str) -> Worker:
    """A composer in an endless turn after a full context, with nothing drawn yet."""
    model, _ = load_model(bundle, provider)
    worker = Worker(model, lambda: spare_model(bundle))
    begin(worker)
    return worker


def begin(worker: Worker, context_notes: int = CONTEXT_NOTES) -> None:
    """Let it hear `context_notes` notes and begin an endless turn."""
    heard = tuple(Note(12 * n, 48 + n * 7 % 31, 10, 60 + n % 40) for n in range(context_notes))
    hearing = Hearing(0, heard, Wish(1, 1, 0).metre, "performed")
    worker.take(Hear(hearing))
    wish = Wish(turn=1, seed=1, earliest_tick=heard[-1].onset_tick + 12, style="performed")
    worker.take(Ask(1, hearing, wish, _ENDLESS_TICKS))
    while not draw(worker):
        pass


def draw(worker: Worker) -> int:
    """One piece of work; how many notes came of it. RuntimeError if the model failed."""
    replies = worker.work()
    if not all(hasattr(reply, "notes") for reply in replies):
        raise RuntimeError("The model failed while it was measured; run cocomposer doctor.")
    return sum(len(reply.notes) for reply in replies if isinstance(reply, Drawn))


def _timed(worker: Worker, notes: int, pause: Callable[[], None]) -> list[tuple[float, float]]:
    """(seconds, of these on the processor) of each of so many notes, drawn in bursts."""
    costs = []
    for number in range(notes):
        if number % BURST_NOTES == 0:
            pause()
        begun, worked = time.perf_counter(), time.process_time()
        draw(worker)
        costs.append((time.perf_counter() - begun, time.process_time() - worked))
    return costs


def _pause() -> None:
    time.sleep(_PAUSE_SECONDS)


def at_full_context(worker: Worker, notes: int, pause: Callable[[], None] = _pause) -> dict[str, float]:
    """Quantiles in ms of `notes` notes drawn in bursts; `note_cpu_ms` leaves out the waits for a free processor."""
    milliseconds, worked = 1000 * np.asarray(_timed(worker, notes, pause)).T
    return {
        "note_cpu_ms_p50": float(np.quantile(worked, 0.5)),
        "note_cpu_ms_p99": float(np.quantile(worked, 0.99)),
        "note_ms_p50": float(np.quantile(milliseconds, 0.5)),
        "note_ms_p99": float(np.quantile(milliseconds, 0.99)),
        "note_ms_max": float(milliseconds.max()),
    }


def growth(
    early: Worker, late: Worker, drawn: int, late_note: int, pause: Callable[[], None] = _pause
) -> dict[str, float]:
    """Median cost around the late note against that around note 600, by turns, so that a busy machine slows both.

    `early` has drawn `drawn` notes, `late` none.
    """
    for _ in range(EARLY_NOTE - AROUND // 2 - drawn):
        draw(early)
    for _ in range(late_note - AROUND // 2):
        draw(late)
    costs: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for _ in range(AROUND // BURST_NOTES):
        costs[0].extend(_timed(early, BURST_NOTES, pause))
        costs[1].extend(_timed(late, BURST_NOTES, pause))
    early_ms, late_ms = (1000 * float(np.median([seconds for seconds, _ in part])) for part in costs)
    return {"note_cost_growth": late_ms / early_ms, "note_ms_at_600": early_ms, "note_ms_late": late_ms}
