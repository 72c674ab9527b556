"""How far answer notes lie from the true beat of a DAW whose clock jitters by ±5 ms and whose tempo moves.

Two parts. On a virtual clock, ten minutes with a ramp from 90 to 130 BPM: due moment of each note against the true
beat (what clock follower and jam do). In real time, a stretch of the same ramp through the real engine: moment of
sending against the true beat (what the threads add). The figure is the worse of the two: the real stretch itself,
and the ten minutes with the lateness measured in the stretch added at random.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.bench.daw_clock import Beat, axis_offset, true_seconds
from cocomposer.bench.live_answer import live_answer
from cocomposer.bench.plain_model import PlainModel
from cocomposer.bench.subject import Subject
from cocomposer.generation.request import ComposerReady
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.settings import Entry, Length, Settings
from cocomposer.music.message import note_off, note_on
from cocomposer.runtime.offline import Offline

SECONDS: Final = 600.0
RAMP: Final = (90.0, 130.0)
JITTER_SECONDS: Final = 0.005
LIVE_SECONDS: Final = 30.0
LIVE_SECONDS_QUICK: Final = 6.0
SECONDS_QUICK: Final = 150.0
STEEP_SECONDS: Final = 60.0
"""The same ramp in one minute, as a warning of where it gets hard."""
_MINUTE: Final = 60.0

Floats = NDArray[np.float64]


def measure(subject: Subject) -> dict[str, Any]:
    """Errors in ms, early ones negative; p99 of their absolute values; drift over the ten minutes."""
    virtual = subject.amount(SECONDS, SECONDS_QUICK)
    subject.tell(f"  {virtual:.0f} virtual seconds")
    moments, due = virtual_errors(Beat(1.0, virtual, *RAMP))
    _, steep = virtual_errors(Beat(1.0, STEEP_SECONDS, *RAMP))
    seconds = SECONDS if subject.everything else subject.amount(LIVE_SECONDS, LIVE_SECONDS_QUICK)
    subject.tell(f"  {seconds:.0f} real seconds")
    middle, slope = sum(RAMP) / 2, (RAMP[1] - RAMP[0]) / SECONDS
    stretch = Beat(0.0, seconds, middle - slope * seconds / 2, middle + slope * seconds / 2)
    answer = live_answer(subject, stretch, JITTER_SECONDS)
    sent = [note for note in answer.notes if note.sent_seconds is not None]
    live = np.asarray([note.sent_seconds - note.true_seconds for note in sent if note.sent_seconds is not None])
    late = np.asarray([note.sent_seconds - note.on_seconds for note in sent if note.sent_seconds is not None])
    together = due + np.random.default_rng(1).choice(late, len(due))
    last = moments > moments[-1] - _MINUTE
    first = moments < moments[0] + _MINUTE
    return {
        "beat_error_ms_p99": max(p99_ms(together), p99_ms(live)),
        "beat_drift_ms": 1000 * float(due[last].mean() - due[first].mean()),
        "beat_drift_ms_per_minute": 1000 * _MINUTE * float(np.polyfit(moments, due, 1)[0]),
        "beat_due_error_ms_p99": p99_ms(due),
        "beat_due_error_ms_mean": 1000 * float(due.mean()),
        "beat_due_error_ms_p99_steep": p99_ms(steep),
        "beat_live_error_ms_p99": p99_ms(live),
        "beat_live_error_ms_mean": 1000 * float(live.mean()),
        "beat_live_lateness_ms_p99": p99_ms(late),
        "beat_virtual_notes": len(due),
        "beat_live_notes": len(live),
        "beat_live_seconds": seconds,
    }


def p99_ms(errors: Floats) -> float:
    """99 % of the errors (seconds) are at most this big, in ms."""
    return 1000 * float(np.quantile(np.abs(errors), 0.99))


def virtual_errors(beat: Beat, jitter_seconds: float = JITTER_SECONDS) -> tuple[Floats, Floats]:
    """[notes] when each note of an endless answer was due and how far that was from its true beat, in seconds."""
    jam = Jam(Settings(entry=Entry.BAR, length=Length.ENDLESS))
    offline = Offline(jam, Worker(PlainModel(), _no_spare))
    offline.begin()
    call = [(beat.seconds_at(1.0), note_on(0, 60, 80)), (beat.seconds_at(1.5), note_off(0, 60))]
    script = sorted(beat.clocks(jitter_seconds) + call)
    events: list[tuple[float, inputs.Input]] = [(at, inputs.Arrived(at, data)) for at, data in script]
    events.append((beat.seconds_at(3.2), inputs.TakeOver()))
    events.sort(key=lambda event: event[0])
    offline.run(events, beat.from_seconds + beat.seconds)
    plays = [told for told in offline.told if isinstance(told, outputs.Play)]
    offset = axis_offset(plays[0].note.onset_tick, plays[0].on_seconds, beat)
    due = np.asarray([play.on_seconds for play in plays])
    true = np.asarray([true_seconds(play.note.onset_tick, offset, beat) for play in plays])
    return due, due - true


def _no_spare() -> tuple[PlainModel, ComposerReady]:
    return PlainModel(), ComposerReady("none", "plain", "The plain model begins anew.")
