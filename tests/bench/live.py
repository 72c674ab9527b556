"""Hand-made live answers, for judging them without an engine."""

from collections.abc import Iterable

from cocomposer.bench.daw_clock import Beat
from cocomposer.bench.live_answer import LiveAnswer, PlayedOut
from cocomposer.jam.outputs import Mode
from cocomposer.runtime.news import Status

BEAT = Beat(0.0, 60.0, 120.0, 120.0)


def answer_of(
    notes: Iterable[tuple[float, float | None, bool]],
    planned_ahead: Iterable[tuple[float, float]] = (),
    last_beat: float | None = None,
) -> LiveAnswer:
    """At 120 BPM: (beat, seconds late or None if it never went out, fallback) of each note, and (seconds, seconds
    planned ahead) of each status."""
    played = []
    for beat, late, fallback in notes:
        due = BEAT.seconds_at(beat)
        played.append(PlayedOut(round(48 * beat), due, None if late is None else due + late, due, fallback))
    statuses = [
        Status(at, Mode.ANSWERING, 120.0, "clock", True, 0.0, True, {"lateness_ms_p99": 0.1}, 0, 0, "none", planned)
        for at, planned in (*planned_ahead, (1000.0, 1.0))
    ]
    first = BEAT.beat_at(played[0].true_seconds)
    last = BEAT.beat_at(played[-1].true_seconds) + 1 if last_beat is None else last_beat
    return LiveAnswer(BEAT, first, last, tuple(played), tuple(statuses), None, statuses[-1])
