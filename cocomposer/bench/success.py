"""StreamMUSE's question: at how many beats was there something to play in time? An endless answer of the real engine
on a DAW's clock at 120 and 180 BPM.

A beat is served if an answer note begins in it and goes out in time, or if it is a rest that the plan knew of:
the plan reached on. What the fallback plays counts as served, and is told apart as what it is.
"""

from typing import Any, Final

from cocomposer.bench.daw_clock import Beat
from cocomposer.bench.live_answer import LiveAnswer, live_answer
from cocomposer.bench.subject import Subject

TEMPI: Final = (120, 180)
SECONDS: Final = 30.0
SECONDS_QUICK: Final = 6.0
SECONDS_ALL: Final = 180.0
JITTER_SECONDS: Final = 0.001
IN_TIME_SECONDS: Final = 0.02
"""A note that goes out later than this after its due moment is not in time."""
_PLANNED_SECONDS: Final = 0.1
_STATUS_NEAR_SECONDS: Final = 0.6


def measure(subject: Subject) -> dict[str, Any]:
    """Shares of beats served, at each tempo, and of those served by the model."""
    seconds = SECONDS_ALL if subject.everything else subject.amount(SECONDS, SECONDS_QUICK)
    figures: dict[str, Any] = {}
    for bpm in TEMPI:
        subject.tell(f"  {seconds:.0f} s at {bpm} BPM")
        answer = live_answer(subject, Beat(0.0, seconds, bpm, bpm), JITTER_SECONDS)
        served, by_model, beats = served_beats(answer)
        figures |= {
            f"success_{bpm}": served / beats,
            f"model_share_{bpm}": by_model / beats,
            f"success_beats_{bpm}": beats,
            f"success_notes_{bpm}": len(answer.notes),
            f"live_lateness_ms_p99_{bpm}": answer.status.lateness["lateness_ms_p99"],
        }
    return figures


def served_beats(answer: LiveAnswer) -> tuple[int, int, int]:
    """(served, of these by the model alone, all) of the whole beats from the answer's first to its last."""
    first, last = round(answer.first_beat), int(answer.last_beat)
    in_time: dict[int, list[bool]] = {}
    missed: set[int] = set()
    for note in answer.notes:
        beat = int(answer.beat.beat_at(note.true_seconds) + 1e-6)
        if note.sent_seconds is not None and note.sent_seconds - note.on_seconds <= IN_TIME_SECONDS:
            in_time.setdefault(beat, []).append(note.fallback)
        else:
            missed.add(beat)
    served = by_model = 0
    for beat in range(first, last):
        if beat in in_time:
            served += 1
            by_model += not any(in_time[beat]) and beat not in missed
        elif beat not in missed and _is_planned_rest(answer, beat):
            served += 1
            by_model += 1
    return served, by_model, max(1, last - first)


def _is_planned_rest(answer: LiveAnswer, beat: int) -> bool:
    """Whether all that the engine said of its plan around this beat shows that it reached on."""
    middle = answer.beat.seconds_at(beat + 0.5)
    near = [status for status in answer.statuses if abs(status.at_seconds - middle) <= _STATUS_NEAR_SECONDS]
    return bool(near) and all(status.planned_ahead_seconds >= _PLANNED_SECONDS for status in near)
