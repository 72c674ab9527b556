"""Which output is played on and which are lit, as ports come, go and are chosen."""

from cocomposer.adapters.virtual import VirtualClock, VirtualOutput
from cocomposer.music.message import control_change, note_on
from cocomposer.runtime.output_choice import OutputChoice
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.port_keeper import OWN_OUTPUT, Direction, WantedPort

OWN = WantedPort(Direction.OUTPUT, OWN_OUTPUT, own=True)
SYNTH, PADS, ORGAN = (WantedPort(Direction.OUTPUT, name) for name in ("Synth", "Pads", "Organ"))
LAMP = control_change(0, 20, 127)
NOTE = note_on(0, 60, 80)


class Rig:
    """A choice among recording outputs."""

    def __init__(self, preferred: tuple[str, ...] = (), lights: tuple[str, ...] = ()) -> None:
        clock = VirtualClock()
        self.playback = PlaybackLoop(clock)
        self.choice = OutputChoice(self.playback, preferred, lights)
        self.ports = {port: VirtualOutput(clock, port.name) for port in (OWN, SYNTH, PADS, ORGAN)}

    def opened(self, *ports: WantedPort) -> None:
        for port in ports:
            self.choice.changed(port, self.ports[port])

    def got(self, data: bytes) -> list[str]:
        """Names of the ports that got this since the last question."""
        names = [port.name for port, output in self.ports.items() if data in [sent for _, sent in output.sent]]
        for output in self.ports.values():
            output.sent.clear()
        return names


def test_the_first_preferred_one_is_played_on_else_our_own() -> None:
    rig = Rig(preferred=("Synth", "Organ"))
    rig.opened(OWN, ORGAN, SYNTH)
    assert rig.choice.playing_on == SYNTH
    assert rig.choice.changed(SYNTH, None)
    rig.playback.thru(NOTE)
    assert rig.got(NOTE) == ["Organ"]
    assert not rig.choice.changed(PADS, None)
    rig.choice.prefer(("Pads",), ())
    assert rig.choice.playing_on == OWN, "what is not preferred any more is not played on, though it is still open"
    rig.playback.thru(NOTE)
    assert rig.got(NOTE) == [OWN_OUTPUT]
    rig.choice.changed(OWN, None)
    assert not rig.playback.attached
    assert rig.choice.playing_on is None


def test_lights_go_to_all_lights_and_not_where_only_answers_go() -> None:
    rig = Rig(preferred=("Synth",), lights=("Pads", "Organ"))
    rig.opened(OWN, SYNTH, PADS)
    assert rig.choice.lit == ("Pads",)
    assert rig.choice.light(LAMP) == [] and rig.got(LAMP) == ["Pads"]
    rig.opened(ORGAN)
    assert rig.choice.light(LAMP) == [] and rig.got(LAMP) == ["Pads", "Organ"]
    rig.playback.thru(NOTE)
    assert rig.got(NOTE) == ["Synth"], "a port for lights is not played on"


def test_one_port_may_be_both() -> None:
    rig = Rig()
    rig.opened(OWN, PADS)
    rig.choice.prefer(("Pads",), ("Pads",))
    rig.choice.light(LAMP)
    assert rig.got(LAMP) == ["Pads"]
    rig.playback.thru(NOTE)
    assert rig.got(NOTE) == ["Pads"]


def test_a_light_that_fails_is_told_and_the_others_are_lit_all_the_same() -> None:
    rig = Rig(lights=("Pads", "Organ"))
    rig.opened(OWN, PADS, ORGAN)
    rig.ports[PADS].unplug()
    assert rig.choice.light(LAMP) == [PADS] and rig.got(LAMP) == ["Organ"]
