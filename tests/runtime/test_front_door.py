"""The front door: commands in, news out, and nobody who is slow or dead harms the others."""

import multiprocessing
import threading
import time

from cocomposer.runtime import front_door
from cocomposer.runtime.front_door import FrontDoor

PATIENCE = 10.0


def test_commands_come_in_and_news_go_out_in_order() -> None:
    commands: list[bytes] = []
    came, empty = threading.Event(), threading.Event()

    def take(data: bytes) -> None:
        commands.append(data)
        if len(commands) == 3:
            came.set()

    door = FrontDoor(take, empty.set)
    ours, theirs = multiprocessing.Pipe()
    door.admit(theirs)
    for number in range(3):
        ours.send_bytes(bytes((number,)))
        door.tell(bytes((10 + number,)))
    assert came.wait(PATIENCE) and commands == [b"\x00", b"\x01", b"\x02"]
    assert [ours.recv_bytes() for _ in range(3)] == [b"\x0a", b"\x0b", b"\x0c"]
    assert not empty.is_set()
    ours.close()
    assert empty.wait(PATIENCE)


def test_it_is_empty_when_the_last_front_end_has_gone() -> None:
    empty = threading.Event()
    door = FrontDoor(lambda _: None, empty.set)
    pipes = [multiprocessing.Pipe() for _ in range(2)]
    for _, theirs in pipes:
        door.admit(theirs)
    pipes[0][0].close()
    assert not empty.wait(0.05)
    pipes[1][0].close()
    assert empty.wait(PATIENCE)


def test_closing_says_what_is_still_to_be_said_and_leaves_no_thread_that_waits() -> None:
    door = FrontDoor(lambda _: None, lambda: None)
    ours, theirs = multiprocessing.Pipe()
    door.admit(theirs)
    for number in range(50):
        door.tell(bytes((number,)))
    before = threading.active_count()
    begun = time.monotonic()
    door.close()
    assert time.monotonic() - begun < 0.9
    assert threading.active_count() <= before
    assert [ours.recv_bytes()[0] for _ in range(50)] == list(range(50))


def test_a_front_end_that_does_not_read_is_let_go_and_the_others_go_on() -> None:
    door = FrontDoor(lambda _: None, lambda: None)
    (deaf, theirs), (good, also_theirs) = multiprocessing.Pipe(), multiprocessing.Pipe()
    door.admit(theirs)
    door.admit(also_theirs)
    news = bytes(4096)
    read: list[int] = []

    def read_some() -> None:
        for _ in range(100):
            read.append(len(good.recv_bytes()))

    reader = threading.Thread(target=read_some, daemon=True)
    reader.start()
    for number in range(front_door.OUTBOX + 200):
        door.tell(news)
        if number % 100 == 0:
            while number // 100 > len(read) // 100 and len(read) < 100:
                time.sleep(0.001)
    reader.join(PATIENCE)
    assert len(read) == 100
    door.close(0.05)
    deaf.close()


def test_whoever_never_reads_is_gone_in_the_end_though_its_process_lives() -> None:
    empty = threading.Event()
    door = FrontDoor(lambda _: None, empty.set)
    deaf, theirs = multiprocessing.Pipe()
    door.admit(theirs)
    told = 0
    while not empty.is_set():
        door.tell(bytes(4096))
        told += 1
    assert told > front_door.OUTBOX and door.empty
    deaf.close()


def test_a_greeting_comes_first() -> None:
    door = FrontDoor(lambda _: None, lambda: None)
    ours, theirs = multiprocessing.Pipe()
    door.tell(b"before")
    door.admit(theirs, [b"one", b"two"])
    door.tell(b"after")
    assert [ours.recv_bytes() for _ in range(3)] == [b"one", b"two", b"after"]
    door.close()
