"""Keeps the wanted MIDI ports open: re-attaches a device that comes back, and says what was lost.

`PortKeeper` decides from port names alone; `PortLoop` looks once a second and carries it out.
Knows nothing of what is played through the ports.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from cocomposer.adapters.port_names import match_name, stable_name
from cocomposer.ports import MidiInput, MidiOutput

LOOK_SECONDS: Final = 1.0
OWN_INPUT: Final = "cocomposer In"
OWN_OUTPUT: Final = "cocomposer Out"


class MidiSystem(Protocol):
    """Where ports come from: `adapters.rtmidi_ports.RtmidiSystem` or `adapters.virtual.VirtualMidi`."""

    @property
    def system(self) -> str: ...
    def input_names(self) -> list[str]: ...
    def output_names(self) -> list[str]: ...
    def own_input(self, name: str) -> MidiInput: ...
    def own_output(self, name: str) -> MidiOutput: ...
    def open_input(self, name: str) -> MidiInput: ...
    def open_output(self, name: str) -> MidiOutput: ...
    def close(self) -> None: ...


class Direction(StrEnum):
    """Seen from us."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class WantedPort:
    """A port to keep open: an existing one by (the stable part of) its name, or our `own` one of that name."""

    direction: Direction
    name: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Attach:
    """Open this port now; `raw_name` as listed, None for our own."""

    wanted: WantedPort
    raw_name: str | None


@dataclass(frozen=True, slots=True)
class Detach:
    """This port has gone: close what is left of it."""

    wanted: WantedPort
    on_request: bool = False
    """It is still there, but not wanted any more."""


@dataclass(slots=True)
class _State:
    attached: bool = False
    raw_name: str | None = None
    """Where the port is listed; of our own one None until it has been seen there once."""


class PortKeeper:
    """Says what to attach and detach, from one look at the port names to the next."""

    def __init__(self, wanted: Sequence[WantedPort], system: str) -> None:
        self._system = system
        self._states = {port: _State() for port in wanted}
        self._unwanted: set[WantedPort] = set()

    @property
    def wanted(self) -> tuple[WantedPort, ...]:
        """Those to be kept open."""
        return tuple(port for port in self._states if port not in self._unwanted)

    @property
    def missing(self) -> tuple[WantedPort, ...]:
        """Wanted ports that are not open now."""
        return tuple(port for port, state in self._states.items() if not state.attached)

    def want(self, wanted: Sequence[WantedPort]) -> None:
        """Want exactly these from now on; the next `check` detaches the others."""
        for port in wanted:
            self._states.setdefault(port, _State())
        for port in [p for p, state in self._states.items() if p not in wanted and not state.attached]:
            del self._states[port]
        self._unwanted = {port for port in self._states if port not in wanted}

    def check(self, input_names: Sequence[str] | None, output_names: Sequence[str] | None) -> list[Attach | Detach]:
        """Compare with the names listed now; None means that the MIDI system itself has gone."""
        actions: list[Attach | Detach] = []
        for port in list(self._states):
            # Our own input is listed among the outputs of everybody else, and the other way round.
            heard = (port.direction is Direction.INPUT) is not port.own
            names = input_names if heard else output_names
            if self._states[port].attached and (port in self._unwanted or self._gone(port, names)):
                actions.append(Detach(port, on_request=port in self._unwanted))
                self._states[port] = _State()
            if port in self._unwanted:
                del self._states[port]
            elif not self._states[port].attached and names is not None:
                raw = None if port.own else match_name(port.name, names, self._system)
                if port.own or raw is not None:
                    actions.append(Attach(port, raw))
                    self._states[port] = _State(True, raw)
        self._unwanted = set()
        return actions

    def failed(self, port: WantedPort) -> None:
        """Attaching did not work, or sending failed: the next `check` tries again."""
        if port in self._states:
            self._states[port] = _State()

    def _gone(self, port: WantedPort, names: Sequence[str] | None) -> bool:
        state = self._states[port]
        if names is None:
            return True
        if port.own and state.raw_name is None:
            state.raw_name = match_name(port.name, names, self._system)
            return False
        return state.raw_name not in names


@dataclass(frozen=True, slots=True)
class PortChange:
    """A wanted port was opened (`port` is set) or lost (None), and how to say so."""

    wanted: WantedPort
    port: MidiInput | MidiOutput | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found. Names are the stable parts; our own ports are left out of those that are there."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    open: tuple[WantedPort, ...] = ()


def _ignore_look(absent: list[str]) -> None:
    pass


class PortLoop:
    """Looks at the port names and carries out what the keeper says.

    `on_change` is called in this loop's thread (or that of whoever called `look`) with the loop's lock held: it may
    attach ports elsewhere, but must not call back here, except `failed` and `want`. The same holds for `on_look`,
    called after a look that found something else than the one before, or after which something new is missing: with
    a sentence for each such port.
    """

    def __init__(
        self,
        midi: MidiSystem,
        wanted: Sequence[WantedPort],
        on_change: Callable[[PortChange], None],
        look_seconds: float = LOOK_SECONDS,
        on_look: Callable[[list[str]], None] = _ignore_look,
    ) -> None:
        self._midi = midi
        self._keeper = PortKeeper(wanted, midi.system)
        self._on_change = on_change
        self._look_seconds = look_seconds
        self._open: dict[WantedPort, MidiInput | MidiOutput] = {}
        self._told: dict[WantedPort, str] = {}
        self._lock = threading.Lock()
        self._failures: deque[WantedPort] = deque()
        self._wishes: deque[tuple[WantedPort, ...]] = deque()
        self._on_look = on_look
        self.seen = Seen()
        """What the last look found."""
        self._nudge = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def wanted(self) -> tuple[WantedPort, ...]:
        """Those to be kept open."""
        return self._keeper.wanted

    @property
    def missing(self) -> tuple[WantedPort, ...]:
        """Wanted ports that are not open now."""
        return self._keeper.missing

    def start(self) -> None:
        """Open what can be opened now, then keep looking in a thread."""
        self.look()
        self._thread = threading.Thread(target=self._run, name="ports", daemon=True)
        self._thread.start()

    def want(self, wanted: Sequence[WantedPort]) -> None:
        """Keep exactly these ports open from the next look on, which comes at once.

        May be called from any thread and with any lock held: it only leaves a note.
        """
        self._wishes.append(tuple(wanted))
        self._nudge.set()

    def absences(self) -> list[str]:
        """A sentence for each port of others that is wanted and was not there at the last look."""
        with self._lock:
            return self._absences()

    def _absences(self) -> list[str]:
        sentences = []
        for port in self.missing:
            there = self.seen.inputs if port.direction is Direction.INPUT else self.seen.outputs
            if not port.own and match_name(port.name, there, self._midi.system) is None:
                sentences.append(
                    f'There is no MIDI {port.direction} "{port.name}" now; it is taken up when it appears '
                    f"(ports there: {', '.join(there) or 'none'})."
                )
        return sentences

    def failed(self, port: WantedPort, at_once: bool = True) -> None:
        """Sending to this port failed: it is closed and opened anew at the next look, which comes `at_once` or in time.

        May be called from any thread and with any lock held: it only leaves a note.
        """
        self._failures.append(port)
        if at_once:
            self._nudge.set()

    def look(self) -> None:
        """One look at the names, and what follows from it."""
        with self._lock:
            while self._failures:
                port = self._failures.popleft()
                if port in self._open:
                    self._keeper.failed(port)
                    self._lose(port)
            wished = bool(self._wishes)
            while self._wishes:
                self._keeper.want(self._wishes.popleft())
                self._told.clear()
            inputs: list[str] | None
            outputs: list[str] | None
            try:
                inputs, outputs = self._midi.input_names(), self._midi.output_names()
            except OSError:
                inputs = outputs = None
            for action in self._keeper.check(inputs, outputs):
                if isinstance(action, Detach):
                    self._lose(action.wanted, action.on_request)
                else:
                    self._attach(action)
            before, self.seen = self.seen, Seen(self._names(inputs), self._names(outputs), tuple(self._open))
            absent = self._absences() if wished else []
            if absent or self.seen != before:
                self._on_look(absent)

    def stop(self) -> None:
        """Stop looking and close every port that was opened here."""
        self._stopping = True
        self._nudge.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            for port in self._open.values():
                port.close()
            self._open.clear()
            self._midi.close()

    def _run(self) -> None:
        while True:
            self._nudge.wait(self._look_seconds)
            self._nudge.clear()
            if self._stopping:
                return
            self.look()

    def _attach(self, action: Attach) -> None:
        wanted = action.wanted
        name = wanted.name if action.raw_name is None else action.raw_name
        make: Callable[[str], MidiInput | MidiOutput]
        if wanted.direction is Direction.INPUT:
            make = self._midi.own_input if wanted.own else self._midi.open_input
        else:
            make = self._midi.own_output if wanted.own else self._midi.open_output
        try:
            port = make(name)
        except OSError as error:
            self._keeper.failed(wanted)
            if self._told.get(wanted) != str(error):  # once, not every second
                self._told[wanted] = str(error)
                self._on_change(PortChange(wanted, None, str(error)))
            return
        self._told.pop(wanted, None)
        self._open[wanted] = port
        self._on_change(PortChange(wanted, port, f'The MIDI {wanted.direction} "{wanted.name}" is open.'))

    def _names(self, raw_names: list[str] | None) -> tuple[str, ...]:
        theirs = [raw for raw in raw_names or () if OWN_INPUT not in raw and OWN_OUTPUT not in raw]
        return tuple(dict.fromkeys(stable_name(raw, self._midi.system) for raw in theirs))

    def _lose(self, wanted: WantedPort, on_request: bool = False) -> None:
        port = self._open.pop(wanted, None)
        after = "is closed." if on_request else "is gone; it is taken up again when it comes back."
        sentence = f'The MIDI {wanted.direction} "{wanted.name}" {after}'
        self._on_change(PortChange(wanted, None, sentence))
        if port is not None:
            port.close()
