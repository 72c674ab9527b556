"""The sweep over rules, and what is said where there is no corpus."""

from pathlib import Path

import numpy as np
import pytest

from cocomposer.bench import turn_gap
from cocomposer.bench.listening import Heard
from cocomposer.bench.plain_model import PlainModel
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.capture.phrase_end import SILENCE_SECONDS
from cocomposer.capture.turn_taking import Performance
from cocomposer.events.steps import STEP_COUNT, STEPS


def heard() -> Heard:
    """Ten phrases of even notes half a second apart with one pause of 1.2 s in the middle that the model foresees."""
    onsets = np.concatenate([np.r_[0.0:5.0:0.5, 5.7:10.7:0.5] + 20 * n for n in range(10)])
    performance = Performance(onsets, onsets + 0.4, np.arange(19, 200, 20))
    judged = np.sort(np.concatenate((np.arange(9, 200, 20), np.arange(19, 200, 20))))
    steps = np.asarray(STEPS)
    foreseen = np.where(judged % 20 == 9, 130, 60)
    later = (steps[None, :] < foreseen[:, None]).astype(np.float32)
    return Heard(performance, judged, later, np.full(20, 1 / 96), ("folk",) * 10, 10)


def test_the_model_is_compared_with_the_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn_gap, "hear", lambda *_: heard())
    figures = turn_gap.measure(Subject(Path()))
    assert figures["false_endings"] == 0 == figures["false_endings_fixed_1s"]
    assert figures["turn_judged_s_p50"] == pytest.approx(max(SILENCE_SECONDS, 60 / 96 - 0.4))
    assert figures["turn_phrases"] == 10 and figures["turn_notes"] == 200 and figures["turn_pieces"] == 10


def test_the_sweep_finds_the_shortest_wait_that_does_not_interrupt() -> None:
    rows = turn_gap.sweep(heard())
    assert [row["gap_p50"] for row in rows] == sorted(row["gap_p50"] for row in rows)
    best = next(row for row in rows if row["rule"] == "model" and row["false_endings"] == 0)
    assert best["gap_p50"] == pytest.approx(max(*turn_gap.SILENCES_TRIED[:1], 60 / 96 - 0.4))
    assert {row["rule"] for row in rows} == {"model", "simple", "fixed"}


def test_the_frontier_only_keeps_what_spares_false_endings() -> None:
    rows = [{"rule": "model", "gap_p50": gap, "false_endings": false} for gap, false in ((0.1, 9), (0.2, 9), (0.3, 4))]
    assert turn_gap.frontier([*rows, {"rule": "fixed", "gap_p50": 0.4, "false_endings": 1}]) == [rows[0], rows[2]]


def test_without_a_corpus_one_sentence_says_how_to_give_it() -> None:
    with pytest.raises(NotMeasured, match="--corpus DIR"):
        turn_gap.measure(Subject(Path()))


def test_a_folder_without_a_manifest_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turn_gap, "load_model", lambda *_: (PlainModel(), None))
        assert turn_gap.main(["--corpus", str(tmp_path), "--sweep"]) == 1
    assert "manifest.csv" in capsys.readouterr().err


def test_the_table_of_steps_is_the_models() -> None:
    assert heard().later.shape[1] == STEP_COUNT
