"""A jam by script, as an engine would tell it in real time: phrases of four bars, answers of four, at 120 BPM.

The same each time. Feeds a session or a window, for figures and for looking; knows neither.
"""

from collections.abc import Iterator
from typing import Final

from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT, seconds_per_tick
from cocomposer.runtime import news as told
from cocomposer.runtime.news import LATENESS_EDGES_MS, News

BPM: Final = 120.0
BAR: Final = 4 * TICKS_PER_BEAT
PART_TICKS: Final = 4 * BAR
TURN_TICKS: Final = 2 * PART_TICKS
COMMITTED_AHEAD_SECONDS: Final = 0.1
STATUS_EVERY_SECONDS: Final = 0.5
CHORDS: Final = ((50, 57, 62, 65), (46, 53, 58, 62), (48, 55, 60, 64), (45, 52, 57, 61))
NAMES: Final = ("Dm", "Bb", "C", "Am")
"""Of those chords."""
MELODY: Final = (0, 2, 1, 3, 2, 4, 3, 1)
_SCALE: Final = (62, 64, 65, 67, 69, 70, 72, 74, 76, 77)


def part(first_tick: int, higher: int) -> tuple[Note, ...]:
    """Four bars: a broken chord and a melody in eighths, about eight notes a second."""
    notes = []
    for bar, chord in enumerate(CHORDS):
        for beat in range(4):
            at = first_tick + bar * BAR + beat * TICKS_PER_BEAT
            notes.append(Note(at, chord[beat % 4], 40, 60 + 7 * beat))
            notes.append(Note(at, chord[(beat + 1) % 4], 20, 54 + 5 * beat))
            for half in range(2):
                degree = MELODY[(2 * beat + half + bar) % 8] + higher
                notes.append(Note(at + 24 * half, _SCALE[degree % len(_SCALE)] + 12 * (degree // len(_SCALE)), 20,
                                  70 + (17 * (bar + beat + half)) % 45))  # fmt: skip
    return _one_key_each(sorted(notes))


def _one_key_each(notes: list[Note]) -> tuple[Note, ...]:
    """A key is struck once at a time: the longer of two that begin together, none longer than to its next stroke."""
    found: list[Note] = []
    for pitch in {note.pitch for note in notes}:
        strokes = {
            note.onset_tick: note for note in sorted(notes, key=lambda n: n.duration_ticks) if note.pitch == pitch
        }
        onsets = sorted(strokes)
        for onset, following in zip(onsets, [*onsets[1:], onsets[-1] + BAR], strict=True):
            note = strokes[onset]
            found.append(Note(onset, pitch, min(note.duration_ticks, following - onset), note.velocity))
    return tuple(sorted(found))


class ScriptedJam:
    """Says what an engine would have said since it was asked last."""

    def __init__(self, began_seconds: float) -> None:
        self.began_seconds = began_seconds
        self._tick_seconds = seconds_per_tick(BPM)
        self._events = self._script()
        self._next = next(self._events)

    def news(self, now: float) -> list[News]:
        """All that was told up to `now`, in order."""
        found = []
        while self._next[0] <= now:
            found.append(self._next[1])
            self._next = next(self._events)
        return found

    def seconds_at(self, tick: float) -> float:
        """When a tick sounds."""
        return self.began_seconds + tick * self._tick_seconds

    def beginning(self) -> list[News]:
        """What is told to a window that joins when it begins."""
        began = self.began_seconds
        options = told.Options(bundle="models/live")
        when = "2026-01-01T00:00:00+00:00"
        return [
            told.Hello("scripted", 0, None, 0, began, when, Mode.LISTENING, Settings(), options),
            outputs.BeatChanged(began, 0.0, self._tick_seconds, BeatSource.CLOCK, True, 0, 4),
        ]

    def _script(self) -> Iterator[tuple[float, News]]:
        turn = 0
        while True:
            first = turn * TURN_TICKS
            turn += 1
            yield from sorted(self._turn(turn, first), key=lambda event: event[0])

    def _turn(self, turn: int, first: int) -> Iterator[tuple[float, News]]:
        phrase, answer = part(first, turn % 3), part(first + PART_TICKS, 2 + turn % 4)
        at, middle, end = self.seconds_at, first + PART_TICKS, first + TURN_TICKS
        yield at(first), outputs.ModeChanged(Mode.HEARING, at(first))
        for note in phrase:
            on, off = at(note.onset_tick), at(note.end_tick)
            yield on, outputs.Heard(on, note.pitch, note.velocity, 0, float(note.onset_tick))
            yield off, outputs.Released(off, note.pitch, 0, float(note.end_tick))
        for bar in range(TURN_TICKS // BAR):
            tick = first + bar * BAR + 3
            yield at(tick), self._harmony(tick, at(tick))
        yield at(middle - 24), outputs.ModeChanged(Mode.ARMED, at(middle - 24), at(middle))
        yield at(middle), outputs.ModeChanged(Mode.ANSWERING, at(middle))
        for number, note in enumerate(answer):
            told_at = at(note.onset_tick) - COMMITTED_AHEAD_SECONDS
            yield told_at, outputs.Play(turn, number, note, at(note.onset_tick), at(note.end_tick))
            yield told_at, outputs.Drafted(turn, answer[number + 1 : number + 33])
        yield at(end) - 0.01, outputs.Take(turn, phrase, answer, BPM, True, 0, 4, turn, False)
        yield at(end) - 0.005, outputs.ModeChanged(Mode.LISTENING, at(end))
        for place in range(int((at(end) - at(first)) / STATUS_EVERY_SECONDS)):
            moment = at(first) + place * STATUS_EVERY_SECONDS
            yield moment, self._status(moment)

    def _harmony(self, tick: int, moment: float) -> outputs.HarmonyChanged:
        """The last 32 chords of both players, a bar each."""
        bar = tick // BAR
        spans = tuple((n * BAR, (n + 1) * BAR, NAMES[n % len(NAMES)]) for n in range(max(0, bar - 32), bar))
        others = ((NAMES[(bar + 1) % len(NAMES)], 0.1),)
        confidence = 0.6 + 0.05 * (bar % 5)
        return outputs.HarmonyChanged(
            moment, float(tick), NAMES[bar % len(NAMES)], confidence, others, "D minor", 0.9, spans
        )

    def _status(self, moment: float) -> told.Status:
        counts = (*([100] * 3), *([0] * (len(LATENESS_EDGES_MS) - 2)))
        late = {"lateness_ms_p50": 0.1, "lateness_ms_p99": 0.4, "lateness_ms_max": 0.5, "messages": 300.0}
        tick = (moment - self.began_seconds) / self._tick_seconds
        return told.Status(
            moment, Mode.HEARING, BPM, "clock", True, tick, True, late, 0, 0, "real-time", 1.0, counts, True, 300
        )
