"""Real MIDI ports through python-rtmidi 1.5.8: which MIDI system works here, its ports, and our own.

Knows what goes wrong in that library and turns it into OSErrors with a sentence. Knows nothing of music: messages
are stamped and passed on.
"""

import ctypes
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import rtmidi  # type: ignore[import-untyped,import-not-found,unused-ignore]

from cocomposer.adapters import jack_look
from cocomposer.adapters.arrival import ArrivalStamps
from cocomposer.adapters.port_errors import NoMidiSystem, PortClosed, PortError, PortMissing
from cocomposer.adapters.port_names import match_name, stable_name
from cocomposer.music.message import TimedMessage
from cocomposer.music.wire import WireParser
from cocomposer.ports import Clock

SYSTEMS: Final[dict[str, int]] = {
    "coremidi": rtmidi.API_MACOSX_CORE,
    "winmm": rtmidi.API_WINDOWS_MM,
    "alsa": rtmidi.API_LINUX_ALSA,
    "jack": rtmidi.API_UNIX_JACK,
}
"""The MIDI systems that are tried, in this order. (rtmidi's own API_UNSPECIFIED never falls back on JACK.)"""

_ALSA_DEVICE: Final = "/dev/snd/seq"
_LONGEST_PORT_NAME: Final = 60


def midi_system(preferred: str | None = None) -> str | None:
    """The first of SYSTEMS that works here, or None; with `preferred`, that one or None.

    ValueError if `preferred` is not one of SYSTEMS.
    """
    if preferred is not None and preferred not in SYSTEMS:
        raise ValueError(f'There is no MIDI system "{preferred}": choose one of {", ".join(SYSTEMS)}.')
    compiled = rtmidi.get_compiled_api()
    for system in SYSTEMS if preferred is None else [preferred]:
        if SYSTEMS[system] in compiled and _works(system):
            return system
    return None


def _works(system: str) -> bool:
    if system == "alsa" and not os.path.exists(_ALSA_DEVICE):
        return False  # asked directly, libasound would write to standard error
    if system == "jack" and (look := jack_look.find()) is not None:
        return look.midi_ports() is not None
    try:
        rtmidi.MidiOut(rtapi=SYSTEMS[system], name="cocomposer look").delete()
    except rtmidi.RtMidiError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Wire:
    """An open rtmidi object, and how to find out whether the MIDI system still knows it."""

    port: Any
    alive: Callable[[], bool]

    def close(self) -> None:
        if not self.alive():
            # Its JACK server has died. Closing it now crashes in libjack about once in a few times, at exit too:
            # so it is never freed. It is small, silent, and servers die seldom.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self.port))
            return
        # In this order: `delete` alone has crashed inside libjack, which still had the port.
        self.port.close_port()
        self.port.delete()


class RtmidiInput:
    """An open input. Its listener is called in the driver's thread."""

    def __init__(self, wire: _Wire, name: str, clock: Clock) -> None:
        self._wire: _Wire | None = wire
        self._name = name
        self._clock = clock
        self._stamps = ArrivalStamps()
        # Some drivers hand over running status or bytes that are no message at all.
        self._parser = WireParser()
        self._listener: Callable[[TimedMessage], None] | None = None
        wire.port.ignore_types(sysex=True, timing=False, active_sense=True)
        wire.port.set_callback(self._arrived)

    @property
    def name(self) -> str:
        """Its name, as asked for."""
        return self._name

    def listen(self, listener: Callable[[TimedMessage], None]) -> None:
        """Call `listener` for each message from now on; what arrived before is lost."""
        self._listener = listener

    def close(self) -> None:
        """Leave the MIDI system. A second close does nothing."""
        self._listener = None
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.port.cancel_callback()
            wire.close()

    def _arrived(self, event: tuple[list[int], float], _: object) -> None:
        message, delta = event
        at_seconds = self._stamps.stamp(delta, self._clock.now())
        listener = self._listener
        for data in self._parser.feed(bytes(message)):
            if listener is not None:
                listener(TimedMessage(at_seconds, data))


class RtmidiOutput:
    """An open output; may be used and closed from different threads."""

    def __init__(self, wire: _Wire, name: str) -> None:
        self._wire: _Wire | None = wire
        self._name = name
        # A send into a deleted rtmidi object is not an error but a crash.
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Its name, as asked for."""
        return self._name

    def send(self, data: bytes) -> None:
        """Put one message on the wire; PortClosed (an OSError) if the port is closed or its system has failed."""
        with self._lock:
            if self._wire is None:
                raise PortClosed(f'The MIDI port "{self._name}" is closed.')
            try:
                self._wire.port.send_message(data)
            except rtmidi.RtMidiError as error:
                raise PortClosed(f'The MIDI port "{self._name}" takes no more messages: {error}') from error

    def close(self) -> None:
        """Leave the MIDI system. A second close does nothing."""
        with self._lock:
            wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


class RtmidiSystem:
    """One MIDI system: lists ports, opens them, and makes our own."""

    def __init__(self, system: str, clock: Clock) -> None:
        """`system` as `midi_system` gave it; NoMidiSystem (an OSError) if it does not answer."""
        self._system = system
        self._clock = clock
        self._look = jack_look.find() if system == "jack" else None
        self._listers: tuple[Any, Any] | None = None
        if self._look is None:
            self._listers = self._make("MidiIn", "cocomposer look"), self._make("MidiOut", "cocomposer look")
        self.input_names()

    @property
    def system(self) -> str:
        """Its name in SYSTEMS."""
        return self._system

    def input_names(self) -> list[str]:
        """Raw names of all ports that can be heard, our own outputs among them; NoMidiSystem if it has gone."""
        return self._names(0)

    def output_names(self) -> list[str]:
        """Raw names of all ports that can be sent to, our own inputs among them; NoMidiSystem if it has gone."""
        return self._names(1)

    def own_input(self, name: str) -> RtmidiInput:
        """Make our own port that others send to. PortError (an OSError) if that fails.

        Windows has no such ports: there a loopback port of that name is opened instead.
        """
        if self._system == "winmm":
            return RtmidiInput(self._open_loopback("MidiIn", name), name, self._clock)
        return RtmidiInput(self._own("MidiIn", name, "in"), name, self._clock)

    def own_output(self, name: str) -> RtmidiOutput:
        """Make our own port that others hear. PortError (an OSError) if that fails; Windows as in `own_input`."""
        if self._system == "winmm":
            return RtmidiOutput(self._open_loopback("MidiOut", name), name)
        return RtmidiOutput(self._own("MidiOut", name, "out"), name)

    def open_input(self, name: str) -> RtmidiInput:
        """Open an existing port by its raw name or the stable part of it; PortMissing (an OSError) if there is none."""
        return RtmidiInput(self._open("MidiIn", name), name, self._clock)

    def open_output(self, name: str) -> RtmidiOutput:
        """Open an existing port by its raw name or the stable part of it; PortMissing (an OSError) if there is none."""
        return RtmidiOutput(self._open("MidiOut", name), name)

    def close(self) -> None:
        """Stop listing. Ports that were opened stay open."""
        listers, self._listers = self._listers, None
        for lister in listers or ():
            lister.delete()

    def _names(self, side: int) -> list[str]:
        if self._look is not None:
            found = self._look.midi_ports()
            if found is None:
                raise NoMidiSystem("The JACK server does not answer: start it again.")
            return found[side]
        if self._listers is None:
            raise NoMidiSystem("The MIDI system has been closed.")
        try:
            return [str(name) for name in self._listers[side].get_ports()]
        except rtmidi.RtMidiError as error:
            raise NoMidiSystem(f"The MIDI system {self._system} does not answer: {error}") from error

    def _make(self, kind: str, client: str) -> Any:
        try:
            return getattr(rtmidi, kind)(rtapi=SYSTEMS[self._system], name=client)
        except rtmidi.RtMidiError as error:
            raise NoMidiSystem(f"The MIDI system {self._system} does not answer: {error}") from error

    def _wire(self, port: Any, client: str, port_name: str) -> _Wire:
        look, ours = self._look, stable_name(f"{client}:{port_name}", "jack")
        if look is None:
            return _Wire(port, lambda: True)

        def alive() -> bool:
            found = look.midi_ports()
            return found is not None and any(stable_name(raw, "jack") == ours for raw in found[0] + found[1])

        return _Wire(port, alive)

    def _own(self, kind: str, name: str, short: str) -> _Wire:
        # Each MidiIn and MidiOut is a JACK client of its own, and JACK shows "client:port": "cocomposer In:in".
        # ALSA and CoreMIDI show the port's name. (A JACK client must not be named like its server.)
        client, port = (name, short) if self._system == "jack" else ("cocomposer", name)
        wire = self._make(kind, client)
        try:
            wire.open_virtual_port(port)
        except (rtmidi.RtMidiError, NotImplementedError) as error:
            wire.delete()
            raise PortError(f'The port "{name}" could not be made: {error}') from error
        return self._wire(wire, client, port)

    def _open(self, kind: str, name: str) -> _Wire:
        wire = self._make(kind, "cocomposer")
        try:
            found = [str(raw) for raw in wire.get_ports()]
            raw = match_name(name, found, self._system)
            if raw is None:
                side = "input" if kind == "MidiIn" else "output"
                raise PortMissing(
                    f'There is no MIDI {side} "{name}"; found: {", ".join(found) or "none"}. '
                    "Plug it in or choose one of those."
                )
            word = "from" if kind == "MidiIn" else "to"
            ours = f"{word} {stable_name(raw, self._system)}".replace(":", " ")[:_LONGEST_PORT_NAME]
            wire.open_port(found.index(raw), ours)
        except rtmidi.RtMidiError as error:
            wire.delete()
            raise PortError(
                f'The MIDI port "{name}" could not be opened; another program may hold it: {error}'
            ) from error
        except PortMissing:
            wire.delete()
            raise
        return self._wire(wire, "cocomposer", ours)

    def _open_loopback(self, kind: str, name: str) -> _Wire:
        try:
            return self._open(kind, name)
        except PortMissing as error:
            raise PortMissing(
                f'Windows lets no program make MIDI ports: make a loopback port named "{name}", '
                "for example with loopMIDI, or choose an existing port."
            ) from error
