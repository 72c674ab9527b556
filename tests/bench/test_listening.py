"""The corpus is heard as the jam hears: same expectation after the same notes; and waits are those of the composer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.bench import listening
from cocomposer.bench.corpus import CorpusPiece
from cocomposer.bench.listening import Heard, listen
from cocomposer.capture.turn_taking import Performance, performance_of
from cocomposer.events.layout import DRAWN
from cocomposer.events.steps import STEP_COUNT
from cocomposer.generation.composer import quiet_ticks
from cocomposer.generation.request import Expected, Reply
from cocomposer.generation.worker import UNLIKELY, Worker
from cocomposer.jam import inputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.settings import Settings
from cocomposer.music.message import note_off, note_on
from cocomposer.music.note import PlayedNote
from cocomposer.runtime.offline import Offline
from tests.fakes.note_model import no_spare


class DigestModel:
    """Its hidden state after each event is a digest of the last events, its onset head a distribution drawn by it."""

    window = 64
    chunk = 16

    def __init__(self) -> None:
        self.reset()

    def twin(self) -> "DigestModel":
        return DigestModel()

    def reset(self) -> None:
        self._rows: list[tuple[int, ...]] = []
        self._last = np.zeros((1, 1), dtype=np.float32)

    def rewind(self, length: int) -> bool:
        del self._rows[length:]
        return True

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        states = []
        for row, tick in zip(rows.tolist(), ticks.tolist(), strict=True):
            self._rows.append((*row, tick))
            seen = self._rows[-8:]
            known = [(*r[:8], seen[-1][-1] - r[-1]) for r in seen]
            states.append([hash(tuple(known)) % 100_003])
        hidden = np.asarray(states, dtype=np.float32)
        self._last = hidden[-1:]
        return hidden

    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        assert len(drawn) == len(place) == len(recent) == len(hidden)
        classes = DRAWN[number].classes
        return np.stack([np.random.default_rng(int(h[0])).normal(0, 3, classes) for h in hidden]).astype(np.float32)

    def logits(self, drawn: Sequence[int], position: Sequence[int]) -> NDArray[np.float32]:
        place = np.asarray([position], dtype=np.int64)
        return np.asarray(self.head(len(drawn), self._last, place, place, place)[0])


def rubato(count: int) -> list[PlayedNote]:
    chance = np.random.default_rng(4)
    onsets = np.cumsum(chance.exponential(0.4, count) + 0.15)
    return [PlayedNote(float(at), float(at) + 0.12, 50 + int(chance.integers(30)), 70) for at in onsets - onsets[0]]


def steady(count: int) -> list[PlayedNote]:
    return [PlayedNote(0.3 * n, 0.3 * n + 0.15, 60 + n * 5 % 12, 60 + 30 * (n % 4 == 0)) for n in range(count)]


@dataclass
class Listener(Worker):
    """A worker that keeps what it expected."""

    expected: list[Expected] = field(default_factory=list)

    def __init__(self, model: DigestModel) -> None:
        super().__init__(model, no_spare)
        self.expected = []

    def work(self) -> list[Reply]:
        replies = super().work()
        self.expected += [reply for reply in replies if isinstance(reply, Expected)]
        return replies


@pytest.mark.parametrize("played", [rubato(30), rubato(100), steady(40)], ids=["rubato", "long", "steady"])
def test_the_model_expects_after_the_phrase_what_it_expects_in_a_jam(
    played: list[PlayedNote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "ESTIMATED_EVERY", 1)
    worker = Listener(DigestModel())
    # Only the last silence may be long enough for the rule: the jam must not answer in between.
    jam = Jam(Settings(answer=False, phrase_bars=0, patience=4.0))
    offline = Offline(jam, worker)
    offline.begin()
    events: list[tuple[float, inputs.Input]] = []
    for note in played:
        assert note.release_seconds is not None
        on, off = note_on(0, note.pitch, note.velocity), note_off(0, note.pitch)
        events.append((note.onset_seconds, inputs.Arrived(note.onset_seconds, on)))
        events.append((note.release_seconds, inputs.Arrived(note.release_seconds, off)))
    for at_seconds, event in sorted(events, key=lambda pair: pair[0]):
        offline.now = at_seconds
        offline.do(event)
    wait = worker.expected[-1].quiet_ticks[0] * jam.grid(offline.now).seconds_per_tick

    heard = listen(DigestModel(), [CorpusPiece("one", "folk", tuple(played), performance_of(played))])
    assert heard.judged[-1] == len(played) - 1
    assert heard.waits(UNLIKELY[0])[-1] == pytest.approx(wait)


def test_waits_are_the_composers_quiet_ticks() -> None:
    chance = np.random.default_rng(3)
    expected = chance.dirichlet(np.full(STEP_COUNT, 0.1), 20)
    later = (1 - np.cumsum(expected, axis=1)).astype(np.float32)
    onsets = np.arange(20.0)
    performance = Performance(onsets, onsets + 0.1, np.asarray([19]))
    heard = Heard(performance, np.arange(20), later, np.full(20, 0.01), ("folk",), 1)
    for unlikely in (0.02, 0.1, 0.3):
        assert heard.waits(unlikely) == pytest.approx([0.01 * quiet_ticks(row, unlikely) for row in expected])
        assert (heard.waits(unlikely, floor_seconds=0.4) >= 0.4).all()


def test_notes_without_a_pause_behind_them_are_not_asked_about() -> None:
    played = [PlayedNote(0.2 * n, 0.2 * n + 0.19, 60, 70) for n in range(20)]
    played += [PlayedNote(5.0 + 0.2 * n, 5.19 + 0.2 * n, 62, 70) for n in range(20)]
    heard = listen(DigestModel(), [CorpusPiece("one", "folk", tuple(played), performance_of(played))])
    assert heard.judged.tolist() == [19, 39]
    waits = heard.waits(0.1)
    assert waits[19] > 0 and waits[39] > 0 and np.count_nonzero(waits) == 2


def test_nothing_to_hear_is_an_error() -> None:
    with pytest.raises(ValueError, match="no piece"):
        listen(DigestModel(), [])
