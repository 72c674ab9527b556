"""Answers what chord could come next, a small piece of work at a time: the composer's process does it beside the jam.

The next-chord model is opened when it is first asked for, and tried again if it could not be. Whatever is wrong with a
question or with the model is one sentence in its answer. Knows no jam and no file.
"""

import math
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Final

from cocomposer.generation.chord_request import (
    LONGEST_GAP,
    MOST_CHORDS,
    MOST_SUGGESTIONS,
    Suggest,
    Suggested,
    SuggestedChord,
    SuggestedLine,
)
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, Key, key_named
from cocomposer.harmony.key_finding import find_key, home_of
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.progressions.filling import Ending, Way, fill_stepwise
from cocomposer.harmony.progressions.foretelling import ChordScores, SongStyle
from cocomposer.harmony.progressions.song import Metre, Sounding
from cocomposer.harmony.progressions.suggesting import Context, Options, Suggestion, suggest
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

OpenNetwork = Callable[[], ChordScores]
"""Opens the trained model; OSError or ValueError, each a sentence, if that cannot be."""

MOST_WAITING: Final = 32
"""Questions; the oldest of more are given up."""
LOOKED_BACK_ON: Final = 48
"""Chords that lines are found by, which bounds the time that one step of the search takes."""
MOST_BEATS_PER_BAR: Final = 16
MOST_BEATS: Final = 1024.0
"""Of one chord."""
_VELOCITY: Final = 80
_NO_MODEL: Final = "This composer has no next-chord model; start cocomposer with its models folder."
_TOO_MANY: Final = "More was asked about chords than could be answered; ask again."
_FAILED: Final = "The next-chord model failed at this; ask again, or restore models/chords from its release."

Pieces = Generator[None, None, Suggested]
"""One question being worked on, until it returns its answer."""


class ChordSuggesting:
    """Questions in the order in which they were asked."""

    def __init__(self, open_network: OpenNetwork | None = None) -> None:
        """None: there is no model at all."""
        self._open = open_network
        self._network: ChordScores | None = None
        self._waiting: deque[Suggest] = deque()
        self._overtaken: list[Suggested] = []
        self._pieces: Pieces | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is to be answered."""
        return not self._waiting and not self._overtaken

    def add(self, question: Suggest) -> None:
        """Answer this after those that wait."""
        self._waiting.append(question)
        if len(self._waiting) > MOST_WAITING:
            # The one that is being worked on stays.
            dropped = self._waiting[1]
            del self._waiting[1]
            self._overtaken.append(Suggested(dropped.request, failure=_TOO_MANY))

    def work(self) -> list[Suggested]:
        """One piece of work; the answers that are ready."""
        told, self._overtaken = self._overtaken, []
        if not self._waiting:
            return told
        question = self._waiting[0]
        try:
            if self._pieces is None:
                self._pieces = self._answer(question)
            next(self._pieces)
            return told
        except StopIteration as done:
            answer: Suggested = done.value
        except (OSError, ValueError) as error:
            answer = Suggested(question.request, failure=sentence_of(error))
        except Exception:
            # A runtime that fails in the middle must not end the composer; the next question opens the model anew.
            self._network = None
            answer = Suggested(question.request, failure=_FAILED)
        self._waiting.popleft()
        self._pieces = None
        return [*told, answer]

    def _answer(self, question: Suggest) -> Pieces:
        context, options, ending = _understood(question)
        network = self.network()
        chords = tuple(_told(one) for one in suggest(context, network, options))
        lines: list[Way] = []
        if question.gap:
            recent = replace(context, soundings=context.soundings[-LOOKED_BACK_ON:])
            steps = fill_stepwise(recent, network, question.gap, options, ending)
            while True:
                yield
                try:
                    next(steps)
                except StopIteration as done:
                    lines = done.value
                    break
        told = tuple(_told_line(way, context.key, options.following) for way in lines)
        return Suggested(question.request, chords, told, context.key.name)

    def network(self) -> ChordScores:
        """The model, opened now if it was not; OSError or ValueError, a sentence, if that cannot be."""
        if self._network is None:
            if self._open is None:
                raise ValueError(_NO_MODEL)
            self._network = self._open()
        return self._network


def _understood(question: Suggest) -> tuple[Context, Options, Ending | None]:
    """What is asked; ValueError, a sentence, where that makes no sense."""
    if len(question.chords) > MOST_CHORDS:
        raise ValueError(f"A song of more than {MOST_CHORDS} chords is not looked at; ask with the last of them.")
    chords = [_chord(symbol) for symbol, _ in question.chords]
    lengths = [_within("A chord's length in beats", beats, 1 / TICKS_PER_BEAT, MOST_BEATS)
               for _, beats in question.chords]  # fmt: skip
    starts = [0.0]
    for beats in lengths:
        starts.append(starts[-1] + beats)
    bar = _within("The number of beats in a bar", question.beats_per_bar, 1, MOST_BEATS_PER_BAR)
    key = _key(question.key, chords, lengths)
    soundings = tuple(Sounding(chord, start, key.tonic) for chord, start in zip(chords, starts, strict=False))
    options = Options(
        count=int(_within("The number of suggestions", question.count, 1, MOST_SUGGESTIONS)),
        style=_style(question.style),
        surprise=_within("The surprise", question.surprise, 0, 1),
        memory=_within("The memory", question.memory, 0, 1),
        following=None if question.following is None else _chord(question.following),
        lasting=None
        if question.lasting is None
        else _within("The length of a suggestion in beats", question.lasting, 1 / TICKS_PER_BEAT, MOST_BEATS),
    )
    _within("A gap", question.gap, 0, LONGEST_GAP)
    sections = tuple(
        starts[int(_within("The number of a chord that begins a section", number, 0, len(chords)))]
        for number in question.sections
    )
    return Context(soundings, key, starts[-1], (Metre(bar),), sections), options, _ending(question.ending)


def _chord(symbol: str) -> Chord | None:
    chord = read_symbol(symbol)  # its ValueError is a sentence
    return chord if isinstance(chord, Chord) else None


def _key(name: str | None, chords: list[Chord | None], lengths: list[float]) -> Key:
    if name is not None:
        return key_named(name)
    notes = [
        Note(0, pitch_class, round(beats * TICKS_PER_BEAT), _VELOCITY)
        for chord, beats in zip(chords, lengths, strict=True)
        if chord is not None
        for pitch_class in chord.pitch_classes
    ]
    found = find_key(notes)
    if found is not None:
        return found.key
    # Too few to say: the plainest key, or that of the first chord that it has not.
    foreign = [chord for chord in chords if chord is not None and not chord.pitch_classes <= C_MAJOR.scale]
    return home_of(foreign[0]) if foreign else C_MAJOR


def _style(name: str) -> SongStyle:
    try:
        return SongStyle[name.upper()]
    except KeyError:
        names = ", ".join(style.name.lower() for style in SongStyle)
        raise ValueError(f"{name!r} is no style of song; choose one of {names}.") from None


def _ending(name: str | None) -> Ending | None:
    try:
        return None if name is None else Ending(name)
    except ValueError:
        raise ValueError(f"{name!r} is no cadence; choose one of {', '.join(Ending)}.") from None


def _within(what: str, value: float, least: float, most: float) -> float:
    if not (math.isfinite(value) and least <= value <= most):
        raise ValueError(f"{what} lies between {least:g} and {most:g}, not at {value:g}.")
    return value


def _told(one: Suggestion) -> SuggestedChord:
    return SuggestedChord(
        one.symbol,
        one.numeral,
        one.probability,
        one.function.value,
        one.text,
        one.reason.device.value,
        one.remembered,
    )


def _told_line(way: Way, key: Key, following: Chord | None) -> SuggestedLine:
    after = [] if following is None else [following]
    numerals = write_numerals([*way.chords, *after], key)[: len(way.chords)]
    return SuggestedLine(tuple(chord.name(key) for chord in way.chords), tuple(numerals), way.probability)


def sentence_of(error: Exception) -> str:
    """What an error says, as one sentence for the musician."""
    text = str(error).strip().partition("\n")[0]
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else f"{text}."
