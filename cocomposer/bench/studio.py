"""A jam as it runs on a musician's machine, for measuring: the real engine and composer processes, a process that
paints, and the DAW's end of the wire played from a script inside the engine's process, as a port's driver would."""

import contextlib
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualMidi
from cocomposer.bench.lateness import paint
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.jam.settings import Settings
from cocomposer.music.message import TimedMessage
from cocomposer.runtime.front_end import EngineProcess
from cocomposer.runtime.news import FromFront, Lost, News, Options, Ready
from cocomposer.runtime.priority import PLAYBACK_PRIORITY, request_realtime, request_sharp_timers

READY_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 10.0

Script = list[tuple[float, bytes]]
"""(at_seconds of the system clock, message), ascending."""


def far_end(connection: Connection, clock: SystemClock) -> VirtualMidi:
    """In the engine's process: a MIDI system whose other end is told by `connection` what to play and asked what it
    heard."""
    midi = VirtualMidi(clock)
    heard: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
    scripts: queue.SimpleQueue[Script] = queue.SimpleQueue()

    def hear(message: TimedMessage) -> None:
        heard.put((message.at_seconds, message.data))

    def play() -> None:
        # A port's driver stamps what arrives in a thread that nothing else delays.
        request_sharp_timers()
        request_realtime(PLAYBACK_PRIORITY + 1)
        while True:
            for at_seconds, data in scripts.get():
                remaining = at_seconds - clock.now()
                if remaining > 0:
                    time.sleep(remaining)
                midi.to_engine.send(data)

    def talk() -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                script: Script | None = connection.recv()
                if script is not None:
                    scripts.put(script)
                else:
                    connection.send([heard.get() for _ in range(heard.qsize())])

    midi.from_engine.listen(hear)
    for target in (play, talk):
        threading.Thread(target=target, name=f"far-end-{target.__name__}", daemon=True).start()
    return midi


class Studio:
    """Use as a context: all its processes are ended on leaving, whatever happens."""

    def __init__(self, subject: Subject, settings: Settings | None = None, realtime: bool = True) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._wire, theirs = spawn.Pipe()
        self._painter = spawn.Process(target=paint, name="paint", daemon=True)
        self.started_at = time.perf_counter()
        options = Options(
            bundle=str(subject.bundle),
            provider=subject.provider,
            midi="virtual",
            settings=settings or Settings(),
            realtime=realtime,
        )
        self._engine = EngineProcess(options, partial(far_end, theirs))
        theirs.close()
        self._painter.start()
        self.composer_pid: int | None = None

    def __enter__(self) -> "Studio":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        self._engine.close()
        self._painter.kill()
        self._painter.join()
        self._wire.close()

    @property
    def engine_pid(self) -> int:
        """The engine's process."""
        return self._engine.pid

    def wait_ready(self) -> Ready:
        """Until the composer can answer; NotMeasured if it cannot."""
        for news in self.news_until(time.perf_counter() + READY_SECONDS):
            if isinstance(news, Ready):
                self.composer_pid = news.composer_pid
                return news
            if isinstance(news, Lost):
                raise NotMeasured(news.sentence)
        raise NotMeasured("The model did not get ready in time; run cocomposer doctor.")

    def play(self, script: Script) -> None:
        """Let the far end play this after what it was given before."""
        self._wire.send(script)

    def command(self, command: FromFront) -> None:
        """Say something to the engine as a front end does."""
        self._engine.send(command)

    def heard(self) -> Script:
        """All that the far end heard since it was last asked."""
        self._wire.send(None)
        if not self._wire.poll(_ANSWER_SECONDS):
            raise NotMeasured("The engine's process does not answer any more; start the benchmark again.")
        messages: Script = self._wire.recv()
        return messages

    def news_until(self, until_seconds: float) -> Iterator[News]:
        """News as they come, up to a moment of the system clock."""
        while (remaining := until_seconds - time.perf_counter()) > 0:
            news = self._engine.news(remaining)
            if news is not None:
                yield news

    def wait_for(self, wanted: Callable[[News], bool], until_seconds: float) -> News | None:
        """The first news that is wanted; None if none came in time."""
        return next((news for news in self.news_until(until_seconds) if wanted(news)), None)
