"""What the transport bar shows: four big buttons, the beat and who gives it, where answers enter, recording, sound.

Knows no widgets and no colours; looks are named, the bar paints them.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Entry, Length
from cocomposer.music.grid import BeatSource
from cocomposer.music.ticks import bpm_of
from ui.presenters.session import Link, Session

FILL_STEPS: Final = 200
"""The filling bar moves in so many steps, so that it is painted no more often than can be seen."""


class Look(StrEnum):
    """How a big button stands; each look has a colour and a shape of its own."""

    IDLE = "idle"
    ON = "on"
    """It counts, but something else goes on now."""
    HEARING = "hearing"
    ARMED = "armed"
    LIT = "lit"
    ALARM = "alarm"
    """Always ready, for panic."""


@dataclass(frozen=True, slots=True)
class BigView:
    """One big button."""

    look: Look = Look.IDLE
    state: str = ""
    """Under its name; empty: the key that works it."""
    fill: float | None = None
    """0–1 of the wait that is over."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class TransportView:
    """All of the bar."""

    listen: BigView
    answer: BigView
    stop: BigView
    panic: BigView
    bpm: float | None
    """Rounded to 0.1; None where nobody gives a beat."""
    tempo_source: str
    tempo_editable: bool
    """False while a DAW's clock gives the tempo."""
    tempo_releasable: bool
    """A tempo was set by hand and can be given up."""
    position: str
    """Bar and beat, such as 12.3."""
    beats_per_bar: int
    entry: Entry
    entry_bars: int
    length: Length
    length_bars: int
    recorded: str | None
    """Time since recording began, such as 1:05; None while there is none."""
    sound_on: bool
    volume: float
    sound_trouble: str | None
    connected: bool


class Transport:
    """Makes the view; remembers only when the recording was first seen."""

    def __init__(self) -> None:
        self._recording_since: float | None = None

    def view(self, session: Session, now: float) -> TransportView:
        """As things stand at `now`, in seconds of the engine's clock."""
        joined = session.link is Link.JOINED
        settings = session.settings
        source = _source(session)
        return TransportView(
            listen=_listen(session, joined),
            answer=_answer(session, now, joined),
            stop=_stop(session, joined),
            panic=BigView(Look.ALARM),
            bpm=_bpm(session) if source is not BeatSource.FREE else None,
            tempo_source=_tempo_words(session, source),
            tempo_editable=source is not BeatSource.CLOCK,
            tempo_releasable=settings.tempo is not None and source is not BeatSource.CLOCK,
            position=_position(session, now),
            beats_per_bar=settings.beats_per_bar,
            entry=settings.entry,
            entry_bars=settings.entry_bars,
            length=settings.length,
            length_bars=settings.length_bars,
            recorded=self._recorded(session, now),
            sound_on=session.sound.on,
            volume=session.sound.volume,
            sound_trouble=session.sound.sentence,
            connected=joined,
        )

    def _recorded(self, session: Session, now: float) -> str | None:
        if session.recording_from is None:
            self._recording_since = None
            return None
        if self._recording_since is None:
            self._recording_since = now
        seconds = max(0, int(now - self._recording_since))
        return f"{seconds // 60}:{seconds % 60:02d}"


def waited(session: Session, now: float) -> float | None:
    """Which share (0–1) of the wait for an armed answer's entry is over; None while none waits or it is unknown."""
    if session.mode is not Mode.ARMED or session.entry_seconds is None:
        return None
    whole = session.entry_seconds - session.mode_since
    if whole <= 0.0:
        return 1.0
    share = min(1.0, max(0.0, (now - session.mode_since) / whole))
    return math.floor(share * FILL_STEPS) / FILL_STEPS


def _listen(session: Session, joined: bool) -> BigView:
    if not joined:
        return BigView(state="restarting" if session.link is Link.LOST else "starting", enabled=False)
    hearing = session.mode is Mode.HEARING
    if not session.settings.answer:
        return BigView(Look.IDLE, "hearing you" if hearing else "")
    if hearing:
        return BigView(Look.HEARING, "hearing you")
    if session.mode is Mode.LISTENING:
        return BigView(Look.LIT, "waiting")
    return BigView(Look.ON, "stays on")


def _answer(session: Session, now: float, joined: bool) -> BigView:
    if not joined:
        return BigView(enabled=False)
    if session.mode is Mode.ANSWERING:
        return BigView(Look.LIT, "answering")
    if session.mode is Mode.ARMED:
        if session.entry_seconds is None:
            return BigView(Look.ARMED, f"next {_entry_word(session)}")
        left = max(0.0, session.entry_seconds - now)
        return BigView(Look.ARMED, f"in {left:.1f} s", waited(session, now))
    return BigView(state="" if session.ready is not None else "no model yet")


def _stop(session: Session, joined: bool) -> BigView:
    if not joined:
        return BigView(enabled=False)
    plays = session.mode in (Mode.ARMED, Mode.ANSWERING) or session.audition is not None
    return BigView() if session.settings.answer or plays else BigView(Look.LIT, "resting")


def _entry_word(session: Session) -> str:
    return "beat" if session.settings.entry is Entry.BEAT else "bar"


def _source(session: Session) -> BeatSource:
    return BeatSource.FREE if session.beat is None else session.beat.source


def _bpm(session: Session) -> float | None:
    return None if session.beat is None else round(bpm_of(session.beat.seconds_per_tick), 1)


def _tempo_words(session: Session, source: BeatSource) -> str:
    ticking = session.status is not None and session.status.clock_ticking
    match source:
        case BeatSource.CLOCK:
            running = session.beat is not None and session.beat.running
            return "DAW clock" if running else "DAW stopped"
        case BeatSource.TAP:
            return "tapped"
        case BeatSource.SET:
            return "set"
        case BeatSource.ESTIMATE:
            return "your playing"
        case BeatSource.FREE:
            return "DAW stopped" if ticking else "no beat"


def _position(session: Session, now: float) -> str:
    beat = session.beat
    if beat is not None and beat.source is BeatSource.CLOCK and not beat.running:
        now = beat.at_seconds
    place = session.bar_and_beat(now)
    return "–" if place is None else f"{place[0]}.{place[1]}"
