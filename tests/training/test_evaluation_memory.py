"""The figure of the memory: who is heard with what, what it costs, and weights that learn to use a memory at all."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.events.layout import DRAWN
from cocomposer.memory.mixture import FieldWeights, Gate, Mixture
from cocomposer.memory.recall import FEATURES, Recall
from cocomposer.memory.store import Store
from models.training.evaluation import memory_answers, memory_fit
from models.training.evaluation.continuations import seeds_of
from models.training.evaluation.memory import CONDITIONS, costs, lines, measure
from models.training.evaluation.remembering import NOBODY, OTHERS, Trial, alone, ask, logits_of, of_composers, store_of
from models.training.evaluation.scoring import onnx_scorer, read_pieces
from models.training.evaluation.seeds import Window
from models.training.pieces import Source, read_manifest
from tests.memory.made_music import random_tune, rows_of


def source(number: int, composer: str, split: str, group: str = "") -> Source:
    return Source(Path(f"{composer}-{number}.mid"), "score", split, "score", composer=composer, group=group)


def test_a_piece_is_heard_with_five_others_of_its_composer_held_out_ones_first() -> None:
    rich = [source(n, "A", "test" if n == 0 else "valid" if n < 3 else "train") for n in range(9)]
    poor = [source(n, "B", "test" if n == 0 else "train") for n in range(OTHERS)]
    nobody = [source(n, name, "test") for name in NOBODY for n in range(9)]
    (trial,) = of_composers([*rich, *poor, *nobody], "test")
    assert trial.held is rich[0]
    assert len(trial.others) == OTHERS and trial.held not in trial.others
    assert [s.split for s in trial.others] == ["valid", "valid", "train", "train", "train"]
    assert of_composers([*rich, *poor], "test") == [trial], "the same every time"


def test_versions_of_a_piece_are_not_in_memory() -> None:
    versions = [source(n, "A", "test", group="g") for n in range(4)]
    others = [source(10 + n, "A", "train", group=f"h{n}") for n in range(OTHERS)]
    (trial,) = of_composers([*versions, *others], "test")
    assert set(trial.others) == set(others)


def test_the_model_alone_costs_what_evaluate_says(tiny_corpus: Path, tiny_bundle: Path) -> None:
    sources = read_manifest(tiny_corpus)
    held = next(s for s in sources if s.split == "test")
    model = OnnxNoteModel(tiny_bundle, Provider.CPU)
    found = costs(model, Trial(held, tuple(s for s in sources if s.split == "valid")), most_notes=80)
    assert found is not None
    nats, notes = found
    passage = read_pieces([held])[0].passage
    (expected,) = onnx_scorer(model)([type(passage)(passage.rows[:80], passage.ticks[:80])])
    assert notes == 79
    np.testing.assert_allclose(nats[0], np.nansum(expected, axis=1), atol=1e-3)
    assert not np.allclose(nats[0], nats[1]) and not np.allclose(nats[1], nats[2])


def test_a_memory_helps_a_model_that_knows_nothing(tiny_corpus: Path, tiny_bundle: Path) -> None:
    trials = of_named(read_manifest(tiny_corpus))
    table = measure(OnnxNoteModel(tiny_bundle, Provider.CPU), trials, most_notes=100)
    assert table is not None
    assert list(table["nats_per_note"]) == list(CONDITIONS)
    model, jam = (table["nats_per_note"][name]["value"] for name in ("model", "jam"))
    assert jam < model and table["better"]["jam than model"]["share_of_pieces"]["value"] == 1
    assert sum(of_field["jam"] for of_field in table["by_field"].values()) == pytest.approx(jam)
    assert any("jam than model" in line for line in lines("composers", table))


def of_named(sources: list[Source]) -> list[Trial]:
    """The tiny corpus' composer is called Nobody, which is a name here."""
    return [*of_composers(sources, "test"), *alone(sources, "test", "performed", 2)]


def test_fitted_weights_use_what_returns_and_say_what_the_product_says(tiny_corpus: Path, tiny_bundle: Path) -> None:
    model = OnnxNoteModel(tiny_bundle, Provider.CPU)
    questions = memory_fit.gather(model, of_named(read_manifest(tiny_corpus)), most_notes=100, share=1.0)
    mine = questions[False, "pitch"]
    fitted = memory_fit.fit(mine, steps=120)
    without, remembering = memory_fit.cost(mine, fitted)
    assert remembering < without - 0.1
    weights = FieldWeights({k: tuple(v) for k, v in fitted["features"].items()}, Gate(*fitted["gate"]))
    assert set(weights.features) == set(FEATURES)
    scope: dict[str, dict[str, FieldWeights]] = {}
    text = memory_fit.source_of({"PITCHED": {"pitch": fitted}, "DRUMS": {}})
    exec(compile(text, "weights", "exec"), scope)
    assert scope["PITCHED"] == {"pitch": weights}
    assert max(map(len, text.splitlines())) <= 120

    # What the fit minimised is what the product's mixture costs.
    rows, total, count = rows_of(random_tune(7, 60)), 0.0, 0
    kept = []
    heard = Store()
    for n in range(30):
        heard.extend(rows[n : n + 1])
        votes, target = Recall(heard).votes(rows[n + 1, :1].tolist()), int(rows[n + 1, 1])
        if len(votes.classes):
            mixed = Mixture(weights).mixed(np.zeros(128), votes)
            total -= float(mixed[target])
            count += 1
            small = votes.features.astype(np.uint8), votes.classes.astype(np.uint8), np.zeros(128, np.float16), target
            kept.append(small)
    tables = [torch.tensor(fitted["features"][name]) for name in FEATURES]
    nats = memory_fit.Batch(kept).nats(tables, torch.tensor(fitted["gate"]))
    assert float(nats.sum()) / count == pytest.approx(total / count, abs=1e-3)


def test_every_field_of_every_note_is_asked_in_order(tiny_corpus: Path, tiny_bundle: Path) -> None:
    held = read_pieces([next(s for s in read_manifest(tiny_corpus) if s.split == "test")])[0]
    rows = held.passage.rows[:20]
    passage = type(held.passage)(rows, held.passage.ticks[:20])
    model = OnnxNoteModel(tiny_bundle, Provider.CPU)
    asked = list(ask(logits_of(model, passage), rows, (None, store_of([rows], "score")), "score"))
    expected = [
        (note, field.name, int(rows[note + 1, place]))
        for note in range(19)
        for place, field in enumerate(DRAWN)
        if rows[note + 1, place] >= field.first_drawn
    ]
    assert [(a.note, a.field.name, a.target) for a in asked] == expected
    assert all(len(a.votes) == 2 for a in asked)
    assert any(len(a.votes[1].classes) > len(a.votes[0].classes) for a in asked)


def test_answers_with_a_memory_of_their_seed(tiny_corpus: Path, tiny_bundle: Path) -> None:
    pieces = read_pieces(s for s in read_manifest(tiny_corpus) if s.split == "test")
    seeds = seeds_of(pieces, [Window(n, 0, 64, 96) for n in range(len(pieces))])
    model = OnnxNoteModel(tiny_bundle, Provider.CPU)
    played = {f"memory {weight:g}": memory_answers.continued(model, seeds, weight) for weight in (0.0, 500.0)}
    assert [len(answer) for answer in played["memory 500"]] == [len(seed.truth) for seed in seeds]
    assert played["memory 500"] != played["memory 0"]
    played["copy"] = [seed.heard[: len(seed.truth)] for seed in seeds]
    shares = memory_answers.table_of(seeds, played)["all"]["4-grams from the seed"]
    assert shares["copy"]["value"] == 1 and shares["memory 0"]["value"] < 1
