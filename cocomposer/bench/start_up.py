"""How long after its start the engine's ports are open and its composer ready. The machine's MIDI system is used
where there is one."""

import statistics
import time
from typing import Any, Final

from cocomposer.bench import memory_of
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.runtime.front_end import EngineProcess
from cocomposer.runtime.news import Lost, Opened, Options, Ready

STARTS: Final = 3
_PATIENCE_SECONDS: Final = 60.0


def measure(subject: Subject) -> dict[str, Any]:
    """Seconds from the spawn of the engine's process; medians of a few starts. Memory right after it is ready."""
    opened: list[float] = []
    ready: list[float] = []
    midi = ""
    resident = proportional = None
    for _ in range(subject.amount(STARTS, 1)):
        begun = time.perf_counter()
        engine = EngineProcess(Options(bundle=str(subject.bundle), provider=subject.provider))
        try:
            while True:
                news = engine.news(_PATIENCE_SECONDS)
                if isinstance(news, Opened):
                    opened.append(news.at_seconds - begun)
                    midi = news.midi
                elif isinstance(news, Ready):
                    ready.append(news.at_seconds - begun)
                    pids = (engine.pid, news.composer_pid)
                    resident, proportional = memory_of.resident_mb(pids), memory_of.proportional_mb(pids)
                    break
                elif isinstance(news, Lost):
                    raise NotMeasured(news.sentence)
                elif news is None:
                    raise NotMeasured("The engine did not get ready in time; run cocomposer doctor.")
        finally:
            engine.close()
    return {
        "ports_open_s": statistics.median(opened),
        "ready_s": statistics.median(ready),
        "ready_s_max": max(ready),
        "midi": midi,
        "rss_ready_mb": resident,
        "pss_ready_mb": proportional,
    }
