"""The engine: the one place where everything live is wired together. One loop owns the jam; it decides nothing itself.

Threads: port drivers, front ends' readers and the composer's only enqueue; the jam loop steps the jam and carries
out what it says; the playback loop sends. `run_engine` is the whole process of an engine that ends with its front end.
"""

import gc
import os
import queue
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import msgspec

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.generation.chord_request import Suggest
from cocomposer.generation.request import (
    Ask,
    ComposerLost,
    ComposerReady,
    Drop,
    DropSketches,
    Extend,
    Hear,
    PlayLike,
    Sketch,
)
from cocomposer.harmony.live_harmony import warm_up
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.outputs import Output
from cocomposer.music.message import NOTE_OFF, NOTE_ON, channel_of, kind_of, note_off
from cocomposer.music.wire import WireParser
from cocomposer.playback.sounding import THRU_TURN
from cocomposer.ports import MidiOutput
from cocomposer.runtime.composer_link import ComposerLink
from cocomposer.runtime.fact_log import FactLog
from cocomposer.runtime.front_door import FrontDoor
from cocomposer.runtime.live_ports import LivePorts, Looked, SendFailed
from cocomposer.runtime.midi_choice import choose_midi
from cocomposer.runtime.news import (
    LATENESS_EDGES_MS,
    FromFront,
    Hello,
    LoadModel,
    Lost,
    News,
    Opened,
    OpenPorts,
    Options,
    Ports,
    Quit,
    Ready,
    SetSound,
    Status,
)
from cocomposer.runtime.news_desk import NewsDesk
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.port_keeper import MidiSystem
from cocomposer.runtime.priority import JAM_PRIORITY, request_realtime
from cocomposer.runtime.sound_switch import MakeSound, SoundFailed, SoundSwitch, built_in_sound

STATUS_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Came:
    """A front end wants in."""

    connection: Connection


_Event = (
    inputs.Input | _Came | SendFailed | Looked | SoundFailed | outputs.Notice | Quit | OpenPorts | LoadModel | SetSound
)


class Engine:
    """Everything live, wired. `run` returns on Quit, and when it is alone: see `linger_seconds`."""

    def __init__(
        self,
        options: Options,
        midi: MidiSystem | None = None,
        *,
        linger_seconds: float | None = None,
        logs: Path | None = None,
        session: str | None = None,
        make_sound: MakeSound = built_in_sound,
    ) -> None:
        """`midi` replaces the machine's MIDI system (for demos and tests). Facts are logged in the folder `logs`.

        `session` names this run, if it has a name already.

        `linger_seconds`: it ends after so long without a front end, with nothing coming in and nothing sounding;
        None: at once when the last front end has gone.
        """
        self.clock = SystemClock()
        self._options = options
        self._linger_seconds = linger_seconds
        self._queue: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._session = session or new_session()
        self._began_at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        self._began_seconds = self.clock.now()
        self._jam = Jam(options.settings, began_seconds=self._began_seconds)
        self.playback = PlaybackLoop(self.clock, self._on_sent, self._on_lost, realtime=options.realtime)
        self.composer = ComposerLink(Path(options.bundle), options.provider, self._queue.put)
        door = FrontDoor(self._on_command, self._on_nobody)
        log = None if logs is None else FactLog(logs, self._session, self._began_at, self._on_unwritten)
        self.desk = NewsDesk(door, log)
        self._midi, self._sentence = (midi, None) if midi is not None else choose_midi(options.midi, self.clock)
        self.ports = LivePorts(self._midi, options, self.playback, self._queue.put)
        self._sound = SoundSwitch(self.playback, self._queue.put, make_sound, options.volume)
        self._decoder = msgspec.msgpack.Decoder(FromFront)
        self._composer_ready = False
        self._ports_told: Ports | None = None
        self._busy_at = self.clock.now()
        self._pressed: set[tuple[int, int]] = set()
        """Channel and pitch of the keys that front ends hold."""

    def watch(self, watcher: Callable[[News], None]) -> None:
        """Tell news to a front end in this process too, in the jam loop's thread: it must be quick."""
        self.desk.watch(watcher)

    # -- other threads: enqueue only ----------------------------------------------------------

    def admit(self, connection: Connection) -> None:
        """Let a front end in: it is told how things stand, then all that follows."""
        self._queue.put(_Came(connection))

    def stop(self) -> None:
        """Let `run` return."""
        self._queue.put(Quit())

    def _on_nobody(self) -> None:
        # Whoever held keys on the screen cannot let them go any more.
        while self._pressed:
            self._queue.put(inputs.Arrived(self.clock.now(), note_off(*self._pressed.pop())))
        if self._linger_seconds is None:
            self.stop()

    def _on_unwritten(self, sentence: str) -> None:
        self._queue.put(outputs.Notice(sentence))

    def _on_sent(self, _due: float, sent: float, data: bytes, turn: int, _note_id: int | None) -> None:
        self._queue.put(inputs.Sent(sent, data, turn == THRU_TURN))

    def _on_lost(self, output: MidiOutput, sentence: str) -> None:
        self._queue.put(inputs.PortLost(False, sentence))
        self._queue.put(SendFailed(output))

    def _on_command(self, data: bytes) -> None:
        try:
            command = self._decoder.decode(data)
        except msgspec.MsgspecError as error:
            self._queue.put(outputs.Notice(f"A front end said something unknown ({error}); use the same version."))
            return
        if isinstance(command, inputs.Arrived):
            for message in WireParser().feed(command.data):
                if kind_of(message) in (NOTE_ON, NOTE_OFF):
                    key = (channel_of(message), message[1])
                    (self._pressed.add if kind_of(message) == NOTE_ON else self._pressed.discard)(key)
                self._queue.put(inputs.Arrived(command.at_seconds, message))
        else:
            self._queue.put(command)

    # -- the loop ------------------------------------------------------------------------------

    def run(self) -> None:
        """Open, serve, close. Whatever ends it, nothing keeps sounding."""
        try:
            self.playback.start()
            self.ports.start()
            self._tell(Opened(self._midi.system, self.ports.names, self.clock.now()))
            for sentence in (self._sentence, *self.ports.loop.absences()):
                if sentence is not None:
                    self._tell(outputs.Notice(sentence))
            self._tell_ports()
            self._tell(self._sound.set(self._options.sound, self._options.volume))
            self._tell(outputs.SettingsChanged(self._jam.settings))
            self.composer.start()
            warm_up()
            # Collections of old objects stop the interpreter for milliseconds; what is loaded now stays.
            gc.collect()
            gc.freeze()
            self._serve()
        finally:
            self.playback.stop()
            self._sound.stop()
            self.composer.stop()
            self.ports.stop()
            self.desk.close()

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
                if self._forgotten(now):
                    return
            event: _Event
            try:
                event = self._queue.get(timeout=max(0.0, min(self._jam.wake_at(now), status_at) - now))
            except queue.Empty:
                event = inputs.Woke()
            match event:
                case Quit():
                    return
                case _Came():
                    self._welcome(event.connection)
                case OpenPorts() | LoadModel() | SetSound() | SendFailed() | Looked() | SoundFailed():
                    self._set_up(event)
                case outputs.Notice():
                    self._tell(event)
                case _:
                    self._step(event)

    def _step(self, event: inputs.Input) -> None:
        match event:
            case ComposerReady():
                self._composer_ready = True
                self._tell(Ready(event.provider, event.model, event.sentence, self.clock.now(), self.composer.pid))
            case ComposerLost():
                self._composer_ready = False
                self._tell(Lost(event.sentence, event.for_good))
            case inputs.Arrived() | inputs.Sent():
                self._busy_at = self.clock.now()
            case _:
                pass
        struck = False
        for output in self._jam.step(event, self.clock.now()):
            self._carry_out(output)
            struck = struck or isinstance(output, outputs.Heard)
            if isinstance(output, outputs.Released) and not isinstance(event, inputs.Arrived):
                # Its end will not come: the port is lost, say.
                self._sound.hear(note_off(output.channel, output.pitch), self._jam.settings, struck=False)
        if isinstance(event, inputs.Arrived):
            self._sound.hear(event.data, self._jam.settings, struck)

    def _carry_out(self, output: Output) -> None:
        match output:
            case outputs.Play(muted=True):
                self._tell(output)
            case outputs.Play(note=note) | outputs.Preview(note=note) | outputs.Accompany(note=note):
                self.playback.add_note(
                    output.turn, note.channel, note.pitch, note.velocity, output.on_seconds, output.off_seconds,
                    output.note_id,
                )  # fmt: skip
                if not isinstance(output, outputs.Preview):
                    self._tell(output)
            case outputs.EndMoved():
                self.playback.move_off(output.note_id, output.off_seconds)
                self._tell(output)
            case outputs.Send():
                self.playback.add_message(output.turn, output.due_seconds, output.data)
            case outputs.Cut():
                self.playback.cut(output.turn)
            case outputs.Silence():
                self.playback.panic()
            case outputs.Thru():
                self.playback.thru(output.data)
            case outputs.Light():
                self.ports.light(output.data)
            case Hear() | Ask() | Extend() | Drop() | Sketch() | DropSketches() | Suggest() | PlayLike():
                self.composer.send(output)
            case _:
                self._tell(output)

    def _set_up(self, event: OpenPorts | LoadModel | SetSound | SendFailed | Looked | SoundFailed) -> None:
        """What concerns the engine and not the jam."""
        options = self._options
        match event:
            case OpenPorts():
                self._options = msgspec.structs.replace(
                    options, inputs=event.inputs, outputs=event.outputs, lights=event.lights
                )
                self.ports.choose(event.inputs, event.outputs, event.lights)
                self._tell_ports()
            case LoadModel():
                self._options = msgspec.structs.replace(options, bundle=event.bundle, provider=event.provider)
                self.composer.load(Path(event.bundle), event.provider)
            case SetSound():
                self._options = msgspec.structs.replace(options, sound=event.on, volume=event.volume)
                self._tell(self._sound.set(event.on, event.volume))
            case SendFailed():
                self.ports.failed(event)
            case Looked():
                for sentence in event.absent:
                    self._tell(outputs.Notice(sentence))
                self._tell_ports()
            case SoundFailed():
                changed = self._sound.failed(event)
                if changed is not None:
                    self._options = msgspec.structs.replace(options, sound=False)
                    self._tell(changed)

    # -- what is told --------------------------------------------------------------------------

    def _tell(self, news: News) -> None:
        self.desk.tell(news)

    def _tell_ports(self) -> None:
        ports = self.ports.news()
        if ports != self._ports_told:
            self._ports_told = ports
            self._tell(ports)

    def _welcome(self, connection: Connection) -> None:
        now = self.clock.now()
        hello = Hello(
            self._session,
            os.getpid(),
            self.desk.log_path,
            self.desk.position,
            now,
            self._began_at,
            self._jam.mode,
            self._jam.settings,
            msgspec.structs.replace(self._options, settings=self._jam.settings),
            self._began_seconds,
            self._jam.grid(now).tick_at(now),
            bool(self._jam.history or self._jam.phrase),
        )
        self.desk.admit(connection, hello, self._jam.standing)

    def _forgotten(self, now: float) -> bool:
        """Whether nobody has needed it for so long that it may end."""
        if self._linger_seconds is None:
            return False
        if not self.desk.door.empty or self.playback.sounding or self._jam.turn is not None:
            self._busy_at = now
        return now - self._busy_at >= self._linger_seconds

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
            self.playback.lateness_counts(LATENESS_EDGES_MS),
            self._jam.clock_ticking(now),
            self.playback.sent,
        )


def new_session() -> str:
    """A name for an engine's run that was never used before; in order of time."""
    return f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"


def end_on_signals(engine: Engine, names: tuple[str, ...]) -> None:
    """These signals end the engine in good order; Ctrl-Z does not stop it, for stopped it could not end what sounds."""
    if hasattr(signal, "SIGTSTP"):  # Windows has none
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    for name in names:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: engine.stop())


def run_engine(connection: Connection, options: bytes, midi: Callable[[SystemClock], MidiSystem] | None = None) -> None:
    """The engine process: one front end to begin with; ends when it hangs up (also when it is killed)."""
    # Ctrl-C reaches the whole group; the front end decides and hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine = Engine(msgspec.msgpack.decode(options, type=Options), midi(SystemClock()) if midi is not None else None)
    end_on_signals(engine, ("SIGTERM", "SIGHUP"))
    engine.admit(connection)
    engine.run()
    # Threads of drivers may linger; all that matters has been closed.
    os._exit(0)
