"""An endless answer of the real engine on a DAW's beat: what was planned, what went out and when, and how it stood."""

import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from cocomposer.bench import memory_of
from cocomposer.bench.daw_clock import Beat, axis_offset, true_seconds
from cocomposer.bench.studio import Studio
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Entry, Length, Settings
from cocomposer.music.message import NOTE_ON, kind_of, note_off, note_on
from cocomposer.runtime.news import Status

_LEAD_SECONDS: Final = 1.0
"""From now to the first clock."""
_MATCH_SECONDS: Final = 0.1
_CALL: Final = (60, 64, 67, 72, 71, 67, 64, 62)
"""The phrase that is answered, in eighths."""


@dataclass(frozen=True, slots=True)
class PlayedOut:
    """One answer note of the plan, and when it went out (None: it never did)."""

    onset_tick: int
    on_seconds: float
    sent_seconds: float | None
    true_seconds: float
    fallback: bool


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """A whole run."""

    beat: Beat
    first_beat: float
    """The song's beat on which the answer began."""
    last_beat: float
    """Where the clock ended: an answer that broke off before has beats without anything."""
    notes: tuple[PlayedOut, ...]
    statuses: tuple[Status, ...]
    memory_mb: tuple[float, float] | None
    """Engine and composer together soon after the answer began and at its end."""
    status: Status


def live_answer(subject: Subject, beat: Beat, jitter_seconds: float) -> LiveAnswer:
    """Play a phrase, take over on the next bar, let the answer run to the end of the clock. `beat.from_seconds` is
    ignored: the clock begins a moment after the composer is ready."""
    settings = Settings(entry=Entry.BAR, length=Length.ENDLESS)
    with Studio(subject, settings) as studio:
        studio.wait_ready()
        beat = Beat(time.perf_counter() + _LEAD_SECONDS, beat.seconds, beat.from_bpm, beat.to_bpm)
        studio.play(sorted(beat.clocks(jitter_seconds) + _call(beat), key=lambda event: event[0]))
        begun = beat.seconds_at(len(_CALL) / 2 - 0.25)
        for _ in studio.news_until(begun):
            pass
        studio.command(inputs.TakeOver())
        plays: list[outputs.Play] = []
        statuses: list[Status] = []
        ends = beat.from_seconds + beat.seconds
        memory_begun = None
        for news in studio.news_until(ends):
            if isinstance(news, outputs.Play):
                plays.append(news)
            elif isinstance(news, Status):
                statuses.append(news)
                if memory_begun is None and plays and news.at_seconds > plays[0].on_seconds + beat.seconds / 10:
                    memory_begun = memory_of.resident_mb([studio.engine_pid, studio.composer_pid])
        memory_ended = memory_of.resident_mb([studio.engine_pid, studio.composer_pid])
        heard = studio.heard()
    if not plays or not statuses:
        raise NotMeasured("The engine gave no answer on the beat; run cocomposer doctor.")
    notes = match(plays, heard, beat)
    return LiveAnswer(
        beat,
        beat.beat_at(notes[0].true_seconds),
        beat.beat_at(ends),
        notes,
        tuple(statuses),
        None if memory_begun is None or memory_ended is None else (memory_begun, memory_ended),
        statuses[-1],
    )


def _call(beat: Beat) -> list[tuple[float, bytes]]:
    events: list[tuple[float, bytes]] = []
    for number, pitch in enumerate(_CALL):
        events.append((beat.seconds_at(number / 2) + 0.005, note_on(0, pitch, 80)))
        events.append((beat.seconds_at(number / 2 + 0.4), note_off(0, pitch)))
    return events


def match(plays: list[outputs.Play], heard: list[tuple[float, bytes]], beat: Beat) -> tuple[PlayedOut, ...]:
    """Each planned note with the note-on that went out for it: the nearest of its pitch."""
    sent: defaultdict[int, list[float]] = defaultdict(list)
    for at_seconds, data in heard:
        if kind_of(data) == NOTE_ON:
            sent[data[1]].append(at_seconds)
    offset = axis_offset(plays[0].note.onset_tick, plays[0].on_seconds, beat)
    notes = []
    for play in plays:
        moments = sent[play.note.pitch]
        nearest = min(moments, key=lambda at, due=play.on_seconds: abs(at - due), default=None)  # type: ignore[misc]
        if nearest is not None and abs(nearest - play.on_seconds) <= _MATCH_SECONDS:
            moments.remove(nearest)
        else:
            nearest = None
        true = true_seconds(play.note.onset_tick, offset, beat)
        notes.append(PlayedOut(play.note.onset_tick, play.on_seconds, nearest, true, play.fallback))
    return tuple(notes)
