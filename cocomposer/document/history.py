"""What can be undone and done again: pairs of an edit and what takes it back. Knows no document."""

from dataclasses import dataclass, replace
from typing import Any

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
        self._open = False
        """Whether the last step may still grow (a slider being dragged)."""

    def made(self, step: Step) -> None:
        """This was done; moves of one slider in a row become one step."""
        self._undone.clear()
        last = self._done[-1] if self._open and self._done else None
        if last is not None and isinstance(last.done, ChangeSettings) and isinstance(step.done, ChangeSettings):
            before, after = last.done, step.done
            if before.gesture == after.gesture and before.after == after.before and _is_dragged(before, after):
                self._done.pop()
                if before.before == after.after:
                    self._open = False  # dragged there and back: nothing is left to undo
                    return
                merged = replace_change(after, before.before)
                self._done.append(replace(step, done=merged, inverse=inverse_of(merged)))
                return
        self._done.append(step)
        self._open = True

    def undo(self) -> Step | None:
        """The last step, which now can be done again; None if there is none."""
        self._open = False
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        """The step undone last, which now can be undone again; None if there is none."""
        self._open = False
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
    return ChangeSettings(change.after, change.before, change.gesture, change.what)


def replace_change(change: ChangeSettings, before: dict[str, Any]) -> ChangeSettings:
    """The same change, from other values."""
    return ChangeSettings(before, change.after, change.gesture, change.what)


def _is_dragged(before: ChangeSettings, after: ChangeSettings) -> bool:
    """Whether both move the same sliders: switches and choices are single decisions."""
    values = [*before.before.values(), *before.after.values(), *after.after.values()]
    return before.after.keys() == after.after.keys() and all(type(value) in (int, float) for value in values)
