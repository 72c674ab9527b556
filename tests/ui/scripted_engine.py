"""An engine for tests of the window: tells what the test says, and writes down what it is told."""

import queue
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from cocomposer.adapters.fact_files import SUFFIX, LogHeader, framed
from cocomposer.document.document import Fact
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from cocomposer.runtime import news as told
from cocomposer.runtime.news import FromFront, News

PHRASE = (Note(0, 60, 24, 80), Note(48, 64, 24, 80), Note(96, 67, 40, 80))
ANSWER = (Note(192, 72, 24, 80), Note(240, 71, 24, 80), Note(288, 67, 24, 80), Note(336, 64, 40, 80))


def answered(turn: int, lower: int = 0) -> outputs.Take:
    """A turn in which the same was played and answered, so many semitones lower."""

    def moved(notes: Sequence[Note]) -> tuple[Note, ...]:
        return tuple(Note(n.onset_tick, n.pitch - lower, n.duration_ticks, n.velocity) for n in notes)

    return outputs.Take(turn, moved(PHRASE), moved(ANSWER), 120.0, True, 0, 4, turn, False)


class ScriptedLink:
    """One line to an engine."""

    def __init__(self, session: str, folder: Path) -> None:
        """`folder`: for the log of what happens."""
        options = told.Options("models/live")
        began = datetime(2026, 3, 1, 20, tzinfo=UTC).isoformat()
        self._log = folder / f"{session}{SUFFIX}"
        self._log.write_bytes(framed(msgspec.msgpack.encode(LogHeader(session, began, "0"))))
        self.hello = told.Hello(session, 1, str(self._log), 0, 0.0, began, Mode.LISTENING, Settings(), options)
        self.said: list[FromFront] = []
        self.closed = self.ended = False
        self._news: queue.SimpleQueue[News | None] = queue.SimpleQueue()
        self.tell(
            self.hello,
            told.Opened("virtual", ("cocomposer In", "cocomposer Out"), 0.0),
            told.Ready("cpu", "tiny", "The model tiny runs on cpu.", 0.0, 2),
        )

    def tell(self, *news: News) -> None:
        """News for the window; what is a fact is written down first."""
        for one in news:
            if isinstance(one, Fact):
                with self._log.open("ab") as log:
                    log.write(framed(msgspec.msgpack.encode(one)))
            self._news.put(one)

    def die(self) -> None:
        """The engine has ended by itself."""
        self._news.put(None)

    # -- what the window sees -----------------------------------------------------------------

    def send(self, command: FromFront) -> None:
        self.said.append(command)

    def news(self, timeout_seconds: float | None = None) -> News | None:
        try:
            news = self._news.get(timeout=timeout_seconds)
        except queue.Empty:
            return None
        if news is None:
            raise ConnectionError("The engine has ended; start cocomposer again.")
        return news

    def close(self) -> None:
        self.closed = True
        self.die()

    def quit(self) -> None:
        self.ended = True
        self.close()


class ScriptedEngines:
    """Engines as they are reached one after another; a sentence instead of one: it cannot be reached."""

    def __init__(self, *engines: ScriptedLink | str) -> None:
        self._coming = list(engines)

    def join(self) -> ScriptedLink:
        if not self._coming:
            raise ConnectionError("There is no engine any more.")
        engine = self._coming.pop(0)
        if isinstance(engine, str):
            raise ConnectionError(engine)
        return engine
