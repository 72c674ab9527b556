"""What painting the roll costs while one jams: the real panel in a window, 4,000 notes in sight, sixty frames a second.

Each frame is painted whole, whether it differs or not: the worst that can be asked of it. Shorter beside it, the usual
case: the roll follows the playhead through the same notes at its usual scale.
"""

import time
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPaintEvent

from cocomposer.music.note import Note
from ui.bench.scripted_jam import ScriptedJam
from ui.presenters.session import Session
from ui.widgets.roll import RollPanel

NOTES: Final = 4000
WIDTH, HEIGHT = 1600, 900
FRAME_MS: Final = 16
TOO_LONG_MS: Final = 33.0
NOTES_SEED: Final = 7
FOLLOWING_SHARE: Final = 0.25
"""Of the time, for the usual case."""


class TimedRoll(RollPanel):
    """Notes when it was painted and how long that took."""

    def __init__(self) -> None:
        super().__init__()
        self.paint_ms: list[float] = []
        self.painted_at: list[float] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        begun = time.perf_counter()
        super().paintEvent(event)
        self.paint_ms.append((time.perf_counter() - begun) * 1e3)
        self.painted_at.append(begun)


def filled(session: Session, notes: int, ticks: int) -> None:
    """Lay notes of both players over the first `ticks`, as a long jam would have left them."""
    chance = np.random.default_rng(NOTES_SEED)
    timeline = session.document.timeline
    for place, onset in enumerate(np.sort(chance.integers(0, ticks, notes)).tolist()):
        pitch, length = int(chance.integers(36, 97)), int(chance.integers(10, 60))
        velocity = int(chance.integers(20, 127))
        if place % 2:
            timeline.heard(pitch, velocity, 1, float(onset))
            timeline.released(pitch, 1, float(onset + length))
        else:
            timeline.played(1, Note(onset, pitch, length, velocity, 1), fallback=place % 40 == 0)


def measure(seconds: float) -> dict[str, Any]:
    """Figures of `seconds` at the worst, and of a quarter of it following."""
    panel = TimedRoll()
    panel.setWindowTitle("cocomposer: what painting costs")
    panel.resize(WIDTH, HEIGHT)
    panel.show()
    figures = {f"paint_{key}": value for key, value in _run(panel, seconds, following=False).items()}
    usual = _run(panel, max(1.0, seconds * FOLLOWING_SHARE), following=True)
    figures |= {f"paint_following_{key}": value for key, value in usual.items()}
    figures |= {
        "paint_notes": NOTES,
        "paint_pixels": f"{panel.width()}x{panel.height()} at {panel.devicePixelRatioF():g}",
        "paint_seconds": seconds,
    }
    panel.close()
    panel.deleteLater()
    return figures


def _run(panel: TimedRoll, seconds: float, following: bool) -> dict[str, Any]:
    session = Session()
    jam = ScriptedJam(time.perf_counter())
    for news in jam.beginning():
        session.take_in(news)
    session.document.join("scripted", "", 0)
    filled(session, NOTES, max(2000, round(seconds * 96)))
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
    panel.painted_at.clear()
    QTimer.singleShot(round(seconds * 1e3), ended.quit)
    ended.exec()
    timer.stop()
    paint, between = np.array(panel.paint_ms), np.diff(panel.painted_at) * 1e3
    return {
        "ms_p50": float(np.median(paint)),
        "ms_p99": float(np.percentile(paint, 99)),
        "ms_max": float(paint.max()),
        "refresh_ms_p99": float(np.percentile(frame_ms, 99)),
        "frames": len(paint),
        "frame_interval_ms_p50": float(np.median(between)),
        "frame_interval_ms_p99": float(np.percentile(between, 99)),
        "frame_interval_ms_max": float(between.max()),
        "frames_over_33_ms": int((between > TOO_LONG_MS).sum()),
    }
