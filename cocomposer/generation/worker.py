"""The composer at work: takes requests, does a small piece of work at a time, gives replies.

Runs alike in a process of its own (live) and in line (offline). Between two pieces new requests are
taken in, so a dropped turn costs at most one note. Questions about chords, and then what is drawn beside the jam
(sketches), are worked on only while nothing live is to be done. Knows no pipes and no clock.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cocomposer.generation.chord_request import Suggest
from cocomposer.generation.chord_suggesting import ChordSuggesting, OpenNetwork
from cocomposer.generation.companions import Companions
from cocomposer.generation.composer import Composer, quiet_ticks
from cocomposer.generation.request import (
    Ask,
    ComposerReady,
    Drawn,
    Drop,
    DropSketches,
    Expected,
    Extend,
    GivenUp,
    Hear,
    Hearing,
    Reply,
    Request,
    Sketch,
)
from cocomposer.generation.roles.harmonising import Harmonising
from cocomposer.generation.sketching import Sketching
from cocomposer.music.note import Note
from cocomposer.ports import WorkingModel

UNLIKELY: Final = (0.0035, 0.0001, 0.000003, 0.0000001)
"""A pause is the end of a phrase once the model gave it at most this probability of going on.

The first for a player who was not misjudged yet, then one for each step of patience (see `phrase_end.Patience`).
"""

NewModel = Callable[[], tuple[WorkingModel, ComposerReady]]
"""Makes a model to go on with after a failure, and says which; raises what it raises if there is none."""


@dataclass(slots=True)
class _Drawing:
    turn: int
    attempt: int
    until_tick: int
    notes: Iterator[Note]
    reached_tick: int
    """The onset of the last note drawn."""
    ended: bool = False
    given_up: frozenset[GivenUp] = frozenset()
    """What was said to be given up."""


class Worker:
    """One composer, one turn at a time, and sketches beside it."""

    def __init__(
        self,
        model: WorkingModel,
        spare: NewModel,
        unlikely: Sequence[float] = UNLIKELY,
        companions: Companions | None = None,
        open_chords: OpenNetwork | None = None,
    ) -> None:
        """`open_chords` opens the next-chord model when it is first asked; None: there is none."""
        self._model = model
        self._composer = Composer(model)
        self._companions = companions or Companions()
        self._chords = ChordSuggesting(open_chords)
        self._sketching = Sketching(self._companions, Harmonising(self._chords.network))
        self._spare = spare
        self._unlikely = unlikely
        self._listening: Iterator[int] | None = None
        self._hearing: Hearing | None = None
        self._heard = 0
        self._drawing: _Drawing | None = None

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do until the next request."""
        return self._listening is None and not self._can_draw() and self._chords.idle and self._sketching.idle

    def take(self, request: Request) -> None:
        """Take in a request; the latest hearing or turn replaces the one before."""
        match request:
            case Hear():
                self._drawing = None
                self._hear(request)
            case Ask():
                self._hear(Hear(request.hearing))
                notes = self._composer.play(request.wish, self._companions.shapers_of(request.wish))
                wish = request.wish
                self._drawing = _Drawing(wish.turn, request.attempt, request.until_tick, notes, wish.earliest_tick)
            case Extend():
                drawing = self._drawing
                if drawing is not None and (drawing.turn, drawing.attempt) == (request.turn, request.attempt):
                    drawing.until_tick = max(drawing.until_tick, request.until_tick)
            case Drop():
                if self._drawing is not None and self._drawing.turn == request.turn:
                    self._drawing = None
            case Sketch():
                self._sketching.add(request)
            case DropSketches():
                self._sketching.drop()
            case Suggest():
                self._chords.add(request)

    def _hear(self, request: Hear) -> None:
        self._hearing = request.hearing
        self._listening = self._composer.hear(request.hearing)
        self._heard = request.hearing.first + len(request.hearing.notes)

    def _can_draw(self) -> bool:
        drawing = self._drawing
        return drawing is not None and not drawing.ended and drawing.reached_tick < drawing.until_tick

    def work(self) -> list[Reply]:
        """Do one piece of work (hear a chunk, draw a note). A failing model is replaced, and its turn given up."""
        try:
            if self._listening is not None:
                return self._listen()
            if self._can_draw():
                return self._draw()
        except Exception:
            self._listening = self._drawing = None
            self._model, sentence = self._spare()
            self._composer.take_model(self._model)
            self._sketching.forget_model()
            return [sentence]
        if not self._chords.idle:
            return [*self._chords.work()]
        return [*self._sketching.work(self._model)]

    def _listen(self) -> list[Reply]:
        assert self._listening is not None
        if next(self._listening, None) is not None:
            return []
        self._listening = None
        if self._hearing is not None:
            # Now, while the player plays: a phrase longer than a hearing would be forgotten until its answer.
            self._companions.hear(self._hearing.notes, self._hearing.metre)
        if self._drawing is not None or not self._heard:
            return []
        next_onset = self._composer.next_onset()
        return [Expected(self._heard, tuple(quiet_ticks(next_onset, unlikely) for unlikely in self._unlikely))]

    def _draw(self) -> list[Reply]:
        drawing = self._drawing
        assert drawing is not None
        note = next(drawing.notes, None)
        if note is None:
            drawing.ended = True
            return [Drawn(drawing.turn, drawing.attempt, (), ended=True)]
        drawing.reached_tick = note.onset_tick
        news = tuple(sorted(self._composer.given_up - drawing.given_up))
        drawing.given_up = self._composer.given_up
        return [Drawn(drawing.turn, drawing.attempt, (note,), given_up=news, nearest=self._companions.nearest)]
