"""All notes of a jam as they sounded, both players', on one tick axis: what the roll shows and captures are cut from.

Grows at the end; columns are numpy arrays so that thousands of notes are found and painted at once. Knows no seconds.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT

PLAYER: Final = 0
MACHINE: Final = 1
FALLBACK: Final = 2
"""A note of the machine's that is not the model's."""
ALONG: Final = {"chords": 3, "bass": 4, "voice": 5}
"""The parts that the machine plays along with the player."""
MOST_OPEN: Final = 256
"""So many of the latest notes played along may still end at another place."""
SHORTEST_TICKS: Final = TICKS_PER_BEAT // 4
"""So long at least a key was down that nobody has seen come up."""
HELD: Final = np.inf
"""The end of a note whose key is still down."""


Tick = Annotated[float, Meta(ge=-(2.0**31), le=2.0**31)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
SevenBits = Annotated[int, Meta(ge=0, le=127)]


class TimelineColumns(msgspec.Struct, frozen=True):
    """All of a timeline as a file holds it: one entry a row in each column."""

    onset: list[Tick] = []
    end: list[Tick | None] = []
    """None while the key is down."""
    pitch: list[SevenBits] = []
    velocity: list[Annotated[int, Meta(ge=1, le=127)]] = []
    channel: list[Annotated[int, Meta(ge=0, le=15)]] = []
    who: list[Annotated[int, Meta(ge=0, le=5)]] = []
    turn: list[Count] = []
    pedal: list[Pedal] = []
    open_turns: dict[int, list[Count]] = {}
    """Turn that is not over → its rows."""
    open_notes: dict[int, tuple[Count, Tick]] = {}
    """Number of a note played along whose end may still move → its row, and the end that it was told with."""


class Timeline:
    """Columns of one row a note, in the order in which they came."""

    def __init__(self) -> None:
        self.count = 0
        self.version = 0
        """Grows with every change, also of rows that were there."""
        self._onset = np.zeros(1024, np.float64)
        self._end = np.zeros(1024, np.float64)
        self._facts = np.zeros((1024, 6), np.int32)
        self._held: dict[tuple[int, int], int] = {}
        self._turns: dict[int, list[int]] = {}
        self._along: dict[int, tuple[int, float]] = {}

    @property
    def onset(self) -> NDArray[np.float64]:
        """Ticks."""
        return self._onset[: self.count]

    @property
    def end(self) -> NDArray[np.float64]:
        """Ticks; HELD while the key is down, the onset itself for a note that was never heard (cut before)."""
        return self._end[: self.count]

    @property
    def pitch(self) -> NDArray[np.int32]:
        """MIDI note numbers."""
        return self._facts[: self.count, 0]

    @property
    def velocity(self) -> NDArray[np.int32]:
        """1–127."""
        return self._facts[: self.count, 1]

    @property
    def channel(self) -> NDArray[np.int32]:
        """0–15."""
        return self._facts[: self.count, 2]

    @property
    def who(self) -> NDArray[np.int32]:
        """PLAYER, MACHINE, FALLBACK or one of ALONG."""
        return self._facts[: self.count, 3]

    @property
    def turn(self) -> NDArray[np.int32]:
        """The machine's turn, 0 for the player's notes."""
        return self._facts[: self.count, 4]

    @property
    def pedal(self) -> NDArray[np.int32]:
        """`Pedal` at the onset."""
        return self._facts[: self.count, 5]

    def heard(self, pitch: int, velocity: int, channel: int, tick: float, pedal: Pedal = Pedal.UNKNOWN) -> None:
        """The player struck a key."""
        self.released(pitch, channel, tick)
        self._held[channel, pitch] = self._append(tick, HELD, (pitch, velocity, channel, PLAYER, 0, pedal))

    def released(self, pitch: int, channel: int, tick: float) -> None:
        """The key came up; nothing if it was not down."""
        row = self._held.pop((channel, pitch), None)
        if row is not None:
            self._end[row] = max(tick, self._onset[row])
            self.version += 1

    def release_all(self, tick: float) -> None:
        """No key is down any more, as when the engine was lost. The key struck last stays a note."""
        for (channel, pitch), row in list(self._held.items()):
            self.released(pitch, channel, max(tick, float(self._onset[row]) + SHORTEST_TICKS))

    def end_run(self) -> None:
        """The engine's run is over: keys come up where it ended; what it had committed stays as it was told."""
        if self._held:
            self.release_all(self.last_tick)
        self._turns.clear()
        self._along.clear()

    def played(self, turn: int, note: Note, fallback: bool = False) -> None:
        """The machine committed a note. A turn before it that was never told to be over was not heard at all."""
        for unheard in [earlier for earlier in self._turns if earlier < turn]:
            self.turn_over(unheard, ())
        who = FALLBACK if fallback else MACHINE
        facts = (note.pitch, note.velocity, note.channel, who, turn, note.pedal)
        self._turns.setdefault(turn, []).append(self._append(note.onset_tick, note.end_tick, facts))

    def played_along(self, part: str, note_id: int, note: Note) -> None:
        """The machine committed a note beside the player's; `part`: a name in ALONG."""
        facts = (note.pitch, note.velocity, note.channel, ALONG[part], 0, note.pedal)
        self._along[note_id] = self._append(note.onset_tick, note.end_tick, facts), note.end_tick
        if len(self._along) > MOST_OPEN:
            del self._along[next(iter(self._along))]

    def end_moved(self, note_id: int, share: float) -> None:
        """Only so much of a note played along sounds, of what was told of it; nothing if it is not known."""
        row, end = self._along.get(note_id, (None, 0.0))
        if row is not None:
            onset = float(self._onset[row])
            self._end[row] = onset + share * (end - onset)
            self.version += 1

    def phrase_laid(self, turn: int, phrase: Sequence[Note]) -> None:
        """Where a turn says that the phrase before it lies: the beat may have been found only while it was played.

        Nothing unless each note of it is found among the player's notes before the answer, in the same order.
        """
        answer = self._turns.get(turn)
        if not answer or not phrase:
            return
        rows = np.flatnonzero(self.who[: answer[0]] == PLAYER)[-2 * len(phrase) :]
        struck: dict[tuple[int, int], list[int]] = {}
        for row in rows.tolist():
            struck.setdefault((int(self._facts[row, 2]), int(self._facts[row, 0])), []).append(row)
        laid: dict[int, Note] = {}
        for note in sorted(phrase, reverse=True):
            same = struck.get((note.channel, note.pitch))
            if not same:
                return
            laid[same.pop()] = note
        onsets = [laid[row].onset_tick for row in sorted(laid)]
        if any(later < earlier for earlier, later in pairwise(onsets)):
            return
        for row, note in laid.items():
            held = self._end[row] == HELD
            self._onset[row], self._end[row] = note.onset_tick, HELD if held else note.end_tick
        self.version += 1

    def turn_over(self, turn: int, answer: Sequence[Note]) -> None:
        """What really sounded of a turn: notes cut short end where they were cut, those never heard vanish."""
        heard = {(note.onset_tick, note.pitch, note.channel): note.end_tick for note in answer}
        for row in self._turns.pop(turn, ()):
            pitch, _, channel = (int(fact) for fact in self._facts[row, :3])
            end = heard.get((int(self._onset[row]), pitch, channel))
            self._end[row] = self._onset[row] if end is None else end
        self.version += 1

    def notes(self, first_tick: float, end_tick: float, who: Sequence[int] = (PLAYER, MACHINE, FALLBACK)) -> list[Note]:
        """The notes that begin from `first_tick` on and before `end_tick`, in order; a key still down ends there."""
        inside = (self.onset >= first_tick) & (self.onset < end_tick) & np.isin(self.who, list(who))
        inside &= self.end > self.onset
        found = []
        for row in np.flatnonzero(inside):
            onset = round(float(self._onset[row]))
            end = round(float(min(self._end[row], end_tick)))
            pitch, velocity, channel, _, _, pedal = (int(fact) for fact in self._facts[row])
            found.append(Note(onset, pitch, max(1, end - onset), velocity, channel, Pedal(pedal)))
        return sorted(found)

    def along(self, notes: Sequence[Note]) -> tuple[Note, ...]:
        """What was played along from the first onset of these notes to their last end, in order."""
        if not notes:
            return ()
        first, end = min(note.onset_tick for note in notes), max(note.end_tick for note in notes)
        return tuple(self.notes(first, end, tuple(ALONG.values())))

    def sounding(self, tick: float) -> list[tuple[int, int, int]]:
        """(pitch, velocity, who) of what sounds at `tick`."""
        first = int(np.searchsorted(np.maximum.accumulate(self.onset), tick - 48 * 64)) if self.count else 0
        rows = first + np.flatnonzero((self.onset[first:] <= tick) & (self.end[first:] > tick))
        return [(int(self._facts[row, 0]), int(self._facts[row, 1]), int(self._facts[row, 3])) for row in rows]

    @property
    def last_tick(self) -> float:
        """The last onset or end; 0 where there is nothing."""
        if not self.count:
            return 0.0
        ends = self.end
        return float(max(self.onset.max(), ends[np.isfinite(ends)].max(initial=0.0)))

    def columns(self) -> TimelineColumns:
        """All of it, for a file."""
        ends = [end if end != HELD else None for end in self.end.tolist()]
        pitch, velocity, channel, who, turn, pedal = (self._facts[: self.count, column].tolist() for column in range(6))
        open_turns = {number: list(rows) for number, rows in self._turns.items()}
        return TimelineColumns(
            self.onset.tolist(), ends, pitch, velocity, channel, who, turn, pedal, open_turns, dict(self._along)
        )

    @classmethod
    def of(cls, columns: TimelineColumns) -> "Timeline":
        """The timeline that a file holds; ValueError if its columns do not fit together."""
        line = cls()
        count = len(columns.onset)
        held = [row for row, end in enumerate(columns.end) if end is None]
        facts = (columns.pitch, columns.velocity, columns.channel, columns.who, columns.turn, columns.pedal)
        if any(len(column) != count for column in (columns.end, *facts)):
            raise ValueError("the columns of its notes differ in length")
        line.count = count
        if count:
            line._onset = np.array(columns.onset, np.float64)
            line._end = np.array([HELD if end is None else end for end in columns.end], np.float64)
            line._facts = np.array(facts, np.int32).T.copy()
        line._held = {(columns.channel[row], columns.pitch[row]): row for row in held}
        line._turns = {turn: list(rows) for turn, rows in columns.open_turns.items()}
        line._along = dict(columns.open_notes)
        if (line.end < line.onset).any():
            raise ValueError("a note ends before it begins")
        if len(line._held) < len(held):
            raise ValueError("a key is down twice")
        if any(row >= count for rows in line._turns.values() for row in rows):
            raise ValueError("a turn has notes that are not there")
        if any(row >= count for row, _ in line._along.values()):
            raise ValueError("an end moves of a note that is not there")
        return line

    def _append(self, onset: float, end: float, facts: tuple[int, int, int, int, int, int]) -> int:
        row = self.count
        if row == len(self._onset):
            self._onset = np.concatenate([self._onset, np.zeros_like(self._onset)])
            self._end = np.concatenate([self._end, np.zeros_like(self._end)])
            self._facts = np.concatenate([self._facts, np.zeros_like(self._facts)])
        self._onset[row], self._end[row], self._facts[row] = onset, end, facts
        self.count += 1
        self.version += 1
        return row
