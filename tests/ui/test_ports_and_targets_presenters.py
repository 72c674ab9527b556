"""Ports that can be chosen, and what controllers can work, without Qt."""

import pytest

from cocomposer.jam.settings import Settings, Trigger, TriggerKind, changed
from cocomposer.jam.targets import COMMANDS, SET, SETTINGS, is_target
from cocomposer.runtime.news import Ports
from ui.bench import session_states as states
from ui.presenters.actions import ACTIONS
from ui.presenters.ports import NONE, Choice, ports_view
from ui.presenters.targets import target_names, target_rows, words_of

PORTS = Ports("alsa", ("Keys", "Pads"), ("Synth", "Pads"), ("cocomposer In", "Keys"), ("Synth",), "Synth", ("Pads",))


def test_ports_that_are_there() -> None:
    view = ports_view(PORTS)
    assert view.inputs == (Choice("Keys", "Keys", True), Choice("Pads", "Pads", False))
    assert view.outputs == (
        Choice(NONE, "cocomposer Out", False), Choice("Synth", "Synth", True), Choice("Pads", "Pads", False),
    )  # fmt: skip
    assert view.lights == (Choice("Synth", "Synth", False), Choice("Pads", "Pads", True))
    assert view.sentence == ""


def test_ports_that_were_chosen_and_are_away_stay_chosen() -> None:
    ports = Ports("alsa", ("Keys",), ("Synth",), ("cocomposer In",), ("cocomposer Out",), "cocomposer Out", ())
    view = ports_view(ports, ("Old piano",), ("Module",), ("Lamps",))
    assert view.inputs[-1] == Choice("Old piano", "Old piano (not there now)", True)
    assert view.lights[-1] == Choice("Lamps", "Lamps (not there now)", True)
    assert [one.name for one in view.outputs if one.chosen] == ["Module"]


@pytest.mark.parametrize("playing_on", [None, "cocomposer Out", "Synth", "Pads"])
@pytest.mark.parametrize("wanted", [(), ("Synth",), ("Away",)])
def test_exactly_one_output_is_chosen(playing_on: str | None, wanted: tuple[str, ...]) -> None:
    ports = Ports("alsa", (), ("Synth", "Pads"), (), (), playing_on, ())
    chosen = [one.name for one in ports_view(ports, outputs=wanted).outputs if one.chosen]
    assert len(chosen) == 1
    if playing_on in ports.outputs:
        assert chosen == [playing_on]


def test_nothing_there() -> None:
    view = ports_view(Ports("virtual", (), (), (), (), None, ()))
    assert view.inputs == view.lights == (Choice(NONE, "none found", False),)
    assert view.outputs == (Choice(NONE, "cocomposer Out", True),)
    assert "First steps" in view.sentence


def test_every_target_has_a_name_of_its_own() -> None:
    names = target_names()
    assert set(names) >= {*COMMANDS, *(SET + setting for setting in SETTINGS)}
    assert set(names) >= {action.target for action in ACTIONS if action.target is not None}
    assert all(is_target(target) for target in names)
    assert len({name for name, _ in names.values()}) == len(names)
    assert all(name[0].isupper() and "_" not in name and not name.endswith("…") for name, _ in names.values())


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (Trigger(TriggerKind.CONTROL, 67), "CC 67"),
        (Trigger(TriggerKind.CONTROL, 67, 2, True, True), "CC 67, channel 2, inverted, latching"),
        (Trigger(TriggerKind.NOTE, 60), "key C4"),
        (Trigger(TriggerKind.PROGRAM, 0, 16), "program 1, channel 16"),
    ],
)
def test_what_works_it_in_words(trigger: Trigger, words: str) -> None:
    assert words_of(trigger) == words


def test_rows_tell_what_works_them_and_what_is_being_learned() -> None:
    session = states.joined(changed(Settings(), {"bindings": {"panic": {"kind": "note", "number": 36}}}))
    session.learning = "listen"
    rows = {row.target: row for row in target_rows(session)}
    assert (rows["panic"].works, rows["panic"].learning) == ("key C2", False)
    assert [row.target for row in rows.values() if row.learning] == ["listen"]
