"""What is promised, and how it is shown."""

import pytest

from cocomposer.bench.figures import FIGURES, table

BY_KEY = {figure.key: figure for figure in FIGURES}


@pytest.mark.parametrize(
    ("key", "figures", "reached"),
    [
        ("note_ms_p50", {"note_ms_p50": 3.0}, True),
        ("note_ms_p50", {"note_ms_p50": 3.1}, False),
        ("note_ms_p50", {"note_ms_p50": None}, None),
        ("success_120", {"success_120": 0.9985}, False),
        ("success_120", {"success_120": 0.999}, True),
        ("beat_drift_ms", {"beat_drift_ms": -0.7}, False),
        ("false_endings", {"false_endings": 5, "false_endings_fixed_1s": 5}, True),
        ("false_endings", {"false_endings": 6, "false_endings_fixed_1s": 5}, False),
        ("false_endings", {"false_endings": 6}, None),
        ("lateness_ms_max", {"lateness_ms_max": 40.0}, None),
    ],
)
def test_limits(key: str, figures: dict[str, float | None], reached: bool | None) -> None:
    assert BY_KEY[key].reached(figures) is reached


def test_the_table_shows_what_was_measured() -> None:
    lines = table({"note_ms_p50": 2.5, "success_120": 0.9, "false_endings": None}).splitlines()
    assert len(lines) == 4
    assert lines[1].split()[-4:] == ["2.500", "<=", "3", "yes"]
    assert "0.900" in lines[3] and lines[3].endswith("NO")
    assert lines[2].split()[-1] == "-"
