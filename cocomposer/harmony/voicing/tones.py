"""Which tones of a chord are played by so many voices: what may be left out, what doubled, and how much each is missed.

Third, seventh, alterations and the extension that names the chord stay; the fifth goes first. Knows no pitch: a tone is
its semitones above the root.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Final

from cocomposer.harmony.templates import Template, Tone

NEVER: Final = 12.0
"""A cost that nothing outweighs but what is worse still."""
SLACK: Final = 3.0
"""Sets so much worse than the best are not tried."""
_OPTIONAL_IMPORTANCE: Final = 0.1
"""Tones that the template has in brackets matter less than this."""

_THIRDS: Final = ("3", "b3", "4", "2")
"""A suspension stands for the third where there is none."""
_FIFTHS: Final = ("5", "b5", "#5")
SEVENTHS: Final = ("7", "b7", "bb7", "6")
"""A sixth stands for the seventh where there is none."""
_EXTENSIONS: Final = ("9", "11", "13")

_DOUBLING: Final[dict[str, float]] = {"1": 0.0, "5": 1.0, "b3": 1.5, "2": 4.0, "4": 4.0, "6": 4.0, "9": 6.0, "11": 6.0}
"""Cost of a second voice on a degree; all others, leading tones, sevenths and altered tones, are NEVER doubled."""
_DOUBLING_DIMINISHED: Final[dict[str, float]] = {"b3": 0.0, "1": 3.0, "b5": 3.0}
"""The root of a diminished chord is mostly the leading tone."""
_TRIPLING: Final = 1.0


def degree(template: Template, semitones: int) -> str | None:
    """The degree of a tone; None if it is none of the chord's."""
    return next((tone.degree for tone in template.tones if tone.semitones == semitones % 12), None)


def third_of(template: Template) -> Tone | None:
    """The third, or the suspension in its place; None in a bare fifth."""
    return _first_of(template, _THIRDS)


def fifth_of(template: Template) -> Tone | None:
    """The fifth, perfect or altered."""
    return _first_of(template, _FIFTHS)


def seventh_of(template: Template) -> Tone | None:
    """The seventh, or the sixth in its place."""
    return _first_of(template, SEVENTHS)


def _first_of(template: Template, degrees: Sequence[str]) -> Tone | None:
    found = [tone for tone in template.tones if tone.degree in degrees]
    return min(found, key=lambda tone: degrees.index(tone.degree), default=None)


def is_dominant(template: Template) -> bool:
    """Whether it has a major third and a minor seventh."""
    return {"3", "b7"} <= {tone.degree for tone in template.tones}


def has_minor_third(template: Template) -> bool:
    """Whether it is minor or diminished."""
    return (third := third_of(template)) is not None and third.degree == "b3"


def omission_cost(template: Template, tone: Tone) -> float:
    """How much a tone is missed that no voice plays."""
    if tone.importance < _OPTIONAL_IMPORTANCE:
        return 0.25
    if tone.degree == "5":
        return 2 * NEVER if len(template.tones) == 2 else 1.5
    if tone.degree == "1":
        return 3.0
    if tone.degree in _EXTENSIONS:
        named = max((t.degree for t in template.tones if t.degree in _EXTENSIONS), key=_EXTENSIONS.index)
        return 1.0 if tone.degree != named else NEVER
    # The third and the seventh are missed even more than what makes the chord special.
    return 2 * NEVER if tone.degree in _THIRDS + SEVENTHS else NEVER


def doubling_cost(template: Template, tone: Tone, voices: int) -> float:
    """What it costs that so many voices, two or more, play a tone."""
    is_diminished = any(t.degree == "b5" for t in template.tones) and has_minor_third(template)
    costs = _DOUBLING_DIMINISHED if is_diminished else _DOUBLING
    return (voices - 1) * costs.get(tone.degree, NEVER) + (voices - 2) * _TRIPLING


def tone_sets(template: Template, voices: int, lowest: int | None) -> tuple[tuple[tuple[int, ...], float], ...]:
    """The tones for so many voices, ascending, each set with its cost; the best and those not much worse.

    `lowest`, if given, is the tone of the lowest voice and in every set; one that the chord does not have is added.
    """
    foreign = () if lowest is None or degree(template, lowest) is not None else (lowest,)
    found = []
    tones = sorted(template.tones, key=lambda tone: tone.semitones)
    for chosen in combinations_with_replacement(tones, voices - len(foreign)):
        played = tuple(sorted([tone.semitones for tone in chosen] + list(foreign)))
        if lowest is None or lowest in played:
            found.append((played, _set_cost(template, played)))
    limit = min(cost for _, cost in found) + SLACK
    return tuple((played, cost) for played, cost in found if cost <= limit)


def _set_cost(template: Template, played: Sequence[int]) -> float:
    counts = Counter(played)
    cost = 0.0
    for tone in template.tones:
        count = counts[tone.semitones]
        if count == 0:
            cost += omission_cost(template, tone)
        elif count > 1:
            cost += doubling_cost(template, tone, count)
    return cost
