"""The first steps: what to set up in which DAW on which system, and which of it works already. Knows no widgets."""

import sys
from dataclasses import dataclass
from typing import Final

from cocomposer.music.grid import BeatSource
from ui.presenters.session import Link, Session

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
    "jack": "The ports are in your JACK patchbay: connect them there. A period of 256 frames or fewer is best.",
    "alsa": "If the DAW does not list the ports, choose ALSA as its MIDI system; under JACK use its patchbay.",
    "virtual": "There is no MIDI system here, so no DAW can be reached; the window's own keys and sound work.",
}

_SYSTEM_WORDS: Final = (
    ("virtual", "virtual"), ("jack", "jack"), ("alsa", "alsa"), ("core", "macos"), ("win", "windows"),
)  # fmt: skip
"""What is in a MIDI system's name → its row of SYSTEMS."""


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
    alone: bool
    """No DAW: the built-in sound is what is heard."""
    finished: bool


def system_of(midi: str, platform: str = sys.platform) -> str:
    """The row of SYSTEMS for a MIDI system's name as the engine tells it."""
    name = midi.lower()
    for word, system in _SYSTEM_WORDS:
        if word in name:
            return system
    return {"darwin": "macos", "win32": "windows"}.get(platform, "alsa")


def clock_heard(session: Session) -> bool:
    """Whether a DAW's clock comes in now. Many DAWs send it only while they play."""
    if session.beat is not None and session.beat.source is BeatSource.CLOCK:
        return True
    return session.status is not None and session.status.clock_ticking


def guide_view(session: Session, daw: str, heard_test: bool = False, heard_clock: bool = False) -> GuideView:
    """`heard_test`: the musician said that the test chord was heard in the DAW; `heard_clock`: a clock came in once."""
    alone = daw == NO_DAW
    system = SYSTEMS[system_of(session.ports.midi)] if session.ports is not None and not alone else ""
    ticks = [_model(session), Tick("Your playing is heard", session.heard_at is not None, "Play a note.")]
    if alone:
        hint = session.sound.sentence or "Switch it on below."
        ticks.append(Tick("The built-in sound is on", session.sound.on, hint))
    else:
        hint = "Start playback in the DAW once. Without it the tempo is taken from your playing, or tap it."
        ticks.append(Tick("The DAW's clock is heard", heard_clock or clock_heard(session), hint))
        hint = "Send the test chord below, and say whether you heard it."
        ticks.append(Tick("The DAW hears cocomposer", heard_test, hint))
    answered = session.played_at is not None or any(take.answer for take in session.document.takes)
    ticks.append(Tick("The machine has answered", answered, "Play a phrase, then pause."))
    return GuideView(system, DAWS[daw], tuple(ticks), alone, all(tick.done for tick in ticks))


def _model(session: Session) -> Tick:
    if session.link is not Link.JOINED:
        hint = "The engine is being started." if session.link is Link.JOINING else "The engine is being started again."
    else:
        hint = session.lost.sentence if session.lost is not None else "It is being loaded."
    return Tick("The model is ready", session.ready is not None and session.lost is None, hint)
