"""The player: a timed queue and the register of what sounds, as one deterministic state machine.

It promises that every note-on has exactly one note-off, that nothing is given out early, and that `cut`,
`hush` and `panic` leave silence. Knows neither clock nor port nor thread: `now` comes in, due messages go out.
"""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from cocomposer.music.message import NOTE_OFF, NOTE_ON, kind_of, note_off, note_on
from cocomposer.playback.sounding import THRU_TURN, Sounding

LATE_LIMIT_SECONDS: Final = 0.1
"""A note-on later than this is worse than none (Aria's limit too)."""

# At equal due seconds: ends first, then controls, then beginnings, so that a chord change neither
# cuts its own new notes nor puts them under the old pedal.
_OFF, _CONTROL, _ON = 0, 1, 2


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is to go out now."""

    due_seconds: float
    data: bytes
    turn: int
    note_id: int | None = None
    """The note that a note-on or note-off belongs to; None for controls and for notes of the player's own hands."""


@dataclass(slots=True)
class _QueuedNote:
    turn: int
    channel: int
    pitch: int
    velocity: int
    on_seconds: float
    off_seconds: float
    sounds: bool = False


@dataclass(slots=True)
class _QueuedMessage:
    turn: int
    data: bytes


class Player:
    """Timed queue of notes and messages, and what of them sounds. All moments are seconds of the arrival clock.

    A note is known by its `note_id` from `add_note` until its note-off is given out.
    """

    def __init__(self, late_limit_seconds: float = LATE_LIMIT_SECONDS) -> None:
        self._late_limit = late_limit_seconds
        # (due, rank, serial, id): id of a note for _ON and _OFF, of a message for _CONTROL.
        # Entries are not removed but recognised as stale when they come up.
        self._queue: list[tuple[float, int, int, int]] = []
        self._serial = 0
        self._notes: dict[int, _QueuedNote] = {}
        self._messages: dict[int, _QueuedMessage] = {}
        self._sounding = Sounding()
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """How many notes came too late and were never begun."""
        return self._dropped

    @property
    def pending(self) -> int:
        """How many notes wait to begin, plus messages that wait to go out."""
        return sum(not note.sounds for note in self._notes.values()) + len(self._messages)

    @property
    def sounding(self) -> tuple[tuple[int, int], ...]:
        """(channel, pitch) of all that sounds, the player's own hands (thru) included, oldest first."""
        return self._sounding.keys

    @property
    def silent(self) -> bool:
        """Whether nothing sounds and no pedal is held down by what went out."""
        return self._sounding.silent

    def add_note(
        self, turn: int, channel: int, pitch: int, velocity: int, on_seconds: float, off_seconds: float, note_id: int
    ) -> None:
        """Queue one note. ValueError if it does not end after it begins, is no MIDI note, or `note_id` is in use."""
        if not off_seconds > on_seconds:
            raise ValueError(f"note {note_id} must end after it begins: {on_seconds} to {off_seconds}")
        if not (0 <= channel < 16 and 0 <= pitch < 128 and 0 < velocity < 128):
            raise ValueError(f"not a MIDI note: channel {channel}, pitch {pitch}, velocity {velocity}")
        if note_id in self._notes:
            raise ValueError(f"note {note_id} is queued already")
        if turn == THRU_TURN:
            raise ValueError(f"turn {THRU_TURN} is kept for what passes through by hand")
        self._notes[note_id] = _QueuedNote(turn, channel, pitch, velocity, on_seconds, off_seconds)
        self._push(on_seconds, _ON, note_id)

    def add_message(self, turn: int, due_seconds: float, data: bytes) -> None:
        """Queue one message that is no note (a pedal, a program). ValueError for notes: `add_note` owns those."""
        if not data or kind_of(data) in (NOTE_ON, NOTE_OFF):
            raise ValueError("a note goes in by add_note, so that its end is never lost")
        if turn == THRU_TURN:
            raise ValueError(f"turn {THRU_TURN} is kept for what passes through by hand")
        message_id = self._serial
        self._messages[message_id] = _QueuedMessage(turn, data)
        self._push(due_seconds, _CONTROL, message_id)

    def move_off(self, note_id: int, off_seconds: float) -> bool:
        """Let the note end at `off_seconds` instead; a moment in the past means at the next `pop_due`.

        Of a note that waits, an end not after its beginning takes the note away. False if the note will not sound
        (any more): it has ended, was cut or dropped, or is taken away now.
        """
        note = self._notes.get(note_id)
        if note is None:
            return False
        if note.sounds:
            note.off_seconds = off_seconds
            self._push(off_seconds, _OFF, note_id)
            return True
        if not off_seconds > note.on_seconds:
            del self._notes[note_id]
            return False
        note.off_seconds = off_seconds
        return True

    def next_due(self) -> float | None:
        """When `pop_due` next has something to give; None if nothing is queued."""
        while self._queue:
            due, rank, _, owner = self._queue[0]
            if self._live(due, rank, owner):
                return due
            heappop(self._queue)
        return None

    def pop_due(self, now: float) -> list[DueMessage]:
        """All that is due by `now`, in order of due seconds."""
        out: list[DueMessage] = []
        while self._queue and self._queue[0][0] <= now:
            due, rank, _, owner = heappop(self._queue)
            if not self._live(due, rank, owner):
                continue
            if rank == _CONTROL:
                message = self._messages.pop(owner)
                self._give(out, DueMessage(due, message.data, message.turn))
            elif rank == _OFF:
                self._end(out, due, owner)
            elif now - due > self._late_limit:
                del self._notes[owner]
                self._dropped += 1
            else:
                self._begin(out, due, owner)
        return out

    def cut(self, now: float, turn: int | None = None) -> list[DueMessage]:
        """Forget all that waits of `turn` (None: of every turn) and end at once what it started.

        What the player's own hands hold through thru is left alone.
        """
        ended = self._sounding.machine_turns() if turn is None else {turn}
        for note_id in [i for i, note in self._notes.items() if turn is None or note.turn == turn]:
            del self._notes[note_id]
        for message_id in [i for i, message in self._messages.items() if turn is None or message.turn == turn]:
            del self._messages[message_id]
        return self._silence(now, ended)

    def hush(self, now: float) -> list[DueMessage]:
        """Forget all that waits and end all that sounds, thru included: for port loss and exit."""
        return self.cut(now) + self._silence(now, None)

    def panic(self, now: float) -> list[DueMessage]:
        """`hush`, then sustain up, All Notes Off and All Sound Off on every used channel (all 16 if none is known)."""
        out = self.hush(now)
        for data in self._sounding.silencing_controllers():
            self._give(out, DueMessage(now, data, THRU_TURN))
        return out

    def thru(self, data: bytes) -> None:
        """Note that `data`, from the player's own hands, went out by itself, so that it too can be ended."""
        self._sounding.heard(data, THRU_TURN)

    def _push(self, due: float, rank: int, owner: int) -> None:
        heappush(self._queue, (due, rank, self._serial, owner))
        self._serial += 1

    def _live(self, due: float, rank: int, owner: int) -> bool:
        if rank == _CONTROL:
            return owner in self._messages
        note = self._notes.get(owner)
        if note is None:
            return False
        if rank == _ON:
            return not note.sounds and note.on_seconds == due
        return note.sounds and note.off_seconds == due

    def _give(self, out: list[DueMessage], message: DueMessage) -> None:
        self._sounding.heard(message.data, message.turn, message.note_id)
        out.append(message)

    def _begin(self, out: list[DueMessage], due: float, note_id: int) -> None:
        note = self._notes[note_id]
        for before in self._sounding.at(note.channel, note.pitch):
            if before.note_id is not None:
                self._end(out, due, before.note_id)
            else:
                self._give(out, DueMessage(due, note_off(note.channel, note.pitch), before.turn))
        note.sounds = True
        self._give(out, DueMessage(due, note_on(note.channel, note.pitch, note.velocity), note.turn, note_id))
        self._push(note.off_seconds, _OFF, note_id)

    def _end(self, out: list[DueMessage], due: float, note_id: int) -> None:
        note = self._notes.pop(note_id)
        self._give(out, DueMessage(due, note_off(note.channel, note.pitch), note.turn, note_id))

    def _silence(self, now: float, turns: set[int] | None) -> list[DueMessage]:
        out: list[DueMessage] = []
        for data, key in self._sounding.ending_messages(turns):
            self._give(out, DueMessage(now, data, key.turn, key.note_id))
        return out
