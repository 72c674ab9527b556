"""A note model without a network: its logits are a digest of exactly what a real one may look back on.

Whoever feeds it twice, forgets to feed it, or rewinds it wrongly gets other logits, hence other notes. Like the real
one it keeps a ring of events and sees the last `window` of them, by their distances only.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import COLUMNS, DRAWN
from cocomposer.events.steps import STEP_COUNT, STEPS
from cocomposer.generation.request import ComposerReady
from cocomposer.ports import WorkingModel

_SHIFTS = (0, 16, 32)
"""A digest as a hidden state: three numbers that single precision holds exactly."""
_COLUMN_WEIGHTS = np.random.default_rng(1).integers(1, 2**63, len(COLUMNS), dtype=np.uint64)
_AGE_WEIGHTS = np.random.default_rng(2).integers(1, 2**63, 4096, dtype=np.uint64) | np.uint64(1)
_TICK_WEIGHT = np.uint64(0x9E3779B97F4A7C15)


class ModelBroke(RuntimeError):
    """What a provider might raise in the middle of a jam."""


class FakeNoteModel:
    """A `NoteModel` whose digest depends on the last `window` rows and the ticks between them."""

    def __init__(self, window: int = 512, room: int = 128, chunk: int = 64, breaks_after: int | None = None) -> None:
        """After `breaks_after` calls for logits it raises ModelBroke, again and again."""
        self._window, self._ring, self._chunk = window, window + room, chunk
        self._breaks_after = breaks_after
        self._calls = 0
        self.fed = 0
        """How many events it was fed in its life."""
        self.reset()

    def twin(self) -> "FakeNoteModel":
        return FakeNoteModel(self._window, self._ring - self._window, self._chunk, self._breaks_after)

    @property
    def window(self) -> int:
        return self._window

    @property
    def chunk(self) -> int:
        return self._chunk

    def reset(self) -> None:
        self._rows = np.empty((0, len(COLUMNS)), dtype=np.int64)
        self._ticks = np.empty(0, dtype=np.int64)
        self._reached = 0
        self._dropped = 0
        self._state = 0

    def rewind(self, length: int) -> bool:
        if length >= self._dropped + len(self._rows):
            return True
        if length <= 0 or self._dropped > max(0, length - self._window):
            return False
        # The state of the last event fed stays what it was, as in the real one.
        self._rows, self._ticks = self._rows[: length - self._dropped], self._ticks[: length - self._dropped]
        return True

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        assert len(rows) == len(ticks) > 0
        self.fed += len(rows)
        self._rows, self._ticks = np.concatenate((self._rows, rows)), np.concatenate((self._ticks, ticks))
        digests = self._digests(len(rows))
        self._state = digests[-1]
        self._reached = max(self._reached, self._dropped + len(self._rows))
        lost = max(0, self._reached - self._ring - self._dropped)
        self._rows, self._ticks, self._dropped = self._rows[lost:], self._ticks[lost:], self._dropped + lost
        return np.asarray([[digest >> shift & 0xFFFF for shift in _SHIFTS] for digest in digests], dtype=np.float32)

    def _digests(self, count: int) -> list[int]:
        """Of what is seen after each of the last `count` events, 48 bits."""
        first = max(0, len(self._rows) - count + 1 - self._window)
        values = (self._rows[first:].astype(np.uint64) * _COLUMN_WEIGHTS).sum(axis=1)
        ticks = self._ticks[first:]
        found = []
        for end in range(len(values) - count + 1, len(values) + 1):
            seen = slice(max(0, end - self._window), end)
            digest = values[seen] + (ticks[end - 1] - ticks[seen]).astype(np.uint64) * _TICK_WEIGHT
            digest ^= digest >> np.uint64(29)
            found.append(int((digest[::-1] * _AGE_WEIGHTS[: len(digest)]).sum() >> np.uint64(16)))
        return found

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        self._called()
        return _liked(self._state, len(drawn), drawn, place)

    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        self._called()
        # What it tells of the pitches before is in the digest too; here it only has to be there.
        assert len(hidden) == len(recent)
        states = [sum(int(part) << shift for part, shift in zip(row, _SHIFTS, strict=True)) for row in hidden.tolist()]
        given = zip(states, drawn[:, :number].tolist(), place.tolist(), strict=True)
        return np.stack([_liked(state, number, before, known) for state, before, known in given])

    def _called(self) -> None:
        self._calls += 1
        if self._breaks_after is not None and self._calls > self._breaks_after:
            raise ModelBroke("the device is lost")


def _liked(state: int, number: int, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
    """Logits of field `number` after `drawn`."""
    rng = np.random.default_rng((state, number, *drawn, *(place if number else place[-1:])))
    field = DRAWN[number]
    return np.asarray(rng.normal(0.0, 1.0, field.classes) + _LIKING[field.name], dtype=np.float32)


def _liking() -> dict[str, NDArray[np.float64]]:
    """Logits of a plain taste: sixteenths and eighths, the middle of the keyboard."""
    steps = np.asarray(STEPS)
    onset = np.where(np.isin(steps, (0, 12, 24)), 4.0, np.where(steps <= 48, 0.0, -6.0))
    duration = -0.002 * (steps - 18.0) ** 2
    assert len(steps) == STEP_COUNT
    return {
        "onset": onset,
        "pitch": -0.01 * (np.arange(128) - 64.0) ** 2,
        "duration": np.maximum(duration, -12.0),
        "velocity": -0.02 * (np.arange(33) - 20.0) ** 2,
        "pedal": np.zeros(4),
    }


_LIKING = _liking()


def no_spare() -> tuple[WorkingModel, ComposerReady]:
    """Where no model is expected to fail."""
    raise AssertionError("nothing should have broken")


def spare(window: int = 512) -> Callable[[], tuple[WorkingModel, ComposerReady]]:
    """Makes healthy models to go on with."""
    return lambda: (FakeNoteModel(window), ComposerReady("cpu", "fake", "The model goes on on cpu."))
