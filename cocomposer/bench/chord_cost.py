"""What chords cost while somebody plays: a question about the next chord, and an update of the harmony that is heard.

Both on the wall clock and on the processor, which other programs do not lengthen. Questions go to the released
next-chord model as the composer's process asks it, answered whole; opening it is not counted. Needs no corpus.
"""

import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any, Final

import numpy as np

from cocomposer.adapters.bundle import BundleError
from cocomposer.bench.played_live import Played, play
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.generation.chord_request import Suggest, Suggested
from cocomposer.generation.chord_suggesting import ChordSuggesting
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.harmony.voicing.search import next_voicing
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.runtime.composer_process import open_chord_network

QUESTIONS: Final = 400
QUESTIONS_QUICK: Final = 40
SUGGESTIONS: Final = 8
"""As many as the window asks for."""
LENGTHS: Final = (1, 4, 12, 32, 64, 128)
"""Chords of the song so far."""
BARS: Final = 96
BARS_QUICK: Final = 8
SONGS: Final = (
    "Am F C G",
    "Cmaj7 A7 Dm7 G7 Em7 A7 Dm7 G7 C6",
    "Fm7 Bbm7 Eb7 Abmaj7 Dbmaj7 Dm7b5 G7 Cmaj7 Cm7 Fm7 Bb7 Ebmaj7 Am7b5 D7 Gmaj7",
    "D A Bm F#m G D G A",
    "Dm7 Ebm7 Dm7 C#m7b5 F#7b9 Bm E9sus4 A13",
)
_BAR: Final = 4 * TICKS_PER_BEAT
_EIGHTH: Final = TICKS_PER_BEAT // 2


def measure(subject: Subject) -> dict[str, Any]:
    """Milliseconds."""
    subject.tell("  questions about the next chord")
    asked = measure_questions(subject.amount(QUESTIONS, QUESTIONS_QUICK))
    subject.tell("  updates of the harmony that is heard")
    heard = play(made_music(subject.amount(BARS, BARS_QUICK)), Metre())
    return asked | measured_updates(heard)


def questions(count: int) -> Iterator[Suggest]:
    """As a window asks while songs of all lengths are played; every fourth knows what comes after."""
    for number in range(count):
        symbols = SONGS[number % len(SONGS)].split()
        song = tuple((symbol, 4.0) for symbol in islice(cycle(symbols), LENGTHS[number % len(LENGTHS)]))
        following = symbols[0] if number % 4 == 3 else None
        yield Suggest(number, song, count=SUGGESTIONS, surprise=number % 3 / 2, following=following)


def measure_questions(count: int) -> dict[str, float]:
    """Each asked and answered before the next; NotMeasured if there is no model, or it fails."""
    try:
        network = open_chord_network()
    except BundleError as error:
        raise NotMeasured(str(error)) from error
    asking = ChordSuggesting(lambda: network)
    costs = []
    for question in (next(questions(1)), *questions(count)):
        begun, worked = time.perf_counter(), time.process_time()
        asking.add(question)
        told: list[Suggested] = []
        while not told:
            told = asking.work()
        costs.append((time.perf_counter() - begun, time.process_time() - worked))
        if told[0].failure is not None:
            raise NotMeasured(told[0].failure)
    return _quantiles("suggest", costs[1:])


def made_music(bars: int) -> list[Note]:
    """The songs, a chord a bar: a bass, the chord as voiced on two beats, and its tones as a melody in eighths."""
    notes: list[Note] = []
    before: Voicing | None = None
    symbols = [symbol for song in SONGS for symbol in song.split()]
    for bar, symbol in enumerate(islice(cycle(symbols), bars)):
        chord = read_symbol(symbol)
        assert isinstance(chord, Chord)
        before = next_voicing(chord, before, VoicingRules())
        begin = bar * _BAR
        for beat in (0, 2):
            at = begin + beat * TICKS_PER_BEAT
            notes += [Note(at, pitch, 2 * TICKS_PER_BEAT - 4, 70) for pitch in before.pitches]
        tones = sorted(chord.pitch_classes)
        notes += [Note(begin + step * _EIGHTH, 72 + tones[step % len(tones)], _EIGHTH - 2, 90) for step in range(8)]
    return notes


def measured_updates(played: Played) -> dict[str, float]:
    """What each strike, release and drawing took."""
    return _quantiles("harmony", list(zip(played.wall_seconds, played.seconds, strict=True)))


def _quantiles(name: str, costs: list[tuple[float, float]]) -> dict[str, float]:
    """Of (seconds, of these on the processor)."""
    wall, worked = 1000 * np.asarray(costs).T
    return {
        f"{name}_ms_p50": float(np.quantile(wall, 0.5)),
        f"{name}_ms_p99": float(np.quantile(wall, 0.99)),
        f"{name}_cpu_ms_p50": float(np.quantile(worked, 0.5)),
        f"{name}_cpu_ms_p99": float(np.quantile(worked, 0.99)),
    }
