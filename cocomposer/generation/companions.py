"""What shapes a turn beside the controls of its wish: the player's memory, and the guard of the training music.

They live through a whole jam. Knows no controls, and not where an index or the player's pieces come from.
"""

from collections.abc import Sequence

from cocomposer.events.codec import Metre
from cocomposer.generation.memory import MemoryShaper, PlayerMemory
from cocomposer.generation.request import Wish
from cocomposer.generation.shaping import Shaper
from cocomposer.music.note import Note
from cocomposer.originality.guard import Guard
from cocomposer.originality.index import Index
from cocomposer.originality.meter import Meter, Nearest


class Companions:
    """Those of one jam."""

    def __init__(self, index: Index | None = None, memory: PlayerMemory | None = None) -> None:
        """`index`: of the training music; None: it is not known (yet), and nothing is guarded."""
        self.memory = PlayerMemory() if memory is None else memory
        self.index = index
        self._guard: Guard | None = None
        self._meter: Meter | None = None

    def beside(self) -> "Companions":
        """Those of a turn that is drawn beside the jam: of the jam they know only what that turn hears."""
        return Companions(self.index, self.memory.beside())

    def hear(self, heard: Sequence[Note], metre: Metre) -> None:
        """This was played, perhaps long before anything is to be answered; what does not follow is forgotten."""
        self.memory.hear(heard, metre)

    def shapers_of(self, wish: Wish) -> tuple[Shaper, ...]:
        """Those that a turn's wish asks for; memory first, for it mixes probabilities and the guard takes from them."""
        shapers: list[Shaper] = []
        if wish.memory > 0 or wish.files > 0:
            shapers.append(MemoryShaper(self.memory, wish.metre, wish.memory, wish.files, wish.phrase_ticks))
        guard = self._guard_of(wish)
        if guard is not None:
            shapers.append(guard)
        if self._meter is None and self.index is not None:
            self._meter = Meter(self.index)
        if self._meter is not None:
            shapers.append(self._meter)
        return tuple(shapers)

    @property
    def nearest(self) -> Nearest | None:
        """What the turn that is drawn shares so far with the training music; None where that is not known."""
        return None if self._meter is None else self._meter.nearest

    def _guard_of(self, wish: Wish) -> Guard | None:
        if not wish.guard_notes or self.index is None:
            return None
        if self._guard is None:
            self._guard = Guard(self.index, wish.guard_notes)
        self._guard.limit(wish.guard_notes)
        return self._guard
