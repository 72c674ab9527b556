"""Sessions in the states a window is looked at in, made only of what an engine would tell. For tests and screenshots.

`STATES[name]()` gives a session and the moment at which it is shown.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from cocomposer.document.edits import RenameTake, SetProgression, StarTake
from cocomposer.document.progression import Card, Progression
from cocomposer.jam import outputs
from cocomposer.jam.inputs import ChordSlot
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT, seconds_per_tick
from cocomposer.runtime import news as told
from cocomposer.runtime.news import LATENESS_EDGES_MS, News
from ui.presenters.session import Alternatives, Link, Session

BEGAN: Final = 1000.0
"""When the engine began; bar 1 begins here."""
BPM: Final = 118.0
TICK_SECONDS: Final = seconds_per_tick(BPM)
BAR: Final = 4 * TICKS_PER_BEAT
TURN: Final = 4 * BAR
"""A phrase and its answer."""
PHRASE: Final = tuple(
    Note(round(beat * TICKS_PER_BEAT), pitch, round(length * TICKS_PER_BEAT), velocity)
    for beat, pitch, length, velocity in (
        (0, 62, 0.9, 84), (1, 65, 0.9, 78), (2, 69, 0.45, 90), (2.5, 67, 0.45, 74), (3, 65, 0.9, 80),
        (4, 64, 0.9, 86), (5, 60, 0.9, 70), (6, 62, 1.8, 92),
    )
)  # fmt: skip
"""Two bars in D minor, from bar 1 on."""
ANSWER: Final = tuple(
    Note(2 * BAR + round(beat * TICKS_PER_BEAT), pitch, round(length * TICKS_PER_BEAT), velocity, 0)
    for beat, pitch, length, velocity in (
        (0, 50, 1.9, 66), (0, 74, 0.45, 82), (0.5, 72, 0.45, 70), (1, 70, 0.9, 76), (2, 69, 0.9, 84), (2, 53, 1.9, 62),
        (3, 65, 0.45, 72), (3.5, 67, 0.45, 70), (4, 57, 1.9, 64), (4, 69, 1.4, 88), (5.5, 67, 0.45, 68),
        (6, 50, 1.9, 66), (6, 65, 0.9, 78), (7, 62, 0.9, 74),
    )
)  # fmt: skip
"""Two bars that follow it."""
OPTIONS: Final = told.Options(bundle="models/live")


def seconds_at(tick: float) -> float:
    """When a tick of the engine's sounds."""
    return BEGAN + tick * TICK_SECONDS


def hello(settings: Settings | None = None) -> told.Hello:
    return told.Hello(
        "session-1", 4711, None, 0, BEGAN, "2026-03-01T20:00:00+00:00", Mode.LISTENING, settings or Settings(), OPTIONS
    )


def ports(
    open_inputs: tuple[str, ...] = ("cocomposer In", "Keystation 61"), playing_on: str | None = "cocomposer Out"
) -> told.Ports:
    return told.Ports(
        "alsa", ("Keystation 61", "DAW out"), ("DAW in", "FluidSynth"), open_inputs,
        () if playing_on is None else (playing_on,), playing_on, (),
    )  # fmt: skip


def status(
    at_seconds: float,
    mode: Mode = Mode.LISTENING,
    sent: int = 0,
    late: tuple[int, ...] = (),
    dropped: int = 0,
    ahead: float = 0.0,
    ticking: bool = True,
) -> told.Status:
    """`late`: messages sent so far by how late they were; made up from `sent` if not given."""
    shares = (0.62, 0.22, 0.09, 0.04, 0.015, 0.01, 0.004, 0.001, 0, 0, 0, 0, 0)
    counts = late or tuple(round(sent * share) for share in shares)
    assert len(counts) == len(LATENESS_EDGES_MS) + 1
    lateness = {"lateness_ms_p50": 0.09, "lateness_ms_p99": 0.71, "lateness_ms_max": 1.4, "messages": float(sent)}
    return told.Status(
        at_seconds, mode, BPM, "clock", True, (at_seconds - BEGAN) / TICK_SECONDS, True, lateness, dropped, 0,
        "real-time", ahead, counts, ticking, sent,
    )  # fmt: skip


def beat(source: BeatSource = BeatSource.CLOCK, running: bool = True, bpm: float = BPM) -> outputs.BeatChanged:
    bar_tick = 0 if source in (BeatSource.CLOCK, BeatSource.SET, BeatSource.TAP) else None
    return outputs.BeatChanged(BEGAN, 0.0, seconds_per_tick(bpm), source, running, bar_tick, 4)


def heard(notes: Iterable[Note], until_tick: float = float("inf")) -> list[News]:
    """The player's keys, as they go down and up before `until_tick`, in order."""
    events: list[tuple[float, int, News]] = []
    for note in notes:
        down, up = seconds_at(note.onset_tick), seconds_at(note.end_tick)
        events.append(
            (note.onset_tick, 1, outputs.Heard(down, note.pitch, note.velocity, note.channel, float(note.onset_tick)))
        )
        events.append((note.end_tick, 0, outputs.Released(up, note.pitch, note.channel, float(note.end_tick))))
    return [news for tick, _, news in sorted(events, key=lambda event: event[:2]) if tick <= until_tick]


def played(notes: Iterable[Note], turn: int = 1, until_tick: float = float("inf")) -> list[News]:
    """The machine's notes that are committed at `until_tick`."""
    return [
        outputs.Play(turn, number, note, seconds_at(note.onset_tick), seconds_at(note.end_tick))
        for number, note in enumerate(notes)
        if note.onset_tick <= until_tick
    ]


def harmony(tick: float, moved: int = 0, sounding: bool = True) -> outputs.HarmonyChanged:
    """What is heard in PHRASE and ANSWER, `moved` ticks later, up to a tick."""
    halves = ((0, 2, "Dm"), (2, 4, "Am7"), (4, 5, "Gm7"), (5, 6, "F"), (6, 7, "Am"), (7, 8, "Dm"))
    parts = [(first * BAR // 2, end * BAR // 2, name) for first, end, name in halves]
    begun = [(moved + first, moved + end, name) for first, end, name in parts if moved + first <= tick]
    spans = tuple(span for span in begun if span[1] <= tick)
    others = (("F/A", 0.2), ("Dm7", 0.15), ("Am7b5", 0.05))
    chord = begun[-1][2] if begun and sounding else None
    return outputs.HarmonyChanged(seconds_at(tick), tick, chord, 0.65, others, "D minor", 0.8, spans)


def suggested(request: int = 0) -> outputs.Suggested:
    """What could come next, in D minor."""
    rows = (
        ("Bb", "VI", 0.31, "subdominant", "diatonic in D minor", "diatonic"),
        ("C", "VII", 0.22, "subdominant", "diatonic in D minor", "diatonic"),
        ("Gm7", "iv7", 0.14, "subdominant", "diatonic in D minor; came so before", "diatonic"),
        ("A7", "V7", 0.11, "dominant", "dominant of the key", "diatonic"),
        ("F#dim7", "viio7/iv", 0.05, "applied dominant", "diminished, leads up a semitone to iv", "leading diminished"),
        ("Eb7", "bII7", 0.02, "dominant", "tritone substitute, falls a semitone to D", "tritone substitute"),
        ("F", "III", 0.02, "tonic", "diatonic in D minor", "diatonic"),
        ("G", "IV", 0.006, "subdominant", "modal interchange, borrowed from D dorian", "modal interchange"),
    )
    return outputs.Suggested(request, tuple(outputs.SuggestedChord(*row) for row in rows), key="D minor")


def take(turn: int = 1, moved: int = 0, seed: int = 1, higher: int = 0) -> outputs.Take:
    """PHRASE and ANSWER as a turn that is over, `moved` ticks later and some semitones higher."""
    phrase, answer = (
        tuple(Note(n.onset_tick + moved, n.pitch + higher, n.duration_ticks, n.velocity, n.channel) for n in notes)
        for notes in (PHRASE, ANSWER)
    )
    return outputs.Take(turn, phrase, answer, BPM, True, moved, 4, seed, False)


def told_all(session: Session, news: Iterable[News]) -> Session:
    for one in news:
        session.take_in(one)
    return session


def joined(settings: Settings | None = None) -> Session:
    """An engine that has begun, with ports, a clock and a model."""
    session = Session()
    greeting = hello(settings)
    session.document.join(greeting.session, greeting.began_at)
    return told_all(
        session,
        (
            greeting,
            told.Opened("alsa", ("cocomposer In", "cocomposer Out"), BEGAN),
            ports(),
            told.Ready("cpu", "live", "The model live runs on cpu.", BEGAN + 0.4, 4712),
            beat(),
            status(BEGAN + 0.5),
        ),
    )


def joining() -> tuple[Session, float]:
    return Session(), BEGAN


def empty() -> tuple[Session, float]:
    """Nothing was played yet and nobody gives a beat."""
    session = joined()
    session.take_in(beat(BeatSource.FREE, bpm=120.0))
    session.take_in(status(BEGAN + 1.0, ticking=False))
    return session, BEGAN + 1.0


def listening() -> tuple[Session, float]:
    """One turn is over."""
    session, now = joined(), seconds_at(4 * BAR + 40)
    told_all(session, (*heard(PHRASE), *played(ANSWER), take(), status(now, sent=140)))
    session.take_in(harmony(4 * BAR + 40))
    session.suggested = suggested()
    session.take_in(outputs.ModeChanged(Mode.LISTENING, seconds_at(4 * BAR)))
    return session, now


def hearing() -> tuple[Session, float]:
    """The first bar and a half of a phrase was played, and a key is down."""
    tick = 1.3 * BAR
    session, now = joined(), seconds_at(tick)
    session.take_in(outputs.ModeChanged(Mode.HEARING, BEGAN))
    told_all(session, (*heard(PHRASE, tick), status(now, Mode.HEARING), harmony(tick)))
    session.suggested = suggested()
    return session, now


def armed() -> tuple[Session, float]:
    """Half of the wait for the next bar is over."""
    session = joined()
    told_all(session, heard(PHRASE))
    since, entry = seconds_at(8 * TICKS_PER_BEAT - 20), seconds_at(3 * BAR)
    session.take_in(outputs.ModeChanged(Mode.ARMED, since, entry))
    moved = tuple(Note(n.onset_tick + BAR, n.pitch, n.duration_ticks, n.velocity) for n in ANSWER)
    session.take_in(outputs.Drafted(1, moved))
    session.take_in(status((since + entry) / 2, Mode.ARMED, ahead=1.2))
    return session, (since + entry) / 2


def answering() -> tuple[Session, float]:
    """In the middle of an answer: committed notes behind, drafts in front."""
    tick = 2.9 * BAR
    session, now = joined(), seconds_at(tick)
    committed = tick + 0.08 / TICK_SECONDS
    told_all(session, (*heard(PHRASE), outputs.ModeChanged(Mode.ANSWERING, seconds_at(2 * BAR))))
    told_all(session, played(ANSWER, until_tick=committed))
    session.take_in(outputs.Drafted(1, tuple(note for note in ANSWER if note.onset_tick > committed)))
    session.take_in(status(now - 0.4, Mode.ANSWERING, sent=40, ahead=1.6))
    session.take_in(status(now, Mode.ANSWERING, sent=140, ahead=1.4))
    session.take_in(harmony(tick))
    session.suggested = suggested()
    return session, now


def resting() -> tuple[Session, float]:
    """It answers on command only, and nothing plays."""
    session, now = listening()
    session.take_in(outputs.SettingsChanged(Settings(answer=False)))
    return session, now


def alternatives() -> tuple[Session, float]:
    """Four other answers to the one take; three are drawn."""
    session, now = listening()
    kept = session.document.takes[-1]
    session.selected = kept.id
    session.alternatives = Alternatives(kept.id, (11, 12, 13, 14), (101, 102, 103, 104))
    for place, shift in enumerate((0, 3, -4)):
        notes = tuple(
            Note(n.onset_tick, n.pitch + shift * (n.pitch > 60), n.duration_ticks, n.velocity) for n in kept.answer
        )
        session.take_in(outputs.Alternative(11 + place, 101 + place, notes))
    return session, now


def jamming() -> tuple[Session, float]:
    """The sixth turn is being answered; five takes are kept, one with a star."""
    session, turns = joined(), (0, 3, -2, 5, 0)
    for turn, higher in enumerate(turns):
        over = take(turn + 1, turn * TURN, seed=turn + 1, higher=higher)
        told_all(session, (*heard(over.phrase), *played(over.answer, turn + 1), over))
    begins = len(turns) * TURN
    tick = begins + 2.9 * BAR
    now, committed = seconds_at(tick), tick + 0.08 / TICK_SECONDS
    now_played = take(len(turns) + 1, begins)
    told_all(session, (*heard(now_played.phrase), outputs.ModeChanged(Mode.ANSWERING, seconds_at(begins + 2 * BAR))))
    told_all(session, played(now_played.answer, len(turns) + 1, committed))
    session.take_in(outputs.Drafted(len(turns) + 1, tuple(n for n in now_played.answer if n.onset_tick > committed)))
    session.take_in(status(now - 0.4, Mode.ANSWERING, sent=700, ahead=1.6))
    session.take_in(status(now, Mode.ANSWERING, sent=860, ahead=1.4))
    session.take_in(harmony(tick, begins))
    session.suggested = suggested()
    session.document.edit(StarTake(session.document.takes[1].id, True))
    session.document.edit(RenameTake(session.document.takes[1].id, "The one with the turn"))
    session.selected = session.document.takes[-1].id
    return session, now


def lost() -> tuple[Session, float]:
    """The engine ended in the middle of an answer."""
    session, now = answering()
    session.engine_lost("The engine ended by itself; a new one is being started.")
    assert session.link is Link.LOST
    return session, now


CARDS: Final = ("Dm", "Gm7", "C7", "Fmaj7", "Bb", "Em7b5", "A7", "Dm")


def composing() -> tuple[Session, float]:
    """Chords were placed in a row and are played, and the next ones are suggested; what is in the jam is heard."""
    session, now = jamming()
    row = Progression(tuple(Card(symbol, BAR, locked=number == 3) for number, symbol in enumerate(CARDS)))
    session.document.edit(SetProgression(row, "write the chords"))
    slots = tuple(ChordSlot(card.symbol, card.beats) for card in row.cards)
    session.take_in(outputs.ChordsChanged(slots, 5 * TURN, len(CARDS) * BAR, True, True))
    assert session.harmony is not None
    session.take_in(msgspec.structs.replace(session.harmony, chord="C7", confidence=1.0, alternatives=(), given=True))
    session.row.selected = (4, 5)
    return session, now


STATES: Final[dict[str, Callable[[], tuple[Session, float]]]] = {
    "joining": joining,
    "empty": empty,
    "listening": listening,
    "hearing": hearing,
    "armed": armed,
    "answering": answering,
    "resting": resting,
    "alternatives": alternatives,
    "jamming": jamming,
    "composing": composing,
    "lost": lost,
}
