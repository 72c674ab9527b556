"""Chords under a melody: found by the next-chord network, voiced and played in a rhythm, below what they accompany.

Knows neither how the network is opened nor the note model, which has no part in it.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from cocomposer.generation.chord_suggesting import sentence_of
from cocomposer.generation.request import Wish
from cocomposer.generation.roles.tasks import Harmonise
from cocomposer.generation.roles.work import Work
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping import comp
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS, patterns_for
from cocomposer.harmony.harmonising.harmonising import MOST, Wishes, harmonise_stepwise
from cocomposer.harmony.harmonising.melody import top_line
from cocomposer.harmony.harmonising.slots import Bars
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.progressions.foretelling import ChordScores
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.harmony.voicing.search import voice_progression
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

CEILINGS: Final = (76, 72, 67, 64, 62)
"""Chords stay below the melody's lowest note, as far as these allow."""
_CENTRE: Final = 60
_FAILED: Final = "The next-chord model failed at this; try again, or restore models/chords from its release."


class CannotHarmonise(Exception):
    """There are no chords for this; one sentence for the musician."""


class Harmonising:
    """Sets chords under melodies, a slot of one at a time."""

    def __init__(self, network: Callable[[], ChordScores]) -> None:
        """`network` gives the next-chord network when it is needed; OSError or ValueError, a sentence, if it cannot."""
        self._network = network

    def __call__(self, task: Harmonise, wish: Wish) -> Work:
        """See `performing.Harmoniser`."""
        try:
            yield
            network = self._network()
            yield
            spans, again = yield from _chords(task, wish, network)
            yield
            return played(spans, msgspec.structs.replace(task, rhythm=_another(task.rhythm, again, wish)), wish)
        except (OSError, ValueError) as error:
            raise CannotHarmonise(sentence_of(error)) from error
        except Exception as error:
            # A runtime that fails here is no failure of what else is drawn.
            raise CannotHarmonise(_FAILED) from error


def _chords(
    task: Harmonise, wish: Wish, network: ChordScores
) -> Generator[None, None, tuple[tuple[ChordSpan, ...], int]]:
    """Those of the melody; where the player gave chords to go by, these. And how often seeds before had the same.

    Other seeds, other harmonisations: the best with the seed that settings have unless told otherwise, 1.
    """
    number = max(0, wish.seed - 1)
    asked = Wishes(count=min(number + 1, MOST), kept=_kept(task.melody, wish))
    found = yield from harmonise_stepwise(task.melody, _bars(wish), network, asked)
    again, way = divmod(number, len(found))
    return found[way].spans, again


def _another(rhythm: str, again: int, wish: Wish) -> str:
    """Chords that are there already come in another rhythm that is made for the metre."""
    names = [pattern.name for pattern in patterns_for(wish.metre.ticks_per_bar // TICKS_PER_BEAT)]
    return names[(names.index(rhythm) + again) % len(names)]


def _bars(wish: Wish) -> Bars:
    ticks = wish.metre.ticks_per_bar
    return Bars(ticks, max(1, ticks // TICKS_PER_BEAT), wish.metre.bar_tick or 0)


def _kept(melody: Sequence[Note], wish: Wish) -> tuple[ChordSpan, ...]:
    """The chords to go by, in the bars of the melody."""
    bars, given = _bars(wish), wish.chords
    first, end = bars.before(melody[0].onset_tick), bars.after(max(note.end_tick for note in melody))
    spans: list[ChordSpan] = []
    for tick in range(first, end, TICKS_PER_BEAT):
        chord = given.at(tick)
        meant = None if chord is None else read_symbol(chord.name)
        if not isinstance(meant, Chord):
            continue
        if spans and spans[-1].end_tick == tick and spans[-1].chord == meant:
            spans[-1] = replace(spans[-1], end_tick=tick + TICKS_PER_BEAT)
        else:
            spans.append(ChordSpan(tick, tick + TICKS_PER_BEAT, meant))
    return tuple(spans)


def played(spans: Sequence[ChordSpan], task: Harmonise, wish: Wish) -> tuple[Note, ...]:
    """The chords in the task's rhythm within the wish's ticks, below the melody where there is room."""
    first = wish.earliest_tick if wish.first_tick is None else wish.first_tick
    end = spans[-1].end_tick if wish.end_tick is None else wish.end_tick
    within = [
        ChordSpan(max(first, span.tick), min(end, span.end_tick), span.chord)
        for span in spans
        if span.end_tick > first and span.tick < end
    ]
    if not within:
        return ()
    lowest = min(note.pitch for note in top_line(task.melody))
    highest = next((ceiling for ceiling in CEILINGS if ceiling < lowest), CEILINGS[-1])
    rules = VoicingRules(Style.CLOSE, root_position=True, highest=highest, centre=_CENTRE)
    voicings = voice_progression([span.chord for span in within], rules).voicings
    metre = Metre(wish.metre.ticks_per_bar // TICKS_PER_BEAT, wish.metre.bar_tick)
    return comp(within, voicings, COMPING_PATTERNS[task.rhythm], metre, task.velocity, wish.channel)
