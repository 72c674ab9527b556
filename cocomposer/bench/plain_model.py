"""A note model without a network, for measurements that are about time: it plays sixteenths and eighths for ever."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import DRAWN
from cocomposer.events.steps import STEPS, step_of

_ONSET_STEPS: Final = step_of(np.asarray((12, 24)))
_DURATION_STEP: Final = STEPS.index(10)
_SURE: Final = 30.0


class PlainModel:
    """A `NoteModel` that knows only how many events it was fed."""

    window = 512
    chunk = 64

    def __init__(self) -> None:
        self._length = 0

    def twin(self) -> "PlainModel":
        """Another one."""
        return PlainModel()

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        """Count them. ValueError if rows and ticks are not equally many."""
        if len(rows) != len(ticks):
            raise ValueError(f"{len(rows)} rows with {len(ticks)} ticks")
        fed = np.arange(self._length + 1, self._length + 1 + len(rows), dtype=np.float32)
        self._length += len(rows)
        return fed[:, None]

    def rewind(self, length: int) -> bool:
        """Forget all from index `length` on."""
        self._length = min(self._length, length)
        return True

    def reset(self) -> None:
        """Forget everything."""
        self._length = 0

    def logits(self, drawn: Sequence[int], position: Sequence[int]) -> NDArray[np.float32]:
        """Sure of what comes next, whatever the place in the bar."""
        del position
        return self._likings(len(drawn), self._length)

    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """As sure after each of them."""
        del drawn, place, recent
        return np.stack([self._likings(number, round(length)) for length in hidden[:, 0].tolist()])

    @staticmethod
    def _likings(number: int, length: int) -> NDArray[np.float32]:
        field = DRAWN[number]
        logits = np.zeros(field.classes, dtype=np.float32)
        match field.name:
            case "onset":
                logits[_ONSET_STEPS] = _SURE
            case "pitch":
                logits[60 + length * 5 % 17] = _SURE
            case "duration":
                logits[_DURATION_STEP] = _SURE
            case _:
                logits[field.first_drawn :] = 0.0
        return logits
