"""How well a middle fits between two sides, as one number from what a model says of it; no model is known here.

The score of a middle m between L and R is

    log p(m | L) - log p(m | L, then a long rest) + log p(R | L, m):

whether it follows at once rather than some other time in this music, and whether the right side follows it. Plain
likelihood would choose the dullest middle, since that is the likeliest. `models/training/evaluation/infilling.py` tells
how often it prefers the true middle of held-out music.
"""

from typing import Final, NamedTuple

from cocomposer.music.ticks import TICKS_PER_BEAT

REST_TICKS: Final = 12 * TICKS_PER_BEAT
"""The long rest: whole bars in two, three, four and six."""


class Costs(NamedTuple):
    """Nats (negative log-likelihoods) of a middle and of what follows; the middle's first onset is given, so free."""

    middle: float
    """After the left side."""
    later: float
    """The same, after the left side and a long rest."""
    right: float
    """The right side after both."""


def fit(costs: Costs) -> float:
    """In nats; higher is better."""
    return costs.later - costs.middle - costs.right
