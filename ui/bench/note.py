"""How long after a key is struck its note is on the screen: while nothing else happens, and while the machine answers.

The real program; the keys arrive at the engine from a process of their own, stamped as a driver stamps them. Measured
until the frame that shows the note was given to the screen; what the monitor itself takes comes on top.
"""

import random
import statistics
import time
from typing import Any, Final

from cocomposer.adapters.places import default_bundle
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.music.message import note_off, note_on
from cocomposer.runtime import news as told
from cocomposer.runtime.joining import EngineLink
from ui.bench.options import NotMeasured, Options
from ui.bench.surroundings import PATIENCE_SECONDS, Surroundings, screen, settled

NOTES: Final = 100
"""In each of the two states."""
NOTES_QUICK: Final = 12
GAPS_SECONDS: Final = (0.06, 0.4)
HELD_SECONDS: Final = 0.04
PITCHES: Final = range(30, 52)
"""Below all that the machine plays here, so that none of them is taken for an echo."""
SETTINGS: Final[dict[str, Any]] = {
    "answer": False, "length": "endless", "entry": "free", "interruptible": False, "lowest_pitch": 60,
    "register_reach": 127,
}  # fmt: skip
_LAST_SECONDS: Final = 1.0

Struck = list[tuple[float, int]]
"""(at_seconds, pitch) in order."""


def measure(options: Options) -> dict[str, float]:
    """Milliseconds from stroke to frame."""
    count = options.amount(NOTES, NOTES_QUICK)
    bundle = options.bundle or str(default_bundle())
    chance = random.Random(1)
    with screen() as shown_on, Surroundings(shown_on, settled(**SETTINGS)) as surroundings:
        surroundings.open_window("--midi", "virtual", "--bundle", bundle)
        surroundings.report("ready")
        link = surroundings.join(told.Options(bundle))
        try:
            rest = _play(link, count, chance)
            link.send(inputs.TakeOver())
            wait_for_mode(link, Mode.ANSWERING)
            answer = _play(link, count, chance)
            pass_time(link, _LAST_SECONDS)
        finally:
            link.close()
        report = surroundings.close_window()
    shown = [(float(at), int(pitch)) for at, pitch in report["notes"]]
    if [pitch for _, pitch in shown] != [pitch for _, pitch in (*rest, *answer)]:
        raise NotMeasured(f"{len(rest) + len(answer)} notes were played and {len(shown)} others were shown.")
    waits = [1000 * (at - struck) for (at, _), (struck, _) in zip(shown, (*rest, *answer), strict=True)]
    figures = _figures("note_rest", waits[: len(rest)]) | _figures("note_answer", waits[len(rest) :])
    options.tell(f"{len(waits)} notes, of which the slowest took {max(waits):.1f} ms")
    return figures


def _figures(key: str, waits: list[float]) -> dict[str, float]:
    hundredths = statistics.quantiles(waits, n=100, method="inclusive")
    return {
        f"{key}_ms_p50": statistics.median(waits),
        f"{key}_ms_p99": hundredths[98],
        f"{key}_ms_max": max(waits),
    }


def _play(link: EngineLink, count: int, chance: random.Random) -> Struck:
    """Strike keys at random moments."""
    struck: Struck = []
    for _ in range(count):
        pitch = chance.choice(PITCHES)
        pass_time(link, chance.uniform(*GAPS_SECONDS))
        at = time.perf_counter()
        link.send(inputs.Arrived(at, note_on(0, pitch, 90)))
        struck.append((at, pitch))
        pass_time(link, HELD_SECONDS)
        link.send(inputs.Arrived(time.perf_counter(), note_off(0, pitch)))
    return struck


def pass_time(link: EngineLink, seconds: float) -> None:
    """Let time pass, and read what the engine tells meanwhile: a front end that does not is hung up on."""
    ends_at = time.perf_counter() + seconds
    while (left := ends_at - time.perf_counter()) > 0:
        link.news(left)


def wait_for_mode(link: EngineLink, mode: Mode) -> None:
    """Until the jam comes to this mode; NotMeasured if it does not."""
    ends_at = time.perf_counter() + PATIENCE_SECONDS
    while (left := ends_at - time.perf_counter()) > 0:
        news = link.news(left)
        if isinstance(news, outputs.ModeChanged) and news.mode is mode:
            return
    raise NotMeasured(f"The jam does not come to {mode}.")
