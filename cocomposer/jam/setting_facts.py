"""What the type of the settings tells of each, as a table: its kind, its words, its default, what may be said of it.

So that a command line or a window need no list of their own. Knows only the types.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import msgspec

from cocomposer.jam.settings import CHOICES, Settings


class Sort(Enum):
    """What a value is."""

    WORD = "word"
    SWITCH = "switch"
    WHOLE = "whole"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fact:
    """One setting."""

    name: str
    sort: Sort
    words: str
    """What it does, without a full stop."""
    default: Any
    low: float | None = None
    high: float | None = None
    """The least and the most that it can be, where it is a number."""
    choices: tuple[str, ...] = ()
    """All that it can be, where it is a word."""


def _fact(field: msgspec.inspect.Field) -> Fact:
    kind, words = field.type, ""
    if isinstance(kind, msgspec.inspect.Metadata):
        words = (kind.extra_json_schema or {}).get("description", "")
        kind = kind.type
    if isinstance(kind, msgspec.inspect.UnionType):
        # A number, or None.
        kind = next(one for one in kind.types if not isinstance(one, msgspec.inspect.NoneType))
    name, default = field.name, None if field.default is msgspec.NODEFAULT else field.default
    if name in CHOICES:
        return Fact(name, Sort.WORD, words, str(default), choices=CHOICES[name])
    match kind:
        case msgspec.inspect.BoolType():
            return Fact(name, Sort.SWITCH, words, default)
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            sort = Sort.WHOLE if isinstance(kind, msgspec.inspect.IntType) else Sort.NUMBER
            return Fact(name, sort, words, default, kind.gt if kind.ge is None else kind.ge, kind.le)
        case _:
            return Fact(name, Sort.OTHER, words, default)


_TYPE: Final = msgspec.inspect.type_info(Settings)
assert isinstance(_TYPE, msgspec.inspect.StructType)
FACTS: Final[dict[str, Fact]] = {field.name: _fact(field) for field in _TYPE.fields}
"""Name → what is known of it, in the order of `Settings`."""
