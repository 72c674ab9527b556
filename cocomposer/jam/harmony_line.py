"""What is heard of the harmony while the jam goes on: follows the player's keys and the machine's notes as they sound.

It reads what the jam says shall be done and told, so it changes nothing of it. While the jam's own chords play they are
the harmony; beside them the key is still heard. Knows no composer and who plays what.
"""

import math
from heapq import heappop, heappush
from typing import Final

import msgspec

from cocomposer.harmony.key import Key
from cocomposer.harmony.live_harmony import LiveHarmony
from cocomposer.harmony.metre import Metre, metre_of
from cocomposer.harmony.progression import ChordSpan
from cocomposer.jam import outputs
from cocomposer.jam.chording import KnownChord
from cocomposer.music.grid import Grid
from cocomposer.music.note import Note

DRAW_SECONDS: Final = 0.05
"""While something may change, it is looked at so often: about as often as a window shows it."""
SOON_SECONDS: Final = 0.003
"""After a key, so that whatever else it does is done before."""
SPANS_MOST: Final = 32
STEPS: Final = 20
"""Confidences are told in so many steps, or a new one would be told with every look."""

_Key = tuple[int, int]
"""Channel and pitch."""


class HarmonyLine:
    """One jam's."""

    def __init__(self) -> None:
        self.told: outputs.HarmonyChanged | None = None
        self._serial = 0
        self._forget(None)

    def _forget(self, metre: Metre | None) -> None:
        self._metre = metre
        self._live = LiveHarmony(metre, SPANS_MOST)
        self._coming: list[tuple[float, int, int, outputs.Play]] = []
        """(seconds, 0 for an end or 1 for a beginning, serial, note) of the machine's notes, as a heap."""
        self._sounding: dict[_Key, int] = {}
        """The machine's notes that sound, and the turn of each."""
        self._given: list[ChordSpan] = []
        """The chords that the jam itself played."""
        self._due: float | None = None
        """When it is looked at next; None: when something sounds."""
        self._looked_at = -math.inf
        self._known: KnownChord | None = None
        self._tick = 0
        self._key: Key | None = None
        """The last one that was told: the next is written as it is beside it."""

    def reset(self) -> None:
        """Nothing was heard."""
        tick = self._tick
        self._forget(self._metre)
        self._tick, self._due = tick, -math.inf

    def moments(self, known: KnownChord | None, grid: Grid, now: float) -> list[float]:
        """When time alone makes a difference."""
        moments = [self._coming[0][0]] if self._coming else []
        if self._due is not None:
            moments.append(self._due)
        elif self._live.lapses_at is not None:
            moments.append(max(now, grid.seconds_at(self._live.lapses_at)))
        if known is not None:
            moments.append(grid.seconds_at(known.end_tick))
        return moments

    def follow(self, said: list[outputs.Output], known: KnownChord | None, grid: Grid, now: float) -> None:
        """Take in what the jam says, and what of it sounds by now; add to it what is heard, if that is another."""
        self._follow_metre(grid, now)
        self._sound(grid, now)
        for one in said:
            match one:
                case outputs.Heard():
                    self._strike(one.tick, one, now)
                case outputs.Released():
                    self._release(one.tick, one, now)
                case outputs.Play():
                    self._serial += 1
                    heappush(self._coming, (one.on_seconds, 1, self._serial, one))
                    heappush(self._coming, (one.off_seconds, 0, self._serial, one))
                case outputs.Cut():
                    self._cut(one.turn, grid, now)
                case outputs.Silence():
                    self._cut(None, grid, now)
        is_new = known != self._known
        self._known = known
        if known is not None and is_new:
            self._keep(known)
        if self._is_due(grid, now):
            self._looked_at, self._due = now, None
            self._live.pass_to(self._on(grid.tick_at(now)))
            if self._live.is_moving:
                self._due = now + DRAW_SECONDS
        elif not is_new:
            return
        self._tell(said, known, grid, now)

    def _is_due(self, grid: Grid, now: float) -> bool:
        if self._due is not None:
            return self._due <= now
        lapses_at = self._live.lapses_at
        return lapses_at is not None and lapses_at <= grid.tick_at(now)

    def _strike(self, tick: float, note: Note | outputs.Heard, now: float) -> None:
        # Judged at the next look only: what a key shall do is not kept waiting, and a chord is judged once.
        self._live.strike(self._on(tick), note.pitch, note.velocity, note.channel, judge=False)
        self._look_soon(now)

    def _release(self, tick: float, note: Note | outputs.Released, now: float) -> None:
        self._live.release(self._on(tick), note.pitch, note.channel, judge=False)
        self._look_soon(now)

    def _look_soon(self, now: float) -> None:
        if self._due is None:
            self._due = max(now + SOON_SECONDS, self._looked_at + DRAW_SECONDS)

    def _on(self, tick: float) -> int:
        """The tick, or the one that was reached if a message came a little late."""
        self._tick = max(self._tick, math.floor(tick))
        return self._tick

    def _follow_metre(self, grid: Grid, now: float) -> None:
        metre = metre_of(grid)
        if metre.bar_tick is not None:
            metre = Metre(metre.beats_per_bar, metre.bar_tick % metre.ticks_per_bar, metre.beat_known)
        if metre != self._metre:
            if self._metre is None:
                self._forget(metre)
            else:
                self._live.change_metre(metre, self._on(grid.tick_at(now)))
            self._metre = metre

    def _sound(self, grid: Grid, now: float) -> None:
        """The machine's notes that begin or end by now. Those that were cut are no longer among them."""
        while self._coming and self._coming[0][0] <= now:
            seconds, begins, _, play = heappop(self._coming)
            note, tick = play.note, grid.tick_at(seconds)
            if begins:
                self._sounding[note.channel, note.pitch] = play.note_id
                self._strike(tick, note, now)
            elif self._sounding.get((note.channel, note.pitch)) == play.note_id:
                del self._sounding[note.channel, note.pitch]
                self._release(tick, note, now)

    def _cut(self, turn: int | None, grid: Grid, now: float) -> None:
        """What a turn (None: every one) has begun ends, and nothing of it comes any more."""
        if not self._coming:
            return
        ended = [one for one in self._coming if turn is None or one[3].turn == turn]
        self._coming = sorted(one for one in self._coming if not (turn is None or one[3].turn == turn))
        for _, begins, _, play in ended:
            note = play.note
            if not begins and self._sounding.get((note.channel, note.pitch)) == play.note_id:
                del self._sounding[note.channel, note.pitch]
                self._release(grid.tick_at(now), note, now)

    def _keep(self, known: KnownChord) -> None:
        """One more chord that the jam plays, or the same one for longer."""
        span = ChordSpan(known.tick, known.end_tick, known.chord)
        if self._given and self._given[-1].tick >= span.tick:
            self._given.pop()
        if self._given and self._given[-1].end_tick > span.tick:
            last = self._given[-1]
            self._given[-1] = ChordSpan(last.tick, span.tick, last.chord)
        self._given = [*self._given[1 - SPANS_MOST :], span]

    def _tell(self, said: list[outputs.Output], known: KnownChord | None, grid: Grid, now: float) -> None:
        heard = self._live.now
        key = None if heard.key is None else heard.key.key.beside(self._key)
        self._key = key or self._key
        told = outputs.HarmonyChanged(
            now,
            grid.tick_at(now),
            None if heard.chord is None else heard.chord.name(key),
            _stepped(heard.confidence) if heard.chord is not None else 0.0,
            tuple((chord.name(key), _stepped(share)) for chord, share in heard.alternatives if _stepped(share)),
            None if key is None else key.name,
            0.0 if heard.key is None else _stepped(heard.key.confidence),
            self._spans(heard.progression, key),
        )
        if known is not None:
            told = msgspec.structs.replace(
                told,
                chord=None if known.chord is None else known.symbol,
                confidence=0.0 if known.chord is None else 1.0,
                alternatives=(),
                given=True,
            )
        before = self.told or outputs.HarmonyChanged(0.0, 0.0)
        if msgspec.structs.replace(told, at_seconds=before.at_seconds, tick=before.tick) != before:
            self.told = told
            said.append(told)

    def _spans(self, heard: tuple[ChordSpan, ...], key: Key | None) -> tuple[tuple[int, int, str], ...]:
        """The chords so far: those that were given, and what was heard where none was."""
        spans = list(heard[-SPANS_MOST:])
        if self._given:
            first, last = self._given[0].tick, self._given[-1].end_tick
            spans = [
                *(ChordSpan(one.tick, min(one.end_tick, first), one.chord) for one in spans if one.tick < first),
                *self._given,
                *(ChordSpan(max(one.tick, last), one.end_tick, one.chord) for one in spans if one.end_tick > last),
            ]
        return tuple((one.tick, one.end_tick, one.chord.name(key)) for one in spans[-SPANS_MOST:] if one.chord)


def _stepped(share: float) -> float:
    return round(share * STEPS) / STEPS
