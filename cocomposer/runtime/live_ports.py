"""All ports of an engine, wired: what arrives goes into its queue, one output is played on, lights are told.

Decides nothing about what is played. Port drivers call in from threads of their own; they only enqueue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from cocomposer.jam import inputs
from cocomposer.music.message import TimedMessage
from cocomposer.ports import MidiInput, MidiOutput
from cocomposer.runtime.news import Options, Ports
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


@dataclass(frozen=True, slots=True)
class SendFailed:
    """This output took no more messages."""

    output: MidiOutput


@dataclass(frozen=True, slots=True)
class Looked:
    """There are other ports than before; a sentence for each that is missing."""

    absent: tuple[str, ...]


FromPorts = inputs.Arrived | inputs.PortOpened | inputs.PortLost | inputs.LightsOpened | Looked


class LivePorts:
    """The ports, from `start` to `stop`."""

    def __init__(
        self, midi: MidiSystem, options: Options, playback: PlaybackLoop, enqueue: Callable[[FromPorts], None]
    ) -> None:
        self._midi = midi
        self._enqueue = enqueue
        self._outputs = OutputChoice(playback, options.outputs, options.lights)
        self._one_clock = OneClock()
        wanted = wanted_ports(options.inputs, options.outputs, options.lights)
        self.loop = PortLoop(midi, wanted, self._on_port, on_look=lambda absent: enqueue(Looked(tuple(absent))))

    def start(self) -> None:
        """Open what is there, and keep looking."""
        self.loop.start()

    def stop(self) -> None:
        """Close all."""
        self.loop.stop()

    def choose(self, inputs_: Sequence[str], outputs: Sequence[str], lights: Sequence[str]) -> None:
        """Other ports of others from now on. Never waits: they are opened in a thread of their own."""
        self._outputs.prefer(outputs, lights)
        self.loop.want(wanted_ports(inputs_, outputs, lights))
        if self._outputs.lit:
            self._enqueue(inputs.LightsOpened())

    def light(self, data: bytes) -> None:
        """Tell the controllers, at once."""
        for port in self._outputs.light(data):
            self.loop.failed(port, at_once=False)

    def failed(self, failure: SendFailed) -> None:
        """Open that port anew; not at once: what can be opened but takes nothing would keep us busy."""
        lost = self._outputs.wanted(failure.output)
        if lost is not None:
            self.loop.failed(lost, at_once=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are open, in the order in which they were wanted."""
        return tuple(port.name for port in self.loop.wanted if port not in self.loop.missing)

    def news(self) -> Ports:
        """What a front end is told of them."""
        seen, playing = self.loop.seen, self._outputs.playing_on
        return Ports(
            self._midi.system,
            seen.inputs,
            seen.outputs,
            tuple(port.name for port in seen.open if port.direction is Direction.INPUT),
            tuple(port.name for port in seen.open if port.direction is Direction.OUTPUT),
            None if playing is None else playing.name,
            self._outputs.lit,
        )

    def _on_message(self, wanted: WantedPort, message: TimedMessage) -> None:
        if self._one_clock.lets_through(wanted, message):
            self._enqueue(inputs.Arrived(message.at_seconds, message.data))

    def _on_port(self, change: PortChange) -> None:
        wanted, port = change.wanted, change.port
        if wanted.direction is Direction.INPUT:
            if port is None:
                self._one_clock.forget(wanted)
                self._enqueue(inputs.PortLost(True, change.sentence))
            else:
                cast("MidiInput", port).listen(partial(self._on_message, wanted))
                self._enqueue(inputs.PortOpened(True, change.sentence))
            return
        played_on = self._outputs.changed(wanted, cast("MidiOutput | None", port))
        if port is not None or not played_on:
            # What was not played on may go without stopping the music; the sentence is all that there is to it.
            self._enqueue(inputs.PortOpened(False, change.sentence))
            if port is not None and self._outputs.is_light(wanted):
                self._enqueue(inputs.LightsOpened())
        else:
            self._enqueue(inputs.PortLost(False, change.sentence))


def wanted_ports(inputs_: Sequence[str], outputs: Sequence[str], lights: Sequence[str]) -> list[WantedPort]:
    """Our own ports and those of others, each once."""
    wanted = [WantedPort(Direction.INPUT, OWN_INPUT, own=True), WantedPort(Direction.OUTPUT, OWN_OUTPUT, own=True)]
    wanted += [WantedPort(Direction.INPUT, name) for name in inputs_]
    wanted += [WantedPort(Direction.OUTPUT, name) for name in (*outputs, *lights)]
    return list(dict.fromkeys(wanted))
