"""The engine for real, in a thread, on the in-process ports: phrase in, answer out, and nothing hangs."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import LoopOutput, VirtualInput, VirtualMidi
from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import CLOCK, TimedMessage, note_on
from cocomposer.runtime.engine import Engine
from cocomposer.runtime.news import Lost, News, Opened, Options, Ready, Status
from tests.fakes.ports import PluggedSystem
from tests.fakes.stage import PATIENCE, Stage


@pytest.fixture
def start(tiny_bundle: Path) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def make(**changes: object) -> Stage:
        stages.append(Stage(tiny_bundle, **changes))
        stages[-1].wait(lambda: stages[-1].told(Ready))
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()
        assert not stage.sounding


def test_a_phrase_in_an_answer_out_and_a_take(start: Callable[..., Stage]) -> None:
    stage = start(entry="free")
    opened = stage.told(Opened)[0]
    assert isinstance(opened, Opened) and opened.midi == "virtual"
    stage.play(60, 62, 64, 65)
    stage.engine._queue.put(inputs.TakeOver())
    stage.wait(lambda: stage.told(outputs.Take))
    take = stage.told(outputs.Take)[0]
    assert isinstance(take, outputs.Take) and [note.pitch for note in take.phrase] == [60, 62, 64, 65]
    assert len(take.answer) == stage.begun and not stage.sounding
    plays = [play for play in stage.told(outputs.Play) if isinstance(play, outputs.Play)]
    assert not any(play.fallback for play in plays)
    stage.wait(lambda: stage.told(Status))
    assert stage.engine.playback.dropped == 0


def test_a_key_ends_the_answer_within_ten_milliseconds(start: Callable[..., Stage]) -> None:
    stage = start(length="endless", entry="free")
    stage.play(60, 64)
    stage.engine._queue.put(inputs.TakeOver())
    stage.wait(lambda: stage.begun >= 5 and stage.sounding)
    struck = stage.clock.now()
    stage.midi.to_engine.send(note_on(0, 72, 90))
    stage.wait(lambda: not stage.sounding)
    # Ten milliseconds are promised; a busy machine that runs tests is granted some more.
    assert stage.wire[-1].at_seconds - struck < 0.06
    stage.wait(lambda: stage.told(outputs.Take))


def test_the_composer_killed_in_mid_answer_leaves_no_hung_note_and_the_music_goes_on(
    start: Callable[..., Stage],
) -> None:
    stage = start(length="endless", entry="free")
    stage.play(60, 62, 64, 67)
    stage.engine._queue.put(inputs.TakeOver())
    stage.wait(lambda: stage.begun >= 4)
    composer = stage.engine.composer.pid
    assert composer is not None
    os.kill(composer, signal.SIGKILL)
    stage.wait(lambda: stage.told(Lost))
    before = stage.begun
    stage.wait(lambda: stage.begun >= before + 4)
    assert not stage.told(outputs.Take), "the answer goes on"
    stage.wait(lambda: len(stage.told(Ready)) == 2)
    second = stage.told(Ready)[1]
    assert isinstance(second, Ready) and second.composer_pid != composer

    def model_plays_again() -> bool:
        place = stage.news.index(second)
        return any(isinstance(news, outputs.Play) and not news.fallback for news in stage.news[place:])

    stage.wait(model_plays_again)
    stage.engine._queue.put(inputs.StopAnswer())
    stage.wait(lambda: stage.told(outputs.Take) and not stage.sounding)


def test_echoes_of_our_own_notes_are_ignored_on_the_wire_too(start: Callable[..., Stage]) -> None:
    stage = start(entry="free")

    def through(message: TimedMessage) -> None:
        stage._hear(message)
        stage.midi.to_engine.send(message.data)

    stage.midi.from_engine.listen(through)
    stage.play(60, 62)
    stage.engine._queue.put(inputs.TakeOver())
    stage.wait(lambda: stage.told(outputs.Take))
    take = stage.told(outputs.Take)[0]
    assert isinstance(take, outputs.Take) and not take.cut_short and take.answer


def test_news_and_commands_survive_the_way_between_processes() -> None:
    encoder = msgspec.msgpack.Encoder()
    decoder: msgspec.msgpack.Decoder[News] = msgspec.msgpack.Decoder(News)
    news: list[News] = [
        Ready("cpu", "tiny", "It is ready.", 1.0, 5),
        outputs.SettingsChanged(Settings(tempo=93.5)),
        outputs.ModeChanged(outputs.Mode.ARMED, 1.0, 2.0),
        Lost("gone"),
    ]
    assert [decoder.decode(encoder.encode(item)) for item in news] == news


def test_what_is_no_message_does_not_end_the_engine(start: Callable[..., Stage]) -> None:
    stage = start(entry="free", answer=False)
    for data in (b"", b"\x90", b"\x90\x3c", b"\xb0\x40", b"\x00\x01\x02", b"\xf7", b"\xf4\xfd\xff"):
        stage.midi.to_engine.send(data)
        stage.engine._on_command(msgspec.msgpack.encode(inputs.Arrived(stage.clock.now(), data)))
    stage.play(60)
    stage.midi.to_engine.send(b"\x90\x40\x50\x43\x50")  # two keys with running status
    stage.engine._on_command(msgspec.msgpack.encode(inputs.Arrived(stage.clock.now(), note_on(0, 72, 80))))
    stage.wait(lambda: len(stage.told(outputs.Heard)) == 4)
    assert [news.pitch for news in stage.told(outputs.Heard) if isinstance(news, outputs.Heard)] == [60, 64, 67, 72]
    assert stage._thread.is_alive()


class OneFailure(VirtualMidi):
    """Its first own output takes nothing; it stays listed all the same."""

    def __init__(self, clock: SystemClock) -> None:
        super().__init__(clock)
        self.opened: list[LoopOutput] = []

    def own_output(self, name: str) -> LoopOutput:
        output = super().own_output(name)
        if not self.opened:
            output.close()
        self.opened.append(output)
        return output


def test_an_output_that_takes_no_more_is_opened_anew_though_it_is_still_listed(tmp_path: Path) -> None:
    clock = SystemClock()
    midi = OneFailure(clock)
    engine = Engine(Options(str(tmp_path), "cpu", settings=changed(Settings(), {"thru": True}), realtime=False), midi)
    again, heard = threading.Event(), threading.Event()

    def told(news: News) -> None:
        if isinstance(news, outputs.Notice) and "is open" in news.sentence and len(midi.opened) == 2:
            again.set()

    engine.watch(told)
    midi.from_engine.listen(lambda _: heard.set())
    thread = threading.Thread(target=engine.run)
    engine.ports.loop.look()
    thread.start()
    try:
        midi.to_engine.send(note_on(0, 60, 80))
        assert again.wait(PATIENCE)
        midi.to_engine.send(note_on(0, 62, 80))
        assert heard.wait(PATIENCE)
    finally:
        engine.stop()
        thread.join(PATIENCE)


def test_only_what_is_open_is_listed_and_what_is_missing_is_said(tmp_path: Path) -> None:
    midi = VirtualMidi(SystemClock())
    options = Options(str(tmp_path), "cpu", inputs=("Foo", "virtual keyboard"), outputs=("Bar",), realtime=False)
    engine = Engine(options, midi)
    news: list[News] = []
    engine.watch(news.append)
    engine.stop()
    engine.run()
    opened = next(item for item in news if isinstance(item, Opened))
    assert opened.ports == ("cocomposer In", "cocomposer Out", "virtual keyboard")
    said = [item.sentence for item in news if isinstance(item, outputs.Notice) and "There is no" in item.sentence]
    assert said == [
        'There is no MIDI input "Foo" now; it is taken up when it appears (ports there: virtual keyboard).',
        'There is no MIDI output "Bar" now; it is taken up when it appears (ports there: virtual listener).',
    ]


def test_two_clocks_are_not_merged(tmp_path: Path) -> None:
    midi = PluggedSystem(SystemClock(), ["Keys", "Drums"], [])
    engine = Engine(Options(str(tmp_path), "cpu", inputs=("Keys", "Drums"), realtime=False), midi)
    engine.ports.loop.look()
    ports = {wanted.name: port for wanted, port in engine.ports.loop._open.items()}
    while not engine._queue.empty():
        engine._queue.get()
    for name, at_seconds in (("Keys", 1.0), ("Drums", 1.01), ("Keys", 1.02), ("Drums", 1.03)):
        port = ports[name]
        assert isinstance(port, VirtualInput)
        port.feed(bytes((CLOCK,)), at_seconds)
    assert engine._queue.get_nowait() == inputs.Arrived(1.0, bytes((CLOCK,)))
    assert engine._queue.get_nowait() == inputs.Arrived(1.02, bytes((CLOCK,)))
    assert engine._queue.empty()
    engine.ports.stop()


def test_bars_of_a_tempo_set_before_are_counted_from_the_engines_beginning(start: Callable[..., Stage]) -> None:
    """Not from the machine's: its clock may have run for days."""
    stage = start(tempo=100)
    stage.wait(lambda: stage.told(Status))
    status = next(news for news in stage.news if isinstance(news, Status))
    assert 0 <= status.tick < 60 * 100 / 60 * 48
