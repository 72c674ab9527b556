"""What a front end changes in a running engine: ports, model, sound; and what it tells of how things stand."""

import multiprocessing
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualOutput
from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import CLOCK, control_change, note_off, note_on
from cocomposer.runtime.engine import Engine
from cocomposer.runtime.news import (
    LATENESS_EDGES_MS,
    Hello,
    LoadModel,
    Lost,
    News,
    OpenPorts,
    Options,
    Ports,
    Ready,
    SetSound,
    SoundChanged,
    Status,
)
from tests.fakes.ports import PluggedSystem
from tests.fakes.stage import PATIENCE, Stage


@pytest.fixture
def stage(tiny_bundle: Path) -> Iterator[Stage]:
    stage = Stage(tiny_bundle, entry="free", length="endless")
    stage.wait(lambda: stage.told(Ready))
    yield stage
    stage.close()
    assert not stage.sounding


def begin(stage: Stage) -> None:
    """Play a phrase and let it be answered."""
    stage.play(60, 62, 64, 67)
    stage.say(inputs.TakeOver())
    stage.wait(lambda: stage.begun >= 4)


def test_another_model_is_loaded_in_mid_answer_and_the_music_goes_on(stage: Stage, tmp_path: Path) -> None:
    begin(stage)
    before = stage.begun
    shutil.copytree(stage.engine._options.bundle, tmp_path / "other")
    stage.say(LoadModel(str(tmp_path / "other"), "cpu"))
    stage.wait(lambda: stage.told(Lost))
    assert "is being loaded" in stage.told(Lost)[0].sentence
    stage.wait(lambda: len(stage.told(Ready)) == 2)
    assert stage.told(Ready)[1].model == "other"
    stage.wait(lambda: stage.begun >= before + 8)
    assert not stage.told(outputs.Take), "it is still the same answer"


def test_the_sound_hears_answers_and_the_players_own_keys_once(stage: Stage) -> None:
    assert stage.told(SoundChanged) == [SoundChanged(False, 0.7)]
    stage.say(SetSound(True, 0.5))
    stage.wait(lambda: len(stage.told(SoundChanged)) == 2)
    stage.say(inputs.Arrived(stage.clock.now(), note_on(0, 40, 99)))
    stage.say(inputs.Arrived(stage.clock.now(), note_off(0, 40)))
    sound = stage.sounds[0]
    begin(stage)
    wire = [message.data for message in stage.wire[:4]]
    stage.say(inputs.Change({"thru": True}))
    stage.wait(lambda: stage.told(outputs.SettingsChanged)[-1].settings.thru)
    stage.play(41)
    stage.wait(lambda: note_off(0, 41) in sound.heard)
    assert sound.heard.count(note_on(0, 40, 99)) == sound.heard.count(note_on(0, 41, 80)) == 1
    assert all(data in sound.heard for data in wire)
    sound.on_failure("The sound card has gone.")
    stage.wait(lambda: len(stage.told(SoundChanged)) == 3)
    assert stage.told(SoundChanged)[-1] == SoundChanged(False, 0.5, "The sound card has gone.")


def test_keys_whose_ends_will_not_come_are_let_go_in_the_sound_too(stage: Stage) -> None:
    stage.say(SetSound(True, 0.5))
    stage.wait(lambda: len(stage.told(SoundChanged)) == 2)
    stage.midi.to_engine.send(note_on(0, 40, 99))
    stage.wait(lambda: stage.told(outputs.Heard))
    stage.engine._queue.put(inputs.PortLost(True, "The keyboard is gone."))
    stage.wait(lambda: stage.told(outputs.Released))
    stage.wait(lambda: stage.sounds[0].heard == [note_on(0, 40, 99), note_off(0, 40)])


def test_keys_on_the_screen_come_up_when_the_last_window_is_gone(stage: Stage) -> None:
    ours, theirs = multiprocessing.Pipe()
    stage.engine.admit(theirs)
    for data in (note_on(0, 40, 99), note_on(0, 41, 99), note_off(0, 41)):
        ours.send_bytes(msgspec.msgpack.encode(inputs.Arrived(stage.clock.now(), data)))
    stage.wait(lambda: len(stage.told(outputs.Heard)) == 2)
    ours.close()
    stage.wait(lambda: [end.pitch for end in stage.told(outputs.Released)] == [41, 40])


def test_the_status_tells_lateness_in_bins_what_was_sent_and_whether_a_clock_ticks(stage: Stage) -> None:
    begin(stage)

    def told() -> Status:
        return stage.told(Status)[-1]

    stage.wait(lambda: told().sent >= 4)
    assert not told().clock_ticking
    assert len(told().lateness_counts) == len(LATENESS_EDGES_MS) + 1
    assert sum(told().lateness_counts) == told().lateness["messages"] > 0
    now = stage.clock.now()
    for tick in range(96):
        stage.say(inputs.Arrived(now + tick * 0.02, bytes((CLOCK,))))
    stage.wait(lambda: told().clock_ticking)


class Desk:
    """An engine among plugged devices."""

    def __init__(self, bundle: Path, midi: PluggedSystem, settings: Settings) -> None:
        self.midi = midi
        self.engine = Engine(Options(str(bundle), "cpu", settings=settings, realtime=False), midi)
        self._news: list[News] = []
        self._changed = threading.Condition()
        self.engine.watch(self._told)
        self._thread = threading.Thread(target=self.engine.run)
        self._thread.start()

    def _told(self, news: News) -> None:
        with self._changed:
            self._news.append(news)
            self._changed.notify_all()

    def ports(self, true: Callable[[Ports], bool]) -> Ports:
        """The ports, once they are so; it is asked with every news, so at least twice a second."""

        def last() -> Ports | None:
            return next((news for news in reversed(self._news) if isinstance(news, Ports)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: (ports := last()) is not None and true(ports), PATIENCE), last()
            ports = last()
        assert ports is not None
        return ports

    def notices(self) -> list[str]:
        return [news.sentence for news in self._news if isinstance(news, outputs.Notice)]

    def output(self, name: str) -> VirtualOutput:
        port = next(port for wanted, port in self.engine.ports.loop._open.items() if wanted.name == name)
        assert isinstance(port, VirtualOutput)
        return port

    def say(self, command: OpenPorts | inputs.Change) -> None:
        self.engine._queue.put(command)

    def close(self) -> None:
        self.engine.stop()
        self._thread.join(PATIENCE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    midi = PluggedSystem(
        SystemClock(),
        ["Keys:Keys MIDI 1 20:0", "cocomposer Out:cocomposer Out 130:0"],
        ["Pads:Pads MIDI 1 24:0", "Synth:in 28:0", "cocomposer In:cocomposer In 129:0"],
    )
    binding = {"set:thru": {"kind": "cc", "number": 20}}
    desk = Desk(tmp_path, midi, changed(Settings(), {"bindings": binding}))
    yield desk
    desk.close()


def test_ports_are_chosen_opened_lit_lost_and_told(desk: Desk) -> None:
    keys, pads, synth = "Keys:Keys MIDI 1", "Pads:Pads MIDI 1", "Synth:in"
    own = ("cocomposer In",), ("cocomposer Out",)
    first = desk.ports(lambda ports: bool(ports.open_outputs))
    assert first == Ports("alsa", (keys,), (pads, synth), *own, "cocomposer Out", ())
    desk.say(OpenPorts((keys,), (synth,), (pads,)))
    ports = desk.ports(lambda ports: ports.lights == (pads,) and ports.playing_on == synth)
    assert set(ports.open_inputs) == {"cocomposer In", keys}
    assert set(ports.open_outputs) == {"cocomposer Out", synth, pads}
    lamp_off, lamp_on = control_change(0, 20, 0), control_change(0, 20, 127)
    desk.say(inputs.Change({"thru": True}))
    lit = desk.output(pads)
    desk.ports(lambda _: lamp_on in [data for _, data in lit.sent])
    assert [data for _, data in lit.sent] == [lamp_off, lamp_on]
    # The one that is played on is lit as well.
    desk.say(OpenPorts((), (synth,), (synth,)))
    desk.ports(lambda ports: ports.lights == (synth,) and ports.open_inputs == own[0])
    desk.say(inputs.Change({"thru": False}))
    sung = desk.output(synth)
    desk.ports(lambda _: lamp_off in [data for _, data in sung.sent])
    assert any("Keys MIDI 1" in sentence and "is closed" in sentence for sentence in desk.notices())
    # Pulled out, it is not played on any more; the rest goes on.
    assert desk.midi.outputs is not None
    desk.midi.outputs = [name for name in desk.midi.outputs if not name.startswith("Synth")]
    ports = desk.ports(lambda ports: ports.playing_on == "cocomposer Out")
    assert ports.outputs == (pads,) and ports.lights == ()


def test_a_port_that_is_chosen_and_not_there_is_named(desk: Desk) -> None:
    desk.ports(bool)
    desk.say(OpenPorts(("Organ",), (), ()))
    desk.midi.inputs = [*(desk.midi.inputs or ()), "Other 30:0"]
    desk.ports(lambda ports: "Other" in ports.inputs)
    assert any('There is no MIDI input "Organ" now' in sentence for sentence in desk.notices())


def test_a_log_that_cannot_be_written_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    midi = PluggedSystem(SystemClock(), [], [])
    engine = Engine(Options(str(tmp_path), "cpu", realtime=False), midi, logs=tmp_path / "file" / "logs")
    told: list[News] = []
    said = threading.Event()

    def tell(news: News) -> None:
        told.append(news)
        if isinstance(news, outputs.Notice) and "cannot be written down" in news.sentence:
            said.set()

    engine.watch(tell)
    thread = threading.Thread(target=engine.run)
    thread.start()
    assert said.wait(PATIENCE)
    ours, theirs = multiprocessing.Pipe()
    engine.admit(theirs)
    assert ours.poll(PATIENCE)
    hello = msgspec.msgpack.decode(ours.recv_bytes(), type=Hello)
    assert hello.log is None and hello.position == 1
    engine.stop()
    thread.join(PATIENCE)
    ours.close()
