"""The figures that the product promises: their keys, what is to be reached, and the table that shows both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Figure:
    """One promised figure."""

    key: str
    words: str
    reach: float | str | None
    """The limit; the key of another figure that is the limit; None: it is printed, nothing is promised."""
    at_least: bool = False
    """The limit is a lower one."""

    def limit(self, figures: Mapping[str, Any]) -> float | None:
        """The limit, where there is one."""
        return figures.get(self.reach) if isinstance(self.reach, str) else self.reach

    def reached(self, figures: Mapping[str, Any]) -> bool | None:
        """Whether it is reached; None if nothing is promised or one of the two was not measured."""
        value, limit = figures.get(self.key), self.limit(figures)
        if value is None or limit is None:
            return None
        return bool(value >= limit if self.at_least else abs(value) <= limit)


FIGURES: Final = (
    Figure("note_ms_p50", "model cost of a note at 512 notes of context, ms, median", 3.0),
    Figure("note_ms_p99", "... 99 %", 6.0),
    Figure("note_cost_growth", "cost of note 5,000 of an endless answer against note 600", 1.1),
    Figure("lateness_ms_p50", "playback lateness at the send call, ms, median", 0.3),
    Figure("lateness_ms_p99", "... 99 %", 1.0),
    Figure("lateness_ms_p999", "... 99.9 %", 4.0),
    Figure("lateness_ms_max", "... maximum", None),
    Figure("lateness_plain_ms_p50", "... without real-time priority, median", None),
    Figure("lateness_plain_ms_p99", "... 99 %", None),
    Figure("lateness_plain_ms_p999", "... 99.9 %", None),
    Figure("lateness_plain_ms_max", "... maximum", None),
    Figure("first_note_ms_p50", "phrase judged over to first note on the wire, ms, median", 30.0),
    Figure("first_note_ms_p99", "... 99 %", 60.0),
    Figure("turn_gap_s_p50", "last note-off to first answer note in free mode, s, median", 0.40),
    Figure("false_endings", "phrases judged over too early (reach: as a fixed wait)", "false_endings_fixed_1s"),
    Figure("false_endings_fixed_1s", "... with a fixed wait of 1.0 s", None),
    Figure("beat_error_ms_p99", "answer's onsets against the DAW's true beat, ms, 99 %", 2.0),
    Figure("beat_drift_ms", "... drift within ten minutes, ms", 0.5),
    Figure("success_120", "share of beats with something playable in time at 120 BPM", 0.999, at_least=True),
    Figure("success_180", "... at 180 BPM", 0.999, at_least=True),
    Figure("ports_open_s", "ports open after start, s", 1.5),
    Figure("ready_s", "ready to answer after start, s", 4.0),
    Figure("suggest_ms_p50", "a question about the next chord answered, ms, median", None),
    Figure("suggest_ms_p99", "... 99 %", 20.0),
    Figure("suggest_cpu_ms_p99", "... on the processor, 99 %", None),
    Figure("harmony_ms_p50", "update of the harmony that is heard, ms, median", None),
    Figure("harmony_ms_p99", "... 99 %", 1.0),
    Figure("harmony_cpu_ms_p99", "... on the processor, 99 %", None),
    Figure("rss_mb", "memory of engine and composer together, MB", 500.0),
    Figure("rss_growth_mb", "... growth over 10,000 notes, MB", 5.0),
)


def table(figures: Mapping[str, Any]) -> str:
    """For people: measured, to be reached, and whether it is."""
    width = max(len(figure.words) for figure in FIGURES)
    lines = [f"{'':{width}}  {'measured':>9}  {'reach':>8}"]
    for figure in FIGURES:
        if figure.key not in figures:
            continue
        value, limit, reached = figures[figure.key], figure.limit(figures), figure.reached(figures)
        shown = "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
        wanted = "" if limit is None else f"{'>=' if figure.at_least else '<='} {limit:g}"
        verdict = {True: "yes", False: "NO", None: ""}[reached]
        lines.append(f"{figure.words:{width}}  {shown:>9}  {wanted:>8}  {verdict}".rstrip())
    return "\n".join(lines)
