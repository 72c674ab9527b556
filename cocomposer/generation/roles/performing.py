"""Which work a sketch asks for: a continuation, or the task of one of the roles. Knows not how any of them is done."""

from collections.abc import Sequence
from typing import Protocol

from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Sketch, Wish
from cocomposer.generation.roles.drumming import drummed
from cocomposer.generation.roles.infilling import infilled
from cocomposer.generation.roles.tasks import Drum, Harmonise, Infill, Vary
from cocomposer.generation.roles.varying import varied
from cocomposer.generation.roles.work import Work, continued
from cocomposer.generation.shaping import Shaper


class Harmoniser(Protocol):
    """Sets chords under a melody; no note model does that."""

    def __call__(self, task: Harmonise, wish: Wish) -> Work:
        """The chords as notes, in order, within the wish's ticks and on its channel; CannotHarmonise if it cannot."""
        ...


def work_of(
    composer: Composer, sketch: Sketch, shapers: Sequence[Shaper] = (), harmoniser: Harmoniser | None = None
) -> Work:
    """The work, not begun. `shapers` shape what is drawn of pitched music; a `Harmonise` without harmoniser is a
    ValueError."""
    match sketch.task:
        case None:
            return continued(composer, sketch.hearing, sketch.wish, sketch.most_notes, shapers)
        case Infill():
            return infilled(composer, sketch.hearing, sketch.wish, sketch.task, sketch.most_notes, shapers)
        case Vary():
            return varied(composer, sketch.hearing, sketch.wish, sketch.task, shapers)
        case Drum():
            return drummed(composer, sketch.wish, sketch.task, sketch.most_notes)
        case Harmonise():
            if harmoniser is None:
                raise ValueError("nobody harmonises here")
            return harmoniser(sketch.task, sketch.wish)
