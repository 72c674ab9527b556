"""Tapping a tempo."""

import pytest

from cocomposer.sync.tap import TapTempo


@pytest.mark.parametrize(
    ("taps", "bpms"),
    [
        ([1.0], [None]),
        ([1.0, 1.5], [None, 120.0]),
        ([0.0, 0.5, 1.0, 1.6, 2.1], [None, 120.0, 120.0, 120.0, 120.0]),
        ([0.0, 1.0, 4.0, 4.5], [None, 60.0, None, 120.0]),
        ([0.0, 0.1], [None, 300.0]),
        ([0.0, 2.5], [None, 24.0]),
        ([1.0, 1.0, 0.5], [None, None, None]),
    ],
)
def test_table(taps: list[float], bpms: list[float | None]) -> None:
    tempo = TapTempo()
    heard = [tempo.tap(at_seconds) for at_seconds in taps]
    assert heard == [None if bpm is None else pytest.approx(bpm) for bpm in bpms]


def test_old_taps_are_forgotten() -> None:
    tempo = TapTempo()
    for index in range(10):
        tempo.tap(index * 0.5)
    for index in range(8):
        last = tempo.tap(4.5 + (index + 1) * 0.4)
    assert last == pytest.approx(150)
    assert tempo.count == 18
    tempo.reset()
    assert tempo.tap(8.0) is None
    assert tempo.count == 1
