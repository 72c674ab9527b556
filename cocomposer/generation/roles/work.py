"""A sketch as work in small pieces, so that whoever does it can stop after each for what is more urgent.

A piece of work ends at a `yield`: at most a chunk of notes was heard or judged, or one was drawn. The notes come when
all is done. Knows the plain turn; what each task asks for stands in a module of its own.
"""

from collections.abc import Generator, Iterable, Sequence
from itertools import islice

from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.shaping import Shaper
from cocomposer.music.note import Note

Work = Generator[None, None, tuple[Note, ...]]
AT_ONCE = 16
"""Notes heard or judged in one piece of work: what the jam wants meanwhile waits no longer than that takes."""


def continued(
    composer: Composer, hearing: Hearing, wish: Wish, most_notes: int, shapers: Sequence[Shaper] = ()
) -> Work:
    """A turn as the jam would play it."""
    yield from heard(composer, hearing)
    return (yield from collected(composer.play(wish, shapers), most_notes))


def heard(composer: Composer, hearing: Hearing) -> Generator[None, None, None]:
    """Let the composer have heard exactly this."""
    for _ in composer.hear(hearing, AT_ONCE):
        yield


def collected(notes: Iterable[Note], most_notes: int) -> Work:
    """The notes, each a piece of work."""
    drawn = []
    for note in islice(notes, most_notes):
        drawn.append(note)
        yield
    return tuple(drawn)
