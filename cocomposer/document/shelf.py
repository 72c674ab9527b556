"""The takes of a document in their order, and what somebody decided about each: its name, its star, whether it is gone.

Decisions are kept by id beside the takes, so they hold whether they were made before or after the take arrived.
Knows no edits and no undo.
"""

import msgspec

from cocomposer.document.takes import KeptTake, TakeKind


class Shelf:
    """Takes, oldest first. What was taken off keeps its place."""

    def __init__(self) -> None:
        self._takes: dict[str, KeptTake] = {}
        self._names: dict[str, str] = {}
        self._stars: dict[str, bool] = {}
        self._gone: set[str] = set()
        self._withdrawn: set[str] = set()
        self._highest: dict[TakeKind, int] = {}
        self._unnamed: dict[str, None] = {}
        self._shown: tuple[KeptTake, ...] | None = None

    @property
    def takes(self) -> tuple[KeptTake, ...]:
        """Those that are there."""
        if self._shown is None:
            hidden = self._gone | self._withdrawn
            self._shown = tuple(self._as_decided(take) for take in self._takes.values() if take.id not in hidden)
        return self._shown

    def take(self, take_id: str) -> KeptTake | None:
        """One by its id, also if it was taken off."""
        take = self._takes.get(take_id)
        return None if take is None else self._as_decided(take)

    @property
    def highest(self) -> dict[TakeKind, int]:
        """The highest number ever given, by kind."""
        return dict(self._highest)

    def next_number(self, kind: TakeKind) -> int:
        """A number that no take of this kind ever had here."""
        return self._highest.get(kind, 0) + 1

    def reserve(self, kind: TakeKind, number: int) -> None:
        """Never give a number up to this one again."""
        self._highest[kind] = max(number, self._highest.get(kind, 0))

    def put(self, take: KeptTake) -> bool:
        """Add it behind the rest, or where it was if it was withdrawn; whether that changed anything."""
        if take.id in self._takes:
            if take.id not in self._withdrawn:
                return False
            self._withdrawn.discard(take.id)
        else:
            self._takes[take.id] = take
            if not take.key and not take.chords:
                self._unnamed[take.id] = None
            self.reserve(take.kind, take.number)
        self._shown = None
        return True

    def withdraw(self, take_id: str) -> None:
        """As if it had never been added, but for its place and number."""
        self._withdrawn.add(take_id)
        self._shown = None

    def take_off(self, take_id: str) -> bool:
        """Let it be seen no more; whether that changed anything."""
        if take_id in self._gone:
            return False
        self._gone.add(take_id)
        self._shown = None
        return True

    def put_back(self, take_id: str) -> bool:
        """Let it be seen again, where it was; whether that changed anything."""
        if take_id not in self._gone:
            return False
        self._gone.discard(take_id)
        self._shown = None
        return True

    def name(self, take_id: str) -> str:
        """The name that somebody gave it; empty if it has the one it came with."""
        return self._names.get(take_id, "")

    def rename(self, take_id: str, name: str) -> None:
        """Give it a name; an empty one brings back the one it came with."""
        self._names[take_id] = name
        self._shown = None

    def starred(self, take_id: str) -> bool:
        """Whether it is starred."""
        take = self._takes.get(take_id)
        return self._stars.get(take_id, take is not None and take.starred)

    def star(self, take_id: str, starred: bool) -> None:
        """Star it or not."""
        self._stars[take_id] = starred
        self._shown = None

    def next_unnamed(self) -> KeptTake | None:
        """The oldest take that came without key and chords, and was not given them yet."""
        return self._takes[next(iter(self._unnamed))] if self._unnamed else None

    def put_named(self, take: KeptTake) -> None:
        """The same take, with the names of its key and chords as far as it has any."""
        self._takes[take.id] = take
        self._unnamed.pop(take.id, None)
        self._shown = None

    def _as_decided(self, take: KeptTake) -> KeptTake:
        name, starred = self.name(take.id) or take.name, self.starred(take.id)
        if name == take.name and starred == take.starred:
            return take
        return msgspec.structs.replace(take, name=name, starred=starred)
