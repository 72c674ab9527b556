"""A jam as it was before a crash: what it began with, the facts in its engines' logs, the edits in its journal.

Facts and edits are told in the order in which they were told then, so the very same document comes back, and what can
be undone too. What the engine played after the window was gone is in it as well.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cocomposer.adapters.fact_files import FactLogError, read_facts
from cocomposer.adapters.jam_files import EXTENSION, JamFileError, open_jam
from cocomposer.adapters.journal_lines import (
    Began,
    Edited,
    Joined,
    Line,
    Redone,
    Saved,
    Undone,
    Written,
    read_journal,
    reason_of,
)
from cocomposer.document.document import Document, Fact

BEGINNING: Final = f"beginning{EXTENSION}"
"""The file with what a journal's jam began with; a copy, so that it does not matter what becomes of the jam file."""

ReadFacts = Callable[[str], Iterable[Fact]]
"""All facts in an engine's log, in order; OSError if it cannot be read."""


def facts_in(log: str) -> list[Fact]:
    """Those in a log as engines write them."""
    return read_facts(log)[1]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a journal gives back."""

    document: Document
    path: str | None
    """The file that the jam was opened from or last saved to."""
    unsaved: bool
    """Something came after it was opened or last saved."""
    sentences: tuple[str, ...] = ()
    """What could not be brought back."""


def recover(folder: Path, read: ReadFacts = facts_in) -> Recovered:
    """The document that the journal in `folder` tells; JournalError if there is none."""
    return recovered_from(folder, read_journal(folder), read)


def recovered_from(folder: Path, written: Written, read: ReadFacts) -> Recovered:
    """The same, where the journal was read already."""
    sentences = []
    try:
        document = open_jam(folder / BEGINNING, go_on=True)
    except JamFileError as error:
        document = Document()
        sentences.append(f"What the jam began with could not be brought back: {error}")
    replay = _Replay(document, written.began.path, read, sentences)
    for line in written.lines:
        replay.tell(line)
    replay.hear_up_to(None)
    if written.damaged:
        sentences.append("The end of what was written down is damaged; what came before it was brought back.")
    return Recovered(document, replay.path, replay.unsaved, tuple(sentences))


class _Replay:
    """Tells a document everything again."""

    def __init__(self, document: Document, path: str | None, read: ReadFacts, sentences: list[str]) -> None:
        self.path = path
        self.unsaved = False
        self._document = document
        self._read = read
        self._sentences = sentences
        self._facts: Iterator[Fact] = iter(())

    def hear_up_to(self, position: int | None) -> None:
        """Facts of the run, until so many have passed or there are no more; None: all."""
        while position is None or self._document.position < position:
            fact = next(self._facts, None)
            if fact is None:
                return
            self._document.happened(fact)
            self.unsaved = True

    def tell(self, line: Line) -> None:
        """What a line says, after the facts that came before it."""
        document = self._document
        match line:
            case Joined():
                self.hear_up_to(line.left_at)
                document.join(line.session, line.began_at, line.position, line.began_seconds, line.from_tick)
                self._facts = self._facts_from(line)
            case Edited():
                self.hear_up_to(line.position)
                document.edit(line.edit)
                self.unsaved = True
            case Undone():
                self.hear_up_to(line.position)
                self.unsaved |= document.undo() is not None
            case Redone():
                self.hear_up_to(line.position)
                self.unsaved |= document.redo() is not None
            case Saved():
                self.hear_up_to(line.position)
                self.path, self.unsaved = line.path, False
            case Began():
                pass  # the first line, read already

    def _facts_from(self, joined: Joined) -> Iterator[Fact]:
        """The facts of a run from where it was joined, as far as they can be read."""
        if joined.log is None:
            return
        number = 0
        try:
            for fact in self._read(joined.log):
                number += 1
                if number > joined.position:
                    yield fact
        except FactLogError as error:
            self._sentences.append(str(error))
        except OSError as error:
            self._sentences.append(
                f"Some of what was played could not be read again ({reason_of(error)}): it lay in {joined.log}."
            )
