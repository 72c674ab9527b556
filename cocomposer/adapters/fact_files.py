"""The file in which an engine writes down what happens, and how it is read while, or after, it is written.

A record is its length (4 bytes, the greatest first) and so many bytes of msgpack; the first one is the header, all
others are facts. What a killed engine could not finish writing is no record. Knows no engine and no document.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from cocomposer.document.document import Fact

SUFFIX: Final = ".facts"
LONGEST_RECORD: Final = 1 << 26
"""Bytes; what claims to be longer is no record."""
_LOOK_SECONDS: Final = 0.005


class FactLogError(OSError):
    """A log cannot be read; the text is one sentence."""


class LogHeader(msgspec.Struct, frozen=True):
    """Whose facts these are."""

    session: str
    began_at: str
    """ISO 8601, with zone."""
    version: str
    """Of cocomposer."""


def framed(payload: bytes) -> bytes:
    """One record."""
    return len(payload).to_bytes(4, "big") + payload


def read_facts(
    path: str | Path, limit: int | None = None, first: int = 0, patience_seconds: float = 1.0
) -> tuple[LogHeader, list[Fact]]:
    """The header and the facts from number `first` up to (not including) number `limit`, None: all that are there.

    An engine that still writes may lag behind what it tells: with a `limit`, its facts are waited for up to
    `patience_seconds`; there are fewer if they do not come. FactLogError if this is no log.
    """
    records = _Records(Path(path))
    decoder: msgspec.msgpack.Decoder[Fact] = msgspec.msgpack.Decoder(Fact)
    header: LogHeader | None = None
    facts: list[Fact] = []
    number = 0
    ends_at = time.monotonic() + patience_seconds
    while True:
        try:
            for record in records.more():
                if header is None:
                    header = msgspec.msgpack.decode(record, type=LogHeader)
                    continue
                if limit is not None and number >= limit:
                    return header, facts
                if number >= first:
                    facts.append(decoder.decode(record))
                number += 1
        except msgspec.MsgspecError as error:
            if header is None:
                raise FactLogError(f"{path} is no log of cocomposer; choose another file.") from error
            return header, facts  # what follows was never written, or by another version
        except OSError as error:
            raise FactLogError(
                f"{path} cannot be read ({error.strerror}); what was played is not all there."
            ) from error
        if header is not None and (limit is None or number >= limit):
            return header, facts
        if time.monotonic() >= ends_at:
            if header is None:
                raise FactLogError(f"{path} is no log of cocomposer; choose another file.")
            return header, facts
        time.sleep(_LOOK_SECONDS)


class _Records:
    """What was written since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def more(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        place = 0
        while place + 4 <= len(data):
            length = int.from_bytes(data[place : place + 4], "big")
            if not 0 < length <= LONGEST_RECORD:
                raise msgspec.DecodeError("a record of that length was never written")
            if place + 4 + length > len(data):
                return
            yield data[place + 4 : place + 4 + length]
            place += 4 + length
            self._read += 4 + length
