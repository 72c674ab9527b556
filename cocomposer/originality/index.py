"""Where in the training music does a passage stand? The lines of all its pieces, searched by their latest steps.

All lines lie in one string of bytes (see `line`), with a boundary between two of them. Every second place in it is
listed by a hash of the intervals that end there, one fewer than `LEAST`: of any `LEAST` steps either the last or the
last but one is in the list. What is found is held against the string itself, so an answer is exact. The file holds the
string and whose the pieces are, compressed; the list is made when it is opened, in a tenth of a second, and would be
several times as large as all the rest. Knows no file system: bytes in, bytes out.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from cocomposer.originality.line import BOUNDARY, INTERVALS, OTHER_RHYTHMS, RHYTHMS, same_as

FORMAT: Final = 2
"""Version of the file and of what a step is; another one is refused."""
LEAST: Final = 8
"""Shorter passages (in steps; nine notes) are nobody's, and are not looked for. Eight steps fill a uint64."""

_PRELUDE: Final = bytes([BOUNDARY] * LEAST)
"""So many steps can be read back from any place."""
_FIRST_FORMAT: Final = b"\xfd7zXZ"
"""How a file of version 1 begins."""
_CHECK_BYTES: Final = 4
_HASH_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio (Knuth's multiplicative hashing)."""
_HASH_SHIFT: Final = np.uint64(48)
_HASHES: Final = 1 << 16
_BYTE: Final = np.uint64(8)

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


def _hashes(windows: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Of windows of LEAST intervals or fewer."""
    return np.asarray((windows * _HASH_FACTOR) >> _HASH_SHIFT, dtype=np.uint16)


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
        self._listed, self._bins = self._ends_by_hash()

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
        """The bytes of the file: compressed, and a checksum of that in front."""
        file = _File(FORMAT, list(self.works), self.owners.astype("<u4").tobytes(), self.stream)
        packed = zlib.compress(msgspec.msgpack.encode(file), 9)
        return zlib.crc32(packed).to_bytes(_CHECK_BYTES, "little") + packed

    @classmethod
    def unpack(cls, packed: bytes) -> "Index":
        """Inverse of `pack`; IndexFileError if these bytes are no index, or one of another version."""
        try:
            if not packed.startswith(_FIRST_FORMAT):
                content = memoryview(packed)[_CHECK_BYTES:]
                if zlib.crc32(content) != int.from_bytes(packed[:_CHECK_BYTES], "little"):
                    raise ValueError("the checksum is wrong")
                file = msgspec.msgpack.decode(zlib.decompress(content), type=_File)
                if file.format == FORMAT:
                    return cls(file.works, file.stream, np.frombuffer(file.owners, dtype="<u4").astype(np.uint32))
        except (zlib.error, msgspec.DecodeError, ValueError) as error:
            raise IndexFileError("The list of training music is damaged; install the model again.") from error
        raise IndexFileError("The list of training music is of another version; install a model of this version.")

    def _ends_by_hash(self) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """Every second place, sorted by the hash of LEAST - 1 intervals that end there; where each hash begins."""
        # The last place is a boundary, and nothing follows it.
        hashes = _hashes(self._intervals[:-1:2] >> _BYTE)
        # Sixteen bits are sorted stably in two passes, whatever their number.
        listed = 2 * np.argsort(hashes, kind="stable").astype(np.uint32) + np.uint32(LEAST - 1)
        return listed, np.concatenate(([0], np.bincount(hashes, minlength=_HASHES).cumsum()))

    def _likely(self, steps: bytes) -> Places:
        """Where passages may end that have the intervals of LEAST steps: all that do, and a few of the same hash."""
        key = _number(steps.translate(INTERVALS))
        # One may end in a place that is listed or just after: it is found there without its first step or its last.
        listed, after = _hashes(np.asarray((key >> _BYTE, key << _BYTE >> _BYTE))).tolist()
        return np.concatenate((self._listed_by(listed), self._listed_by(after) + 1))

    def _listed_by(self, hashed: int) -> Places:
        return self._listed[self._bins[hashed] : self._bins[hashed + 1]].astype(np.intp)

    def places(self, steps: bytes | bytearray) -> Places:
        """Where a passage of LEAST steps or more ends, in no particular order."""
        length, places = self.longest(steps, len(steps))
        return places if length == len(steps) else places[:0]

    def longest(self, steps: bytes | bytearray, most: int) -> tuple[int, Places]:
        """How many of the last steps, `most` at most, stand somewhere, and where they end; 0 if fewer than LEAST."""
        most = min(most, len(steps))
        places = self._likely(bytes(steps[-LEAST:])) if most >= LEAST else _NOWHERE
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
