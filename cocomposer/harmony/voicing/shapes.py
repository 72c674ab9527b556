"""All layouts of a chord that a style allows, relative to the root: what is the same for a chord on every root.

Knows no register: `candidates` puts shapes on the keyboard.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.templates import Template
from cocomposer.harmony.voicing.formulas import Formula, blocks, guide_tones, powers, rootless, shells
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.harmony.voicing.tones import degree, tone_sets
from cocomposer.harmony.voicing.voicing import FINGERS, has_playable_hands, is_playable

_FORMULA_STYLES: Final = frozenset({Style.SHELL, Style.GUIDE_TONE, Style.ROOTLESS, Style.POWER, Style.BLOCK})
_DROPPED: Final = {Style.DROP_2: 2, Style.DROP_3: 3}
"""Which voice, from the top, goes down an octave."""


@dataclass(frozen=True, slots=True)
class _Gaps:
    """Semitones between neighbours, least and most, and of all voices above the bass together."""

    bass: tuple[int, int]
    upper: tuple[int, int]
    upper_span: int


_GAPS: Final = {
    Style.CLOSE: _Gaps(bass=(3, 31), upper=(1, 12), upper_span=12),
    Style.OPEN: _Gaps(bass=(5, 16), upper=(4, 12), upper_span=24),
    # Fux to Piston: an octave at most between neighbours above the bass.
    Style.CHORALE: _Gaps(bass=(1, 24), upper=(1, 12), upper_span=24),
}
_BASS_BELOW: Final = (3, 31)
"""Between a bass of its own and the lowest of the other voices."""

_MINOR_NINTH: Final = 13
_MINOR_NINTH_COST: Final = 2.0
_SEMITONE_ON_TOP_COST: Final = 2.0
_INVERSION_COST: Final[dict[str | None, float]] = {"1": 0.0, "3": 1.5, "b3": 1.5, "5": 6.0, "b7": 2.5, "7": 2.5}
"""Where the bass is free in a style that has one: a six-four chord is no chord to stand on."""
_INVERSION_COST_OTHERWISE: Final = 4.0


@dataclass(frozen=True, slots=True)
class Shape:
    """Pitches of one layout, as semitones above the root that is at or below its lowest."""

    offsets: tuple[int, ...]
    cost: float
    """What is left out, doubled or clashes."""


@lru_cache(maxsize=1024)
def shapes_of(
    template: Template, bass: int, is_slash: bool, rules: VoicingRules, into_minor: bool
) -> tuple[Shape, ...]:
    """Every layout; `bass` is the given or natural bass, 0–11 above the root.

    A chord of too few tones for the number of voices (a single tone) gets fewer. Empty where no hands reach any.
    """
    apart = has_bass_apart(template, bass, is_slash, rules)
    for voices in range(rules.voices_for(len(template.tones), apart), 0, -1):
        found: dict[tuple[int, ...], float] = {}
        for offsets, cost in _layouts(template, bass, is_slash, rules, into_minor, voices):
            lowered = offsets[0] // PITCH_CLASSES * PITCH_CLASSES
            placed = tuple(offset - lowered for offset in offsets)
            if not _fits_hands(placed, rules):
                continue
            total = cost + _clash(placed)
            found[placed] = min(total, found.get(placed, total))
        if found or len(template.tones) > 1:
            break
    return tuple(Shape(offsets, cost) for offsets, cost in found.items())


def has_bass_apart(template: Template, bass: int, is_slash: bool, rules: VoicingRules) -> bool:
    """Whether the lowest voice is a bass of its own, which the layout of the others does not count."""
    if rules.has_left_bass or rules.style in {Style.OPEN, Style.CHORALE}:
        return True
    return is_slash and rules.style not in _FORMULA_STYLES and degree(template, bass) is None


def is_bass_given(is_slash: bool, rules: VoicingRules) -> bool:
    """Whether the symbol says which tone is lowest."""
    if rules.has_left_bass:
        return True
    if rules.style in {Style.GUIDE_TONE, Style.ROOTLESS}:
        return False
    return is_slash or rules.is_root_position


def _layouts(
    template: Template, bass: int, is_slash: bool, rules: VoicingRules, into_minor: bool, voices: int
) -> Iterator[Formula]:
    if rules.style in _FORMULA_STYLES:
        own_bass = rules.has_left_bass
        for offsets, cost in _formulas(template, 0 if own_bass else bass, rules, into_minor, voices - own_bass):
            if own_bass:
                yield from ((full, cost) for full in _with_bass_below(bass, offsets))
            else:
                yield offsets, cost
        return
    apart = has_bass_apart(template, bass, is_slash, rules)
    given = bass if is_bass_given(is_slash, rules) else None
    if rules.style in _DROPPED:
        yield from _dropped_layouts(template, voices, given, apart, rules)
        return
    for tones, cost in tone_sets(template, voices, given):
        yield from _free_layouts(template, tones, given, apart, cost, rules)


def _formulas(template: Template, bass: int, rules: VoicingRules, into_minor: bool, voices: int) -> Iterator[Formula]:
    match rules.style:
        case Style.SHELL:
            yield from shells(template, bass)
        case Style.GUIDE_TONE:
            yield from guide_tones(template)
        case Style.ROOTLESS:
            yield from rootless(template, voices, rules.colours, into_minor)
        case Style.POWER:
            yield from powers(template, bass, voices)
        case _:
            yield from blocks(template, bass, voices if rules.voices else 2 * FINGERS)


def _free_layouts(
    template: Template, tones: tuple[int, ...], given: int | None, apart: bool, cost: float, rules: VoicingRules
) -> Iterator[Formula]:
    gaps = _GAPS[rules.style]
    for lowest in sorted(set(tones)) if given is None else [given]:
        rest = Counter(tones)
        rest[lowest] -= 1
        extra = 0.0
        if apart and given is None:
            extra = _INVERSION_COST.get(degree(template, lowest), _INVERSION_COST_OTHERWISE)
        if not apart:
            yield from ((full, cost) for full in _stacks(rest, (lowest,), gaps.upper, lowest + gaps.upper_span))
            continue
        for tone in sorted(+rest):
            above = Counter(rest)
            above[tone] -= 1
            for first in _between(tone, lowest + gaps.bass[0], lowest + gaps.bass[1]):
                stacks = _stacks(above, (first,), gaps.upper, first + gaps.upper_span)
                yield from (((lowest, *upper), cost + extra) for upper in stacks)


def _dropped_layouts(
    template: Template, voices: int, given: int | None, apart: bool, rules: VoicingRules
) -> Iterator[Formula]:
    """Above a bass apart, the same as without one."""
    for tones, cost in tone_sets(template, voices - apart, None if apart else given):
        if len(set(tones)) < min(len(tones), len(template.semitones)):
            continue  # nothing is doubled while a tone of the chord is missing
        for lowest in sorted(set(tones)):
            rest = Counter(tones)
            rest[lowest] -= 1
            for close in _stacks(rest, (lowest,), (1, PITCH_CLASSES), lowest + PITCH_CLASSES):
                dropped = _dropped(close, _DROPPED[rules.style])
                if len(set(dropped)) < len(dropped):
                    continue
                if apart and given is not None:
                    yield from ((full, cost) for full in _with_bass_below(given, dropped))
                elif given is None or (dropped[0] - given) % PITCH_CLASSES == 0:
                    yield dropped, cost


def _dropped(close: tuple[int, ...], from_top: int) -> tuple[int, ...]:
    """The voice of this number from the top an octave lower; two voices alone stay as they are."""
    if len(close) < 3:
        return close
    number = len(close) - from_top
    return tuple(sorted((*close[:number], close[number] - PITCH_CLASSES, *close[number + 1 :])))


def _with_bass_below(bass: int, upper: Sequence[int]) -> Iterator[tuple[int, ...]]:
    least, most = _BASS_BELOW
    for pitch in _between(bass, upper[0] - most, upper[0] - least):
        yield (pitch, *upper)


def _stacks(
    rest: Counter[int], pitches: tuple[int, ...], gaps: tuple[int, int], highest: int
) -> Iterator[tuple[int, ...]]:
    """All ways to put the rest of the tones above the pitches, each the given gaps above the one before it."""
    left = +rest
    if not left:
        yield pitches
        return
    for tone in sorted(left):
        fewer = Counter(left)
        fewer[tone] -= 1
        for pitch in _between(tone, pitches[-1] + gaps[0], min(highest, pitches[-1] + gaps[1])):
            yield from _stacks(fewer, (*pitches, pitch), gaps, highest)


def _between(tone: int, least: int, most: int) -> range:
    """All pitches of a tone from `least` to `most`."""
    return range(least + (tone - least) % PITCH_CLASSES, most + 1, PITCH_CLASSES)


def _fits_hands(pitches: tuple[int, ...], rules: VoicingRules) -> bool:
    if rules.has_left_bass:
        return is_playable(pitches, 1, rules.hand_span)
    return has_playable_hands(pitches, rules.hand_span)


def _clash(pitches: tuple[int, ...]) -> float:
    ninths = sum(high - low == _MINOR_NINTH for i, low in enumerate(pitches) for high in pitches[i + 1 :])
    on_top = len(pitches) > 2 and pitches[-1] - pitches[-2] == 1
    return _MINOR_NINTH_COST * ninths + _SEMITONE_ON_TOP_COST * on_top
