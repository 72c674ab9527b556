"""The same jam, player and composer on a virtual clock: a script of messages in, what would have sounded out.

Faster than real time and repeatable to the last bit; `render`, demo material and scenario tests run on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cocomposer.generation.request import ComposerReady, Reply, Request
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.outputs import Output
from cocomposer.playback.player import DueMessage, Player
from cocomposer.playback.sounding import THRU_TURN


@dataclass(slots=True)
class Offline:
    """A jam without a world. Moments are virtual seconds from 0."""

    jam: Jam
    worker: Worker | None
    """None: no composer at all (the fallback plays)."""
    player: Player = field(default_factory=Player)
    now: float = 0.0
    heard: list[tuple[float, DueMessage]] = field(default_factory=list)
    """Everything that went out, with the moment of sending."""
    lights: list[tuple[float, bytes]] = field(default_factory=list)
    """What the controllers were told, and when."""
    told: list[Output] = field(default_factory=list)
    """What a front end would have been told."""

    def begin(self) -> None:
        """The composer reports for work."""
        if self.worker is not None:
            self.do(ComposerReady("cpu", "offline", "The model is ready."))

    def do(self, event: inputs.Input) -> None:
        """Let something happen now, and all that follows from it."""
        pending = [event]
        while pending:
            for output in self.jam.step(pending.pop(0), self.now):
                self._carry_out(output)
            self._send_due()
            pending.extend(self._replies())

    def run(self, script: Iterable[tuple[float, inputs.Input]], until: float) -> None:
        """Let the script's inputs happen at their moments (ascending), and time pass up to `until`."""
        for at_seconds, event in script:
            self._pass_time(at_seconds)
            self.do(event)
        self._pass_time(until)

    def run_until_silent(self, limit: float, script: Iterable[tuple[float, inputs.Input]] = ()) -> None:
        """Let time pass (and a script happen) until the running answer is over, at most up to `limit`."""
        for at_seconds, event in script:
            if self.jam.turn is None or at_seconds > limit:
                return
            self._pass_time(at_seconds)
            self.do(event)
        while self.jam.turn is not None and self.now < limit:
            self._pass_time(min(limit, self.now + 0.05))

    def _pass_time(self, until: float) -> None:
        while True:
            moments = [self.jam.wake_at(self.now)]
            due = self.player.next_due()
            if due is not None:
                moments.append(due)
            following = max(self.now, min(moments))
            if following >= until:
                self.now = max(self.now, until)
                return
            # A wake-up for this very moment must not stop the clock.
            self.now = following if following > self.now else self.now + 1e-4
            self._send_due()
            self.do(inputs.Woke())

    def _replies(self) -> Iterator[Reply]:
        while self.worker is not None and not self.worker.idle:
            yield from self.worker.work()

    def _send_due(self) -> None:
        self._went_out(self.player.pop_due(self.now))

    def _went_out(self, messages: list[DueMessage]) -> None:
        # All of them first: what the jam says to one of them may end another.
        self.heard += [(self.now, message) for message in messages]
        for message in messages:
            sent = inputs.Sent(self.now, message.data, message.turn == THRU_TURN)
            for output in self.jam.step(sent, self.now):
                self._carry_out(output)

    def _carry_out(self, output: Output) -> None:
        match output:
            case outputs.Play(muted=True):
                self.told.append(output)
            case outputs.Play(note=note) | outputs.Preview(note=note) | outputs.Accompany(note=note):
                self.player.add_note(
                    output.turn, note.channel, note.pitch, note.velocity, output.on_seconds, output.off_seconds,
                    output.note_id,
                )  # fmt: skip
                if not isinstance(output, outputs.Preview):
                    self.told.append(output)
            case outputs.EndMoved():
                self.player.move_off(output.note_id, output.off_seconds)
                self.told.append(output)
            case outputs.Send():
                self.player.add_message(output.turn, output.due_seconds, output.data)
            case outputs.Cut():
                self._went_out(self.player.cut(self.now, output.turn))
            case outputs.Silence():
                self._went_out(self.player.panic(self.now))
            case outputs.Thru():
                self.player.thru(output.data)
                self._went_out([DueMessage(self.now, output.data, THRU_TURN)])
            case outputs.Light():
                self.lights.append((self.now, output.data))
            case _ if isinstance(output, Request):
                if self.worker is not None:
                    self.worker.take(output)
            case _:
                self.told.append(output)
