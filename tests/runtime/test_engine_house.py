"""Engines that outlive their front ends, with real processes: joined, left, killed, forgotten."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from cocomposer.adapters.fact_files import read_facts
from cocomposer.document.document import Fact
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.music.message import NOTE_OFF, NOTE_ON, kind_of, note_off, note_on
from cocomposer.runtime import engine_address
from cocomposer.runtime.engine_address import FAMILY, NotReached, Place, held, protocol_version, published
from cocomposer.runtime.engine_house import TAKEN
from cocomposer.runtime.engine_line import EngineGone
from cocomposer.runtime.joining import EngineLink, OtherVersion, join
from cocomposer.runtime.news import Hello, Opened, Options, Ports, Ready, SoundChanged
from tests.fakes.jam_program import alive

PATIENCE = 30.0
ROOT = Path(__file__).resolve().parents[2]
N = TypeVar("N")


class House:
    """A place for an engine, and all that was started in it."""

    def __init__(self, folder: Path, bundle: Path) -> None:
        self.folder, self.bundle = folder, bundle
        self.place = Place(folder / "run", folder / "logs")
        self.links: list[EngineLink] = []
        self.programs: list[subprocess.Popen[str]] = []

    def run(self, *words: str) -> "subprocess.Popen[str]":
        program = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.programs.append(program)
        return program

    def begin(self, linger_seconds: float = 60.0) -> "subprocess.Popen[str]":
        """An engine whose wire is written down, to be joined; it need not be joinable yet."""
        return self.run("tests.fakes.house_program", str(self.folder), str(self.bundle), str(linger_seconds))

    def join(self) -> EngineLink:
        options = Options(str(self.bundle), "cpu", "virtual", realtime=False)
        link = join(options, self.place, PATIENCE)
        self.links.append(link)
        return link

    def joined(self) -> EngineLink:
        """As `join`, once somebody else has begun one."""
        wait_until(lambda: published(self.place) is not None)
        return self.join()

    def wire(self) -> list[bytes]:
        path = self.folder / "wire"
        return [bytes.fromhex(line) for line in path.read_text().splitlines()] if path.exists() else []

    def close(self) -> None:
        for link in self.links:
            link.hang_up()
        listing = published(self.place)
        if listing is not None and held(self.place):
            self.join().quit()
        for program in self.programs:
            program.kill()
            program.wait()
            assert program.stdout is not None
            program.stdout.close()
        assert not held(self.place)


@pytest.fixture
def house(tmp_path: Path, tiny_bundle: Path) -> Iterator[House]:
    house = House(tmp_path, tiny_bundle)
    yield house
    house.close()


def wait_until(true: Callable[[], bool]) -> None:
    """What another process does can only be asked after again and again."""
    ends_at = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def wait_for(link: EngineLink, kind: type[N]) -> N:
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at:
        news = link.news(1.0)
        if isinstance(news, kind):
            return news
    raise AssertionError(f"no {kind.__name__} came")


def sounding(messages: list[bytes]) -> set[tuple[int, int]]:
    keys: set[tuple[int, int]] = set()
    for data in messages:
        key = (data[0] & 0x0F, data[1])
        if kind_of(data) == NOTE_ON:
            keys.add(key)
        elif kind_of(data) == NOTE_OFF:
            keys.discard(key)
    return keys


def begun(messages: list[bytes]) -> int:
    return sum(kind_of(data) == NOTE_ON for data in messages)


def test_a_window_killed_in_mid_answer_leaves_the_music_playing_and_the_next_has_it_all(house: House) -> None:
    engine = house.begin()
    wait_until(lambda: published(house.place) is not None)
    window = house.run("tests.fakes.doomed_window", str(house.folder))
    assert window.stdout is not None
    told: list[Fact] = []
    for line in window.stdout:
        if line == "playing\n":
            break
        told.append(msgspec.msgpack.decode(bytes.fromhex(line), type=Fact))
    window.kill()
    window.wait()
    before = begun(house.wire())
    wait_until(lambda: begun(house.wire()) >= before + 8)
    link = house.join()
    assert link.pid == engine.pid
    hello = link.news(PATIENCE)
    assert isinstance(hello, Hello) and hello.pid == engine.pid and hello.mode is Mode.ANSWERING
    assert hello.settings.length == "endless" and hello.options.provider == "cpu"
    assert hello.remembers
    state = [type(wait_for(link, kind)) for kind in (Opened, Ports, Ready, SoundChanged, outputs.ModeChanged)]
    assert state == [Opened, Ports, Ready, SoundChanged, outputs.ModeChanged]
    wait_for(link, outputs.BeatChanged)
    # All that happened, once and in order: what was told before it came, and what is told from then on.
    assert hello.log is not None
    header, facts = read_facts(hello.log, hello.position)
    assert (header.session, header.began_at) == (hello.session, hello.began_at)
    assert len(facts) == hello.position and facts[1 : 1 + len(told)] == told
    later = [wait_for(link, outputs.Play) for _ in range(4)]
    link.send(inputs.StopAnswer())
    take = wait_for(link, outputs.Take)
    plays = [fact for fact in facts if isinstance(fact, outputs.Play)]
    assert [play.note_id for play in [*plays, *later]] == sorted({play.note_id for play in [*plays, *later]})
    # The log is written beside the news, not before it.
    log = hello.log
    wait_until(lambda: read_facts(log)[1][-1] == take)
    assert read_facts(log)[1][: hello.position + 4] == [*facts, *later]
    link.quit()
    assert engine.wait(PATIENCE) == 0
    assert not sounding(house.wire()) and not house.place.listing.exists()


def test_two_starters_at_once_end_with_one_engine_and_both_have_it(house: House) -> None:
    found: list[EngineLink] = []
    threads = [threading.Thread(target=lambda: found.append(house.join())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len({link.pid for link in found}) == 1 and len(found) == 3
    for link in found:
        wait_for(link, Ready)
    # Each hears what another one says.
    found[0].send(inputs.Arrived(time.perf_counter(), note_on(0, 72, 80)))
    found[0].send(inputs.Arrived(time.perf_counter(), note_off(0, 72)))
    assert [wait_for(link, outputs.Heard).pitch for link in found] == [72, 72, 72]
    found[0].close()
    with pytest.raises(EngineGone):
        found[0].send(inputs.TakeOver())
    found[1].send(inputs.TakeOver())
    assert wait_for(found[2], outputs.Take).phrase


def test_an_engine_killed_is_noticed_at_once_and_the_next_join_starts_another(house: House) -> None:
    first = house.join()
    hello = wait_for(first, Hello)
    wait_for(first, Ready)
    os.kill(first.pid, signal.SIGKILL)
    killed = time.monotonic()
    with pytest.raises(EngineGone):
        wait_for(first, type(None))
    assert time.monotonic() - killed < 1.0
    assert published(house.place) is not None, "nobody has tidied up"
    second = house.join()
    again = wait_for(second, Hello)
    assert second.pid != first.pid and again.session != hello.session and not again.remembers
    wait_for(second, Ready)
    assert len(list(house.place.runtime.glob("*.sock"))) == 1
    log = Path(hello.log or "")
    # What it was just writing is lost, nothing else is.
    whole = log.read_bytes()
    log.write_bytes(whole[:-3])
    assert len(read_facts(log)[1]) == len(read_facts(log, patience_seconds=0.0)[1]) == hello.position - 1
    pid = second.pid
    second.quit()
    wait_until(lambda: not alive(pid))


def test_a_forgotten_engine_ends_once_nothing_sounds(house: House) -> None:
    engine = house.begin(linger_seconds=1.0)
    link = house.joined()
    wait_for(link, Ready)
    link.send(inputs.Arrived(time.perf_counter(), note_on(0, 60, 80)))
    link.send(inputs.Arrived(time.perf_counter(), note_off(0, 60)))
    link.send(inputs.TakeOver())
    wait_for(link, outputs.Play)
    link.close()
    # It plays without end, and so it lives on, longer than it lingers.
    before = begun(house.wire())
    wait_until(lambda: begun(house.wire()) >= before + 20)
    assert engine.poll() is None
    link = house.join()
    link.send(inputs.StopAnswer())
    wait_for(link, outputs.Take)
    link.close()
    assert engine.wait(PATIENCE) == 0
    assert not sounding(house.wire())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_engine_that_is_told_to_end_leaves_no_note_behind(house: House, number: signal.Signals) -> None:
    engine = house.begin()
    link = house.joined()
    wait_for(link, Ready)
    link.send(inputs.Arrived(time.perf_counter(), note_on(0, 60, 80)))
    link.send(inputs.Arrived(time.perf_counter(), note_off(0, 60)))
    link.send(inputs.TakeOver())
    wait_until(lambda: begun(house.wire()) >= 4)
    os.kill(engine.pid, number)
    assert engine.wait(PATIENCE) == 0
    assert not sounding(house.wire())
    with pytest.raises(EngineGone):
        wait_for(link, type(None))


def test_an_engine_of_another_version_is_not_spoken_to(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    link = house.join()
    wait_for(link, Opened)
    monkeypatch.setattr("cocomposer.runtime.joining.protocol_version", lambda: "another")
    with pytest.raises(OtherVersion, match=f"process {link.pid}.*quit it"):
        house.join()
    assert issubclass(OtherVersion, ConnectionError)
    monkeypatch.undo()
    # One that was killed is no reason to refuse, whatever it spoke.
    os.kill(link.pid, signal.SIGKILL)
    wait_until(lambda: not held(house.place))
    left = published(house.place)
    assert left is not None
    engine_address.publish(house.place, msgspec.structs.replace(left, version="another"))
    assert house.join().pid != link.pid


def test_only_who_knows_the_key_is_let_in_and_a_silent_stranger_keeps_nobody_waiting(house: House) -> None:
    link = house.join()
    listing = published(house.place)
    assert listing is not None and listing.pid == link.pid and listing.version == protocol_version()
    assert house.place.listing.stat().st_mode & 0o077 == house.place.runtime.stat().st_mode & 0o077 == 0
    silent = Client(listing.address, FAMILY)
    with pytest.raises(NotReached):
        engine_address.call(msgspec.structs.replace(listing, key="00" * 32))
    again = house.join()
    assert wait_for(again, Hello).pid == link.pid
    silent.close()


def test_a_second_engine_in_the_same_place_ends_at_once(house: House) -> None:
    house.begin()
    link = house.joined()
    wait_for(link, Opened)
    assert house.begin().wait(PATIENCE) == TAKEN
    assert published(house.place) is not None and link.news(PATIENCE) is not None


def test_why_it_does_not_start_is_said_in_a_sentence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = house.folder / "python"
    broken.write_text("#!/bin/sh\necho Traceback >&2\necho 'ImportError: no such library' >&2\nexit 1\n")
    broken.chmod(0o700)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(broken))
        for _ in range(2):
            with pytest.raises(NotReached, match=r"cannot be started \(ImportError: no such library\); run"):
                house.join()
    (house.folder / "file").write_bytes(b"")
    with pytest.raises(NotReached, match="cannot be used"):
        join(Options(""), Place(house.folder / "file" / "run", house.folder))


def test_an_app_in_one_file_starts_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    app = house.folder / "app"
    app.write_text(f'#!/bin/sh\necho "$1" > "{house.folder}/words"\nexec "{sys.executable}" -m cocomposer "$@"\n')
    app.chmod(0o700)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(app))
        patch.setattr(sys, "frozen", True, raising=False)
        patch.setenv("PYTHONPATH", str(ROOT))
        wait_for(house.join(), Opened)
    assert (house.folder / "words").read_text() == "engine\n"
