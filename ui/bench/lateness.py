"""Whether an open and busy window makes the music late: the same jam with it and without it, in turns.

The engine is the real one, in its own process, and tells itself how late each message went out. In one half of the
jam it answers without end; in the other it plays a dense take while the composer draws alternatives and keys are
struck. The window shows thousands of notes and paints as often as it ever does.
"""

import itertools
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cocomposer.adapters.places import default_bundle
from cocomposer.jam import inputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import note_off, note_on
from cocomposer.music.note import Note
from cocomposer.runtime import news as told
from cocomposer.runtime.joining import EngineLink
from cocomposer.runtime.news import LATENESS_EDGES_MS
from ui.bench.note import pass_time, wait_for_mode
from ui.bench.options import NotMeasured, Options
from ui.bench.surroundings import PATIENCE_SECONDS, Surroundings, screen, settled

SECONDS: Final = 60.0
SECONDS_QUICK: Final = 4.0
ROUNDS: Final = 2
"""Runs of each kind: without, with, without, with."""
CROWD: Final = 4000
SETTINGS: Final[dict[str, Any]] = {
    "answer": False, "length": "endless", "entry": "free", "interruptible": False, "lowest_pitch": 60,
    "register_reach": 127, "creativity": 1.2,
}  # fmt: skip
TAKE_BPM: Final = 120.0
TAKE_GAP_TICKS: Final = 2
"""From note to note of the dense take: some 20 ms, so that with its ends a message goes out every 10 ms."""
STROKE_SECONDS: Final = 0.2
PITCHES: Final = range(30, 52)
_REQUESTS: Final = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Run:
    """One jam."""

    lateness: dict[str, float]
    """As the engine's status tells it."""
    counts: tuple[int, ...]
    frames_per_second: float | None
    """Of the roll; None without a window."""


def measure(options: Options) -> dict[str, float]:
    """Milliseconds of lateness at the send call, with and without a window, with real-time priority and without it."""
    figures: dict[str, float] = {}
    for realtime, key in ((True, "lateness"), (False, "lateness_plain")):
        figures |= compare(options, realtime, key)
    return figures


def compare(options: Options, realtime: bool, key: str) -> dict[str, float]:
    """Both kinds of runs in turns. The difference is that of the medians of the runs; `noise` is how far runs of the
    same kind lie apart."""
    seconds = options.stretch(SECONDS, SECONDS_QUICK)
    runs: dict[bool, list[Run]] = {False: [], True: []}
    for number, window in itertools.product(range(options.amount(ROUNDS, 1)), (False, True)):
        run = jam(options, seconds, window, realtime, seed=number)
        runs[window].append(run)
        options.tell(f"{words(window, realtime)}: {shown(run)}")
    options.tell(histogram([words(False, realtime), words(True, realtime)], [added(runs[window]) for window in runs]))
    figures: dict[str, float] = {}
    for quantile in ("p50", "p99", "p999", "max"):
        values = {window: [run.lateness[f"lateness_ms_{quantile}"] for run in runs[window]] for window in runs}
        medians = {window: statistics.median(values[window]) for window in runs}
        noise = max(max(values[window]) - min(values[window]) for window in runs)
        figures |= {
            f"{key}_alone_ms_{quantile}": medians[False],
            f"{key}_window_ms_{quantile}": medians[True],
            f"{key}_noise_ms_{quantile}": noise,
        }
        options.tell(verdict(quantile, medians[True] - medians[False], noise))
    figures[f"{key}_messages"] = float(sum(sum(run.counts) for both in runs.values() for run in both))
    frames = [run.frames_per_second for run in runs[True] if run.frames_per_second is not None]
    return figures | {f"{key}_frames_per_second": statistics.median(frames)}


def verdict(quantile: str, difference: float, noise: float) -> str:
    """One plain sentence."""
    if difference <= noise:
        return f"{quantile}: no difference beyond that from run to run ({difference:+.3f} ms; runs: {noise:.3f} ms)"
    return f"{quantile}: {difference:.3f} ms later with the window (from run to run: {noise:.3f} ms)"


def words(window: bool, realtime: bool) -> str:
    """Which kind of run it was."""
    return f"{'window' if window else 'alone'}, {'real-time' if realtime else 'plain'}"


def shown(run: Run) -> str:
    """One line."""
    late = " ".join(f"{name} {run.lateness[f'lateness_ms_{name}']:.3f}" for name in ("p50", "p99", "p999", "max"))
    frames = "" if run.frames_per_second is None else f", {run.frames_per_second:.0f} frames a second"
    return f"{late} ms, {sum(run.counts)} messages{frames}"


def histogram(names: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Side by side, in shares of all messages."""
    lines = ["late by at most" + "".join(f"{name:>20}" for name in names)]
    for place, edge in enumerate((*LATENESS_EDGES_MS, None)):
        shares = [column[place] / max(1, sum(column)) for column in counts]
        label = "more" if edge is None else f"{edge:g} ms"
        lines.append(f"{label:>15}" + "".join(f"{100 * share:>18.2f} %" for share in shares))
    return "\n".join(lines)


def added(runs: Sequence[Run]) -> list[int]:
    """Their counts together."""
    return [sum(bins) for bins in zip(*(run.counts for run in runs), strict=True)]


def jam(options: Options, seconds: float, window: bool, realtime: bool, seed: int) -> Run:
    """One jam of this length with an engine of its own."""
    bundle = options.bundle or str(default_bundle())
    how = told.Options(bundle, midi="virtual", settings=changed(Settings(), SETTINGS), realtime=realtime)
    with screen() as shown_on, Surroundings(shown_on, settled(**SETTINGS)) as surroundings:
        link = surroundings.join(how)
        try:
            _wait_ready(link)
            begun = time.perf_counter()
            if window:
                surroundings.open_window(crowd=CROWD)
                while time.perf_counter() - begun < PATIENCE_SECONDS and not surroundings.reported("crowded"):
                    link.news(0.05)
                surroundings.report("crowded")
            began = time.perf_counter()
            status = _play(link, seconds, random.Random(seed))
            ended = time.perf_counter()
        finally:
            link.close()
        frames: list[float] = surroundings.close_window()["painted"] if window else []
    painted = sum(began <= moment < ended for moment in frames)
    return Run(status.lateness, status.lateness_counts, painted / (ended - began) if window else None)


def _play(link: EngineLink, seconds: float, chance: random.Random) -> told.Status:
    """The jam itself; how things stood at its end."""
    _strike(link, 2.0, chance)
    link.send(inputs.TakeOver())
    wait_for_mode(link, Mode.ANSWERING)
    pass_time(link, seconds / 2)
    link.send(inputs.StopAnswer())
    wait_for_mode(link, Mode.LISTENING)
    link.send(inputs.Audition("dense", dense_take(seconds / 2, chance), TAKE_BPM))
    for _ in range(round(seconds / 2 / 4) + 1):
        link.send(_alternative(chance))
    status = _strike(link, seconds / 2 + 1.0, chance)
    if status is None:
        raise NotMeasured("The engine told nothing of how things stand.")
    return status


def dense_take(seconds: float, chance: random.Random) -> tuple[Note, ...]:
    """Many short notes, evenly, no pitch before it ended."""
    ticks = round(seconds * TAKE_BPM / 60 * 48)
    return tuple(
        Note(tick, 60 + place % 30, chance.randint(2, 24), chance.randint(40, 110))
        for place, tick in enumerate(range(0, ticks, TAKE_GAP_TICKS))
    )


def _alternative(chance: random.Random) -> inputs.Imagine:
    phrase = tuple(Note(24 * place, chance.choice(PITCHES), 20, 90) for place in range(16))
    return inputs.Imagine(next(_REQUESTS), phrase, len(phrase), 384, 384 + 768, False, 0, 4, chance.randrange(2**31))


def _strike(link: EngineLink, seconds: float, chance: random.Random) -> told.Status | None:
    """Strike keys for so long, reading what the engine tells; the last status."""
    status = None
    ends_at = time.perf_counter() + seconds
    strokes_at, down = time.perf_counter(), None
    while (now := time.perf_counter()) < ends_at:
        if now >= strokes_at:
            if down is not None:
                link.send(inputs.Arrived(now, note_off(0, down)))
            down = chance.choice(PITCHES)
            link.send(inputs.Arrived(now, note_on(0, down, 90)))
            strokes_at = now + STROKE_SECONDS
        news = link.news(max(0.0, min(strokes_at, ends_at) - now))
        if isinstance(news, told.Status):
            status = news
    if down is not None:
        link.send(inputs.Arrived(ends_at, note_off(0, down)))
    return status


def _wait_ready(link: EngineLink) -> None:
    ends_at = time.perf_counter() + PATIENCE_SECONDS
    while (left := ends_at - time.perf_counter()) > 0:
        news: Any = link.news(left)
        if isinstance(news, told.Ready):
            return
        if isinstance(news, told.Lost):
            raise NotMeasured(news.sentence)
    raise NotMeasured("The model did not get ready in time; run cocomposer doctor.")
