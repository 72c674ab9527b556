"""Notes that are remembered, and where among them the last few events happened before.

The structure behind a Continuator (Pachet 2003), made to grow and shrink by single notes: each event is told in two
ways, by its melodic step and by its rhythm, and for each way the places of every event and of every pair are listed.
Both ways are the same in every key. Knows no probabilities and does not know whose notes these are.
"""

from array import array
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import COLUMN, DRAWN
from cocomposer.events.steps import STEP_COUNT, ticks_of

MELODIC: Final = 0
"""Told by the interval from the note before, and whether both were struck together."""
RHYTHMIC: Final = 1
"""Told by the time since the note before and by the length, to half an octave, so that loose playing agrees."""
_BOTH: Final = slice(None)
LONGEST: Final = 12
"""Events that a match is followed back."""

KEPT: Final = (*(field.name for field in DRAWN), "phase", "beat")
"""Columns of a row that are remembered."""
KEPT_INDEX: Final = {name: number for number, name in enumerate(KEPT)}

Places = NDArray[np.int64]

_COLUMNS: Final = [COLUMN[name] for name in KEPT]
_TOLD: Final = [KEPT_INDEX[name] for name in ("onset", "pitch", "duration")]
_NOTHING: Final = -1
"""The symbol of a piece's first event: no match runs across."""
_UNMATCHED: Final = -2
"""In its stead in a context, so that two beginnings are no match either."""
_BACK: Final = np.arange(LONGEST)
_AT_ONCE: Final = 512
"""So many places are compared with a whole context in one step; of more, those that differ early go before."""
_PAIR: Final = 1 << 12
_REGIONS: Final = 32


def _regions() -> NDArray[np.int32]:
    """Of each step: 0 for no time at all, else half octaves."""
    ticks = ticks_of(np.arange(STEP_COUNT))
    return np.where(ticks == 0, 0, 1 + np.rint(2 * np.log2(np.maximum(ticks, 1)))).astype(np.int32)


_REGION: Final = _regions()


def symbols_of(kept: NDArray[np.int64], before: int | None, by_interval: bool) -> NDArray[np.int32]:
    """Symbols [2, events] of columns KEPT [7, events] that follow a note of pitch `before`; None: a piece begins."""
    onset, pitch, duration = kept[_TOLD]
    symbols = np.empty((2, len(onset)), dtype=np.int32)
    melodic = symbols[MELODIC]
    if by_interval:
        melodic[1:] = pitch[1:] - pitch[:-1]
        melodic[0] = 0 if before is None else pitch[0] - before
        melodic += 128
    else:
        melodic[:] = pitch
    melodic *= 2
    melodic += onset > 0
    symbols[RHYTHMIC] = _REGION.take(onset) * _REGIONS + _REGION.take(duration)
    if before is None:
        symbols[:, 0] = _NOTHING
    return symbols


@dataclass(frozen=True, slots=True)
class Context:
    """The last events before the note that is asked for."""

    symbols: NDArray[np.int32]
    """[at most LONGEST, 2], the latest first."""
    last: NDArray[np.int64]
    """Columns KEPT of the last event, [7]."""

    def followed_by(self, rows: Rows, by_interval: bool) -> "Context":
        """The last events once these have come too, int64 [events, COLUMNS], which nobody shall remember."""
        kept = rows[:, _COLUMNS].T
        symbols = symbols_of(kept, int(self.last[KEPT_INDEX["pitch"]]), by_interval)
        return Context(np.concatenate((symbols.T[::-1], self.symbols))[:LONGEST], kept[:, -1].copy())


class Store:
    """Remembered events in order, [events]; pieces one after another."""

    def __init__(self, by_interval: bool = True) -> None:
        """`by_interval`: pitches are told by their distance; else (drums) each is itself."""
        self.by_interval = by_interval
        self._length = 0
        self._kept = np.empty((len(KEPT), 256), dtype=np.int64)
        self._symbols = np.empty((2, 256), dtype=np.int32)
        # For each way of telling: places of an event, and of two in a row. A place is listed once something follows it.
        self._singles: tuple[dict[int, array[int]], ...] = ({}, {})
        self._pairs: tuple[dict[int, array[int]], ...] = ({}, {})

    def __len__(self) -> int:
        return self._length

    @property
    def kept(self) -> NDArray[np.int64]:
        """Columns KEPT of all events, [7, events]; a view, valid until the next change."""
        return self._kept[:, : self._length]

    def at(self, places: Places) -> NDArray[np.int64]:
        """Columns KEPT of the events at these places, [7, places]; a copy."""
        return self._kept.take(places, axis=1)

    def extend(self, rows: Rows, begins_piece: bool = False) -> None:
        """Append events, int64 [events, COLUMNS]; `begins_piece`: the first follows nothing (as in an empty store)."""
        if not len(rows):
            return
        kept = rows[:, _COLUMNS].T
        start, end = self._length, self._length + len(rows)
        before = None if begins_piece or not start else int(self._kept[KEPT_INDEX["pitch"], start - 1])
        while end > self._kept.shape[1]:
            self._kept = np.concatenate((self._kept, np.empty_like(self._kept)), axis=1)
            self._symbols = np.concatenate((self._symbols, np.empty_like(self._symbols)), axis=1)
        self._kept[:, start:end] = kept
        self._symbols[:, start:end] = symbols_of(kept, before, self.by_interval)
        self._length = end
        for view in (MELODIC, RHYTHMIC):
            # From here on events have a follower: that of the store's last one has just come, unless a piece begins.
            symbols = self._symbols[view, max(0, start - 2) : end - 1].tolist()
            skip = start - max(0, start - 2)
            first = start if before is None else start - 1
            singles, pairs = self._singles[view], self._pairs[view]
            for place in range(first, end - 1):
                at = place - start + skip
                symbol = symbols[at]
                if symbol == _NOTHING:
                    continue
                _append(singles, symbol, place)
                if symbols[at - 1] != _NOTHING:
                    _append(pairs, symbols[at - 1] * _PAIR + symbol, place)

    def truncate(self, length: int) -> None:
        """Forget all events from index `length` on."""
        while self._length > length:
            self._length -= 1
            place = self._length - 1
            if place < 0 or self._symbols[MELODIC, self._length] == _NOTHING:
                continue
            for view in (MELODIC, RHYTHMIC):
                symbol = int(self._symbols[view, place])
                if symbol != _NOTHING:
                    _drop(self._singles[view], symbol)
                    before = int(self._symbols[view, place - 1])
                    if before != _NOTHING:
                        _drop(self._pairs[view], before * _PAIR + symbol)

    def context(self) -> Context:
        """The events at the end; IndexError if there are none."""
        if not self._length:
            raise IndexError("nothing was remembered")
        symbols = self._symbols[:, max(0, self._length - LONGEST) : self._length][:, ::-1].T.copy()
        symbols[symbols == _NOTHING] = _UNMATCHED
        return Context(symbols, self._kept[:, self._length - 1].copy())

    def places(self, view: int, context: Context, most: int) -> Places:
        """At most `most` places whose event is the context's last, by `view`; longer matches first, then later ones.

        Each has an event after it in the same piece. In no particular order.
        """
        wanted = context.symbols[:, view]
        singles = self._singles[view].get(int(wanted[0]))
        if singles is None:
            return np.empty(0, dtype=np.int64)
        pairs = self._pairs[view].get(int(wanted[1]) * _PAIR + int(wanted[0])) if len(wanted) > 1 else None
        if pairs is None:
            return _newest(singles, most)
        found = _newest(pairs, len(pairs))
        for back in range(2, len(wanted)):
            if len(found) <= max(most, _AT_ONCE):
                break
            # The event in front of the first match of a store is its first, which is a beginning and matches nothing.
            is_longer = self._symbols[view].take(found - back) == wanted[back]
            longer = found[is_longer]
            if len(longer) < most:
                others = found[~is_longer]
                return np.concatenate((longer, others[len(others) - (most - len(longer)) :]))
            found = longer
        else:
            if len(found) >= most:
                return found[-most:]
        if len(found) > most:
            return found[self._matched(found, context, view).argsort(kind="stable")[-most:]]
        others = _newest(singles, most)
        others = others[self._symbols[view, others - 1] != wanted[1]]
        return np.concatenate((found, others[max(0, len(others) - (most - len(found))) :]))

    def lengths(self, places: Places, context: Context) -> NDArray[np.int64]:
        """How many events in a row match up to each place, [2, places], by each way of telling; at most LONGEST."""
        return self._matched(places, context, _BOTH)

    def _matched(self, places: Places, context: Context, view: int | slice) -> NDArray[np.int64]:
        """[..., places] how many events in a row match up to each place, by one way of telling or by both."""
        count = len(context.symbols)
        back = np.maximum(places[:, None] - _BACK[:count], 0)
        symbols = self._symbols[view].take(back, axis=-1)
        # The last column stays True: where all match, it is the first that differs.
        differs = np.empty((*symbols.shape[:-1], count + 1), dtype=np.bool_)
        differs[..., count] = True
        np.not_equal(symbols, context.symbols.T[view, ..., None, :], out=differs[..., :count])
        return np.asarray(differs.argmax(axis=-1))


def _append(lists: "dict[int, array[int]]", key: int, place: int) -> None:
    found = lists.get(key)
    if found is None:
        lists[key] = array("i", (place,))
    else:
        found.append(place)


def _drop(lists: "dict[int, array[int]]", key: int) -> None:
    found = lists[key]
    found.pop()
    if not found:
        del lists[key]


def _newest(places: "array[int]", most: int) -> Places:
    return np.frombuffer(places[-most:], dtype=np.int32).astype(np.int64)
