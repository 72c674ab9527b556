"""An engine for real, in a thread, on the in-process ports; all that it tells and plays can be waited for."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualMidi
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import NOTE_OFF, NOTE_ON, TimedMessage, kind_of, note_off, note_on
from cocomposer.runtime.engine import Engine
from cocomposer.runtime.news import FromFront, News, Options
from tests.fakes.written_sound import WrittenSound

PATIENCE = 30.0
N = TypeVar("N")


class Stage:
    """An engine that runs, a keyboard at its input, a recorder at its output."""

    def __init__(self, bundle: Path, **changes: object) -> None:
        self.clock = SystemClock()
        self.midi = VirtualMidi(self.clock)
        self.sounds: list[WrittenSound] = []
        settings = changed(Settings(), dict(changes))
        options = Options(str(bundle), "cpu", settings=settings, realtime=False)
        self.engine = Engine(options, self.midi, make_sound=self._make_sound)
        self.news: list[News] = []
        self.wire: list[TimedMessage] = []
        self._changed = threading.Condition()
        self.midi.from_engine.listen(self._hear)
        self.engine.watch(self._told)
        self._thread = threading.Thread(target=self.engine.run, name="engine")
        self._thread.start()

    def _make_sound(self, volume: float, on_failure: Callable[[str], None]) -> WrittenSound:
        self.sounds.append(WrittenSound(volume, on_failure))
        return self.sounds[-1]

    def say(self, command: FromFront) -> None:
        """As a front end does."""
        self.engine._on_command(msgspec.msgpack.encode(command))

    def _hear(self, message: TimedMessage) -> None:
        with self._changed:
            self.wire.append(message)
            self._changed.notify_all()

    def _told(self, news: News) -> None:
        with self._changed:
            self.news.append(news)
            self._changed.notify_all()

    def wait(self, true: Callable[[], object]) -> None:
        """Until that is so; it is asked whenever something is told or heard."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(true()), PATIENCE), [type(n).__name__ for n in self.news[-20:]]

    def told(self, kind: type[N]) -> list[N]:
        return [news for news in list(self.news) if isinstance(news, kind)]

    def play(self, *pitches: int) -> None:
        for pitch in pitches:
            self.midi.to_engine.send(note_on(0, pitch, 80))
            self.midi.to_engine.send(note_off(0, pitch))

    @property
    def begun(self) -> int:
        return sum(kind_of(message.data) == NOTE_ON for message in list(self.wire))

    @property
    def sounding(self) -> set[tuple[int, int]]:
        keys: set[tuple[int, int]] = set()
        for message in list(self.wire):
            key = (message.data[0] & 0x0F, message.data[1])
            if kind_of(message.data) == NOTE_ON:
                keys.add(key)
            elif kind_of(message.data) == NOTE_OFF:
                keys.discard(key)
        return keys

    def close(self) -> None:
        self.engine.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
