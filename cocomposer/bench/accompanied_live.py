"""The accompaniment through the real engine: a DAW's clock at 120 BPM, a player's chords, and when notes went out."""

import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from cocomposer.bench.accompanied import BPM, IN_TIME_SECONDS
from cocomposer.bench.daw_clock import Beat, axis_offset, true_seconds
from cocomposer.bench.studio import Studio
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.jam import outputs
from cocomposer.jam.settings import Accompaniment, Settings
from cocomposer.music.message import NOTE_ON, channel_of, kind_of, note_off, note_on
from cocomposer.music.ticks import TICKS_PER_BEAT

JITTER_SECONDS: Final = 0.001
_LEAD_SECONDS: Final = 1.0
_CHORDS: Final = ((50, 57, 60, 65), (43, 59, 62, 65), (48, 55, 60, 64), (48, 55, 60, 64))
_BAR: Final = 4


def measure_live(bundle: Path, seconds: float) -> dict[str, Any]:
    """Beats covered in time after the first bar, and how late notes were. NotMeasured if nothing was played along."""
    settings = Settings(answer=False, accompany=Accompaniment.CHORDS_BASS)
    with Studio(Subject(bundle), settings) as studio:
        studio.wait_ready()
        beat = Beat(time.perf_counter() + _LEAD_SECONDS, seconds, BPM, BPM)
        studio.play(sorted(beat.clocks(JITTER_SECONDS) + _player(beat), key=lambda event: event[0]))
        ends = beat.from_seconds + seconds
        told = list(studio.news_until(ends))
        heard = studio.heard()
    plans = {one.note_id: one for one in told if isinstance(one, outputs.Accompany)}
    moved = [one for one in told if isinstance(one, outputs.EndMoved) and one.note_id in plans]
    withdrawn = {one.note_id for one in moved if one.off_seconds <= plans[one.note_id].on_seconds}
    if not plans:
        raise NotMeasured("The engine played nothing along; run cocomposer doctor.")
    first = next(iter(plans.values()))
    offset = axis_offset(first.note.onset_tick, first.on_seconds, beat)
    sent: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for at, data in heard:
        if kind_of(data) == NOTE_ON:
            sent[channel_of(data), data[1]].append(at)
    late: list[float] = []
    bad: set[int] = set()
    sounding: set[int] = set()
    last = int(beat.beat_at(ends)) - 2
    for number, plan in plans.items():
        if number in withdrawn:
            continue
        due = true_seconds(plan.note.onset_tick, offset, beat)
        moments = sent[plan.note.channel, plan.note.pitch]
        off = min((abs(at - due) for at in moments), default=float("inf"))
        begins = (plan.note.onset_tick - offset) // TICKS_PER_BEAT
        late.append(off)
        if off > IN_TIME_SECONDS:
            bad.add(begins)
        sounding |= set(range(begins, -(-(plan.note.end_tick - offset) // TICKS_PER_BEAT)))
    beats = range(_BAR, last)
    covered = [number for number in beats if number in sounding and number not in bad]
    late.sort()
    return {
        "beats": len(beats),
        "covered in time": len(covered) / max(1, len(beats)),
        "beats with a late note": len(bad & set(beats)),
        "silent beats": len(set(beats) - sounding),
        "notes": len(late),
        "off its time ms, median": 1e3 * late[len(late) // 2],
        "off its time ms, 99 %": 1e3 * late[len(late) * 99 // 100],
        "off its time ms, most": 1e3 * late[-1],
    }


def _player(beat: Beat) -> list[tuple[float, bytes]]:
    """A chord on each bar line, as exact as hands are."""
    events: list[tuple[float, bytes]] = []
    for bar in range(int(beat.beat_at(beat.from_seconds + beat.seconds)) // _BAR):
        for finger, pitch in enumerate(_CHORDS[bar % len(_CHORDS)]):
            at = beat.seconds_at(bar * _BAR) + 0.004 * finger
            events.append((at, note_on(0, pitch, 80)))
            events.append((beat.seconds_at(bar * _BAR + 3.9), note_off(0, pitch)))
    return events
