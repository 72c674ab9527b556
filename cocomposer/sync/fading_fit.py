"""A parabola through clock arrivals, in which old arrivals fade: discounted least squares.

The moment of clock x (0 = the latest, -1 the one before) is modelled as a + b x + c x². Every clock costs the
same few operations, however long the memory. Knows nothing of MIDI. Source: R. G. Brown, "Smoothing,
Forecasting and Prediction of Discrete Time Series" (1963), ch. 9.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parabola:
    """a + b x + c x², seconds; x counts clocks from the latest one."""

    a: float
    b: float
    c: float

    def at(self, x: float) -> float:
        """Its value at x."""
        return self.a + (self.b + self.c * x) * x


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before the clocks tell: their period, and how strongly, in clocks² of evidence."""

    period: float
    period_weight: float
    curve_weight: float
    """Evidence (clocks⁴) for no change of tempo."""


class FadingFit:
    """Discounted least squares; moments are kept relative to the latest reference for precision."""

    def __init__(self, memory_clocks: float) -> None:
        """An arrival weighs 1/e after `memory_clocks` further ones."""
        self._keep = 1.0 - 1.0 / memory_clocks
        self.clear()

    def clear(self) -> None:
        """Forget all arrivals."""
        self._s0 = self._s1 = self._s2 = self._s3 = self._s4 = 0.0
        self._y0 = self._y1 = self._y2 = 0.0

    @property
    def weight(self) -> float:
        """Sum of the weights of all arrivals."""
        return self._s0

    def advance(self, clocks: int, seconds: float) -> None:
        """Move the origin on by `clocks` (may be negative) and `seconds`."""
        d = clocks
        s0, s1, s2, s3, s4 = self._s0, self._s1, self._s2, self._s3, self._s4
        self._s1 = s1 - d * s0
        self._s2 = s2 - 2 * d * s1 + d * d * s0
        self._s3 = s3 - 3 * d * s2 + 3 * d * d * s1 - d**3 * s0
        self._s4 = s4 - 4 * d * s3 + 6 * d * d * s2 - 4 * d**3 * s1 + d**4 * s0
        y0, y1, y2 = self._y0, self._y1, self._y2
        self._y0 = y0 - seconds * s0
        self._y1 = y1 - d * y0 - seconds * self._s1
        self._y2 = y2 - 2 * d * y1 + d * d * y0 - seconds * self._s2

    def add(self) -> None:
        """An arrival exactly at the origin; all earlier ones fade by a step."""
        keep = self._keep
        self._s0 = self._s0 * keep + 1.0
        self._s1 *= keep
        self._s2 *= keep
        self._s3 *= keep
        self._s4 *= keep
        self._y0 *= keep
        self._y1 *= keep
        self._y2 *= keep

    def solve(self, prior: Prior) -> Parabola:
        """The parabola of least squares; needs at least one arrival. Moments are relative to the origin."""
        # Normal equations, [[s0 s1 s2] [s1 s2 s3] [s2 s3 s4]] (a b c) = (y0 y1 y2), with the prior's evidence,
        # solved by elimination: they are symmetric and positive.
        m11 = self._s2 + prior.period_weight - self._s1 * self._s1 / self._s0
        m12 = self._s3 - self._s1 * self._s2 / self._s0
        m22 = self._s4 + prior.curve_weight - self._s2 * self._s2 / self._s0
        r1 = self._y1 + prior.period_weight * prior.period - self._s1 * self._y0 / self._s0
        r2 = self._y2 - self._s2 * self._y0 / self._s0
        c = (r2 - m12 * r1 / m11) / (m22 - m12 * m12 / m11)
        b = (r1 - m12 * c) / m11
        a = (self._y0 - self._s1 * b - self._s2 * c) / self._s0
        return Parabola(a, b, c)
