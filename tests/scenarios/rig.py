"""A jam in virtual time: what is played goes in as a table, what was heard comes out as one."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from cocomposer.generation.request import Reply, Request
from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.outputs import Mode, Output
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import (
    CC_SUSTAIN,
    CLOCK,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PEDAL_THRESHOLD,
    channel_of,
    control_change,
    kind_of,
    note_off,
    note_on,
)
from cocomposer.playback.sounding import THRU_TURN
from cocomposer.runtime.offline import Offline
from tests.fakes.note_model import FakeNoteModel, spare

Event = tuple[float, inputs.Input]
Script = list[Event]
Told = TypeVar("Told", bound=Output)


@dataclass(frozen=True, slots=True)
class HeardNote:
    """One note of ours as it sounded; `off` is None for a hung note."""

    on: float
    off: float | None
    pitch: int
    velocity: int
    channel: int = 0


class Late(Worker):
    """A composer that does nothing while `busy(now)` says so."""

    def __init__(self, busy: Callable[[float], bool], model: FakeNoteModel | None = None) -> None:
        super().__init__(model or FakeNoteModel(), spare())
        self._busy = busy
        self.now: Callable[[], float] = lambda: 0.0
        self.requests: list[Request] = []

    @property
    def idle(self) -> bool:
        return self._busy(self.now()) or super().idle

    def take(self, request: Request) -> None:
        self.requests.append(request)
        super().take(request)

    def work(self) -> list[Reply]:
        return [] if self._busy(self.now()) else super().work()


class Rig:
    """An offline jam with a fake model and tables around it."""

    def __init__(self, worker: Worker | None = None, composer: bool = True, **changes: Any) -> None:
        """`changes` are settings, by their names (entry: the next beat); `composer` False: there is none at all."""
        given = worker or (Worker(FakeNoteModel(), spare()) if composer else None)
        self.offline = Offline(Jam(changed(Settings(), {"entry": "beat", **changes})), given)
        self.offline.begin()

    @property
    def jam(self) -> Jam:
        return self.offline.jam

    def mode(self) -> Mode:
        """What the jam is doing now."""
        return self.jam.mode

    @property
    def now(self) -> float:
        return self.offline.now

    def run(self, *scripts: Script, until: float) -> None:
        """Let all scripts happen, and time pass up to `until`."""
        events = sorted((event for script in scripts for event in script), key=lambda event: event[0])
        self.offline.run(events, until)

    @property
    def sent(self) -> list[tuple[float, bytes]]:
        """(seconds, message) of all that went out."""
        return [(at_seconds, message.data) for at_seconds, message in self.offline.heard]

    @property
    def heard(self) -> list[HeardNote]:
        """The machine's notes that went out, in order of onset; what passes through by hand left out."""
        ours = [(at_seconds, m.data) for at_seconds, m in self.offline.heard if m.turn != THRU_TURN]
        return paired(ours)

    @property
    def takes(self) -> list[outputs.Take]:
        return [told for told in self.offline.told if isinstance(told, outputs.Take)]

    @property
    def plays(self) -> list[outputs.Play]:
        """The notes committed, whether or not they came to sound."""
        return [told for told in self.offline.told if isinstance(told, outputs.Play)]

    @property
    def notices(self) -> list[str]:
        return [told.sentence for told in self.offline.told if isinstance(told, outputs.Notice)]

    @property
    def modes(self) -> list[Mode]:
        return [told.mode for told in self.offline.told if isinstance(told, outputs.ModeChanged)]

    def told(self, kind: type[Told]) -> list[Told]:
        """All that front ends were told of one kind."""
        return [told for told in self.offline.told if isinstance(told, kind)]

    def entry(self) -> float:
        """When our first note sounded."""
        return self.heard[0].on

    def assert_silent(self) -> None:
        """Every note of ours has ended and no pedal is down."""
        hung = [note for note in self.heard if note.off is None]
        assert not hung, f"hung notes: {hung}"
        assert self.offline.player.silent
        down: set[int] = set()
        for _, data in self.sent:
            if kind_of(data) == CONTROL_CHANGE and data[1] == CC_SUSTAIN:
                (down.add if data[2] >= PEDAL_THRESHOLD else down.discard)(channel_of(data))
        assert not down, f"pedals left down on channels {down}"


def paired(sent: Iterable[tuple[float, bytes]]) -> list[HeardNote]:
    """Note-ons with their note-offs; a second note-on of a sounding key is a fault."""
    notes: list[HeardNote] = []
    sounding: dict[tuple[int, int], int] = {}
    for at_seconds, data in sent:
        kind = kind_of(data)
        if kind not in (NOTE_ON, NOTE_OFF):
            continue
        key = (channel_of(data), data[1])
        if kind == NOTE_ON:
            assert key not in sounding, f"key {key} struck at {at_seconds} while it sounds"
            sounding[key] = len(notes)
            notes.append(HeardNote(at_seconds, None, data[1], data[2], key[0]))
        elif key in sounding:
            begun = notes[sounding.pop(key)]
            notes[notes.index(begun)] = HeardNote(begun.on, at_seconds, begun.pitch, begun.velocity, begun.channel)
    return notes


def message(at_seconds: float, data: bytes) -> Event:
    """One message arrives."""
    return at_seconds, inputs.Arrived(at_seconds, data)


def played(*notes: tuple[float, int, float], velocity: int = 80, channel: int = 0) -> Script:
    """(seconds, pitch, length) of each note, as its two messages."""
    script: Script = []
    for at_seconds, pitch, length in notes:
        script.append(message(at_seconds, note_on(channel, pitch, velocity)))
        script.append(message(at_seconds + length, note_off(channel, pitch)))
    return script


def scale(begin: float = 0.0, count: int = 8, gap: float = 0.25, length: float = 0.2, low: int = 60) -> Script:
    """`count` even notes from `begin` on."""
    return played(*((begin + gap * number, low + number % 24, length) for number in range(count)))


def pedal(at_seconds: float, controller: int, value: int = 127, channel: int = 0) -> Event:
    """A controller moves."""
    return message(at_seconds, control_change(channel, controller, value))


def pressed(at_seconds: float, controller: int) -> Script:
    """A pedal goes down and up again."""
    return [pedal(at_seconds, controller), pedal(at_seconds + 0.1, controller, 0)]


def clock(bpm: float, begin: float, end: float, jitter: float = 0.0, seed: int = 1) -> Script:
    """MIDI clock from `begin` to `end`, each message up to `jitter` seconds off."""
    chance = random.Random(seed)
    period = 60.0 / bpm / 24
    count = int((end - begin) / period) + 1
    moments = [begin + number * period + chance.uniform(-jitter, jitter) for number in range(count)]
    return [message(max(0.0, at_seconds), bytes((CLOCK,))) for at_seconds in moments]


def single(at_seconds: float, status: int) -> Event:
    """A message of one byte: Start, Stop, Continue, active sensing."""
    return message(at_seconds, bytes((status,)))
