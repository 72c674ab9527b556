"""Where in the training music does a passage stand? The lines of all its pieces, searched by their latest steps.

All lines lie in one string of bytes (see `line`), with a boundary between two of them; places in it are sorted by the
intervals of the `LEAST` steps that end there, read backwards, and what is found is held against the string itself, so
an answer is exact. The file holds the string and whose the pieces are, compressed; opening it sorts the places again.
Knows no file system: bytes in, bytes out.
"""

import lzma
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.originality.line import BOUNDARY, INTERVALS, OTHER_RHYTHMS, RHYTHMS, same_as

FORMAT: Final = 1
"""Version of the file and of what a step is; another one is refused."""
LEAST: Final = 8
"""Shorter passages (in steps; nine notes) are nobody's, and are not looked for. Eight steps fill a uint64."""

_PRELUDE: Final = bytes([BOUNDARY] * LEAST)
"""So many steps can be read back from any place."""

Places = NDArray[np.intp]
"""Indices of steps in `Index.stream`."""

_NOWHERE: Final[Places] = np.empty(0, dtype=np.intp)


class IndexFileError(ValueError):
    """The file of an index cannot be used; the text is one sentence with what to do."""


class Work(msgspec.Struct, frozen=True, array_like=True):
    """A piece of the training music, and under which licence it is there."""

    path: str
    composer: str
    title: str
    source: str
    licence: str


class _File(msgspec.Struct, frozen=True):
    format: int
    works: list[Work]
    owners: bytes
    """uint32, little-endian: which work each line is of."""
    stream: bytes


def _windows(values: bytes) -> NDArray[np.uint64]:
    """From each byte on LEAST of them as one number, of which the last one weighs most."""
    windows: NDArray[np.uint64] = np.ndarray((len(values) - LEAST + 1,), dtype="<u8", buffer=values, strides=(1,))
    return windows


def _number(values: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(values, "little"))


class Index:
    """The lines of some works. Immutable; may be shared."""

    def __init__(self, works: Sequence[Work], stream: bytes, owners: NDArray[np.uint32]) -> None:
        """`stream` begins with LEAST boundaries and ends with one; its n-th line is of work owners[n].

        ValueError if it is otherwise.
        """
        self.works = tuple(works)
        self.stream = stream
        self.owners = owners
        self._steps: NDArray[np.uint8] = np.frombuffer(stream, dtype=np.uint8)
        boundaries = np.flatnonzero(self._steps == BOUNDARY)
        if stream[:LEAST] != _PRELUDE or stream[-1] != BOUNDARY or len(boundaries) != len(owners) + LEAST:
            raise ValueError("each line needs its owner")
        if len(owners) and int(owners.max()) >= len(works):
            raise ValueError("each owner must be among the works")
        self._starts = boundaries[LEAST - 1 :]
        self._intervals = _windows(stream.translate(INTERVALS))
        self._rhythms = _windows(stream.translate(RHYTHMS))
        self._order = self._sorted_ends()

    @classmethod
    def of(cls, works: Sequence[Work], lines: Iterable[tuple[int, bytes]]) -> "Index":
        """The index of lines, each with the number of its work; lines too short to be found are left out."""
        stream, owners = bytearray(_PRELUDE), []
        for owner, line in lines:
            if len(line) >= LEAST:
                stream += line
                stream.append(BOUNDARY)
                owners.append(owner)
        return cls(works, bytes(stream), np.asarray(owners, dtype=np.uint32))

    def pack(self) -> bytes:
        """The bytes of the file."""
        file = _File(FORMAT, list(self.works), self.owners.astype("<u4").tobytes(), self.stream)
        return lzma.compress(msgspec.msgpack.encode(file))

    @classmethod
    def unpack(cls, packed: bytes) -> "Index":
        """Inverse of `pack`; IndexFileError if these bytes are no index, or one of another version."""
        try:
            raw = lzma.decompress(packed)
            file = msgspec.msgpack.decode(raw, type=_File)
            if file.format == FORMAT:
                return cls(file.works, file.stream, np.frombuffer(file.owners, dtype="<u4").astype(np.uint32))
        except (lzma.LZMAError, EOFError, msgspec.DecodeError, ValueError) as error:
            raise IndexFileError("The list of training music is damaged; install the model again.") from error
        raise IndexFileError("The list of training music is of another version; install a model of this version.")

    def _sorted_ends(self) -> NDArray[np.uint32]:
        """Ends of all passages of LEAST steps, sorted by their intervals, the last one first."""
        whole = np.ones(len(self._intervals), dtype=np.bool_)
        for start in self._starts.tolist():
            whole[start - LEAST + 1 : start + 1] = False
        first = np.flatnonzero(whole)
        return np.asarray(first[np.argsort(self._intervals[first])] + (LEAST - 1), dtype=np.uint32)

    def _key(self, end: int) -> int:
        return int(self._intervals[end - LEAST + 1])

    def _alike(self, steps: bytes) -> Places:
        """Where passages end that have the intervals of LEAST steps, in no particular order."""
        key = int.from_bytes(steps.translate(INTERVALS), "little")
        low = bisect_left(self._order, key, key=self._key)
        high = bisect_right(self._order, key, lo=low, key=self._key)
        return self._order[low:high].astype(np.intp)

    def places(self, steps: bytes | bytearray) -> Places:
        """Where a passage of LEAST steps or more ends, in no particular order."""
        length, places = self.longest(steps, len(steps))
        return places if length == len(steps) else places[:0]

    def longest(self, steps: bytes | bytearray, most: int) -> tuple[int, Places]:
        """How many of the last steps, `most` at most, stand somewhere, and where they end; 0 if fewer than LEAST."""
        most = min(most, len(steps))
        places = self._alike(bytes(steps[-LEAST:])) if most >= LEAST else _NOWHERE
        length, same = 0, LEAST
        while same == LEAST and length < most and len(places):
            # LEAST steps at once, first the latest ones: those weigh most, so what differs least is the same longest.
            latest = len(steps) - length
            passage = bytes(steps[max(0, latest - LEAST) : latest]).rjust(LEAST, _PRELUDE[:1])
            begin = places - (length + LEAST - 1)
            apart = (self._intervals[begin] ^ _number(passage.translate(INTERVALS))) | (
                self._rhythms[begin] & _number(passage.translate(OTHER_RHYTHMS))
            )
            same = min(most - length, LEAST - (int(apart.min()).bit_length() + 7) // 8)
            if same:
                places = np.asarray(places[apart < 1 << 8 * (LEAST - same)])
                length += same
        return (length, places) if length >= LEAST else (0, _NOWHERE)

    def going_on(self, places: Places, step: int) -> Places:
        """The places after those of `places` that are followed by this step."""
        same = same_as(step)
        following = self._steps[places + 1]
        return np.asarray(places[(following >= same.start) & (following < same.stop)] + 1)

    def following(self, places: Places) -> NDArray[np.uint8]:
        """The step after each place (a boundary where the line ends)."""
        return self._steps[places + 1]

    def work_at(self, place: int) -> Work:
        """Whose line a place lies in."""
        line = int(np.searchsorted(self._starts, place, side="right")) - 1
        return self.works[int(self.owners[line])]
