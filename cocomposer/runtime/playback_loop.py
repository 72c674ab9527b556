"""The playback loop: a thread that sends what the player says is due, when it is due. Makes no musical decision.

It alone owns a `Player`; others give it work by method calls from any thread. Waits are to absolute deadlines on a
condition, which measured as well as any other wakeable wait and works everywhere; a short spin would be sharper
still but takes the interpreter from the other threads.
"""

import contextlib
import platform
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from cocomposer.music.message import NOTE_ON, kind_of
from cocomposer.playback.lateness import LatenessHistogram
from cocomposer.playback.player import LATE_LIMIT_SECONDS, DueMessage, Player
from cocomposer.playback.sounding import THRU_TURN
from cocomposer.ports import Clock, MidiOutput
from cocomposer.runtime.priority import NOT_GRANTED, request_realtime, request_sharp_timers

SWITCH_SECONDS: Final = 0.0005
"""How long another Python thread may keep the interpreter from this one (the default 5 ms can be heard)."""
COARSE_SECONDS: Final = 0.002 if platform.system() == "Windows" else 0.0
"""The last stretch before a deadline is slept instead: conditions on Windows only know milliseconds."""
_SLEEP_SECONDS: Final = 0.0005

OnSent = Callable[[float, float, bytes, int, int | None], None]
"""Called with (due_seconds, sent_seconds, data, turn, note_id) right before a message goes out.

Before, so that whoever listens for echoes knows of a message before it can come back.
"""

OnLost = Callable[[MidiOutput, str], None]
"""Called with the output on which sending failed, and a sentence."""

Tap = Callable[[bytes], None]
"""Is given each message when it is sent; must be quick."""


def _ignore_sent(due: float, sent: float, data: bytes, turn: int, note_id: int | None) -> None:
    pass


def _ignore_lost(output: MidiOutput, sentence: str) -> None:
    pass


class PlaybackLoop:
    """Plays on one output at a time, and to a tap; with neither everything sinks unheard.

    `on_sent` and `on_lost` are called with the loop's lock held: they may only enqueue, and call nothing here.
    """

    def __init__(
        self,
        clock: Clock,
        on_sent: OnSent = _ignore_sent,
        on_lost: OnLost = _ignore_lost,
        realtime: bool = True,
        late_limit_seconds: float = LATE_LIMIT_SECONDS,
    ) -> None:
        self._clock = clock
        self._on_sent = on_sent
        self._on_lost = on_lost
        self._realtime = realtime
        self._player = Player(late_limit_seconds)
        self._lateness = LatenessHistogram()
        self._sent = 0
        self._output: MidiOutput | None = None
        self._tap: Tap | None = None
        # What a lost port still sounds, as far as we know: said again as soon as there is a port.
        self._owed: list[bytes] = []
        self._wake = threading.Condition(threading.Lock())
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._priority = NOT_GRANTED

    @property
    def priority(self) -> str:
        """What priority the system granted to the thread, in a word; "none" until it runs."""
        return self._priority

    @property
    def attached(self) -> bool:
        """Whether there is an output."""
        return self._output is not None

    @property
    def sounding(self) -> tuple[tuple[int, int], ...]:
        """(channel, pitch) of all that sounds now."""
        with self._wake:
            return self._player.sounding

    @property
    def dropped(self) -> int:
        """Notes that came too late to be begun."""
        return self._player.dropped

    @property
    def sent(self) -> int:
        """Messages that went out."""
        return self._sent

    def lateness_counts(self, edges_ms: Sequence[float]) -> tuple[int, ...]:
        """Messages by how late they went out; as `LatenessHistogram.counts`."""
        with self._wake:
            return self._lateness.counts(edges_ms)

    def lateness(self) -> dict[str, float]:
        """Lateness (sent minus due) at the send call, in milliseconds; see `LatenessHistogram.in_milliseconds`."""
        with self._wake:
            return self._lateness.in_milliseconds()

    def start(self) -> None:
        """Begin to play, in a thread of its own. Sets the switch interval of this whole process."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread = threading.Thread(target=self._run, name="playback", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End all that sounds and the thread. The output stays open: it belongs to whoever attached it."""
        with self._wake:
            self._stopping = True
            self._emit(self._player.hush(self._clock.now()))
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def attach(self, output: MidiOutput) -> None:
        """Play on `output` from now on, after ending what sounds on the one before."""
        with self._wake:
            if output is self._output:
                return
            if self._output is not None:
                self._let_go()
            self._output = output
            owed, self._owed = self._owed, []
            self._emit([DueMessage(self._clock.now(), data, THRU_TURN) for data in owed])

    def detach(self) -> None:
        """The output goes away: end what sounds on it if that still works, and forget all that waits."""
        with self._wake:
            if self._output is not None:
                self._let_go()

    def tap(self, tap: Tap | None) -> None:
        """Give each message to `tap` too when it is sent, also while no output is attached; None: no more."""
        with self._wake:
            self._tap = tap

    def send_beside(self, output: MidiOutput, data: bytes) -> None:
        """Send on an output that may be attached, past the queue: two threads must not use one port at a time.

        OSError if that fails.
        """
        with self._wake:
            output.send(data)

    def add_note(
        self, turn: int, channel: int, pitch: int, velocity: int, on_seconds: float, off_seconds: float, note_id: int
    ) -> None:
        """Queue one note; as `Player.add_note`."""
        with self._wake:
            before = self._player.next_due()
            self._player.add_note(turn, channel, pitch, velocity, on_seconds, off_seconds, note_id)
            self._wake_for(on_seconds, before)

    def add_message(self, turn: int, due_seconds: float, data: bytes) -> None:
        """Queue one message that is no note; as `Player.add_message`."""
        with self._wake:
            before = self._player.next_due()
            self._player.add_message(turn, due_seconds, data)
            self._wake_for(due_seconds, before)

    def move_off(self, note_id: int, off_seconds: float) -> bool:
        """Let a note end at another moment; as `Player.move_off`."""
        with self._wake:
            before = self._player.next_due()
            moved = self._player.move_off(note_id, off_seconds)
            self._wake_for(off_seconds, before)
            return moved

    def cut(self, turn: int | None = None) -> None:
        """Silence a turn (None: all turns): its note-offs are on the wire when this returns."""
        with self._wake:
            self._emit(self._player.cut(self._clock.now(), turn))

    def panic(self) -> None:
        """Silence everything, including what we do not know of; on the wire when this returns."""
        with self._wake:
            self._emit(self._player.panic(self._clock.now()))

    def thru(self, data: bytes) -> None:
        """Send a message of the player's own hands at once, and remember it so that it too is ended."""
        with self._wake:
            self._player.thru(data)
            self._emit([DueMessage(self._clock.now(), data, THRU_TURN)])

    def step(self) -> float | None:
        """Send what is due and return the next deadline (None: nothing waits). The thread does only this and wait."""
        with self._wake:
            return self._step()

    def _step(self) -> float | None:
        due = self._player.next_due()
        now = self._clock.now()
        if due is None or due > now:
            return due
        self._emit(self._player.pop_due(now), measure=True)
        return self._player.next_due()

    def _run(self) -> None:
        request_sharp_timers()
        if self._realtime:
            self._priority = request_realtime()
        try:
            while self._play_on():
                pass
        except BaseException:
            self._end_blindly()
            raise

    def _play_on(self) -> bool:
        with self._wake:
            due = self._step()
            if self._stopping:
                return False
            if due is None:
                self._wake.wait()
                return True
            remaining = due - self._clock.now() - COARSE_SECONDS
            if remaining > 0:
                self._wake.wait(min(remaining, threading.TIMEOUT_MAX))
                return True
        if COARSE_SECONDS:
            time.sleep(max(0.0, min(_SLEEP_SECONDS, due - self._clock.now())))
        return True

    def _end_blindly(self) -> None:
        # A fault in a callback stops the playing; it must not leave a note behind.
        with self._wake:
            ending, output, tap = self._player.hush(self._clock.now()), self._output, self._tap
            self._output = self._tap = None
        with contextlib.suppress(OSError):
            for message in ending:
                if tap is not None:
                    tap(message.data)
                if output is not None:
                    output.send(message.data)

    def _wake_for(self, due: float, before: float | None) -> None:
        if before is None or due < before:
            self._wake.notify()

    def _emit(self, messages: list[DueMessage], measure: bool = False) -> None:
        for place, message in enumerate(messages):
            if self._output is None and self._tap is None:
                return
            sent = self._clock.now()
            self._on_sent(message.due_seconds, sent, message.data, message.turn, message.note_id)
            failure: OSError | None = None
            if self._output is not None:
                try:
                    self._output.send(message.data)
                except OSError as error:
                    failure = error
            if self._tap is not None:
                self._tap(message.data)
            if failure is not None:
                self._lose(failure, messages[place:])
                return
            self._sent += 1
            if measure:
                self._lateness.record(sent - message.due_seconds)

    def _lose(self, failure: OSError, unsent: list[DueMessage]) -> None:
        assert self._output is not None
        ending = self._player.hush(self._clock.now())
        self._owe([message.data for message in (*unsent, *ending)])
        lost, self._output = self._output, None
        self._on_lost(lost, str(failure))
        self._emit([*unsent[1:], *ending])  # for the tap, which has the first one already

    def _let_go(self) -> None:
        ending = self._player.hush(self._clock.now())
        self._owe([message.data for message in ending])
        self._emit(ending)
        self._output = None

    def _owe(self, data: list[bytes]) -> None:
        # Only ends are owed: a beginning that never went out is best forgotten.
        ends = [d for d in data if kind_of(d) != NOTE_ON]
        self._owed = list(dict.fromkeys([*self._owed, *ends]))
