"""What painting the roll costs while one jams: the real panel in a window, 4,000 notes in sight, sixty frames a second.

Each frame is painted whole, whether it differs or not: the worst that can be asked of it. Shorter beside it, the usual
case: the roll follows the playhead through the same notes at its usual scale.
"""

import os
import sys
import time
from typing import Final

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from cocomposer.document.timeline import Timeline
from cocomposer.music.note import Note
from ui.bench.options import Options
from ui.bench.scripted_jam import ScriptedJam
from ui.presenters.roll_time import TICKS_PER_SECOND
from ui.presenters.session import Session
from ui.theme import DARK, put_on
from ui.widgets.roll import RollPanel

NOTES: Final = 4000
WIDTH, HEIGHT = 1600, 900
SECONDS: Final = 60.0
SECONDS_QUICK: Final = 5.0
LEAST_SECONDS: Final = 20.0
"""So much music the notes are spread over at least."""
PAST_TURN: Final = 0
"""A turn that the script does not know."""
FRAME_MS: Final = 16
TOO_LONG_MS: Final = 33.0
NOTES_SEED: Final = 7
FOLLOWING_SHARE: Final = 0.25
"""Of the time, for the usual case."""


class TimedRoll(RollPanel):
    """Notes when it was painted, how long that took, and how much of it the processor worked on it."""

    def __init__(self) -> None:
        super().__init__()
        self.paint_ms: list[float] = []
        self.processor_ms: list[float] = []
        self.painted_at: list[float] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        begun, worked = time.perf_counter(), time.thread_time()
        super().paintEvent(event)
        self.processor_ms.append((time.thread_time() - worked) * 1e3)
        self.paint_ms.append((time.perf_counter() - begun) * 1e3)
        self.painted_at.append(begun)


def filled(timeline: Timeline, notes: int, ticks: int) -> None:
    """Lay notes of both players over the first `ticks`, as a long jam would have left them."""
    chance = np.random.default_rng(NOTES_SEED)
    answer = []
    for place, onset in enumerate(np.sort(chance.integers(0, ticks, notes)).tolist()):
        pitch, length = int(chance.integers(36, 97)), int(chance.integers(10, 60))
        velocity = int(chance.integers(20, 127))
        if place % 2:
            timeline.heard(pitch, velocity, 1, float(onset))
            timeline.released(pitch, 1, float(onset + length))
        else:
            answer.append(Note(onset, pitch, length, velocity, 1))
            timeline.played(PAST_TURN, answer[-1], fallback=place % 40 == 0)
    timeline.turn_over(PAST_TURN, answer)


def measure(options: Options) -> dict[str, float]:
    """Figures of a minute at the worst, and of a quarter of it following; on no screen where there is none."""
    if not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ) and sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["cocomposer"])
    if isinstance(application, QApplication):
        put_on(application, DARK)
    seconds = options.stretch(SECONDS, SECONDS_QUICK)
    panel = TimedRoll()
    panel.setWindowTitle("cocomposer: what painting costs")
    panel.resize(WIDTH, HEIGHT)
    panel.show()
    ratio = panel.devicePixelRatioF()
    options.tell(f"{NOTES} notes, {panel.width()} × {panel.height()} at {ratio:g}, {seconds:.0f} s")
    figures = {f"paint_{key}": value for key, value in _run(panel, seconds, following=False).items()}
    usual = _run(panel, max(1.0, seconds * FOLLOWING_SHARE), following=True)
    figures |= {f"paint_following_{key}": value for key, value in usual.items()}
    panel.close()
    panel.deleteLater()
    return figures | {"paint_ratio": ratio}


def _run(panel: TimedRoll, seconds: float, following: bool) -> dict[str, float]:
    session = Session()
    jam = ScriptedJam(time.perf_counter())
    for news in jam.beginning():
        session.take_in(news)
    session.document.join("scripted", "", 0)
    filled(session.document.timeline, NOTES, round(max(LEAST_SECONDS, seconds) * TICKS_PER_SECOND))
    frame_ms: list[float] = []
    ended = QEventLoop()

    def frame() -> None:
        begun = time.perf_counter()
        for news in jam.news(begun):
            session.take_in(news)
        panel.refresh(session, begun)
        if not following:
            panel.update()
        frame_ms.append((time.perf_counter() - begun) * 1e3)

    frame()
    if not following:
        panel.set_follow(False)
        panel.zoom_fit()
    else:
        panel.roll.zoom(0.75 / panel.roll.viewport.pixels_per_tick * panel.devicePixelRatioF(), 0)
        panel.set_follow(True)
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(frame)
    timer.start(FRAME_MS)
    # The first frames lay out all notes; they count as the rest does.
    panel.paint_ms.clear()
    panel.processor_ms.clear()
    panel.painted_at.clear()
    QTimer.singleShot(round(seconds * 1e3), ended.quit)
    ended.exec()
    timer.stop()
    paint, between = np.array(panel.paint_ms), np.diff(panel.painted_at) * 1e3
    return {
        "ms_p50": float(np.median(paint)),
        "ms_p99": float(np.percentile(paint, 99)),
        "ms_max": float(paint.max()),
        "processor_ms_p50": float(np.median(panel.processor_ms)),
        "processor_ms_p99": float(np.percentile(panel.processor_ms, 99)),
        "refresh_ms_p99": float(np.percentile(frame_ms, 99)),
        "frames": float(len(paint)),
        "frame_interval_ms_p50": float(np.median(between)),
        "frame_interval_ms_p99": float(np.percentile(between, 99)),
        "frame_interval_ms_max": float(between.max()),
        "frames_over_33_ms": float((between > TOO_LONG_MS).sum()),
    }
