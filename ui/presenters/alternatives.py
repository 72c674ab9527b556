"""Answering a take anew: what to ask the engine for, how the parts come together, and what the cards say.

Without Qt, and without an engine: `plan_again` and `Regeneration` give requests and take what came of them.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from cocomposer.document.capture import EARLY_TICKS, gaps, regenerated
from cocomposer.document.takes import KeptTake
from cocomposer.jam.inputs import Imagine
from cocomposer.jam.outputs import Alternative
from cocomposer.jam.roles import Role
from cocomposer.jam.settings import Length
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

PLACES: Final = 4
"""Alternatives side by side."""
CONTEXT_NOTES: Final = 256
"""So many notes before the phrase are told: more than the model needs to know where it is."""
SHORTEST_TICKS: Final = 2 * TICKS_PER_BEAT
_SEEDS: Final = 2**32
_APART: Final = 2654435761
"""Added to the seed from one gap to the next (2^32 over the golden ratio), or all gaps would begin with equal draws."""
_TOLD_APART: Final = ("seed", "bindings")
"""All other settings go with a request: whichever of them shape what is drawn, they are the take's."""


def seeds(take: KeptTake, rounds: int = 0, places: int = PLACES) -> tuple[int, ...]:
    """Those of the take's next alternatives: the numbers after its own, so that each can be drawn again."""
    first = take.seed + 1 + rounds * places
    return tuple((first + place) % _SEEDS for place in range(places))


def answer_span(take: KeptTake) -> tuple[int, int]:
    """First tick of the answer, and the first after it: as it was meant, also where it was cut short.

    A take without an answer (captured, imported) is answered on the bar after its phrase, for as long as that is.
    """
    if not take.answer:
        end = max(note.end_tick for note in take.phrase)
        first = end
        if take.beat_known:
            first = take.bar_tick + _bars(end - take.bar_tick - TICKS_PER_BEAT // 2, take) * take.ticks_per_bar
        return first, first + _phrase_ticks(take)
    first = take.answer[0].onset_tick
    match take.settings.length:
        case Length.BARS:
            wished = take.settings.length_bars * take.ticks_per_bar
        case Length.PHRASE if take.phrase:
            wished = _phrase_ticks(take)
        case _:
            wished = 0
    sounded = take.answer[-1].onset_tick + 1 - first
    if sounded > wished:
        unit = take.ticks_per_bar if take.beat_known else TICKS_PER_BEAT
        wished = max(math.ceil(sounded / unit) * unit, SHORTEST_TICKS)
    return first, first + wished


def _bars(ticks: int, take: KeptTake) -> int:
    return math.ceil(ticks / take.ticks_per_bar)


def _phrase_ticks(take: KeptTake) -> int:
    """How long the jam answers this phrase: whole bars for whole bars, whole beats for a short call."""
    ticks = max(note.end_tick for note in take.phrase) - take.phrase[0].onset_tick
    if take.beat_known:
        unit = take.ticks_per_bar if ticks > take.ticks_per_bar // 2 else TICKS_PER_BEAT
        ticks = max(1, math.ceil((ticks - TICKS_PER_BEAT / 2) / unit)) * unit
    return max(ticks, SHORTEST_TICKS)


def changes_of(take: KeptTake) -> dict[str, Any]:
    """The take's own settings, so that it is drawn as it was, whatever is in force now.

    The register is told outright: it is that of the phrase, also when notes of the answer count as heard.
    """
    settings = take.settings
    values = msgspec.to_builtins(settings)
    pitches = [note.pitch for note in take.phrase or take.answer]
    lowest = max(settings.lowest_pitch, min(pitches) - settings.register_reach)
    highest = min(settings.highest_pitch, max(pitches) + settings.register_reach)
    if lowest > highest:  # a phrase wholly outside the settings' register is answered inside it
        lowest, highest = settings.lowest_pitch, settings.highest_pitch
    changes = {name: value for name, value in values.items() if name not in _TOLD_APART}
    return changes | {"lowest_pitch": lowest, "highest_pitch": highest}


def _request(
    take: KeptTake,
    context: Sequence[Note],
    answered: Sequence[Note],
    span: tuple[int, int],
    seed: int,
    request: int,
    moved_ticks: int,
) -> Imagine:
    """Draw `span` after the phrase and what of the answer lies before it."""
    first, end = span
    phrase = sorted(note for note in (*take.phrase, *answered) if note.onset_tick < first)
    begin = phrase[0].onset_tick if phrase else first
    before = sorted(note for note in context if note.onset_tick < begin)[-CONTEXT_NOTES:]
    return Imagine(
        request=request,
        heard=(*before, *phrase),
        phrase_notes=len(phrase) or min(len(before), 16),
        first_tick=first,
        end_tick=end,
        beat_known=take.beat_known,
        bar_tick=take.bar_tick,
        beats_per_bar=take.beats_per_bar,
        seed=seed,
        changes=changes_of(take),
        moved_ticks=moved_ticks,
    )


def plan_again(
    take: KeptTake, rounds: int, context: Sequence[Note], first_request: int, moved_ticks: int = 0
) -> list[Imagine]:
    """Four other answers to the take's phrase; `rounds`: how many times four were drawn before.

    `context`: notes of the jam before the phrase, on the take's axis. Requests are numbered from `first_request`.
    `moved_ticks`: added to the engine's ticks gives those of the take.
    """
    span = answer_span(take)
    return [
        _request(take, context, (), span, seed, first_request + place, moved_ticks)
        for place, seed in enumerate(seeds(take, rounds))
    ]


class Regeneration:
    """Keeps some bars of an answer and draws the others, one gap after the other: each hears what lies before it."""

    def __init__(
        self,
        take: KeptTake,
        kept_bars: frozenset[int],
        context: Sequence[Note],
        request: int,
        rounds: int = 0,
        moved_ticks: int = 0,
    ) -> None:
        """`kept_bars` count from 0 at the answer's first bar (see `gaps`); all gaps are asked for as `request`.

        `moved_ticks`: as in `plan_again`.
        """
        self.request = request
        self.seed = seeds(take, rounds, 1)[0]
        self.failure: str | None = None
        """Why it came to nothing; a sentence."""
        self.answer: tuple[Note, ...] | None = None
        """The whole answer, once all gaps are drawn."""
        self._take, self._kept_bars, self._context = take, kept_bars, tuple(context)
        self._moved_ticks = moved_ticks
        self._gaps = gaps(take, kept_bars)
        self._drawn: list[tuple[Note, ...]] = []
        if not self._gaps:
            self.answer = take.answer

    @property
    def share(self) -> float:
        """How much is drawn, 0–1."""
        return len(self._drawn) / len(self._gaps) if self._gaps else 1.0

    def next_request(self) -> Imagine | None:
        """What to ask for now; None when all was asked and came, or it failed."""
        if self.answer is not None or self.failure is not None:
            return None
        place = len(self._drawn)
        seed = (self.seed + place * _APART) % _SEEDS
        merged, (first, end) = self._merged(), self._gaps[place]
        asked = _request(self._take, self._context, merged, (first, end), seed, self.request, self._moved_ticks)
        behind = tuple(note for note in merged if note.onset_tick >= end - EARLY_TICKS)
        if not behind or behind[0].onset_tick - first < TICKS_PER_BEAT:
            return asked
        # What stays behind the gap is led to.
        return msgspec.structs.replace(asked, role=Role.INFILL, right=behind)

    def take_in(self, came: Alternative) -> bool:
        """Note what came of the last request; whether it was one of ours."""
        if came.request != self.request or self.answer is not None or self.failure is not None:
            return False
        if came.failure is not None:
            self.failure = came.failure
            return True
        self._drawn.append(came.notes)
        if len(self._drawn) == len(self._gaps):
            self.answer = self._merged()
        return True

    def _merged(self) -> tuple[Note, ...]:
        """The kept bars and what is drawn so far."""
        drawn = tuple(note for gap in self._drawn for note in gap)
        return regenerated(self._take, self._kept_bars, drawn)
