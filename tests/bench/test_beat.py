"""The virtual part of the beat's error: nothing to complain of without jitter, and it sees an error that is there."""

import numpy as np
import pytest

from cocomposer.bench import beat
from cocomposer.bench.daw_clock import Beat
from cocomposer.bench.subject import Subject
from tests.bench.live import answer_of


def test_an_even_clock_is_followed_exactly() -> None:
    _, errors = beat.virtual_errors(Beat(1.0, 30.0, 120.0, 120.0), jitter_seconds=0.0)
    assert len(errors) > 60
    assert beat.p99_ms(errors) < 0.5


def test_jitter_is_seen_and_smoothed() -> None:
    _, errors = beat.virtual_errors(Beat(1.0, 40.0, 100.0, 104.0))
    assert 0.05 < beat.p99_ms(errors) < 3.0


def test_a_late_engine_shows_in_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    punctual = (np.arange(1.0, 200.0), np.zeros(199))
    monkeypatch.setattr(beat, "virtual_errors", lambda *_: punctual)
    monkeypatch.setattr(beat, "live_answer", lambda *_: answer_of([(n, 0.004, False) for n in range(20)]))
    figures = beat.measure(Subject(bundle=None, quick=True, tell=lambda _: None))  # type: ignore[arg-type]
    assert figures["beat_due_error_ms_p99"] == 0 and figures["beat_drift_ms"] == 0
    assert figures["beat_error_ms_p99"] == pytest.approx(4.0, abs=0.01)
    assert figures["beat_live_notes"] == 20


def test_drift_is_the_difference_of_the_last_and_the_first_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = np.linspace(0.0, 600.0, 1201)
    monkeypatch.setattr(beat, "virtual_errors", lambda *_: (moments, moments * 1e-5))
    monkeypatch.setattr(beat, "live_answer", lambda *_: answer_of([(0, 0.0, False)]))
    figures = beat.measure(Subject(bundle=None, quick=True, tell=lambda _: None))  # type: ignore[arg-type]
    assert figures["beat_drift_ms"] == pytest.approx(5.4, abs=0.01)
    assert figures["beat_drift_ms_per_minute"] == pytest.approx(0.6, abs=0.01)
