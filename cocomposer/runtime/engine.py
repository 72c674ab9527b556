"""The engine: the one place where everything live is wired together. One loop owns the jam; it decides nothing itself.

Threads: port drivers and the composer's reader only enqueue; the jam loop steps the jam and carries out what it
says; the playback loop sends. `run_engine` is the whole process.
"""

import gc
import os
import queue
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, cast

import msgspec

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.generation.request import Ask, ComposerLost, ComposerReady, Drop, Extend, Hear
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.outputs import Output
from cocomposer.music.message import TimedMessage
from cocomposer.music.wire import WireParser
from cocomposer.playback.sounding import THRU_TURN
from cocomposer.ports import MidiInput, MidiOutput
from cocomposer.runtime.composer_link import ComposerLink
from cocomposer.runtime.front_door import FrontDoor
from cocomposer.runtime.midi_choice import choose_midi
from cocomposer.runtime.news import FromFront, Lost, News, Opened, Options, Quit, Ready, Status
from cocomposer.runtime.one_clock import OneClock
from cocomposer.runtime.output_choice import OutputChoice
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.port_keeper import (
    OWN_INPUT,
    OWN_OUTPUT,
    Direction,
    MidiSystem,
    PortChange,
    PortLoop,
    WantedPort,
)
from cocomposer.runtime.priority import JAM_PRIORITY, request_realtime

STATUS_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class _SendFailed:
    """This output took no more messages."""

    output: MidiOutput


class Engine:
    """Everything live, wired. `run` returns when the last front end has gone or one said Quit."""

    def __init__(self, options: Options, midi: MidiSystem | None = None) -> None:
        """`midi` replaces the machine's MIDI system (for demos and tests)."""
        self.clock = SystemClock()
        self._options = options
        self._queue: queue.SimpleQueue[inputs.Input | _SendFailed | Quit] = queue.SimpleQueue()
        self._jam = Jam(options.settings)
        self.playback = PlaybackLoop(self.clock, self._on_sent, self._on_lost, realtime=options.realtime)
        self.composer = ComposerLink(Path(options.bundle), options.provider, self._queue.put)
        self.door = FrontDoor(self._on_command, lambda: self._queue.put(Quit()))
        self._midi, self._sentence = (midi, None) if midi is not None else choose_midi(options.midi, self.clock)
        wanted = [WantedPort(Direction.INPUT, OWN_INPUT, own=True), WantedPort(Direction.OUTPUT, OWN_OUTPUT, own=True)]
        wanted += [WantedPort(Direction.INPUT, name) for name in options.inputs]
        wanted += [WantedPort(Direction.OUTPUT, name) for name in options.outputs]
        self._wanted = wanted
        self.ports = PortLoop(self._midi, wanted, self._on_port)
        self._outputs = OutputChoice(self.playback)
        self._one_clock = OneClock()
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(FromFront)
        self._composer_ready = False
        self._watcher: Callable[[News], None] | None = None

    def watch(self, watcher: Callable[[News], None]) -> None:
        """Tell news to a front end in this process too, in the jam loop's thread: it must be quick."""
        self._watcher = watcher

    # -- other threads: enqueue only ----------------------------------------------------------

    def _on_sent(self, _due: float, sent: float, data: bytes, turn: int, _note_id: int | None) -> None:
        self._queue.put(inputs.Sent(sent, data, turn == THRU_TURN))

    def _on_lost(self, output: MidiOutput, sentence: str) -> None:
        self._queue.put(inputs.PortLost(False, sentence))
        self._queue.put(_SendFailed(output))

    def _on_message(self, wanted: WantedPort, message: TimedMessage) -> None:
        if self._one_clock.lets_through(wanted, message):
            self._queue.put(inputs.Arrived(message.at_seconds, message.data))

    def _on_command(self, data: bytes) -> None:
        try:
            command = self._decoder.decode(data)
        except msgspec.MsgspecError as error:
            self._tell(outputs.Notice(f"A front end said something unknown ({error}); use the same version."))
            return
        if isinstance(command, inputs.Arrived):
            for message in WireParser().feed(command.data):
                self._queue.put(inputs.Arrived(command.at_seconds, message))
        else:
            self._queue.put(command)

    def _on_port(self, change: PortChange) -> None:
        is_input = change.wanted.direction is Direction.INPUT
        if change.port is None:
            if is_input:
                self._one_clock.forget(change.wanted)
            else:
                self._outputs.changed(change.wanted, None)
            self._queue.put(inputs.PortLost(is_input, change.sentence))
            return
        if is_input:
            cast("MidiInput", change.port).listen(partial(self._on_message, change.wanted))
        else:
            self._outputs.changed(change.wanted, cast("MidiOutput", change.port))
        self._queue.put(inputs.PortOpened(is_input, change.sentence))

    # -- the loop ------------------------------------------------------------------------------

    def run(self) -> None:
        """Open, serve, close. Whatever ends it, nothing keeps sounding."""
        try:
            self.playback.start()
            self.ports.start()
            missing = self.ports.missing
            names = tuple(port.name for port in self._wanted if port not in missing)
            self._tell(Opened(self._midi.system, names, self.clock.now()))
            for sentence in (self._sentence, *self.ports.absences()):
                if sentence is not None:
                    self._tell(outputs.Notice(sentence))
            self._tell(outputs.SettingsChanged(self._jam.settings))
            self.composer.start()
            # Collections of old objects stop the interpreter for milliseconds; what is loaded now stays.
            gc.collect()
            gc.freeze()
            self._serve()
        finally:
            self.playback.stop()
            self.composer.stop()
            self.ports.stop()
            self.door.close()

    def stop(self) -> None:
        """From any thread: let `run` return."""
        self._queue.put(Quit())

    def _serve(self) -> None:
        if self._options.realtime:
            # Below the playback loop, but above the rest: a jam loop that is put aside while it holds the
            # interpreter keeps the playback loop waiting too.
            request_realtime(JAM_PRIORITY)
        status_at = self.clock.now()
        while True:
            now = self.clock.now()
            if now >= status_at:
                status_at = now + STATUS_SECONDS
                self._tell(self._status(now))
            event: inputs.Input | _SendFailed | Quit
            try:
                event = self._queue.get(timeout=max(0.0, min(self._jam.wake_at(now), status_at) - now))
            except queue.Empty:
                event = inputs.Woke()
            if isinstance(event, Quit):
                return
            if isinstance(event, _SendFailed):
                # Not at once: what can be opened but takes nothing would keep us busy.
                lost = self._outputs.wanted(event.output)
                if lost is not None:
                    self.ports.failed(lost, at_once=False)
                continue
            if isinstance(event, ComposerReady):
                self._composer_ready = True
                self._tell(Ready(event.provider, event.model, event.sentence, self.clock.now(), self.composer.pid))
            elif isinstance(event, ComposerLost):
                self._composer_ready = False
                self._tell(Lost(event.sentence, event.for_good))
            for output in self._jam.step(event, self.clock.now()):
                self._carry_out(output)

    def _carry_out(self, output: Output) -> None:
        match output:
            case outputs.Play(note=note):
                self.playback.add_note(
                    output.turn, note.channel, note.pitch, note.velocity, output.on_seconds, output.off_seconds,
                    output.note_id,
                )  # fmt: skip
                self._tell(output)
            case outputs.Send():
                self.playback.add_message(output.turn, output.due_seconds, output.data)
            case outputs.Cut():
                self.playback.cut(output.turn)
            case outputs.Silence():
                self.playback.panic()
            case outputs.Thru():
                self.playback.thru(output.data)
            case Hear() | Ask() | Extend() | Drop():
                self.composer.send(output)
            case _:
                self._tell(output)

    def _tell(self, news: News) -> None:
        if self._watcher is not None:
            self._watcher(news)
        self.door.tell(self._encoder.encode(news))

    def _status(self, now: float) -> Status:
        grid, turn = self._jam.grid(now), self._jam.turn
        planned = 0.0 if turn is None else max(0.0, turn.seconds_at(turn.planned_tick, grid) - now)
        return Status(
            now,
            self._jam.mode,
            grid.bpm,
            grid.source.value,
            grid.running,
            grid.tick_at(now),
            self._composer_ready,
            self.playback.lateness(),
            self.playback.dropped,
            self._jam.echoes,
            self.playback.priority,
            planned,
        )


def run_engine(connection: Connection, options: bytes, midi: Callable[[SystemClock], MidiSystem] | None = None) -> None:
    """The engine process: one front end to begin with; ends when it hangs up (also when it is killed)."""
    # Ctrl-C reaches the whole group; the front end decides and hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGTSTP"):  # Windows has none; stopped, we could not end what sounds
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    clock = SystemClock()
    engine = Engine(msgspec.msgpack.decode(options, type=Options), midi(clock) if midi is not None else None)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: engine.stop())
    engine.door.admit(connection)
    engine.run()
    # Threads of drivers may linger; all that matters has been closed.
    os._exit(0)
