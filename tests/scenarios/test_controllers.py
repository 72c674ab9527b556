"""Controllers: learning them, what they work, and the lamps that tell how it stands."""

import math
from typing import Any

import msgspec
import pytest

from cocomposer.jam import inputs
from cocomposer.jam.outputs import Learning, Mode, SettingsChanged, Triggered
from cocomposer.jam.settings import Settings, SettingsError, Trigger, TriggerKind, changed
from cocomposer.jam.targets import COMMANDS, RANGES, is_target, laid_on, told_by
from cocomposer.music.message import control_change, note_off, note_on
from tests.scenarios.rig import Rig, message, pedal, played, pressed, scale

CC, NOTE, PROGRAM = TriggerKind.CONTROL, TriggerKind.NOTE, TriggerKind.PROGRAM


def bound(*pairs: tuple[str, Trigger], **changes: Any) -> Rig:
    return Rig(bindings={target: msgspec.to_builtins(trigger) for target, trigger in pairs}, **changes)


def learn(target: str | None, at_seconds: float = 0.0) -> tuple[float, inputs.Input]:
    return at_seconds, inputs.Learn(target)


# -- learning --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "data", "trigger"),
    [
        ("panic", control_change(3, 20, 127), Trigger(CC, 20)),
        ("set:creativity", control_change(0, 21, 3), Trigger(CC, 21)),
        ("listen", note_on(0, 36, 100), Trigger(NOTE, 36)),
        ("window:star", bytes((0xC0, 5)), Trigger(PROGRAM, 5)),
        ("set:thru", bytes((0xC0, 6)), Trigger(PROGRAM, 6)),
    ],
)
def test_the_next_control_is_learnt_and_does_not_work_yet(target: str, data: bytes, trigger: Trigger) -> None:
    rig = Rig()
    rig.run([learn(target), message(0.1, data)], until=0.2)
    assert rig.jam.settings.bindings[target] == trigger
    assert rig.told(Learning) == [Learning(target), Learning(None)]
    assert rig.jam.phrase == () and not rig.told(Triggered)
    assert rig.jam.settings.creativity == 0.95 and not rig.jam.settings.thru
    assert "now works" in rig.notices[-1]


@pytest.mark.parametrize(
    "data",
    [control_change(0, 20, 63), control_change(0, 64, 127), control_change(0, 123, 127), note_off(0, 60), b"\xf8"],
)
def test_what_cannot_be_learnt_is_not(data: bytes) -> None:
    rig = Rig()
    rig.run([learn("panic"), message(0.1, data)], until=0.2)
    assert rig.jam.settings.bindings == Settings().bindings and rig.told(Learning) == [Learning("panic")]


def test_the_sustain_pedal_stays_musical_and_says_so_once() -> None:
    rig = Rig()
    rig.run([learn("panic")], pressed(0.1, 64), pressed(0.3, 64), played((0.5, 60, 0.1)), until=0.7)
    assert len([notice for notice in rig.notices if "sustain pedal" in notice]) == 1
    rig.run([learn("set:tempo", 1.0), message(1.1, bytes((0xC0, 1)))], until=1.2)
    assert "no value" in rig.notices[-1]


def test_a_control_that_worked_something_else_is_taken_from_it() -> None:
    rig = Rig()
    rig.run([learn("panic")], pressed(0.1, 67), until=0.3)
    assert set(rig.jam.settings.bindings) == {"panic", "reset"}
    assert rig.notices[-1] == "Controller 67 now works panic, and no longer take over."


def test_learning_is_cancelled_and_forgotten() -> None:
    rig = Rig()
    rig.run([learn("panic"), learn(None, 0.1)], pressed(0.2, 20), [(0.4, inputs.Forget("reset"))], until=0.5)
    assert set(rig.jam.settings.bindings) == {"take_over"}
    assert rig.told(Learning) == [Learning("panic"), Learning(None)]
    rig.run([(0.6, inputs.Forget("reset")), learn("dance", 0.7), (0.8, inputs.Forget("dance"))], until=1)
    assert rig.notices[-3] == "Nothing works reset."
    assert all("'dance'" in notice for notice in rig.notices[-2:])


def test_names_of_targets() -> None:
    assert all(map(is_target, (*COMMANDS, "set:tempo", "set:thru", "window:star")))
    assert not any(map(is_target, ("tempo", "set:", "set:bindings", "window:", "dance", "")))
    with pytest.raises(SettingsError, match="'set:nothing'"):
        changed(Settings(), {"bindings": {"set:nothing": {"kind": "cc", "number": 1}}})


@pytest.mark.parametrize("name", RANGES)
def test_every_place_of_a_controller_is_a_value_that_the_setting_takes(name: str) -> None:
    values = [laid_on(name, place) for place in range(128)]
    assert values == sorted(values) and (values[0], values[-1]) == RANGES[name]
    for value in values:
        assert getattr(changed(Settings(), {name: value}), name) == value
    if not isinstance(values[0], int):
        assert [told_by(name, value) for value in values] == list(range(128))


def test_bindings_survive_being_kept() -> None:
    settings = changed(Settings(), {"bindings": {"set:tempo": {"kind": "note", "number": 9, "latch": True}}})
    assert msgspec.json.decode(msgspec.json.encode(settings), type=Settings) == settings
    assert changed(Settings(), msgspec.to_builtins(settings)) == settings


# -- at work ---------------------------------------------------------------------------------------


def test_a_knob_sets_a_number() -> None:
    rig = bound(("set:tempo", Trigger(CC, 20)), ("set:length_bars", Trigger(CC, 21, channel=2, inverted=True)))
    rig.run([pedal(0.0, 20, 127), pedal(0.1, 21, 127), pedal(0.2, 21, 127, channel=1)], until=0.3)
    assert (rig.jam.settings.tempo, rig.jam.settings.length_bars) == (220, 1)
    rig.run([pedal(0.3, 21, 0, channel=1), pedal(0.4, 20, 0)], until=0.5)
    assert (rig.jam.settings.tempo, rig.jam.settings.length_bars) == (40, 32)
    told = len(rig.told(SettingsChanged))
    rig.run([pedal(0.5, 20, 0)], until=0.6)
    assert len(rig.told(SettingsChanged)) == told, "nothing changed"


@pytest.mark.parametrize(
    ("trigger", "values", "after"),
    [
        (Trigger(CC, 20), (64, 127, 10), (True, True, False)),
        (Trigger(CC, 20, inverted=True), (127, 10, 64), (False, True, False)),
        (Trigger(CC, 20, latch=True), (127, 0, 0, 127), (True, False, False, True)),
        (Trigger(NOTE, 20), (100, 1, 50), (True, False, True)),
    ],
)
def test_a_switch_is_switched(trigger: Trigger, values: tuple[int, ...], after: tuple[bool, ...]) -> None:
    rig = bound(("set:thru", trigger))
    kind = control_change if trigger.kind is CC else note_on
    for value, on in zip(values, after, strict=True):
        rig.run([message(rig.now, kind(0, 20, value))], until=rig.now + 0.1)
        assert rig.jam.settings.thru is on


@pytest.mark.parametrize(
    ("trigger", "values", "presses"),
    [
        (Trigger(CC, 20), (127, 0, 20, 70, 127, 64, 0, 0, 64), 3),
        (Trigger(CC, 20, inverted=True), (127, 0, 30, 127, 63), 2),
        (Trigger(CC, 20, latch=True), (127, 0, 127), 3),
        (Trigger(CC, 20, latch=True), (20, 70, 127), 1),
    ],
)
def test_presses_of_a_pedal(trigger: Trigger, values: tuple[int, ...], presses: int) -> None:
    rig = bound(("window:star", trigger))
    rig.run([pedal(0.1 * place, 20, value) for place, value in enumerate(values)], until=2)
    assert rig.told(Triggered) == [Triggered("window:star", 1.0)] * presses


def test_every_command_can_be_worked_by_a_pad() -> None:
    pads = {target: 10 + place for place, target in enumerate(COMMANDS)}
    rig = bound(
        *((target, Trigger(NOTE, pad, channel=10)) for target, pad in pads.items()), tempo=120, length="endless"
    )

    def hit(target: str, at_seconds: float) -> None:
        rig.run(played((at_seconds, pads[target], 0.05), channel=9), until=at_seconds + 0.6)

    rig.run(scale(0.0, count=4), until=1.0)
    hit("take_over", 1.0)
    assert rig.mode() is Mode.ANSWERING
    hit("stop_answer", 2.0)
    assert rig.mode() is Mode.LISTENING
    hit("rest", 3.0)
    answers = [rig.jam.settings.answer]
    hit("listen", 4.0)
    assert [*answers, rig.jam.settings.answer] == [False, True]
    hit("tap", 5.0)
    hit("tap", 5.7)
    assert rig.notices[-1].startswith("Tapped")
    hit("panic", 7.0)
    assert bytes((0xB0, 123, 0)) in {data for _, data in rig.sent}
    hit("reset", 8.0)
    assert rig.jam.history == ()
    assert rig.jam.phrase == (), "pads are no music"


def test_rest_and_listen() -> None:
    rig = Rig(tempo=120, length="endless")
    rig.run(scale(), [(4.0, inputs.Rest())], scale(5.0), until=12)
    assert rig.mode() is Mode.LISTENING and len(rig.takes) == 1 and not rig.jam.settings.answer
    rig.run([(12.0, inputs.Listen())], scale(13.0), until=18)
    assert rig.mode() is Mode.ANSWERING and rig.jam.settings.answer


def test_a_knob_that_turns_all_the_time_does_not_starve_the_model() -> None:
    rig = bound(("set:creativity", Trigger(CC, 20)), tempo=120, length="endless")
    rig.run(scale(), [pedal(4.0 + 0.005 * number, 20, number % 128) for number in range(600)], until=9)
    assert not [play for play in rig.plays if play.fallback]
    assert rig.jam.turn is not None and rig.jam.turn.attempt < 60
    assert rig.jam.turn.wish.temperature == rig.jam.settings.creativity


# -- lights ----------------------------------------------------------------------------------------


def lights(rig: Rig) -> list[bytes]:
    return [data for _, data in rig.offline.lights]


def test_a_pad_is_lit_while_what_it_works_goes_on() -> None:
    rig = bound(("take_over", Trigger(NOTE, 36)), ("rest", Trigger(CC, 30, channel=2)), ("tap", Trigger(NOTE, 3)),
        tempo=120, length="bars", length_bars=1)  # fmt: skip
    assert lights(rig) == [note_on(0, 36, 0), control_change(1, 30, 0)]
    rig.run(scale(), until=12)
    assert lights(rig)[2:] == [note_on(0, 36, 127), note_on(0, 36, 0)]
    rig.run([(12.0, inputs.Rest())], until=12.1)
    assert lights(rig)[4:] == [control_change(1, 30, 127)]


def test_a_fader_is_told_what_others_set_but_not_what_it_said_itself() -> None:
    rig = bound(("set:creativity", Trigger(CC, 20)), ("set:thru", Trigger(CC, 21)))
    begun = len(lights(rig))
    rig.run([pedal(0.1, 20, 100), pedal(0.2, 21, 127)], until=0.3)
    assert len(lights(rig)) == begun
    rig.run([(0.4, inputs.Change({"creativity": 2.0, "thru": False}))], until=0.5)
    assert lights(rig)[begun:] == [control_change(0, 20, 127), control_change(0, 21, 0)]


def test_what_has_just_been_learnt_is_lit_and_what_is_forgotten_goes_dark() -> None:
    rig = Rig(bindings={})
    rig.run([learn("listen"), message(0.1, note_on(0, 36, 9))], until=0.2)
    assert lights(rig) == [note_on(0, 36, 127)]
    rig.run([(0.3, inputs.Forget("listen"))], until=0.4)
    assert lights(rig)[1:] == [note_on(0, 36, 0)]


def test_all_are_told_when_their_port_opens() -> None:
    rig = bound(("listen", Trigger(NOTE, 36)), ("set:tempo", Trigger(CC, 20)), ("set:patience", Trigger(CC, 22)))
    begun = lights(rig)
    assert begun == [note_on(0, 36, 127), control_change(0, 22, 25)], "no tempo is set"
    rig.run([(1.0, inputs.LightsOpened())], until=1.1)
    assert lights(rig) == begun * 2


@pytest.mark.parametrize(("value", "lit"), [(1.0, 127), (0.5, 64), (7.0, 127), (-3.0, 0), (math.nan, 0)])
def test_the_window_tells_how_its_own_things_stand(value: float, lit: int) -> None:
    rig = bound(("window:star", Trigger(NOTE, 40)))
    rig.run([(0.1, inputs.Show("window:star", 0.3)), (0.2, inputs.Show("window:star", value))], until=0.3)
    assert lights(rig) == [note_on(0, 40, 0), note_on(0, 40, 38), note_on(0, 40, lit)]
