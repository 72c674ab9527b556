"""The news desk: whoever comes in the middle of it all misses nothing and is told nothing twice."""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import msgspec

from cocomposer.adapters.fact_files import read_facts
from cocomposer.document.document import Fact
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.runtime.fact_log import FactLog
from cocomposer.runtime.front_door import FrontDoor
from cocomposer.runtime.news import Hello, Lost, News, Opened, Options, Ports, Ready, SoundChanged
from cocomposer.runtime.news_desk import _FACTS, UNHEARD_MOST, NewsDesk


class Guest:
    """A front end on a pipe."""

    def __init__(self) -> None:
        self.ours: Connection
        self.theirs: Connection
        self.ours, self.theirs = multiprocessing.Pipe()
        self._decoder: msgspec.msgpack.Decoder[News] = msgspec.msgpack.Decoder(News)

    def read(self, count: int) -> list[News]:
        return [self._decoder.decode(self.ours.recv_bytes()) for _ in range(count)]

    def silent(self) -> bool:
        return not self.ours.poll(0.05)


def hello(position: int) -> Hello:
    return Hello("s", 1, None, position, 0.0, "", Mode.LISTENING, Settings(), Options("b"))


def heard(number: int) -> outputs.Heard:
    return outputs.Heard(float(number), 60, 80, 0, float(number))


def test_facts_are_those_of_the_document() -> None:
    assert set(_FACTS) == set(Fact.__args__)


def test_a_newcomer_has_every_fact_once_from_the_log_or_as_news(tmp_path: Path) -> None:
    log = FactLog(tmp_path, "s", "", lambda _: None)
    desk = NewsDesk(FrontDoor(lambda _: None, lambda: None), log)
    guests: list[tuple[Guest, int]] = []
    for number in range(300):
        if number % 50 == 25:
            guest = Guest()
            guests.append((guest, desk.position))
            desk.admit(guest.theirs, hello(desk.position), ())
        desk.tell(heard(number))
        if number % 3 == 0:
            desk.tell(outputs.Learning(None))
    everything = [heard(number) for number in range(300)]
    for guest, position in guests:
        first = cast("Hello", guest.read(1)[0])
        assert first == hello(position)
        _, before = read_facts(desk.log_path or "", first.position, patience_seconds=10.0)
        told = guest.read(300 - position + sum(number % 3 == 0 for number in range(position, 300)))
        assert [*before, *(news for news in told if isinstance(news, outputs.Heard))] == everything
        assert guest.silent()
    desk.close()


def test_a_newcomer_is_told_how_things_stand_now() -> None:
    desk = NewsDesk(FrontDoor(lambda _: None, lambda: None), None)
    assert desk.log_path is None
    opened = Opened("virtual", ("cocomposer In",), 1.0)
    ports = Ports("virtual", ("Keys",), (), (), (), None, ())
    ready = Ready("cpu", "live", "It is ready.", 2.0, 5)
    armed = outputs.ModeChanged(Mode.ARMED, 3.0, 4.0)
    beat = outputs.Learning("take_over")
    for news in (
        opened,
        msgspec.structs.replace(ports, inputs=()),
        ports,
        ready,
        Lost("gone"),
        SoundChanged(False, 0.5),
    ):
        desk.tell(news)
    desk.tell(SoundChanged(True, 0.5))
    desk.tell(outputs.ModeChanged(Mode.HEARING, 2.5))
    desk.tell(armed)
    guest = Guest()
    desk.admit(guest.theirs, hello(0), (beat,))
    assert guest.read(7) == [hello(0), opened, ports, Lost("gone"), SoundChanged(True, 0.5), armed, beat]
    desk.tell(ready)
    second = Guest()
    desk.admit(second.theirs, hello(0), ())
    assert second.read(4) == [hello(0), opened, ports, ready]
    assert guest.read(1) == [ready]
    desk.close()


def test_sentences_that_nobody_was_there_to_read_are_kept_for_whoever_comes_and_told_once() -> None:
    desk = NewsDesk(FrontDoor(lambda _: None, lambda: None), None)
    for number in range(UNHEARD_MOST + 5):
        desk.tell(outputs.Notice(str(number)))
    first, second = Guest(), Guest()
    desk.admit(first.theirs, hello(0), ())
    assert first.read(UNHEARD_MOST + 1)[1:] == [outputs.Notice(str(number)) for number in range(5, UNHEARD_MOST + 5)]
    desk.tell(outputs.Notice("heard"))
    desk.admit(second.theirs, hello(0), ())
    assert second.read(1) == [hello(0)] and second.silent()
    assert first.read(1) == [outputs.Notice("heard")]
    desk.close()
