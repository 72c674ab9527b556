"""What can be undone and done again: pairs of an edit and what takes it back. Knows no document."""

from dataclasses import dataclass

from cocomposer.document.edits import ChangeSettings, Edit


@dataclass(frozen=True, slots=True)
class Step:
    """An edit that was made, and the one that takes it back."""

    done: Edit
    inverse: Edit


class History:
    """Two stacks. What is done anew clears what could be done again."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def made(self, step: Step) -> None:
        """This was done."""
        self._undone.clear()
        self._done.append(step)

    def undo(self) -> Step | None:
        """The last step, which now can be done again; None if there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        """The step undone last, which now can be undone again; None if there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    @property
    def next_undo(self) -> Edit | None:
        """The edit that `undo` would take back."""
        return self._done[-1].done if self._done else None

    @property
    def next_redo(self) -> Edit | None:
        """The edit that `redo` would make again."""
        return self._undone[-1].done if self._undone else None


def inverse_of(change: ChangeSettings) -> ChangeSettings:
    """The change that takes this one back."""
    return ChangeSettings(change.after, change.before, change.what)
