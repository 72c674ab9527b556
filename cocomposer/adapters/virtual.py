"""A world without hardware: a clock moved by hand, a scripted input, a recording output, and in-process loop ports.

Used by render, demo, machines without any MIDI system, and tests alike. Knows no third-party library.
"""

import threading
from collections.abc import Callable, Iterable

from cocomposer.adapters.port_errors import PortClosed, PortMissing
from cocomposer.music.message import TimedMessage
from cocomposer.music.wire import WireParser
from cocomposer.ports import Clock

Listener = Callable[[TimedMessage], None]


class VirtualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now

    def now(self) -> float:
        """Virtual seconds."""
        return self._now

    def advance(self, seconds: float) -> float:
        """Move on by `seconds` and return the new moment; ValueError if negative."""
        if seconds < 0:
            raise ValueError(f"time does not run backwards: {seconds}")
        self._now += seconds
        return self._now

    def advance_to(self, at_seconds: float) -> float:
        """Move on to `at_seconds`, or stay if that is past; returns the moment reached."""
        self._now = max(self._now, at_seconds)
        return self._now


class VirtualInput:
    """An input that hears what it is fed."""

    def __init__(self, name: str = "virtual In", clock: Clock | None = None) -> None:
        self._name = name
        self._clock = clock
        self._listener: Listener | None = None
        self._parser = WireParser()
        # Several threads may feed one input; their messages must not be mixed byte by byte.
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Its name, as listed."""
        return self._name

    def listen(self, listener: Listener) -> None:
        """Call `listener` for everything fed from now on, in the feeder's thread."""
        self._listener = listener

    def feed(self, data: bytes, at_seconds: float | None = None) -> None:
        """Let bytes arrive, now or stamped `at_seconds`; lost if nobody listens, or if they are no message."""
        if at_seconds is None:
            if self._clock is None:
                raise ValueError("an input without a clock must be told when a message arrives")
            at_seconds = self._clock.now()
        with self._lock:
            messages = self._parser.feed(data)
        listener = self._listener
        for message in messages:
            if listener is not None:
                listener(TimedMessage(at_seconds, message))

    def play(self, script: Iterable[tuple[float, bytes]]) -> None:
        """Feed a whole script of (at_seconds, data)."""
        for at_seconds, data in script:
            self.feed(data, at_seconds)

    def close(self) -> None:
        """Hear nothing any more. A second close does nothing."""
        self._listener = None


class VirtualOutput:
    """An output that records (at_seconds, data), with an unplugging test seam: `unplug` makes every send fail."""

    def __init__(self, clock: Clock, name: str = "virtual Out") -> None:
        self._clock = clock
        self._name = name
        self._open = True
        self.sent: list[tuple[float, bytes]] = []
        """All that went out, in order of sending."""

    @property
    def name(self) -> str:
        """Its name, as listed."""
        return self._name

    def send(self, data: bytes) -> None:
        """Record one message; PortClosed (an OSError) once it is closed or unplugged."""
        if not self._open:
            raise PortClosed(f'The MIDI port "{self._name}" is closed.')
        self.sent.append((self._clock.now(), data))

    def unplug(self) -> None:
        """From now on every send fails, as if the device had been pulled out."""
        self._open = False

    def close(self) -> None:
        """Send nothing any more. A second close does nothing."""
        self._open = False


class LoopOutput:
    """An output whose messages arrive at once at every input joined to it, in the sender's thread."""

    def __init__(self, clock: Clock, name: str) -> None:
        self._clock = clock
        self._name = name
        self._open = True
        self._inputs: list[VirtualInput] = []
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Its name, as listed."""
        return self._name

    def join(self, hearer: VirtualInput) -> None:
        """Let `hearer` hear all that is sent from now on."""
        with self._lock:
            self._inputs = [*self._inputs, hearer]

    def leave(self, hearer: VirtualInput) -> None:
        """Let `hearer` hear no more of it; nothing happens if it never did."""
        with self._lock:
            self._inputs = [joined for joined in self._inputs if joined is not hearer]

    def send(self, data: bytes) -> None:
        """Give one message to all joined inputs; PortClosed (an OSError) once closed."""
        if not self._open:
            raise PortClosed(f'The MIDI port "{self._name}" is closed.')
        at_seconds = self._clock.now()
        for hearer in self._inputs:
            hearer.feed(data, at_seconds)

    def close(self) -> None:
        """Send nothing any more. A second close does nothing."""
        self._open = False


def loop(clock: Clock, name: str = "virtual loop") -> tuple[VirtualInput, LoopOutput]:
    """An input and an output joined in this process: what goes out comes in."""
    hearer, output = VirtualInput(name, clock), LoopOutput(clock, name)
    output.join(hearer)
    return hearer, output


class VirtualMidi:
    """The in-process stand-in for a MIDI system: own ports, and for each a far end that plays the DAW.

    `to_engine` sends into our own input; `from_engine` hears our own output.
    """

    system = "virtual"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.to_engine = LoopOutput(clock, "virtual keyboard")
        self.from_engine = VirtualInput("virtual listener", clock)

    def input_names(self) -> list[str]:
        """Names that `open_input` takes."""
        return [self.to_engine.name]

    def output_names(self) -> list[str]:
        """Names that `open_output` takes."""
        return [self.from_engine.name]

    def own_input(self, name: str) -> VirtualInput:
        """Our own input of that name, hearing the far end."""
        hearer = VirtualInput(name, self._clock)
        self.to_engine.join(hearer)
        return hearer

    def own_output(self, name: str) -> LoopOutput:
        """Our own output of that name, heard by the far end."""
        output = LoopOutput(self._clock, name)
        output.join(self.from_engine)
        return output

    def open_input(self, name: str) -> VirtualInput:
        """The far end's sender, opened as a port; PortMissing (an OSError) for any other name."""
        if name not in self.input_names():
            raise PortMissing(f'There is no MIDI input "{name}" without a MIDI system.')
        return self.own_input(name)

    def open_output(self, name: str) -> LoopOutput:
        """The far end's listener, opened as a port; PortMissing (an OSError) for any other name."""
        if name not in self.output_names():
            raise PortMissing(f'There is no MIDI output "{name}" without a MIDI system.')
        return self.own_output(name)

    def close(self) -> None:
        """Nothing is kept open between calls."""
