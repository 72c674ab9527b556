"""What the model expects after each note of a corpus, heard as the jam lets its composer hear: same placing, same
estimate of the tempo, same history; only without waiting. Knows no rule for the end of a phrase.

Only notes before a pause matter, because during anything shorter no rule would have judged the phrase over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.bench.corpus import PAUSE_SECONDS, CorpusPiece, joined, pauses_after
from cocomposer.capture.placing import nearest, place
from cocomposer.capture.turn_taking import Performance
from cocomposer.events.layout import DRAWN, RECENT_COLUMNS, UNPLACED
from cocomposer.events.steps import STEP_COUNT, STEPS
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing
from cocomposer.jam.settings import Settings
from cocomposer.jam.state import State
from cocomposer.music.grid import Grid
from cocomposer.music.note import PlayedNote
from cocomposer.ports import NoteModel
from cocomposer.sync.transport import Transport

ESTIMATED_EVERY: Final = 6
"""The jam estimates the tempo at every note, here at every so many and before each pause: the same estimate, sooner."""
_ESTIMATED_NOTES: Final = 160
_STEPS: Final = np.asarray(STEPS, dtype=np.int64)

Floats = NDArray[np.float64]


class Remembering:
    """A model that keeps the hidden states of all that it was fed, for `Composer` to work on."""

    def __init__(self, model: NoteModel) -> None:
        self._model = model
        self.reset()

    @property
    def window(self) -> int:
        """As the model's."""
        return self._model.window

    @property
    def chunk(self) -> int:
        """As the model's."""
        return self._model.chunk

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        """As the model's, and remembered."""
        hidden = self._model.feed(rows, ticks)
        self._hidden.extend(hidden)
        self._recent.extend(rows[:, RECENT_COLUMNS])
        return hidden

    def rewind(self, length: int) -> bool:
        """As the model's."""
        if not self._model.rewind(length):
            return False
        del self._hidden[length:], self._recent[length:]
        return True

    def reset(self) -> None:
        """As the model's."""
        self._model.reset()
        self._hidden: list[NDArray[np.float32]] = []
        self._recent: list[NDArray[np.int64]] = []

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        """As the model's."""
        return self._model.logits(drawn, place)

    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """As the model's."""
        return self._model.head(number, hidden, drawn, place, recent)

    def next_onsets(self, back: NDArray[np.int64]) -> Floats:
        """[events, STEP_COUNT] distribution of the onset after the events `back` (1: the last) from the end."""
        hidden = np.stack([self._hidden[-b] for b in back.tolist()])
        recent = np.stack([self._recent[-b] for b in back.tolist()])
        drawn = np.zeros((len(back), len(DRAWN)), dtype=np.int64)
        place = np.tile(np.asarray([UNPLACED], dtype=np.int64), (len(back), 1))
        logits = self._model.head(0, hidden, drawn, place, recent).astype(np.float64)
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Heard:
    """A corpus as the model heard it."""

    performance: Performance
    judged: NDArray[np.int64]
    """Indices of the notes before a pause."""
    later: NDArray[np.float32]
    """[judged, STEP_COUNT] probability that the next onset comes after this step."""
    seconds_per_tick: Floats
    """[judged] of the grid on which the model heard them."""
    kinds: tuple[str, ...]
    """[phrases]"""
    pieces: int

    def waits(self, unlikely: float, floor_seconds: float = 0.0) -> Floats:
        """[notes] seconds to wait after each onset until going on had become `unlikely`; 0 where it does not matter."""
        ticks = _STEPS[np.argmax(self.later <= unlikely, axis=1)]
        waits = np.zeros(len(self.performance.onsets))
        waits[self.judged] = np.maximum(floor_seconds, ticks * self.seconds_per_tick)
        return waits


def listen(model: NoteModel, corpus: Iterable[CorpusPiece]) -> Heard:
    """Hear all pieces. NoPieces (a ValueError) if there is none."""
    performances: list[Performance] = []
    kinds: list[str] = []
    judged: list[NDArray[np.int64]] = []
    later: list[NDArray[np.float32]] = []
    ticks: list[Floats] = []
    offset = 0
    remembering = Remembering(model)
    for piece in corpus:
        places, expected, lengths = _piece(remembering, piece)
        judged.append(places + offset)
        later.append((1.0 - np.cumsum(expected, axis=1)).astype(np.float32))
        ticks.append(lengths)
        performances.append(piece.performance)
        kinds += [piece.kind] * len(piece.performance.phrase_ends)
        offset += len(piece.played)
    whole = joined(performances)
    return Heard(
        whole,
        np.concatenate(judged),
        np.concatenate(later),
        np.concatenate(ticks),
        tuple(kinds),
        len(performances),
    )


def _piece(model: Remembering, piece: CorpusPiece) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Of one piece: the notes judged, the onset distribution after each, and the length of a tick there."""
    model.reset()
    composer = Composer(model)
    state = State(Settings(), Transport())
    before_pause = pauses_after(piece.performance) >= PAUSE_SECONDS
    expected: list[Floats] = []
    lengths: list[float] = []
    # Fewer than the model looks back on, so that the state after each of them is still there.
    most = model.window // 2
    starts, ends = piece.performance.phrase_starts.tolist(), piece.performance.phrase_ends.tolist()
    for start, end in zip(starts, ends, strict=True):
        for grid, indices in _stretches(state.transport, piece.played, before_pause, (start, end), most):
            expected.append(_expected(model, composer, state, piece.played[start : indices[-1] + 1], grid, indices))
            lengths += [grid.seconds_per_tick] * len(indices)
        now = piece.played[end].onset_seconds
        state.remember(place(piece.played[start : end + 1], state.transport.grid(now), now))
    places = np.flatnonzero(before_pause)
    return places, np.concatenate(expected) if expected else np.empty((0, STEP_COUNT)), np.asarray(lengths)


def _stretches(
    transport: Transport, played: Sequence[PlayedNote], judged: NDArray[np.bool_], phrase: tuple[int, int], most: int
) -> list[tuple[Grid, list[int]]]:
    """The notes of a phrase (first and last index) to judge, in stretches of `most` notes heard on the same grid."""
    start, end = phrase
    stretches: list[tuple[Grid, list[int]]] = []
    for index in range(start, end + 1):
        now = played[index].onset_seconds
        if judged[index] or (index - start) % ESTIMATED_EVERY == 0:
            transport.hear(played[max(start, index - _ESTIMATED_NOTES) : index + 1], now)
            grid = transport.grid(now)
        if judged[index]:
            if not stretches or stretches[-1][0] != grid or index - stretches[-1][1][0] >= most:
                stretches.append((grid, []))
            stretches[-1][1].append(index)
    return stretches


def _expected(
    model: Remembering, composer: Composer, state: State, played: Sequence[PlayedNote], grid: Grid, judged: list[int]
) -> Floats:
    """Onset distributions after the `judged` notes (indices that end with the last note of `played`)."""
    phrase = place(played, grid, played[-1].onset_seconds)
    hearing: Hearing = state.hearing(grid, phrase)
    for _ in composer.hear(hearing):
        pass
    # Unison notes become one when they are placed, so count by tick: a pause lies after each judged note.
    ticks = np.asarray([note.onset_tick for note in phrase])
    count = len(played)
    onsets = [played[index - judged[-1] + count - 1].onset_seconds for index in judged]
    reached = np.searchsorted(ticks, [nearest(grid.tick_at(onset)) for onset in onsets], side="right")
    return model.next_onsets(np.maximum(1, len(phrase) - reached + 1))
