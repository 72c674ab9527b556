"""Ports and MIDI systems that misbehave on command."""

from collections.abc import Callable

from cocomposer.adapters.port_errors import NoMidiSystem, PortClosed
from cocomposer.adapters.virtual import VirtualInput, VirtualOutput
from cocomposer.ports import Clock


class HookedOutput(VirtualOutput):
    """Calls `before_send` before each message goes out, for example to move the clock or to unplug."""

    def __init__(self, clock: Clock, before_send: Callable[[bytes], None], name: str = "hooked Out") -> None:
        super().__init__(clock, name)
        self._before_send = before_send

    def send(self, data: bytes) -> None:
        self._before_send(data)
        super().send(data)


class PluggedSystem:
    """A MIDI system whose devices are whatever `inputs` and `outputs` hold now; None: the system itself is gone."""

    system = "alsa"

    def __init__(self, clock: Clock, inputs: list[str], outputs: list[str]) -> None:
        self._clock = clock
        self.inputs: list[str] | None = inputs
        self.outputs: list[str] | None = outputs
        self.refuses = ""
        """While set, every attempt to open fails with this sentence."""
        self.closed: list[str] = []

    def input_names(self) -> list[str]:
        if self.inputs is None:
            raise NoMidiSystem("gone")
        return self.inputs

    def output_names(self) -> list[str]:
        if self.outputs is None:
            raise NoMidiSystem("gone")
        return self.outputs

    def own_input(self, name: str) -> VirtualInput:
        return self.open_input(name)

    def own_output(self, name: str) -> VirtualOutput:
        return self.open_output(name)

    def open_input(self, name: str) -> VirtualInput:
        if self.refuses:
            raise PortClosed(self.refuses)
        return _ToldInput(name, self)

    def open_output(self, name: str) -> VirtualOutput:
        if self.refuses:
            raise PortClosed(self.refuses)
        return _ToldOutput(self._clock, name, self)

    def close(self) -> None:
        self.closed.append("system")


class _ToldInput(VirtualInput):
    def __init__(self, name: str, system: PluggedSystem) -> None:
        super().__init__(name)
        self._system = system

    def close(self) -> None:
        self._system.closed.append(self.name)
        super().close()


class _ToldOutput(VirtualOutput):
    def __init__(self, clock: Clock, name: str, system: PluggedSystem) -> None:
        super().__init__(clock, name)
        self._system = system

    def close(self) -> None:
        self._system.closed.append(self.name)
        super().close()
