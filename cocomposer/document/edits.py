"""What a musician changes in a document, as values that can be undone, written to a journal and told by name."""

from typing import Any

import msgspec

from cocomposer.document.progression import Progression
from cocomposer.document.takes import KeptTake


class AddTake(msgspec.Struct, frozen=True, tag=True):
    """Keep a take (an alternative, a recording, a capture, an import)."""

    take: KeptTake


class DeleteTake(msgspec.Struct, frozen=True, tag=True):
    """Take it out of the list."""

    id: str


class RestoreTake(msgspec.Struct, frozen=True, tag=True):
    """Put back a deleted take, where it was."""

    id: str


class RenameTake(msgspec.Struct, frozen=True, tag=True):
    """Give it another name; an empty one brings back the name it came with."""

    id: str
    name: str


class StarTake(msgspec.Struct, frozen=True, tag=True):
    """Star it, or not any more."""

    id: str
    starred: bool


class Retitle(msgspec.Struct, frozen=True, tag=True):
    """Give the jam a title."""

    title: str


class ChangeSettings(msgspec.Struct, frozen=True, tag=True):
    """Settings changed by hand: so far and from now on (those that changed). A movement of a slider is one edit."""

    before: dict[str, Any]
    after: dict[str, Any]
    what: str = ""
    """What was done, as undo tells it, where it is more than these settings: "use the preset Calm"."""


class SetProgression(msgspec.Struct, frozen=True, tag=True):
    """The chords are these from now on."""

    progression: Progression
    what: str
    """What was done, as undo tells it: "move Am7"."""


Edit = AddTake | DeleteTake | RestoreTake | RenameTake | StarTake | Retitle | ChangeSettings | SetProgression
