"""What is drawn beside the jam: whole turns, one after another, a note at a time, on a cache of their own.

They neither disturb what the jam's composer has heard nor are disturbed by it, so that each comes out as if nothing
else had been drawn. Knows no jam and not when there is time for this.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Sketch, Sketched
from cocomposer.music.note import Note
from cocomposer.ports import WorkingModel

AT_ONCE: Final = 16
"""Notes fed in one piece of work: what the jam wants meanwhile waits no longer than that takes."""


class Sketching:
    """Sketches in the order in which they were asked for."""

    def __init__(self) -> None:
        self._waiting: deque[Sketch] = deque()
        self._composer: Composer | None = None
        self._hearing: Iterator[int] | None = None
        self._drawing: Iterator[Note] | None = None
        self._drawn: list[Note] = []

    @property
    def idle(self) -> bool:
        """Whether nothing is to be drawn."""
        return not self._waiting

    def add(self, sketch: Sketch) -> None:
        """Draw this after those that wait."""
        self._waiting.append(sketch)

    def drop(self) -> None:
        """Forget all of them."""
        self._waiting.clear()
        self._stop()

    def work(self, model: WorkingModel) -> list[Sketched]:
        """One piece of work (hear a chunk, draw a note), on a twin of `model`. If it fails, all that wait fail."""
        try:
            return self._work(model)
        except Exception:
            failed = [Sketched(sketch.number, (), failed=True) for sketch in self._waiting]
            self.drop()
            self._composer = None
            return failed

    def forget_model(self) -> None:
        """The model was replaced: the next sketch is drawn by a twin of the new one, also one that was begun."""
        self._stop()
        self._composer = None

    def _work(self, model: WorkingModel) -> list[Sketched]:
        if not self._waiting:
            return []
        sketch = self._waiting[0]
        if self._composer is None:
            self._composer = Composer(model.twin())
        if self._drawing is None:
            # Afresh each time: what was fed in other chunks differs in the last bits, and a draw may hang on one.
            self._composer.forget()
            self._hearing = self._composer.hear(sketch.hearing, AT_ONCE)
            self._drawing = self._composer.play(sketch.wish)
            return []
        if self._hearing is not None:
            if next(self._hearing, None) is None:
                self._hearing = None
            return []
        note = next(self._drawing, None) if len(self._drawn) < sketch.most_notes else None
        if note is not None:
            self._drawn.append(note)
            return []
        done = Sketched(sketch.number, tuple(self._drawn))
        self._waiting.popleft()
        self._stop()
        return [done]

    def _stop(self) -> None:
        self._hearing = self._drawing = None
        self._drawn = []
