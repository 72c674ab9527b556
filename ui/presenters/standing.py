"""What the status bar says about how things stand: ports, clock, model, lateness, link. "–" while it is not known.

Each fact has a level beside its text, so that colour is never the only sign. Knows no widgets.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cocomposer.jam.outputs import Mode
from cocomposer.music.grid import BeatSource
from cocomposer.music.ticks import bpm_of
from cocomposer.runtime.news import LATENESS_EDGES_MS, Status
from ui.presenters.session import Link, Session

BLINK_SECONDS: Final = 0.15
"""How long a lamp stays lit after a note."""
COMMITTED_SECONDS: Final = 0.1
"""A note is told so long before it sounds; its lamp may be lit that early."""
NEWEST_SECONDS: Final = 10.0
"""A notice stands so long before a lasting trouble takes its place."""
RECENT_STATUSES: Final = 60
"""The histogram covers so many statuses (half a minute)."""
LATE_MS: Final = 5.0
"""From here on a musician may notice; amber."""
TOO_LATE_MS: Final = 20.0
UNKNOWN: Final = "–"


class Level(StrEnum):
    """Green, amber, red, or neither."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the status bar."""

    text: str
    level: Level = Level.NEUTRAL
    tip: str = ""
    """Whole sentences, for the tooltip and for screen readers."""
    lit: bool = False
    """For lamps: something passes right now."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All of the status bar."""

    input: Fact
    output: Fact
    clock: Fact
    model: Fact
    lateness: Fact
    bins: tuple[int, ...]
    """Messages sent lately by how late they were, in the bins of LATENESS_EDGES_MS; empty if unknown."""
    ahead: Fact
    dropped: Fact
    link: Fact
    sentence: Fact
    """The newest notice, or what is wrong."""
    notices: int
    """How many notices can be looked up."""


class RecentLateness:
    """Counts that grow for ever in, counts of the last half minute out."""

    def __init__(self, statuses: int = RECENT_STATUSES) -> None:
        self._kept: deque[tuple[int, ...]] = deque(maxlen=statuses + 1)
        self._last: Status | None = None

    def take_in(self, status: Status | None) -> tuple[int, ...]:
        """The bins of what was sent lately; empty while unknown. Counts that fall (another engine) begin anew."""
        if status is None:
            self._kept.clear()
            self._last = None
            return ()
        if status is not self._last:
            self._last = status
            counts = status.lateness_counts
            if self._kept and (
                len(counts) != len(self._kept[-1]) or any(a < b for a, b in zip(counts, self._kept[-1], strict=True))
            ):
                self._kept.clear()
            self._kept.append(counts)
        first, last = self._kept[0], self._kept[-1]
        return tuple(b - a for a, b in zip(first, last, strict=True))


def quantile_edge_ms(bins: tuple[int, ...], share: float) -> float | None:
    """The upper edge, in ms, of the bin that `share` (0–1) of the messages do not exceed; None without messages.

    Infinite in the last bin.
    """
    wanted, seen = share * sum(bins), 0
    for count, edge in zip(bins, (*LATENESS_EDGES_MS, float("inf")), strict=False):
        seen += count
        if count and seen >= wanted:
            return edge
    return None


class StandingPresenter:
    """Makes the view; remembers only the recent counts."""

    def __init__(self) -> None:
        self._recent = RecentLateness()

    def view(self, session: Session, now: float) -> Standing:
        """As things stand at `now`, in seconds of the engine's clock."""
        bins = self._recent.take_in(session.status)
        return Standing(
            input=_input(session, now),
            output=_output(session, now),
            clock=_clock(session),
            model=_model(session),
            lateness=_lateness(session, bins),
            bins=bins,
            ahead=_ahead(session),
            dropped=_dropped(session),
            link=_link(session),
            sentence=_sentence(session, now),
            notices=len(session.notices),
        )


def _input(session: Session, now: float) -> Fact:
    if session.link is not Link.JOINED or session.ports is None:
        return Fact("In", tip="MIDI input: not known yet.")
    names = session.ports.open_inputs
    if not names:
        return Fact("No input", Level.BAD, _MISSING_INPUT)
    lit = session.heard_at is not None and 0.0 <= now - session.heard_at < BLINK_SECONDS
    return Fact("In", Level.GOOD, f"Listening on {_listed(names)}.", lit)


def _output(session: Session, now: float) -> Fact:
    if session.link is not Link.JOINED or session.ports is None:
        return Fact("Out", tip="MIDI output: not known yet.")
    if session.ports.playing_on is None:
        return Fact("No output", Level.BAD, _MISSING_OUTPUT)
    lit = session.played_at is not None and -COMMITTED_SECONDS <= now - session.played_at < BLINK_SECONDS
    return Fact("Out", Level.GOOD, f"Answers go to {session.ports.playing_on}.", lit)


_MISSING_INPUT: Final = "No MIDI input is open; choose a keyboard in the settings, or play on the piano keys."
_MISSING_OUTPUT: Final = "No MIDI output is open; choose one in the settings, or switch on the built-in sound."


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _clock(session: Session) -> Fact:
    status, beat = session.status, session.beat
    if status is None or beat is None:
        return Fact(f"Clock {UNKNOWN}", tip="DAW clock: not known yet.")
    if beat.source is BeatSource.CLOCK and beat.running:
        return Fact(f"DAW {bpm_of(beat.seconds_per_tick):.1f}", Level.GOOD, "Your DAW's clock gives the beat.")
    if status.clock_ticking:
        return Fact("DAW stopped", Level.WARNING, "Your DAW's clock is heard; press play there and it gives the beat.")
    return Fact("No DAW clock", tip="No DAW clock is heard; to use one, let your DAW send it to cocomposer In.")


PROVIDERS: Final = {"cpu": "CPU", "cuda": "GPU", "directml": "GPU", "coreml": "GPU"}
"""What a provider runs on, in a word."""


def _model(session: Session) -> Fact:
    if session.link is not Link.JOINED:
        return Fact(f"Model {UNKNOWN}", tip="The model: not known yet.")
    if session.lost is not None:
        return Fact("No model", Level.BAD if session.lost.for_good else Level.WARNING, session.lost.sentence)
    if session.ready is None:
        return Fact("Loading model", Level.WARNING, "The model is being loaded; answers are simple until it is there.")
    where = PROVIDERS.get(session.ready.provider, session.ready.provider)
    return Fact(f"{where} · {session.ready.model}", Level.GOOD, session.ready.sentence)


def _lateness(session: Session, bins: tuple[int, ...]) -> Fact:
    status = session.status
    if status is None or not status.lateness.get("messages"):
        return Fact(f"Late {UNKNOWN}", tip="How late notes go out: nothing was sent yet.")
    half, most = (status.lateness.get(f"lateness_ms_{name}", 0.0) for name in ("p50", "p99"))
    recent = quantile_edge_ms(bins, 0.99)
    judged = most if recent is None else recent
    level = Level.GOOD if judged <= LATE_MS else Level.WARNING if judged <= TOO_LATE_MS else Level.BAD
    tip = (
        f"Half of all notes went out at most {half:.2f} ms late, 99 in 100 at most {most:.2f} ms. "
        "The bars show the last half minute, from on time (left) to late (right)."
    )
    return Fact(f"Late {half:.1f} / {most:.1f} ms", level, tip)


def _ahead(session: Session) -> Fact:
    status = session.status
    if status is None:
        return Fact(f"Ahead {UNKNOWN}", tip="How far ahead the answer is planned: not known yet.")
    if session.mode is not Mode.ANSWERING:
        return Fact(f"Ahead {UNKNOWN}", tip="How far ahead an answer is planned, while there is one.")
    seconds = status.planned_ahead_seconds
    level = Level.GOOD if seconds >= 0.5 else Level.WARNING if seconds >= 0.15 else Level.BAD
    return Fact(f"Ahead {seconds:.1f} s", level, f"The answer is planned {seconds:.1f} seconds ahead.")


def _dropped(session: Session) -> Fact:
    status = session.status
    if status is None:
        return Fact(f"Dropped {UNKNOWN}", tip="Notes dropped because they came too late: not known yet.")
    if not status.dropped:
        return Fact("Dropped 0", Level.GOOD, "No note was dropped.")
    tip = f"{status.dropped} notes came too late to be played and were dropped."
    return Fact(f"Dropped {status.dropped}", Level.WARNING, tip)


def _link(session: Session) -> Fact:
    match session.link:
        case Link.JOINING:
            return Fact("Starting", Level.WARNING, "The engine that plays the notes is being started.")
        case Link.JOINED:
            return Fact("Engine", Level.GOOD, "The engine runs; it plays on even if this window is closed.")
        case Link.LOST:
            return Fact("Engine lost", Level.BAD, "The engine ended by itself; a new one is being started.")


def trouble(session: Session) -> str | None:
    """What is wrong for as long as it lasts, the worst first, as a sentence with what to do; None if all is well."""
    if session.link is Link.LOST:
        return _link(session).tip
    if session.link is Link.JOINING:
        return None
    if session.lost is not None:
        return session.lost.sentence
    if session.ports is not None:
        if session.ports.playing_on is None and not session.sound.on:
            return _MISSING_OUTPUT
        if not session.ports.open_inputs:
            return _MISSING_INPUT
    return None


def _sentence(session: Session, now: float) -> Fact:
    newest = session.notices[-1] if session.notices else None
    wrong = trouble(session)
    if wrong is not None and (newest is None or now - newest.at_seconds > NEWEST_SECONDS):
        return Fact(wrong, Level.BAD if session.link is Link.LOST else Level.WARNING, wrong)
    return Fact("") if newest is None else Fact(newest.sentence, tip=newest.sentence)
