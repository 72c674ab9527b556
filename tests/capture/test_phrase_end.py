"""When the phrase is over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.capture.phrase_end import Patience, PhraseEnd, onset_gaps, simple_wait


def steady(count: int, gap: float) -> list[float]:
    return [index * gap for index in range(count)]


@pytest.mark.parametrize(
    ("onsets", "wait"),
    [
        ([], 1.0),
        ([5.0], 1.0),
        ([5.0, 5.01, 5.02], 1.0),
        (steady(30, 0.5), 1.15),
        (steady(30, 0.1), 0.4),
        ([0.0, 1.0], 2.3),
        # Gaps of long ago are forgotten.
        (steady(10, 3.0) + [27 + 0.3 * index for index in range(1, 30)], 0.69),
        # 9 gaps of 0.2 and one of 1.2: the 90 % quantile lies a tenth above 0.2.
        ([*steady(10, 0.2), 3.0], 2.3 * 0.3),
    ],
)
def test_simple_wait(onsets: list[float], wait: float) -> None:
    assert simple_wait(onsets) == pytest.approx(wait)


def test_a_chord_is_one_onset() -> None:
    assert onset_gaps([0.0, 0.01, 1.0, 1.02, 1.04, 3.0]) == pytest.approx([2.0, 1.0])


@pytest.mark.parametrize(
    ("last_onset", "last_release", "held", "pedal_down", "wait", "over"),
    [
        (None, None, 0, False, 0.5, None),
        (1.0, None, 1, False, 0.5, None),
        (1.0, 0.9, 1, False, 0.5, None),
        (1.0, 1.1, 0, False, 0.5, 1.5),
        (1.0, 3.0, 0, False, 0.5, 3.3),
        (1.0, 3.0, 0, True, 0.5, 3.6),
        (1.0, None, 0, False, 0.5, 1.5),
    ],
)
def test_over_at(
    last_onset: float | None, last_release: float | None, held: int, pedal_down: bool, wait: float, over: float | None
) -> None:
    rule = PhraseEnd(silence_seconds=0.3, pedal_silence_seconds=0.6)
    assert rule.over_at(last_onset, last_release, held, pedal_down, wait) == (
        None if over is None else pytest.approx(over)
    )


@given(st.lists(st.floats(0.0, 3.0), max_size=50))
def test_the_wait_keeps_its_floor_and_its_scale(gaps: list[float]) -> None:
    onsets = [0.0]
    for gap in gaps:
        onsets.append(onsets[-1] + gap)
    assert 0.4 <= simple_wait(onsets) <= max(1.0, 2.3 * (max(gaps, default=0.0) + 2.0))


def test_a_long_silence_ends_every_phrase() -> None:
    rule = PhraseEnd(silence_seconds=0.3, longest_silence_seconds=2.0)
    assert rule.over_at(10.0, 10.5, 0, False, wait_seconds=60.0) == 12.5
    assert rule.scaled(2.0).over_at(10.0, 10.5, 0, False, wait_seconds=60.0) == 14.5
    assert rule.scaled(2.0).over_at(10.0, 10.5, 0, False, wait_seconds=0.0) == 11.1


def test_patience_grows_with_mistakes_and_calms_down() -> None:
    patience = Patience(3)
    steps = []
    for went_on_after in (0.1, 9, 9, 1.4, 0.2, 9, 9, 9, 9, 9, 9, 9, 9, 9):
        patience.judged(went_on_after)
        steps.append(patience.step)
    assert steps == [1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(("usual", "longest"), [(0.4, 1.0), (1.0, 1.0), (1.3, 1.3), (9.0, 2.0)])
def test_the_longest_pause_suits_the_player(usual: float, longest: float) -> None:
    assert PhraseEnd().suited(usual).over_at(10.0, 10.5, 0, False, wait_seconds=60.0) == 10.5 + longest
