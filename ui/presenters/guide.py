"""The first steps: what to set up in which DAW on which system, and which of it works already. Knows no widgets."""

import sys
from dataclasses import dataclass
from typing import Final

from cocomposer.music.grid import BeatSource
from ui.presenters.session import Session

NO_DAW: Final = "No DAW: just this window"

DAWS: Final[dict[str, tuple[str, ...]]] = {
    NO_DAW: (
        "Switch on the built-in sound below.",
        "Play on the piano keys at the bottom of the window, or press Ctrl+K and play on the letters A to L.",
        "Stop playing for a moment: the machine answers.",
    ),
    "Ableton Live": (
        (
            "Settings → Link, Tempo & MIDI: for the output cocomposer In switch on Track and Sync; for the input "
            "cocomposer Out switch on Track."
        ),
        "Track 1, your keyboard: MIDI To cocomposer In, Monitor In.",
        "Track 2, an instrument: MIDI From cocomposer Out, Monitor In. Arm it to record the answers.",
    ),
    "Logic Pro": (
        "File → Project Settings → Synchronization → MIDI: transmit MIDI clock to cocomposer In.",
        "Your keyboard: an External MIDI track whose destination is cocomposer In.",
        "The answer: a software instrument track with cocomposer Out as its MIDI input.",
    ),
    "Bitwig Studio": (
        "Settings → Synchronization: send MIDI clock to cocomposer In.",
        "Settings → Controllers: add a generic keyboard whose input is cocomposer Out.",
        "Your keyboard's track: a HW Instrument device with MIDI output cocomposer In.",
        "A second track with an instrument, its note input set to that generic keyboard.",
    ),
    "REAPER": (
        (
            "Preferences → MIDI Devices: enable the output cocomposer In and tick Send clock/SPP to it; enable "
            "the input cocomposer Out."
        ),
        "Track 1: your keyboard as input, monitoring on, Route → MIDI Hardware Output cocomposer In.",
        "Track 2: input cocomposer Out, an instrument, monitoring on.",
    ),
    "Ardour": (
        "Edit → Preferences → Transport/Sync: send MIDI clock.",
        "Window → MIDI Connections: connect MIDI Clock out and your keyboard's track to cocomposer In.",
        "There too: connect cocomposer Out to the input of a MIDI track with an instrument.",
    ),
    "Another DAW": (
        "Send your keyboard's track, and MIDI clock, to the port cocomposer In.",
        "Make a track with an instrument that listens to the port cocomposer Out.",
        "Do not send that second track back to cocomposer In.",
    ),
}
"""DAW → what to do there, in order."""

SYSTEMS: Final[dict[str, str]] = {
    "macos": "Start cocomposer before the DAW: some DAWs do not find a port again that was away when they started.",
    "windows": "Windows lets no program make a MIDI port. Install loopMIDI (or make a loopback pair in the MIDI "
    "settings of Windows 11), name the two ports cocomposer In and cocomposer Out, then open this guide again.",
    "jack": "Connect the ports with your JACK patchbay; a period of 256 frames or fewer is best.",
    "alsa": "The ports are in the ALSA sequencer; aconnect -l lists them.",
    "virtual": "There is no MIDI system here, so no DAW can be reached; the window's own keys and sound work.",
}

_SYSTEM_WORDS: Final = (
    ("virtual", "virtual"), ("jack", "jack"), ("alsa", "alsa"), ("core", "macos"), ("win", "windows"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that must work, and whether it does."""

    text: str
    done: bool
    hint: str
    """What to do while it does not."""


@dataclass(frozen=True, slots=True)
class GuideView:
    """What the guide shows."""

    system: str
    steps: tuple[str, ...]
    ticks: tuple[Tick, ...]
    finished: bool


def system_of(midi: str, platform: str = sys.platform) -> str:
    """The row of SYSTEMS for a MIDI system's name as the engine tells it."""
    name = midi.lower()
    for word, system in (
        ("virtual", "virtual"),
        ("jack", "jack"),
        ("alsa", "alsa"),
        ("core", "macos"),
        ("win", "windows"),
    ):
        if word in name:
            return system
    return "macos" if platform == "darwin" else "windows" if platform == "win32" else "alsa"


def guide_view(session: Session, daw: str, heard_test: bool) -> GuideView:
    """`heard_test`: the musician said that the test chord was heard in the DAW."""
    system = SYSTEMS[system_of(session.ports.midi)] if session.ports is not None else ""
    alone = daw == NO_DAW
    sounds = session.sound.on if alone else heard_test
    ready = session.ready is not None
    ticks = [
        Tick("The model is ready", ready, session.lost.sentence if session.lost is not None else "It is being loaded."),
        Tick("Your playing is heard", session.heard_at is not None, "Play a note."),
    ]
    if not alone:
        clock = session.beat is not None and session.beat.source is BeatSource.CLOCK
        ticking = clock or (session.status is not None and session.status.clock_ticking)
        hint = "Start playback in the DAW once; without it the tempo is taken from your playing, or tap it."
        ticks.append(Tick("The DAW's clock is heard", ticking, hint))
    ticks.append(
        Tick("The built-in sound is on", sounds, "Switch it on.")
        if alone
        else Tick("The DAW hears cocomposer", sounds, "Send the test chord and say whether you heard it.")
    )
    ticks.append(Tick("The machine has answered", bool(session.document.takes), "Play a phrase, then pause."))
    return GuideView(system, DAWS[daw], tuple(ticks), all(tick.done for tick in ticks))
