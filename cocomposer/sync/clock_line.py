"""Which clock is this, and when will the next ones come? Follows the arrivals of an even, jittery, changing pulse.

Three fits of different memory run side by side; the longest whose recent predictions show no bias is believed:
a steady or slowly changing tempo is averaged over some 400 clocks, a fast ramp over 50. Arrivals far
off the prediction are set aside until it is clear what they are: late ones delivered in a clump, a dropped or
a doubled clock (the count is corrected), or a jump of tempo (the fits begin anew). A clock that is stamped only
once an audio period goes up in steps: steps that come again are jitter, and no jumps. Knows no song and no ticks.
"""

import math
from dataclasses import dataclass
from typing import Final

from cocomposer.sync.fading_fit import FadingFit, Parabola, Prior

MEMORIES: Final = (192.0, 64.0, 16.0)
"""Clocks. Lengths tried in simulation with ±5 ms of jitter; see the tests for what is reached."""
_BIAS_MEMORIES: Final = (24.0, 6.0)
_BIAS_LIMIT: Final = 3.0
"""In standard deviations of the averaged prediction errors."""
_SIGMA_START: Final = 0.003
_SIGMA_LEAST: Final = 0.0003
_SIGMA_MEMORY: Final = 64.0
_OUTLIER: Final = 7.0
"""A square of an error counts as at most so many times their mean."""
_CURVE_SIGMA: Final = 4e-6
"""Expected size of c, seconds a clock²: about a ramp of 2 BPM a second."""
_PERIOD_SIGMA_KNOWN: Final = 0.01
"""Relative: a DAW starts again with the tempo it had."""
_PERIOD_SIGMA_AFTER_JUMP: Final = 0.15
_PERIOD_SIGMA_UNKNOWN: Final = 0.5
_PERIOD_LEAST: Final = 60.0 / 400 / 24
_PERIOD_MOST: Final = 60.0 / 10 / 24
_PERIOD_GUESS: Final = 60.0 / 120 / 24
_PRIOR_UNTIL: Final = 32.0
CLOCKS_TO_TRUST: Final = 6
"""So many arrivals give a first usable tempo, if none is known from before."""
_STRAY_PERIODS: Final = 0.35
_STRAYS_TO_JUDGE: Final = 6
_RUN_TO_JUMP: Final = 5
_RUN_SIGMAS: Final = 2.0
_STEP_SLANT: Final = 0.25
"""Errors that change by less than this share of their mean are a step; after a jump of tempo they grow."""
_STEPS_APART: Final = 200
"""Clocks. A step after a step before this is one of many: at 120 BPM, periods of 512 frames make one every 21."""
_CLUMP_PERIODS: Final = 0.4
_DOUBLED_SECONDS: Final = 0.003
_DOUBLES_SHARE: Final = 0.04
"""If more of the clocks than this seem doubled, they come in clumps instead."""
_STRAIGHT_FROM: Final = 8.0
"""Clocks ahead up to which the change of tempo is followed; beyond, the tempo stays."""
_STEEPEST: Final = 0.3
"""Largest change of period, relative, that is extrapolated."""


@dataclass(slots=True)
class _Voice:
    """One fit, the running means of its errors of prediction and those of their squares."""

    fit: FadingFit
    memory: float
    slow_bias: float = 0.0
    fast_bias: float = 0.0
    mean_square: float = _SIGMA_START**2
    fast_square: float = 0.0

    def clear(self) -> None:
        self.fit.clear()
        self.slow_bias = self.fast_bias = 0.0


class ClockLine:
    """Counts the arrivals of a clock and predicts the moments of later ones, in seconds."""

    def __init__(self) -> None:
        self._voices = [_Voice(FadingFit(memory), memory) for memory in MEMORIES]
        self._known_period: float | None = None
        self._variance = _SIGMA_START**2
        self.restart(None)

    def restart(self, known_period: float | None) -> None:
        """Forget the arrivals (the count too); `known_period` (seconds) is expected but not sure."""
        for voice in self._voices:
            voice.clear()
        self._known_period = known_period
        self._period_sigma = _PERIOD_SIGMA_UNKNOWN if known_period is None else _PERIOD_SIGMA_KNOWN
        self._arrivals = 0
        self._doubles_believed = 0.0
        self._learning = 0 if known_period is not None else CLOCKS_TO_TRUST + 2
        self._recent: list[tuple[int, float]] = []
        self._count = 0
        self._origin = 0.0
        self._origin_count = 0
        self._last_arrival = 0.0
        self._previous_error: float | None = None
        self._strays: list[tuple[int, float, float]] = []
        self._run: list[float] = []
        self._stepped = -_STEPS_APART
        self._curve: Parabola | None = None

    @property
    def count(self) -> int:
        """The number of the latest clock: 0 for the first. Corrected when clocks were dropped or doubled."""
        return self._count

    @property
    def sigma(self) -> float:
        """Standard deviation of the arrivals' jitter, seconds."""
        # Differences of errors tell little of jitter that goes up slowly and down at once, as audio periods make it.
        return math.sqrt(max(self._variance, self._voices[-1].mean_square))

    @property
    def last_arrival(self) -> float:
        """When the latest clock came."""
        return self._last_arrival

    @property
    def ready(self) -> bool:
        """Whether there is a tempo to go by."""
        return self._arrivals >= (CLOCKS_TO_TRUST if self._known_period is None else 1)

    @property
    def period(self) -> float:
        """Seconds between clocks now."""
        return self._slope(self._now_curve(), 0.0)

    def seconds_at(self, clock: float) -> float:
        """The moment of a clock by its number, also one between clocks or still to come. Needs an arrival."""
        x = clock - self._origin_count
        curve = self._now_curve()
        if abs(x) <= _STRAIGHT_FROM:
            return self._origin + curve.a + curve.b * x + self._bounded_curve(curve) * x * x
        edge = math.copysign(_STRAIGHT_FROM, x)
        at_edge = curve.a + curve.b * edge + self._bounded_curve(curve) * edge * edge
        return self._origin + at_edge + self._slope(curve, edge) * (x - edge)

    def clock_at(self, seconds: float) -> float:
        """The (fractional) number of the clock at a moment; inverse of `seconds_at`."""
        curve = self._now_curve()
        clock = self._origin_count + (seconds - self._origin - curve.a) / curve.b
        for _ in range(4):
            clock += (seconds - self.seconds_at(clock)) / self._slope(curve, clock - self._origin_count)
        return clock

    def arrive(self, at_seconds: float) -> None:
        """A clock came. Moments before the latest arrival count as that one."""
        if self._arrivals == 0:
            self._accept(0, at_seconds)
            return
        at_seconds = max(at_seconds, self._last_arrival)
        interval = at_seconds - self._last_arrival
        ahead = self._count + 1 - self._origin_count
        if self._arrivals < self._learning:
            self._accept(ahead, at_seconds)
            return
        error = at_seconds - self.seconds_at(self._count + 1)
        period = self.period
        band = max(_STRAY_PERIODS * period, 2.5 * self.sigma)
        self._doubles_believed = min(2.0, self._doubles_believed + _DOUBLES_SHARE)
        early = error < -max(0.6 * period, 4 * self.sigma)
        if early and interval < min(_DOUBLED_SECONDS, 0.2 * period) and self._doubles_believed >= 1.0:
            self._doubles_believed -= 1.0
            return  # a clock cannot come so early right after another: it was sent twice
        self._learn_jitter(error)
        late_in_clump = interval < _CLUMP_PERIODS * period and error > -band
        self._follow_run(error, late_in_clump)
        if abs(error) <= band:
            self._strays.clear()
            self._accept(ahead, at_seconds, judged=True)
            if len(self._run) >= _RUN_TO_JUMP and not self._steps_again(self._run):
                self._begin_anew(self._recent[-_RUN_TO_JUMP:])
            return
        self._count += 1
        self._last_arrival = at_seconds
        if late_in_clump:
            self._strays.clear()
            return
        self._strays.append((self._count, at_seconds, error))
        if len(self._strays) >= _STRAYS_TO_JUDGE:
            self._judge_strays(period)

    def _follow_run(self, error: float, late_in_clump: bool) -> None:
        """Note the errors of arrivals in a row that are well off to the same side (late ones in a clump are none)."""
        if late_in_clump or abs(error) < _RUN_SIGMAS * self.sigma:
            self._run = []
        elif self._run and (error > 0) != (self._run[0] > 0):
            self._run = [error]
        else:
            self._run = [*self._run, error]

    def _steps_again(self, errors: list[float]) -> bool:
        """Whether these errors are one more of many steps; then steps of their size are jitter from now on."""
        half = len(errors) // 2
        mean = sum(errors) / len(errors)
        if abs(sum(errors[-half:]) - sum(errors[:half])) / half > _STEP_SLANT * abs(mean):
            return False
        again = self._count - self._stepped < _STEPS_APART
        self._stepped = self._count
        if again:
            self._run = []
            shortest = self._voices[-1]
            shortest.mean_square = max(shortest.mean_square, mean * mean / 12)  # variance of all delays up to the mean
        return again

    def _judge_strays(self, period: float) -> None:
        strays = self._strays
        self._strays = []
        slips = [round(error / period) for _, _, error in strays]
        rests = [error - slip * period for (_, _, error), slip in zip(strays, slips, strict=True)]
        sudden = len(self._run) <= len(strays)  # a jump of tempo goes astray bit by bit
        sizes = [abs(slip) for slip in slips]
        few = sizes[0] > 0 and sizes == sorted(sizes) and sizes[-1] - sizes[0] <= 1  # a much slower tempo loses more
        half = len(rests) // 2
        drift = abs(sum(rests[half:]) - sum(rests[:half])) / half
        near = all(abs(rest) <= 0.4 * period for rest in rests) and sum(map(abs, rests)) <= 0.2 * period * len(rests)
        clear = self.sigma < 0.25 * period
        if not (clear and sudden and few and near and drift <= 0.4 * period):
            errors = [error for _, _, error in strays]
            if not (sudden and max(map(abs, errors)) < 0.75 * period and self._steps_again(errors)):
                self._begin_anew([(count, at_seconds) for count, at_seconds, _ in strays])
                return
            slips = [0] * len(strays)
        for (count, at_seconds, _), slip in zip(strays, slips, strict=True):
            self._accept(count + slip - self._origin_count, at_seconds, judged=True)
        self._run = []

    def _begin_anew(self, arrivals: list[tuple[int, float]]) -> None:
        """The tempo jumped: go by these arrivals alone, and a little by the tempo before."""
        self._known_period = self.period
        self._period_sigma = _PERIOD_SIGMA_AFTER_JUMP
        for voice in self._voices:
            voice.clear()
        self._arrivals = 0
        self._learning = CLOCKS_TO_TRUST + 2
        self._run = []
        self._previous_error = None
        for count, at_seconds in arrivals:
            self._accept(count - self._origin_count, at_seconds)

    def _accept(self, ahead: int, at_seconds: float, judged: bool = False) -> None:
        """Take an arrival into the fits, `ahead` clocks after the origin; if `judged`, it tells how they did."""
        if judged:
            self._judge_voices(ahead, at_seconds)
        for voice in self._voices:
            if self._arrivals:
                voice.fit.advance(ahead, at_seconds - self._origin)
            voice.fit.add()
        self._origin = at_seconds
        self._origin_count += ahead
        self._count = self._origin_count
        self._last_arrival = at_seconds
        self._arrivals += 1
        self._recent = [*self._recent[1 - _RUN_TO_JUMP :], (self._count, at_seconds)]
        self._curve = None

    def _judge_voices(self, ahead: int, at_seconds: float) -> None:
        prior = self._prior()
        seconds = at_seconds - self._origin
        for voice in self._voices:
            error = seconds - voice.fit.solve(prior).at(ahead)
            square = min(error * error, _OUTLIER * voice.mean_square)
            voice.mean_square = max(voice.mean_square + (square - voice.mean_square) / _SIGMA_MEMORY, _SIGMA_LEAST**2)
            voice.slow_bias += (error - voice.slow_bias) / _BIAS_MEMORIES[0]
            voice.fast_bias += (error - voice.fast_bias) / _BIAS_MEMORIES[1]
            voice.fast_square += (voice.fast_bias**2 - voice.fast_square) / _SIGMA_MEMORY

    def _learn_jitter(self, error: float) -> None:
        """Half the mean square of differences of errors is their variance, whatever slow bias there is."""
        if self._previous_error is not None:
            step = min((error - self._previous_error) ** 2 / 2, _OUTLIER * self._variance)
            self._variance += (step - self._variance) / _SIGMA_MEMORY
            self._variance = max(self._variance, _SIGMA_LEAST**2)
        self._previous_error = error

    def _prior(self) -> Prior:
        period = _PERIOD_GUESS if self._known_period is None else self._known_period
        weight = self._variance / (self._period_sigma * period) ** 2 if self._arrivals < _PRIOR_UNTIL else 0.0
        return Prior(period, weight, self._variance / _CURVE_SIGMA**2)

    def _now_curve(self) -> Parabola:
        if self._curve is None:
            curve = self._believed().fit.solve(self._prior())
            if not _PERIOD_LEAST <= curve.b <= _PERIOD_MOST:
                curve = Parabola(curve.a, max(_PERIOD_LEAST, min(_PERIOD_MOST, curve.b)), 0.0)
            self._curve = curve
        return self._curve

    def _believed(self) -> _Voice:
        for voice in self._voices[:-1]:
            fit_variance = 1.0 / voice.memory
            slow, fast = (self.sigma * math.sqrt(0.5 / memory + fit_variance) for memory in _BIAS_MEMORIES)
            # Where even the shortest fit is off as far from time to time, a shorter one is no better.
            fast = max(fast, math.sqrt(self._voices[-1].fast_square))
            if abs(voice.slow_bias) < _BIAS_LIMIT * slow and abs(voice.fast_bias) < _BIAS_LIMIT * fast:
                return voice
        return self._voices[-1]

    def _bounded_curve(self, curve: Parabola) -> float:
        limit = _STEEPEST * curve.b / (2 * _STRAIGHT_FROM)
        return max(-limit, min(limit, curve.c))

    def _slope(self, curve: Parabola, x: float) -> float:
        x = max(-_STRAIGHT_FROM, min(_STRAIGHT_FROM, x))
        return curve.b + 2 * self._bounded_curve(curve) * x
