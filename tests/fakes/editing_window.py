"""A window about to be killed: facts are logged and edits written down in a known order, each told when it is done.

As a program (`ROOT LOG`) it goes on for ever, and prints the number of each step once the step is done.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cocomposer.adapters.journal import Journal
from cocomposer.document import edits
from cocomposer.document.document import Document, Fact
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from tests.fakes.jam_facts import BEGAN_AT, take_fact


def read_lines(path: str) -> Iterator[Fact]:
    """The facts in a log of one JSON value a line, but for a torn one at its end."""
    decoder = msgspec.json.Decoder(Fact)
    for line in Path(path).read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield decoder.decode(line)


def step(number: int) -> Fact | edits.Edit | str:
    """What happens as the `number`-th thing, counted from 0."""
    turn = number // 8 + 1
    match number % 8:
        case 0:
            return outputs.Heard(turn * 1.0, 60 + turn % 12, 80, 0, turn * 200.0)
        case 1:
            return outputs.Released(turn + 0.5, 60 + turn % 12, 0, turn * 200 + 40.5)
        case 2:
            note = Note(turn * 200 + 100, 64, 24, 80)
            return take_fact(turn, (Note(turn * 200, 60, 40, 80),), (note,))
        case 3:
            return edits.RenameTake(f"s:{turn}", f"Name {turn}")
        case 4:
            return edits.StarTake(f"s:{turn}", True)
        case 5:
            return "undo" if turn % 3 == 0 else edits.DeleteTake(f"s:{max(1, turn // 2)}")
        case 6:
            phrase = (Note(0, 60, 9, 9),)
            take = KeptTake(
                f"c{turn}", turn, TakeKind.CAPTURED, "Mine", phrase, (), 120, False, 0, 4, 1, Settings(), BEGAN_AT
            )
            return edits.AddTake(take)
        case _:
            return "redo" if turn % 2 else "undo"


def document_after(steps: int) -> Document:
    """The document when so many steps are done."""
    document = Document()
    document.join("s", BEGAN_AT)
    for number in range(steps):
        match step(number):
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case outputs.Heard() | outputs.Released() | outputs.Take() as fact:
                document.happened(fact)
            case edit:
                document.edit(edit)  # type: ignore[arg-type]
    return document


def work(root: Path, log: Path) -> None:
    document = Document()
    journal = Journal.begin(root, document)
    journal.joined("s", str(log), 0, BEGAN_AT)
    with log.open("ab", buffering=0) as facts:
        number = 0
        while True:
            match step(number):
                case "undo":
                    document.undo()
                    journal.undone()
                case "redo":
                    document.redo()
                    journal.redone()
                case outputs.Heard() | outputs.Released() | outputs.Take() as fact:
                    facts.write(msgspec.json.encode(fact) + b"\n")
                    document.happened(fact)
                case edit:
                    document.edit(edit)  # type: ignore[arg-type]
                    journal.edited(edit)  # type: ignore[arg-type]
            assert journal.trouble is None
            number += 1
            print(number, flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]))
