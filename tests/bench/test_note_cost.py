"""The cost of notes, with a model whose cost is known: a counter stands for the clock."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.bench import note_cost
from cocomposer.bench.plain_model import PlainModel
from cocomposer.generation.worker import Worker
from tests.fakes.note_model import FakeNoteModel, no_spare, spare


class Meter:
    """Stands for the module `time`."""

    seconds = 0.0

    def perf_counter(self) -> float:
        return self.seconds

    process_time = perf_counter


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    meter = Meter()
    monkeypatch.setattr(note_cost, "time", meter)
    return meter


class MeteredModel(PlainModel):
    """Each step takes 2 ms, and `growth` more for each event fed before."""

    def __init__(self, meter: Meter, growth: float = 0.0) -> None:
        super().__init__()
        self._meter, self._growth = meter, growth

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        self._meter.seconds += 0.002 + self._growth * self._length
        return super().feed(rows, ticks)


def drawing(model: PlainModel | FakeNoteModel) -> Worker:
    worker = Worker(model, no_spare)
    note_cost.begin(worker, context_notes=64)
    return worker


def no_pause() -> None:
    pass


def test_a_note_costs_what_the_model_costs(meter: Meter) -> None:
    figures = note_cost.at_full_context(drawing(MeteredModel(meter)), 50, no_pause)
    assert figures["note_ms_p50"] == pytest.approx(2.0)
    assert figures["note_ms_p99"] == pytest.approx(2.0)
    assert figures["note_cpu_ms_p50"] == pytest.approx(2.0)


@pytest.mark.parametrize(("growth", "expected"), [(0.0, 1.0), (1e-6, 3.565 / 2.665)])
def test_growth_is_seen(meter: Meter, growth: float, expected: float) -> None:
    early, late = (drawing(MeteredModel(meter, growth)) for _ in range(2))
    figures = note_cost.growth(early, late, 0, 1500, no_pause)
    assert figures["note_cost_growth"] == pytest.approx(expected, rel=0.005)


def test_a_model_that_fails_is_told() -> None:
    worker = Worker(FakeNoteModel(breaks_after=400), spare())
    note_cost.begin(worker, context_notes=64)
    with pytest.raises(RuntimeError, match="model failed"):
        note_cost.at_full_context(worker, 200, no_pause)
