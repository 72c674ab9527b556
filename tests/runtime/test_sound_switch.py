"""The switch of the built-in sound, with a sound that only writes down what it is given."""

from collections.abc import Callable
from typing import Any

import pytest

from cocomposer.adapters.virtual import VirtualClock
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import control_change, note_off, note_on
from cocomposer.runtime.news import SoundChanged
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.sound_switch import SoundFailed, SoundSwitch
from tests.fakes.written_sound import WrittenSound

ON, OFF = note_on(0, 60, 90), note_off(0, 60)


class Rig:
    """A switch, and all the sounds that it made."""

    def __init__(self) -> None:
        self.sounds: list[WrittenSound] = []
        self.failures: list[SoundFailed] = []
        self.playback = PlaybackLoop(VirtualClock())
        self.switch = SoundSwitch(self.playback, self.failures.append, self._make, 0.5)

    def _make(self, volume: float, on_failure: Callable[[str], None]) -> WrittenSound:
        self.sounds.append(WrittenSound(volume, on_failure))
        return self.sounds[-1]


def test_what_sounds_goes_there_while_it_is_on() -> None:
    rig = Rig()
    rig.playback.thru(ON)
    assert rig.switch.set(True, 0.4) == SoundChanged(True, 0.4)
    rig.playback.thru(ON)
    rig.playback.thru(OFF)
    assert rig.switch.set(True, 7.0) == SoundChanged(True, 1.0)
    sound = rig.sounds[0]
    assert (sound.heard, sound.volumes) == ([ON, OFF], [0.4, 1.0])
    assert rig.switch.set(False, 0.2) == SoundChanged(False, 0.2)
    rig.playback.thru(ON)
    rig.switch.stop()
    assert sound.heard == [ON, OFF] and sound.stopped and len(rig.sounds) == 1


def test_a_sound_that_fails_is_switched_off_with_a_sentence() -> None:
    rig = Rig()
    rig.switch.set(True, 0.5)
    rig.sounds[0].on_failure("There is no sound card.")
    assert rig.switch.failed(rig.failures[0]) == SoundChanged(False, 0.5, "There is no sound card.")
    rig.playback.thru(ON)
    assert rig.sounds[0].heard == []
    rig.switch.set(True, 0.5)
    assert rig.switch.failed(rig.failures[0]) is None, "that was the sound before"
    rig.playback.thru(ON)
    assert rig.sounds[1].heard == [ON]
    rig.switch.stop()
    assert all(sound.stopped for sound in rig.sounds)


@pytest.mark.parametrize(
    ("data", "settings", "struck", "sounds"),
    [
        pytest.param(ON, {}, True, True, id="a key"),
        pytest.param(ON, {}, False, False, id="an echo, or a pad that works something"),
        pytest.param(OFF, {}, False, True, id="its end"),
        pytest.param(ON, {"thru": True}, True, False, id="passed on, and so heard already"),
        pytest.param(control_change(0, 64, 127), {}, False, True, id="the sustain pedal"),
        pytest.param(control_change(0, 67, 127), {}, False, False, id="the pedal that hands over"),
        pytest.param(b"\xe0\x00\x50", {}, False, True, id="the bend wheel"),
        pytest.param(b"\xc0\x05", {}, False, False, id="a program change"),
        pytest.param(b"\xf8", {}, False, False, id="a clock"),
    ],
)
def test_what_the_player_plays_is_heard_once(data: bytes, settings: dict[str, Any], struck: bool, sounds: bool) -> None:
    rig = Rig()
    rig.switch.hear(data, Settings(), struck)
    rig.switch.set(True, 0.5)
    rig.switch.hear(data, changed(Settings(), settings), struck)
    assert rig.sounds[0].heard == ([data] if sounds else [])
    rig.switch.stop()
