"""The composer: keeps the model's cache in step with what was heard, and draws the notes of a turn one by one.

It draws; shapers shape, and constraints bound what may be drawn. Pure and deterministic: the same hearing, wish and
seed give the same notes. Knows ticks, no seconds, and not who plays the notes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Metre, Rows, encode, note_of
from cocomposer.events.layout import (
    COLUMN,
    COLUMNS,
    DRAWN,
    DRAWN_INDEX,
    PART_UNKNOWN,
    PLACE_COLUMNS,
    RECENT,
    UNPLACED,
)
from cocomposer.events.steps import LONGEST, STEPS, step_of
from cocomposer.generation.constraints import Constraints, Mask
from cocomposer.generation.given_chords import GivenChords
from cocomposer.generation.likelihood import Nats, cost, costs
from cocomposer.generation.request import GivenUp, Hearing, Wish
from cocomposer.generation.sampler import draw
from cocomposer.generation.shaping import Drawing, Shaper, shaped
from cocomposer.generation.steering import shapers_of
from cocomposer.music.note import Note, Pedal
from cocomposer.ports import NoteModel

_STEPS: Final = np.asarray(STEPS, dtype=np.int64)
_FIRST_DRAWN: Final = np.asarray([part.first_drawn for part in DRAWN])
_CHORD_COLUMNS: Final = [COLUMN["chord_root"], COLUMN["chord_quality"]]
_TIMING: Final = frozenset({"onset", "duration"})
_REMEMBERED: Final = 1024
"""Notes kept to compare with; more than a model looks back on."""
Revision = tuple[Note, Mapping[str, Mask]]
"""A note, and what of its pitch and velocity shall be drawn anew: field → the classes that it may have."""


@dataclass(slots=True)
class _Fed:
    """What the model was fed, from note `first` of the jam on; its own index and tick 0 are `base` and `base_tick`."""

    first: int = 0
    base: int = 0
    base_tick: int = 0
    rows: Rows = field(default_factory=lambda: np.empty((0, len(COLUMNS)), dtype=np.int64))
    ticks: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    notes: list[Note] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.first + len(self.rows)


class Composer:
    """Hears notes, draws notes."""

    def __init__(self, model: NoteModel, shapers: Sequence[Shaper] = ()) -> None:
        """`shapers` shape all turns, before those that a turn's wish asks for."""
        self._model = model
        self._shapers = tuple(shapers)
        self._fed = _Fed()
        self._given_up: set[GivenUp] = set()

    @property
    def given_up(self) -> frozenset[GivenUp]:
        """The constraints that could not be kept so far in the turn that is drawn."""
        return frozenset(self._given_up)

    def forget(self) -> None:
        """Start afresh: nothing was heard."""
        self._model.reset()
        self._fed = _Fed()

    def take_model(self, model: NoteModel) -> None:
        """Go on with another model (the old one failed) that has heard nothing yet: feed it all that is remembered."""
        self._model = model
        fed = self._fed
        skip = self._too_old(len(fed.rows))
        self._fed = _Fed(fed.first + skip, fed.first + skip)
        if skip < len(fed.rows):
            self._feed(fed.rows[skip:], fed.ticks[skip:], fed.notes[skip:])

    def hear(self, hearing: Hearing, at_once: int | None = None) -> Iterator[int]:
        """Bring the cache to exactly this hearing: rewind to the first difference, feed what follows.

        Yields the number of notes still to feed after each chunk (of `at_once` notes; None: of the model's own
        size), so that the caller can stop in between; a hearing that was cut short is taken up where it stopped
        by the next one.
        """
        rows, ticks = _encoded(hearing.notes, hearing.metre, hearing.style, hearing.chords)
        kept = self._common(hearing, rows, ticks)
        if kept is not None and kept < self._fed.end and kept == hearing.first + len(rows):
            # Nothing follows, but the model's last state is that of a forgotten note: feed the last one again.
            kept -= 1
        if kept is None or not self._model.rewind(kept - self._fed.base):
            self._model.reset()
            kept = hearing.first + self._too_old(len(rows))
            self._fed = _Fed(kept, kept)
        fed, length = self._fed, kept - self._fed.first
        fed.rows, fed.ticks, fed.notes = fed.rows[:length], fed.ticks[:length], fed.notes[:length]
        size = at_once or self._model.chunk
        for start in range(kept - hearing.first, len(rows), size):
            chunk = slice(start, start + size)
            self._feed(rows[chunk], ticks[chunk], list(hearing.notes[chunk]))
            yield max(0, len(rows) - chunk.stop)

    def _common(self, hearing: Hearing, rows: Rows, ticks: NDArray[np.int64]) -> int | None:
        """The number of the first note that differs from what was fed; None if nothing fed is of use."""
        fed = self._fed
        begin, end = max(fed.first, hearing.first), min(fed.end, hearing.first + len(rows))
        in_sight = hearing.first + len(rows) - self._model.window
        if begin >= end or max(fed.base, in_sight) != max(hearing.first, in_sight):
            # Else the model would see notes that the jam has forgotten, or miss some that it has not.
            return None
        mine = slice(begin - fed.first, end - fed.first)
        theirs = slice(begin - hearing.first, end - hearing.first)
        equal = fed.rows[mine] == rows[theirs]
        if hearing.first + RECENT <= in_sight:
            # The first rows of a hearing do not know the notes in front of them; those fed earlier may have.
            equal[: max(0, 1 - theirs.start), COLUMN["onset"]] = True
            for back in range(1, RECENT + 1):
                equal[: max(0, back - theirs.start), COLUMN[f"before_{back}"]] = True
        same = np.asarray(equal.all(axis=1) & (fed.ticks[mine] == ticks[theirs]))
        return end if same.all() else begin + int(np.argmin(same))

    def _too_old(self, count: int) -> int:
        """How many of `count` notes need not be fed: the model does not look back on them, also after a small drop."""
        return max(0, count - self._model.window - self._model.chunk)

    def _feed(self, rows: Rows, ticks: NDArray[np.int64], notes: list[Note]) -> NDArray[np.float32]:
        """The model's states after each of them."""
        fed = self._fed
        if not len(fed.rows) and fed.base == fed.first:
            fed.base_tick = int(ticks[0])
        hidden = self._model.feed(rows, ticks - fed.base_tick)
        fed.rows = np.concatenate((fed.rows, rows))
        fed.ticks = np.concatenate((fed.ticks, ticks))
        fed.notes.extend(notes)
        if len(fed.rows) > 2 * _REMEMBERED:
            old = len(fed.rows) - _REMEMBERED
            fed.rows, fed.ticks, fed.notes = fed.rows[old:].copy(), fed.ticks[old:].copy(), fed.notes[old:]
            fed.first += old
        return hidden

    def next_onset(self) -> NDArray[np.float64]:
        """Probability of each onset step of the next note, as the model feels it, [STEP_COUNT]."""
        logits = self._model.logits((), UNPLACED).astype(np.float64)
        weights = np.exp(logits - logits.max())
        return np.asarray(weights / weights.sum())

    def foretell(self, notes: Sequence[Note], wish: Wish, at_once: int | None = None) -> Iterator[Nats]:
        """What the model makes of these notes after all that was heard, in nats [notes, fields]; they are heard too.

        Yields after each chunk (as `hear`). Fields that say nothing (an unknown pedal) cost nothing, nor does an onset
        after nothing.
        """
        size = at_once or self._model.chunk
        for start in range(0, len(notes), size):
            chunk = notes[start : start + size]
            rows, ticks = _encoded(chunk, wish.metre, wish.style, wish.chords, self._fed.notes)
            # The model still stands before the first; the states before the others come as they are fed.
            nats = self._foretold(rows[0])
            if not self._fed.notes:
                nats[:, DRAWN_INDEX["onset"]] = 0
            hidden = self._feed(rows, ticks, list(chunk))
            if len(rows) > 1:
                nats = np.concatenate((nats, costs(self._model, hidden[:-1], rows[:-1], rows[1:])))
            yield np.where(rows[:, : len(DRAWN)] >= _FIRST_DRAWN, nats, 0)

    def _foretold(self, row: NDArray[np.int64]) -> Nats:
        """What the next note costs, [1, fields]."""
        drawn, place = row[: len(DRAWN)].tolist(), row[PLACE_COLUMNS].tolist()
        logits = (self._model.logits(drawn[:number], place) for number in range(len(DRAWN)))
        return np.stack([cost(each[None], row[number, None]) for number, each in enumerate(logits)], axis=1)

    def revise(self, wish: Wish, plan: Iterable[Revision], shapers: Sequence[Shaper] = ()) -> Iterator[Note]:
        """Notes after all that was heard, some of their fields drawn anew; each is heard as it comes out.

        `plan` is asked for a note when the one before it is there. A field stays as it is where its mask and the hard
        constraints together leave nothing.
        """
        turn = self._begun(wish, shapers)
        for note, redrawn in plan:
            last = self._fed.notes[-1].onset_tick if self._fed.notes else note.onset_tick
            rows, _ = _encoded((note,), wish.metre, wish.style, wish.chords, self._fed.notes)
            place = tuple(rows[0, PLACE_COLUMNS].tolist())
            drawn: tuple[int, ...] = ()
            for part, class_now in zip(DRAWN, rows[0].tolist(), strict=False):
                allowed = redrawn.get(part.name)
                if allowed is not None and part.name == "pitch":
                    before = turn.notes[-1] if turn.notes else None
                    allowed = allowed & turn.constraints.pitches(note.onset_tick, before)
                if allowed is None or not allowed.any():
                    drawn = (*drawn, class_now)
                    continue
                drawing = Drawing(drawn, last, note.onset_tick, place, turn.notes)
                drawn = (*drawn, self._draw(turn, drawing, allowed))
            anew = note_of(drawn, last)
            revised = replace(note, channel=wish.channel, **{name: getattr(anew, name) for name in redrawn})
            rows, ticks = _encoded((revised,), wish.metre, wish.style, wish.chords, self._fed.notes)
            self._feed(rows, ticks, [revised])
            turn.took(revised)
            yield revised

    def play(self, wish: Wish, shapers: Sequence[Shaper] = ()) -> Iterator[Note]:
        """The notes of a turn after all that was heard, drawn as they are asked for; each is heard as well.

        `shapers` shape this turn only, before those that the wish asks for.
        """
        turn = self._begun(wish, shapers)
        while True:
            last = int(self._fed.ticks[-1]) if len(self._fed.ticks) else wish.earliest_tick
            step, onset = self._onset(turn, last)
            if wish.end_tick is not None and onset >= wish.end_tick:
                return
            note = self._note(turn, step, onset, last)
            rows, ticks = _encoded((note,), wish.metre, wish.style, wish.chords, self._fed.notes)
            self._feed(rows, ticks, [note])
            turn.took(note)
            yield note

    def _begun(self, wish: Wish, shapers: Sequence[Shaper]) -> "_Turn":
        """A turn after all that was heard."""
        turn = _Turn(wish, (*self._shapers, *shapers, *shapers_of(wish)))
        self._given_up = turn.constraints.given_up
        for shaper in turn.shapers:
            shaper.begin(self._fed.notes)
        return turn

    def _onset(self, turn: "_Turn", last: int) -> tuple[int, int]:
        """The next onset as (step, tick)."""
        onset = turn.constraints.entry(last)
        if onset is None:
            allowed = turn.constraints.onsets(last, self._fed.notes[-1] if self._fed.notes else None)
            if allowed.any():
                step = self._draw(turn, Drawing((), last, None, UNPLACED, turn.notes), allowed)
                return step, last + STEPS[step]
            onset = turn.constraints.first_moment(last)
        return int(step_of(np.asarray([min(onset - last, LONGEST)]))[0]), onset

    def _note(self, turn: "_Turn", step: int, onset: int, last: int) -> Note:
        """Draw the fields of the note at `onset` one after another."""
        wish, bounds = turn.wish, turn.constraints
        drawn: tuple[int, ...] = (step,)
        place = (*wish.metre.position(onset), *wish.chords.classes_at(onset), PART_UNKNOWN)
        for part in DRAWN[1:]:
            if part.name == "pedal" and not wish.use_pedal:
                drawn = (*drawn, Pedal.UNKNOWN)
                continue
            match part.name:
                case "pitch":
                    allowed = bounds.pitches(onset, self._fed.notes[-1] if self._fed.notes else None)
                case "duration":
                    allowed = bounds.durations(onset)
                case other:
                    allowed = bounds.others(other)
            drawn = (*drawn, self._draw(turn, Drawing(drawn, last, onset, place, turn.notes), allowed))
        return replace(note_of(drawn, last, wish.channel), onset_tick=onset)

    def _draw(self, turn: "_Turn", drawing: Drawing, allowed: Mask) -> int:
        """One class of the next field."""
        wish, name = turn.wish, DRAWN[len(drawing.drawn)].name
        logits = self._model.logits(drawing.drawn, drawing.place)
        logits = shaped(turn.shapers, name, logits, drawing)
        if name in _TIMING and not wish.metre.beat_known:
            # A breath lies spread over many fine steps, each of them unlikely: whoever cuts those off never breathes,
            # and what is drawn after that grows denser and denser.
            return draw(logits, turn.rng, allowed)
        return draw(logits, turn.rng, allowed, wish.temperature, wish.top_p, wish.min_p)


class _Turn:
    """What a turn goes by, and what came of it so far."""

    def __init__(self, wish: Wish, shapers: Sequence[Shaper]) -> None:
        self.wish = wish
        self.shapers = shapers
        self.constraints = Constraints(wish)
        self.rng = np.random.default_rng((wish.seed, wish.turn, *((wish.redrawn,) if wish.redrawn else ())))
        self.notes: list[Note] = []

    def took(self, note: Note) -> None:
        """This note is part of it now."""
        self.notes.append(note)
        self.constraints.took(note)
        for shaper in self.shapers:
            shaper.took(note)


def _encoded(
    notes: Sequence[Note], metre: Metre, style: str, chords: GivenChords, before: Sequence[Note] = ()
) -> tuple[Rows, NDArray[np.int64]]:
    """Rows and onset ticks of `notes`, with the chords in force."""
    rows, ticks = encode(notes, metre, style, before)
    if chords.chords and len(rows):
        rows[:, _CHORD_COLUMNS] = [chords.classes_at(tick) for tick in ticks.tolist()]
    return rows, ticks


def quiet_ticks(next_onset: NDArray[np.float64], unlikely: float) -> int:
    """After so many ticks without an onset, a further one would come with a probability of at most `unlikely`."""
    later = 1.0 - np.cumsum(next_onset)
    return int(_STEPS[np.argmax(later <= unlikely)])
