"""Which beats count as served."""

import pytest

from cocomposer.bench.success import served_beats
from tests.bench.live import answer_of

Note = tuple[float, float | None, bool]
ON_TIME, LATE, NEVER = 0.0003, 0.05, None


@pytest.mark.parametrize(
    ("notes", "statuses", "served", "by_model", "beats"),
    [
        pytest.param([(n / 2, ON_TIME, False) for n in range(8)], [], 4, 4, 4, id="all by the model"),
        pytest.param([(0, ON_TIME, False), (1, ON_TIME, True)], [], 2, 1, 2, id="the fallback counts, and is told"),
        pytest.param([(0, ON_TIME, False), (1, ON_TIME, True), (1.5, ON_TIME, False)], [], 2, 1, 2, id="mixed beat"),
        pytest.param([(0, ON_TIME, False), (1, LATE, False)], [], 1, 1, 2, id="a late note does not count"),
        pytest.param([(0, ON_TIME, False), (1, NEVER, False)], [], 1, 1, 2, id="nor one that never went out"),
        pytest.param([(0, ON_TIME, False), (0.5, NEVER, False)], [], 1, 0, 1, id="one of two in time"),
        pytest.param([(0, ON_TIME, False), (2, ON_TIME, False)], [(0.7, 1.5)], 3, 3, 3, id="a planned rest"),
        pytest.param([(0, ON_TIME, False), (2, ON_TIME, False)], [(0.7, 0.0)], 2, 2, 3, id="nothing was planned"),
        pytest.param([(0, ON_TIME, False), (2, ON_TIME, False)], [], 2, 2, 3, id="nothing is known of the plan"),
    ],
)
def test_beats_are_counted(
    notes: list[Note], statuses: list[tuple[float, float]], served: int, by_model: int, beats: int
) -> None:
    assert served_beats(answer_of(notes, statuses)) == (served, by_model, beats)


def test_an_answer_that_breaks_off_leaves_its_beats_unserved() -> None:
    answer = answer_of([(0, ON_TIME, False), (1, ON_TIME, False)], [(1.2, 0.0), (2.0, 0.0)], last_beat=5.0)
    assert served_beats(answer) == (2, 2, 5)
