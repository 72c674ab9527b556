"""All that the pure part needs from the world, as Protocols. Adapters implement them; tests fake them."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cocomposer.music.message import TimedMessage


class Clock(Protocol):
    """Monotonic seconds, the same in every process of this machine."""

    def now(self) -> float:
        """Seconds now."""
        ...


class MidiInput(Protocol):
    """An open MIDI input. Each arriving message is given to the listener, stamped with its arrival."""

    @property
    def name(self) -> str: ...

    def listen(self, listener: Callable[[TimedMessage], None]) -> None:
        """From now on call `listener` on arrival, from the driver's thread: it may only enqueue."""
        ...

    def close(self) -> None: ...


class MidiOutput(Protocol):
    """An open MIDI output."""

    @property
    def name(self) -> str: ...

    def send(self, data: bytes) -> None:
        """Put one complete message on the wire now; OSError if the port is gone."""
        ...

    def close(self) -> None: ...


class NoteModel(Protocol):
    """A note-event model with a cache: feed events, then draw the fields of the next one in turn."""

    @property
    def window(self) -> int:
        """How many events it looks back on."""
        ...

    @property
    def chunk(self) -> int:
        """Most events that it feeds in one go."""
        ...

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        """Append events: `rows` int64 [events, COLUMNS] (see `events.layout`), `ticks` int64 [events], onsets.

        Returns their hidden states [events, width]; the last one is what `logits` speaks of.
        """
        ...

    def rewind(self, length: int) -> bool:
        """Forget all events from index `length` on; False if that is too long ago: reset, and feed afresh."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        """Logits [classes] of the field after the `drawn` ones of the next event.

        `place`: what else is known of it (see `layout.PLACE`), as classes; of that the onset head reads the part only.
        """
        ...

    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """Logits [events, classes] of field `number` of given events at once, each after the note before it.

        `hidden` [events, width] and `recent` [events, RECENT + 1] (see `layout.RECENT_COLUMNS`) are those of the notes
        before; `drawn` [events, DRAWN] and `place` [events, PLACE] the events' own classes. Neither needs the cache.
        """
        ...


class WorkingModel(NoteModel, Protocol):
    """A note model that can be had twice: once for the jam, once for what is drawn beside it."""

    def twin(self) -> "WorkingModel":
        """The same model with a cache of its own that has heard nothing yet."""
        ...
