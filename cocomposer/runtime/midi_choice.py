"""Which MIDI system to use here: a real one where there is one, else the in-process one, with a sentence saying so."""

from cocomposer.adapters.rtmidi_ports import SYSTEMS, RtmidiSystem, midi_system
from cocomposer.adapters.virtual import VirtualMidi
from cocomposer.ports import Clock
from cocomposer.runtime.port_keeper import MidiSystem

VIRTUAL = "virtual"
CHOICES = (*SYSTEMS, VIRTUAL)
NO_SYSTEM = (
    "No MIDI system was found (CoreMIDI, Windows, ALSA or JACK), so cocomposer plays through its in-process port only; "
    "start one, for example JACK, and start cocomposer again."
)


def choose_midi(preferred: str | None, clock: Clock) -> tuple[MidiSystem, str | None]:
    """The MIDI system to use, and a sentence if it is not the one that was hoped for.

    `preferred` is one of CHOICES, or None for the first that works; ValueError for others.
    """
    if preferred == VIRTUAL:
        return VirtualMidi(clock), None
    found = midi_system(preferred)
    if found is not None:
        try:
            return RtmidiSystem(found, clock), None
        except OSError:  # it went away between the two questions
            pass
    if preferred is not None:
        sentence = (
            f"The MIDI system {preferred} does not answer, so cocomposer plays through its in-process port only; "
            "start it, or leave the choice to cocomposer."
        )
        return VirtualMidi(clock), sentence
    return VirtualMidi(clock), NO_SYSTEM
