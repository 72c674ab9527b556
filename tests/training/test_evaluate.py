"""The command from end to end on a tiny corpus: every measure, every baseline, and what it refuses."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cocomposer.events.layout import DRAWN, fingerprint
from models.training import card, evaluate, release
from models.training.checkpoint import FINAL, write_state
from models.training.evaluate import CONTINUATIONS, LIKELIHOOD, MEASURES, PREFERENCE, Plan
from models.training.evaluation import sampling
from models.training.evaluation.candidates import BASELINES
from models.training.evaluation.intervals import Resampling, estimate
from models.training.network import Network
from models.training.pieces import read_manifest
from tests.training.test_evaluation_scoring import LSTM


@pytest.fixture(scope="module")
def lstm_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of an LSTM, untrained."""
    folder = tmp_path_factory.mktemp("lstm")
    torch.manual_seed(4)
    description = {"shape": asdict(LSTM), "vocabulary": fingerprint()}
    write_state(folder / FINAL, {"description": description, "network": Network(LSTM).state_dict(), "step": 1})
    return folder


@pytest.fixture(scope="module")
def result(tiny_bundle: Path, tiny_corpus: Path, lstm_run: Path) -> dict[str, Any]:
    """All measures of all candidates on all pieces."""
    plan = Plan(measures=MEASURES, lstm=lstm_run, seeds=8, trials=8)
    return evaluate.evaluate(tiny_bundle, tiny_corpus, "all", tiny_corpus, plan)


def test_every_baseline_stands_in_one_table(result: dict[str, Any]) -> None:
    scored = ("model", "ngram", "ngram-memory", "lstm")
    for name in scored:
        assert set(result[name]) == {"all", "performed", "score"}, name
    for name in ("model", "ngram", "ngram-memory"):
        ends = result[name]["all"]["interval"]
        assert ends[0] <= result[name]["all"]["nats_per_note"] <= ends[1]
    # The heads of the untrained LSTM begin at zero: it pays chance, which is known by hand.
    for field in DRAWN[:4]:
        assert result["lstm"]["all"][field.name] == pytest.approx(np.log(field.classes), abs=1e-4)
    text = evaluate.lines(result)
    assert all(name in text for name in (*scored, "suffix", "true", "succession"))


def test_differences_are_those_of_the_tables(result: dict[str, Any]) -> None:
    mine, theirs = (result[name]["all"]["nats_per_note"] for name in ("model", "ngram"))
    better = result["better_by"]["ngram"]["all"]
    assert better["nats_per_note"]["value"] == pytest.approx(theirs - mine)
    assert better["share"]["value"] == pytest.approx(1 - mine / theirs)


def test_others_can_draw_the_intervals_from_what_stands_beside_the_table(result: dict[str, Any]) -> None:
    """A second reader, who knows the JSON only."""
    columns, rows = result["by_piece"]["columns"], result["by_piece"]["rows"]
    table = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    for model in ("model", "ngram", "ngram-memory"):
        nats = sum(np.asarray(table[f"{model}_{field.name}"]) for field in DRAWN)
        notes = np.asarray(table["notes"])
        again = estimate(Resampling(table["kind"]).ratios("all", np.asarray(nats), notes))
        assert again.value == pytest.approx(result[model]["all"]["nats_per_note"], abs=1e-3)
        assert [again.low, again.high] == pytest.approx(result[model]["all"]["interval"], abs=1e-3)


def test_every_candidate_continues_the_same_seeds(result: dict[str, Any]) -> None:
    table = result[CONTINUATIONS]
    assert set(table["measures"]) == {"true", "model", "lstm", "suffix"}
    assert sum(table["seeds"].values()) == 8 == len(table["by_seed"]["rows"])
    assert set(table["distance"]) == {"model", "lstm", "suffix"}
    assert set(result[PREFERENCE]) == {"same piece", "another piece"}


def test_the_same_line_gives_the_same_figures(
    result: dict[str, Any], tiny_bundle: Path, tiny_corpus: Path, lstm_run: Path
) -> None:
    plan = Plan(measures=(CONTINUATIONS,), baselines=("lstm", "suffix"), lstm=lstm_run, seeds=8)
    again = evaluate.evaluate(tiny_bundle, tiny_corpus, "all", tiny_corpus, plan)
    assert again[CONTINUATIONS] == result[CONTINUATIONS]


def test_the_card_has_every_section_and_is_the_same_from_the_file(
    result: dict[str, Any],
    tiny_bundle: Path,
    tiny_corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bundle = tmp_path / "tiny"
    bundle.mkdir()
    for file in tiny_bundle.iterdir():
        (bundle / file.name).write_bytes(file.read_bytes())
    description = json.loads((bundle / "bundle.json").read_text())
    recipe = {"name": "tiny", "steps": 3, "batch": 2, "length": 16}
    description["training"] = {"recipe": recipe, "steps_done": 3}
    (bundle / "bundle.json").write_text(json.dumps(description))
    metrics = {"valid": result, "test": result}
    trained = [s for s in read_manifest(tiny_corpus) if s.split == "train"]
    text = card.card(bundle, metrics, trained)
    for heading in ("Held-out likelihood", "Music of its continuations", "True continuation preferred", "Trained on"):
        assert f"## {heading}" in text
    assert "| LSTM |" in text and "| tiny | 13 | MIT" not in text and "see its manifest" in text
    stored = tmp_path / "metrics.json"
    stored.write_text(release.as_text(metrics))
    assert json.loads(stored.read_text()) == json.loads(json.dumps(metrics))
    line = ["release", "--bundle", str(bundle), "--corpus", str(tiny_corpus), "--baseline-corpus", str(tiny_corpus)]
    of_test, of_valid = tmp_path / "test.json", tmp_path / "valid.json"
    for split, file in (("test", of_test), ("valid", of_valid)):
        file.write_text(json.dumps(result | {"split": split}))
    for files in ([stored], [of_test, of_valid]):
        monkeypatch.setattr(sys, "argv", [*line, "--from-metrics", *map(str, files)])
        assert release.main() == 0
        assert (bundle / "MODEL_CARD.md").read_text() == text == capsys.readouterr().out[:-1]


def test_a_card_without_a_measure_has_no_section_for_it(result: dict[str, Any]) -> None:
    alone = {name: value for name, value in result.items() if name not in (CONTINUATIONS, PREFERENCE)}
    assert card.music_text("tiny", alone) == "" == card.preference_text("tiny", {"test": alone})


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["--split", "nowhere"], "has no notes in its split 'nowhere'"),
        (["--corpus", "nowhere"], "manifest.csv does not exist"),
        (["--bundle", "nowhere"], "nowhere"),
        (["--baselines", "lstm", "--lstm", "nowhere"], "holds no finished run of the LSTM"),
        (["--set", "creativity=9"], "creativity cannot be 9"),
        (["--set", "nonsense=1"], "setting"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    line: list[str],
    sentence: str,
    tiny_bundle: Path,
    tiny_corpus: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = ["evaluate", "--bundle", str(tiny_bundle), "--corpus", str(tiny_corpus), "--baselines", "none", *line]
    monkeypatch.setattr(sys, "argv", whole)
    assert evaluate.main() == 1
    told = capsys.readouterr()
    assert sentence in told.err and "Traceback" not in told.err and not told.out
    assert told.err.strip().count("\n") == 0


def test_a_folder_of_unreadable_files_is_an_error_that_names_them(
    tiny_bundle: Path, tiny_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.mid").write_bytes(b"MThd nothing")
    (tmp_path / "manifest.csv").write_text("path,kind,split\nbroken.mid,folk,test\n")
    with pytest.raises(ValueError, match="no notes in its split"):
        evaluate.evaluate(tiny_bundle, tmp_path, "test", None)
    assert "broken.mid" in capsys.readouterr().err
    with pytest.raises(ValueError, match="has no train split"):
        evaluate.evaluate(tiny_bundle, tiny_corpus, "test", tmp_path, Plan(baselines=("ngram",)))


def test_where_nothing_can_be_learnt_the_model_is_measured_alone(
    tiny_bundle: Path, tiny_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.mid").write_bytes((tiny_corpus / "score-15.mid").read_bytes())
    (tmp_path / "manifest.csv").write_text("path,kind,split\na.mid,score,test\n")
    found = evaluate.evaluate(tiny_bundle, tmp_path, "test", tmp_path)
    assert "model" in found and set(BASELINES).isdisjoint(found)
    assert "has no train split" in capsys.readouterr().err


def test_a_folder_of_kinds_that_nobody_learnt_is_measured(tiny_bundle: Path, tiny_corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes((tiny_corpus / "score-15.mid").read_bytes())
    (tmp_path / "manifest.csv").write_text("path,kind,split\na.mid,tango,test\n")
    plan = Plan(measures=MEASURES, baselines=("ngram", "suffix"), seeds=3, trials=3)
    found = evaluate.evaluate(tiny_bundle, tmp_path, "test", tiny_corpus, plan)
    assert set(found["model"]) == {"all", "tango"} and found[CONTINUATIONS]["seeds"] == {"tango": 1}
    assert set(found[PREFERENCE]) == {"same piece"}
    json.dumps(found, allow_nan=False)


def test_two_splits_at_once_are_as_each_by_itself(tiny_bundle: Path, tiny_corpus: Path) -> None:
    plan = Plan(baselines=("ngram",))
    both = evaluate.evaluate_splits(tiny_bundle, tiny_corpus, {"valid": plan, "test": plan}, tiny_corpus)
    for split, found in both.items():
        alone = evaluate.evaluate(tiny_bundle, tiny_corpus, split, tiny_corpus, plan)
        for name in ("model", "ngram"):
            assert found[name]["all"]["nats_per_note"] == pytest.approx(alone[name]["all"]["nats_per_note"], abs=1e-4)
    assert both["valid"]["by_piece"]["rows"] != both["test"]["by_piece"]["rows"]


def test_the_command_writes_what_it_prints(
    tiny_bundle: Path,
    tiny_corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "figures.json"
    line = ["evaluate", "--bundle", str(tiny_bundle), "--corpus", str(tiny_corpus), "--split", "test", "--json"]
    monkeypatch.setattr(sys, "argv", [*line, "--baselines", "none", "--measure", LIKELIHOOD, "--out", str(out)])
    assert evaluate.main() == 0
    assert json.loads(capsys.readouterr().out) == json.loads(out.read_text())
    assert set(BASELINES).isdisjoint(json.loads(out.read_text()))


def test_settings_are_varied_one_or_some_at_a_time(
    tiny_bundle: Path, tiny_corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["sampling", "--bundle", str(tiny_bundle), "--corpus", str(tiny_corpus), "--seeds", "2"]
    tries = ["--try", "follow_key=0,1", "--try", "creativity=0.5 top_p=0.5"]
    monkeypatch.setattr(sys, "argv", [*line, *tries])
    assert sampling.main() == 0
    told = capsys.readouterr()
    names = [json.loads(text)["variant"] for text in told.err.splitlines()]
    assert names == ["as it is", "follow_key=0", "follow_key=1", "creativity=0.5 top_p=0.5"]
    lines = told.out.splitlines()[1:]
    assert len({text.split(maxsplit=3)[-1] for text in lines}) > 1, "settings that change nothing prove nothing"
    monkeypatch.setattr(sys, "argv", [*line, "--try", "creativity=0,1"])
    assert sampling.main() == 1 and "creativity cannot be 0" in capsys.readouterr().err
