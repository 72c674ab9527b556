"""`python -m ui.bench NAME …`: measures, on this machine, what the window promises; one file a figure.

The window needs a display; QT_QPA_PLATFORM=offscreen does without one.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtWidgets import QApplication

from ui.bench import paint
from ui.theme import DARK, put_on

SECONDS: Final = 60.0
MEASUREMENTS: Final[dict[str, Callable[[float], dict[str, Any]]]] = {
    "paint": paint.measure,
}
"""Name → what measures it, given how long it may take (seconds)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One promised figure."""

    key: str
    words: str
    most: float | None = None
    """What is to be reached; None: it is printed, nothing is promised."""


FIGURES: Final = (
    Figure("paint_ms_p50", "paint of the roll, 4,000 notes in sight, whole each frame, ms, median"),
    Figure("paint_ms_p99", "... 99 %", 8.0),
    Figure("paint_ms_max", "... longest"),
    Figure("paint_frame_interval_ms_p50", "... from frame to frame, ms, median"),
    Figure("paint_frame_interval_ms_p99", "... 99 %"),
    Figure("paint_frame_interval_ms_max", "... longest"),
    Figure("paint_frames_over_33_ms", "... frames over 33 ms", 0),
    Figure("paint_following_ms_p50", "the same, following the playhead at the usual scale, ms, median"),
    Figure("paint_following_ms_p99", "... 99 %", 8.0),
    Figure("paint_following_frames_over_33_ms", "... frames over 33 ms", 0),
)


def table(figures: Mapping[str, Any]) -> str:
    """For people: measured, to be reached, and whether it is."""
    shown = [figure for figure in FIGURES if figure.key in figures]
    width = max((len(figure.words) for figure in shown), default=0)
    lines = []
    for figure in shown:
        value = figures[figure.key]
        wanted = "" if figure.most is None else f"<= {figure.most:g}"
        verdict = "" if figure.most is None else "yes" if value <= figure.most else "NO"
        lines.append(f"{figure.words:{width}}  {value:9.2f}  {wanted:>7}  {verdict}".rstrip())
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Measure what is named, or everything; 0 if all that was promised was reached."""
    parser = argparse.ArgumentParser(prog="python -m ui.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each may take")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in MEASUREMENTS]
    if unknown:
        parser.error(f"nothing measures {', '.join(unknown)}; there is {', '.join(MEASUREMENTS)}")
    application = QApplication.instance() or QApplication(["cocomposer"])
    assert isinstance(application, QApplication)
    put_on(application, DARK)
    figures: dict[str, Any] = {"platform": application.platformName()}
    for name in options.names or MEASUREMENTS:
        figures |= MEASUREMENTS[name](options.seconds)
    print(table(figures))
    if options.json:
        print(json.dumps(figures))
    promised = [figure for figure in FIGURES if figure.most is not None and figure.key in figures]
    return 0 if all(figures[figure.key] <= figure.most for figure in promised) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
