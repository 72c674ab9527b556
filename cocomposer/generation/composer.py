"""The composer: keeps the model's cache in step with what was heard, and draws the notes of a turn one by one.

Pure and deterministic: the same hearing, wish and seed give the same notes. Knows ticks, no seconds,
and not who plays the notes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows, encode, note_of
from cocomposer.events.layout import COLUMN, COLUMNS, DRAWN, RECENT, UNPLACED
from cocomposer.events.steps import LONGEST, STEPS, step_of
from cocomposer.generation.key_lean import key_lean
from cocomposer.generation.request import Hearing, OnsetGrid, Wish
from cocomposer.generation.sampler import draw
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.ports import NoteModel

_STEPS: Final = np.asarray(STEPS, dtype=np.int64)
_ON_GRID: Final = {grid: np.asarray([grid.allows(tick) for tick in range(TICKS_PER_BEAT)]) for grid in OnsetGrid}
_LAST_RING: Final = TICKS_PER_BEAT
"""How long the last notes of a turn may sound beyond its end."""
_REMEMBERED: Final = 1024
"""Notes kept to compare with; more than a model looks back on."""


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

    def __init__(self, model: NoteModel) -> None:
        self._model = model
        self._fed = _Fed()

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
        rows, ticks = encode(hearing.notes, hearing.metre, hearing.style)
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

    def _feed(self, rows: Rows, ticks: NDArray[np.int64], notes: list[Note]) -> None:
        fed = self._fed
        if not len(fed.rows) and fed.base == fed.first:
            fed.base_tick = int(ticks[0])
        self._model.feed(rows, ticks - fed.base_tick)
        fed.rows = np.concatenate((fed.rows, rows))
        fed.ticks = np.concatenate((fed.ticks, ticks))
        fed.notes.extend(notes)
        if len(fed.rows) > 2 * _REMEMBERED:
            old = len(fed.rows) - _REMEMBERED
            fed.rows, fed.ticks, fed.notes = fed.rows[old:].copy(), fed.ticks[old:].copy(), fed.notes[old:]
            fed.first += old

    def next_onset(self) -> NDArray[np.float64]:
        """Probability of each onset step of the next note, as the model feels it, [STEP_COUNT]."""
        logits = self._model.logits((), UNPLACED).astype(np.float64)
        weights = np.exp(logits - logits.max())
        return np.asarray(weights / weights.sum())

    def play(self, wish: Wish) -> Iterator[Note]:
        """The notes of a turn after all that was heard, drawn as they are asked for; each is heard as well."""
        rng = np.random.default_rng((wish.seed, wish.turn))
        lean = key_lean(self._fed.notes, wish.follow_key)
        together: int | None = None
        while True:
            last = int(self._fed.ticks[-1]) if len(self._fed.ticks) else wish.earliest_tick
            step, onset = self._onset(wish, last, together, rng)
            if wish.end_tick is not None and onset >= wish.end_tick:
                return
            together = together + 1 if together is not None and onset == last else 1
            note = self._note(wish, step, onset, last, lean, rng)
            rows, ticks = encode((note,), wish.metre, wish.style, before=self._fed.notes)
            self._feed(rows, ticks, [note])
            yield note

    def _onset(self, wish: Wish, last: int, together: int | None, rng: np.random.Generator) -> tuple[int, int]:
        """The next onset as (step, tick); `together`: how many of this turn began at `last`, None at first."""
        if together is None and wish.first_tick is not None:
            onset = max(wish.first_tick, last)
            return int(step_of(np.asarray([onset - last]))[0]), onset
        from_tick = max(last, wish.earliest_tick)
        onsets = last + _STEPS
        allowed = (onsets >= from_tick) & (onsets <= from_tick + wish.longest_rest_ticks)
        if together is not None and (together >= wish.most_at_once or self._fed.notes[-1].pitch >= wish.highest_pitch):
            allowed[0] = False
        if wish.metre.beat_known:
            allowed &= _ON_GRID[wish.grid][onsets % TICKS_PER_BEAT]
        if not allowed.any():
            # No step leads there (a long silence lies between): the first moment that will do.
            onset = from_tick if together is None else from_tick + 1
            while wish.metre.beat_known and not wish.grid.allows(onset % TICKS_PER_BEAT):
                onset += 1
            return int(step_of(np.asarray([min(onset - last, LONGEST)]))[0]), onset
        logits = self._model.logits((), UNPLACED)
        step = draw(logits, rng, allowed, wish.temperature, wish.top_p)
        return step, last + STEPS[step]

    def _note(
        self, wish: Wish, step: int, onset: int, last: int, lean: NDArray[np.float32], rng: np.random.Generator
    ) -> Note:
        """Draw the fields of the note at `onset` one after another."""
        drawn = [step]
        place = (*wish.metre.position(onset), *UNPLACED[2:])
        for part in DRAWN[1:]:
            if part.name == "pedal" and not wish.use_pedal:
                drawn.append(Pedal.UNKNOWN)
                continue
            allowed = np.arange(part.classes) >= part.first_drawn
            if part.name == "pitch":
                lowest = wish.lowest_pitch
                if onset == last and self._fed.notes and lowest <= self._fed.notes[-1].pitch < wish.highest_pitch:
                    # Notes that begin together come in order of pitch, as the model learnt them.
                    lowest = self._fed.notes[-1].pitch + 1
                allowed[:lowest] = False
                allowed[wish.highest_pitch + 1 :] = False
            elif part.name == "duration" and wish.end_tick is not None:
                allowed &= max(TICKS_PER_BEAT // 4, wish.end_tick + _LAST_RING - onset) >= _STEPS
            logits = self._model.logits(drawn, place)
            if part.name == "pitch":
                logits = logits + lean
            drawn.append(draw(logits, rng, allowed, wish.temperature, wish.top_p))
        return replace(note_of(drawn, last, wish.channel), onset_tick=onset)


def quiet_ticks(next_onset: NDArray[np.float64], unlikely: float) -> int:
    """After so many ticks without an onset, a further one would come with a probability of at most `unlikely`."""
    later = 1.0 - np.cumsum(next_onset)
    return int(_STEPS[np.argmax(later <= unlikely)])
