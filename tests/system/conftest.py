"""The whole app on real ports: its own program on one side, independent JACK programs as the DAW on the other."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from cocomposer.adapters.places import default_bundle
from tests.fakes.jack_server import JackServer
from tests.fakes.jam_program import JamProgram, StartJam
from tests.fakes.keyboard import Keyboard
from tests.fakes.tape import NewTape, Tape


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released model where there is one, else one made on the spot."""
    if (default_bundle() / "bundle.json").exists():
        return default_bundle()
    from tests.fakes.tiny_bundle import write_tiny_bundle

    return write_tiny_bundle(tmp_path_factory.mktemp("bundles") / "tiny")


@pytest.fixture(scope="module")
def start_jam(jack_server: JackServer, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartJam]:
    """Starts `cocomposer jam` with more arguments, and waits until it can answer; ended with the module."""
    started: list[JamProgram] = []
    folder = tmp_path_factory.mktemp("jam")

    def start(*arguments: str) -> JamProgram:
        # Two at a time would have to share the names of their ports.
        for before in started:
            before.close()
        program = JamProgram(folder, bundle, "--midi", "jack", *arguments)
        started.append(program)
        program.ready()
        return program

    yield start
    for program in started:
        program.close()


@pytest.fixture
def new_tape(jack_server: JackServer, tmp_path: Path) -> Iterator[NewTape]:
    """Starts a recording of some ports."""
    tapes: list[Tape] = []
    numbers = itertools.count(1)

    def new(*ports: str) -> Tape:
        tape = Tape(jack_server, tmp_path / f"tape{next(numbers)}")
        tapes.append(tape)
        for port in ports:
            tape.listen_to(port)
        return tape

    yield new
    for tape in tapes:
        tape.end()


@pytest.fixture
def keyboard(jack_server: JackServer) -> Iterator[Keyboard]:
    """A MIDI keyboard on the table; not connected to anything."""
    with Keyboard() as keys:
        yield keys
