"""What an engine and its front ends say to each other beyond the jam's own inputs and outputs. Values only."""

import msgspec

from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode, Shown
from cocomposer.jam.settings import Settings

LATENESS_EDGES_MS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)
"""Upper edges of the bins of `Status.lateness_counts`; the last bin has none."""


class Options(msgspec.Struct, frozen=True):
    """How to start an engine."""

    bundle: str
    provider: str = "auto"
    midi: str | None = None
    """A MIDI system by name, "virtual", or None for the first that works."""
    inputs: tuple[str, ...] = ()
    """Existing inputs to open, by the stable part of their names, besides our own."""
    outputs: tuple[str, ...] = ()
    """Existing outputs to play on; the first that is there is used instead of our own."""
    lights: tuple[str, ...] = ()
    """Existing outputs of controllers, to tell them how what they work stands."""
    sound: bool = False
    """Play the built-in sound too."""
    volume: float = 0.7
    settings: Settings = Settings()
    realtime: bool = True


class Hello(msgspec.Struct, frozen=True, tag=True):
    """The first news to each front end: which engine this is, and where it writes what happens."""

    session: str
    """Names this engine's run; never used again."""
    pid: int
    log: str | None
    """The file of its facts (see `fact_log`), None if it writes none."""
    position: int
    """So many facts were written before this front end came; all later ones are told to it."""
    at_seconds: float
    began_at: str
    """ISO 8601, with zone: when the engine began."""
    mode: Mode
    settings: Settings
    options: Options
    began_seconds: float | None = None
    """The engine's clock at `began_at`."""
    tick: float = 0.0
    """Where its axis is at `at_seconds`."""
    remembers: bool = False
    """Something was played that it goes on from."""


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The ports were opened: the engine can be played."""

    midi: str
    ports: tuple[str, ...]
    at_seconds: float


class Ports(msgspec.Struct, frozen=True, tag=True):
    """The ports of this machine and which are open; told at the start and whenever that changes."""

    midi: str
    """The MIDI system; "virtual" if the machine has none."""
    inputs: tuple[str, ...]
    """Inputs of others that are there (stable parts of their names), our own left out."""
    outputs: tuple[str, ...]
    open_inputs: tuple[str, ...]
    """Among them our own."""
    open_outputs: tuple[str, ...]
    playing_on: str | None
    """Where answers go."""
    lights: tuple[str, ...]
    """Controllers that are told how things stand."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The composer can answer."""

    provider: str
    model: str
    sentence: str
    at_seconds: float
    composer_pid: int | None


class Lost(msgspec.Struct, frozen=True, tag=True):
    """The composer cannot answer (any more, or for now)."""

    sentence: str
    for_good: bool = False


class SoundChanged(msgspec.Struct, frozen=True, tag=True):
    """How the built-in sound stands; `sentence` says what is wrong where it does not work."""

    on: bool
    volume: float
    sentence: str | None = None


class Status(msgspec.Struct, frozen=True, tag=True):
    """How things stand, twice a second."""

    at_seconds: float
    mode: Mode
    bpm: float
    beat_source: str
    running: bool
    tick: float
    composer_ready: bool
    lateness: dict[str, float]
    dropped: int
    echoes: int
    priority: str
    planned_ahead_seconds: float
    """How much of the answer is planned."""
    lateness_counts: tuple[int, ...] = ()
    """Messages sent by how late they were, in the bins of LATENESS_EDGES_MS."""
    clock_ticking: bool = False
    """A DAW's clock is heard, running or not."""
    sent: int = 0
    """Messages sent so far."""


class Quit(msgspec.Struct, frozen=True, tag=True):
    """End the engine."""


class OpenPorts(msgspec.Struct, frozen=True, tag=True):
    """Listen to these ports of others, play on that, light those; our own ports stay as they are."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    lights: tuple[str, ...] = ()


class LoadModel(msgspec.Struct, frozen=True, tag=True):
    """Answer with this bundle on this provider from now on."""

    bundle: str
    provider: str = "auto"


class SetSound(msgspec.Struct, frozen=True, tag=True):
    """The built-in sound: on or off, and how loud (0–1)."""

    on: bool
    volume: float = 0.7


News = Shown | outputs.Play | Hello | Opened | Ports | Ready | Lost | SoundChanged | Status
FromFront = inputs.Command | inputs.Arrived | Quit | OpenPorts | LoadModel | SetSound
"""What front ends may say: commands, notes of an on-screen keyboard, what concerns the engine, and the end."""
