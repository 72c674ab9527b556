"""What is drawn beside the jam: whole turns and tasks, one after another, a note at a time, on a cache of their own.

They neither disturb what the jam's composer has heard nor are disturbed by it, so that each comes out as if nothing
else had been drawn. Knows no jam and not when there is time for this.
"""

from collections import deque

from cocomposer.generation.companions import Companions
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Sketch, Sketched
from cocomposer.generation.roles.harmonising import CannotHarmonise
from cocomposer.generation.roles.performing import Harmoniser, work_of
from cocomposer.generation.roles.work import Work
from cocomposer.ports import WorkingModel


class Sketching:
    """Sketches in the order in which they were asked for."""

    def __init__(self, companions: Companions | None = None, harmoniser: Harmoniser | None = None) -> None:
        """`companions`: those of the jam. Without `harmoniser` what asks for one fails."""
        self._harmoniser = harmoniser
        self._companions = companions or Companions()
        self._waiting: deque[Sketch] = deque()
        self._composer: Composer | None = None
        self._begun: Work | None = None

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
        """One piece of work (hear a chunk, draw or judge a note) on a twin of `model`; all that wait fail with it."""
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
        if self._begun is None:
            # Afresh each time: what was fed in other chunks differs in the last bits, and a draw may hang on one.
            self._composer.forget()
            shapers = self._companions.beside().shapers_of(sketch.wish)
            self._begun = work_of(self._composer, sketch, shapers, self._harmoniser)
            return []
        try:
            next(self._begun)
        except StopIteration as done:
            self._waiting.popleft()
            self._stop()
            return [Sketched(sketch.number, done.value)]
        except CannotHarmonise as error:
            # Of no concern to the others: their model did not fail.
            self._waiting.popleft()
            self._stop()
            return [Sketched(sketch.number, (), failed=True, reason=str(error))]
        return []

    def _stop(self) -> None:
        self._begun = None
