"""Notes fed to `LiveHarmony` as a keyboard and a window would: key by key, and the time 50 times a second. In virtual
time, so that the same notes give the same displays on any machine; what an update takes is measured as time on
the processor, so that other programs do not count."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.harmony.live_harmony import LiveHarmony
from cocomposer.harmony.metre import Metre
from cocomposer.music.note import Note

DRAW_TICKS: Final = 2
"""Between two drawings of the window: 21 ms at 120 BPM."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the window shows from a tick on."""

    tick: int
    chord: Chord | None
    confidence: float
    alternatives: tuple[tuple[Chord, float], ...]
    key: Key | None
    key_confidence: float


@dataclass(frozen=True, slots=True)
class Played:
    """A passage, played live."""

    shown: tuple[Shown, ...]
    """One for every drawing."""
    seconds: tuple[float, ...]
    """What each strike, release and drawing took on the processor."""
    wall_seconds: tuple[float, ...] = ()
    """The same on the clock."""

    def chords(self) -> list[tuple[int, Chord | None]]:
        """(tick, chord) at every change of the chord that is shown."""
        changes: list[tuple[int, Chord | None]] = []
        for each in self.shown:
            if not changes or changes[-1][1] != each.chord:
                changes.append((each.tick, each.chord))
        return changes


def play(notes: Iterable[Note], metre: Metre | None = None, until: int | None = None) -> Played:
    """The notes from the first onset to a tick, or to the last note's end."""
    keys = []
    for note in notes:
        keys.append((note.onset_tick, 1, note))
        keys.append((note.end_tick, 0, note))
    keys.sort(key=lambda key: key[:2])
    if not keys:
        return Played((), ())
    live = LiveHarmony(metre)
    shown, seconds, wall = [], [], []
    upcoming = 0
    end = keys[-1][0] if until is None else until
    for tick in range(keys[0][0], end + 1, DRAW_TICKS):
        while upcoming < len(keys) and keys[upcoming][0] <= tick:
            at, is_strike, note = keys[upcoming]
            upcoming += 1
            begun, from_second = time.thread_time(), time.perf_counter()
            if is_strike:
                live.strike(at, note.pitch, note.velocity, note.channel)
            else:
                live.release(at, note.pitch, note.channel)
            wall.append(time.perf_counter() - from_second)
            seconds.append(time.thread_time() - begun)
        begun, from_second = time.thread_time(), time.perf_counter()
        live.pass_to(tick)
        now = live.now
        wall.append(time.perf_counter() - from_second)
        seconds.append(time.thread_time() - begun)
        key = now.key
        shown.append(
            Shown(
                tick,
                now.chord,
                now.confidence,
                now.alternatives,
                None if key is None else key.key,
                0.0 if key is None else key.confidence,
            )
        )
    return Played(tuple(shown), tuple(seconds), tuple(wall))
