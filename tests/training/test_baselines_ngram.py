"""The counting baseline is a probability distribution that looks nowhere ahead, learns what is there, and remembers."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cocomposer.events.codec import Rows, rows_of
from cocomposer.events.layout import DRAWN, STYLES, Field
from models.training.baselines import tune
from models.training.baselines.blending import LadderWeights, blend, climb, read_weights
from models.training.baselines.counting import Counts
from models.training.baselines.features import Notes
from models.training.baselines.ladders import LADDERS
from models.training.baselines.ngram import WEIGHTS, Question, both_nats, memory_nats, ngram_nats

BY_NAME = {field.name: number for number, field in enumerate(DRAWN)}


def music(seed: int, notes: int = 60, style: int = 2, velocity: int = 1) -> Rows:
    """Chance over small alphabets in the middle of the keyboard, all fields known unless `velocity` is 0."""
    rng = np.random.default_rng(seed)
    onset = np.cumsum(rng.choice((0, 12, 24), notes))
    return rows_of(
        onset, rng.choice((60, 62, 64, 65), notes), rng.choice((12, 24), notes), velocity * rng.choice((60, 80), notes),
        rng.choice((1, 2, 3), notes), onset % 48, onset // 48 % 4, style,
    )  # fmt: skip


def tune_of(pitches: list[int], style: int = 4) -> Rows:
    count = len(pitches)
    zero, onset = np.zeros(count, dtype=np.int64), 24 * np.arange(count)
    return rows_of(onset, np.asarray(pitches), zero + 24, zero, zero, onset % 48, onset // 48 % 4, style)


@pytest.mark.parametrize("field", DRAWN, ids=lambda field: field.name)
@pytest.mark.parametrize("style", [1, 4, 6])
def test_the_probabilities_of_all_classes_sum_to_one(field: Field, style: int) -> None:
    train = [music(n, style=2 + n % 3) for n in range(6)]
    last = music(99, notes=40, style=style)
    endings = []
    for drawn in range(field.first_drawn, field.classes):
        ending = last.copy()
        ending[-1, BY_NAME[field.name]] = drawn
        endings.append(ending)
    for nats in both_nats(train, endings):
        assert sum(np.exp(-piece[BY_NAME[field.name], -1]) for piece in nats) == pytest.approx(1, abs=1e-6)


def test_intervals_beyond_the_keyboard_only_lose() -> None:
    train = [music(n) for n in range(3)]
    endings = [np.concatenate((tune_of([120, 126, 127]), tune_of([p]))) for p in range(128)]
    for nats in both_nats(train, endings):
        assert 0.5 < sum(np.exp(-piece[BY_NAME["pitch"], -1]) for piece in nats) <= 1 + 1e-6


def test_what_comes_later_changes_nothing() -> None:
    train, whole = [music(n) for n in range(4)], music(50)
    other = np.concatenate((whole[:30], music(51)[30:]))
    for first, second in zip(both_nats(train, [whole, music(52)]), both_nats(train, [other]), strict=True):
        np.testing.assert_array_equal(first[0][:, :29], second[0][:, :29])


def test_pieces_do_not_know_of_each_other() -> None:
    train, pieces = [music(n) for n in range(4)], [music(60), music(61, notes=9), music(60)]
    together = both_nats(train, pieces)
    for piece in range(3):
        for first, second in zip(together, both_nats(train, pieces[piece : piece + 1]), strict=True):
            np.testing.assert_array_equal(first[piece], second[0])


def test_a_field_that_says_nothing_does_not_count() -> None:
    quiet = music(3, velocity=0)
    for nats in (ngram_nats([music(1)], [quiet])[0], memory_nats([music(1)], [quiet])[0]):
        assert nats.shape == (len(DRAWN), len(quiet) - 1)
        assert np.isnan(nats[BY_NAME["velocity"]]).all()
        assert np.isfinite(np.delete(nats, BY_NAME["velocity"], axis=0)).all()


def test_what_the_training_music_never_knew_is_a_matter_of_chance() -> None:
    cost = ngram_nats([music(1, velocity=0)], [music(2)])[0][BY_NAME["velocity"]]
    np.testing.assert_allclose(cost, np.log(32), rtol=1e-6)


def test_what_was_heard_often_becomes_likely_in_every_key() -> None:
    train = [tune_of([60, 62, 64, 65] * 50)] * 4
    same, moved = (ngram_nats(train, [tune_of([p + up for p in [60, 62, 64, 65] * 6])])[0] for up in (0, 5))
    strange = ngram_nats(train, [tune_of([60, 71, 49, 66] * 6)])[0]
    pitch = BY_NAME["pitch"]
    assert same[pitch, 8:].mean() < 0.3
    # In another key it costs something, for one of the ladders counts pitches as they are.
    assert moved[pitch, 8:].mean() < 2.0 < 4.0 < strange[pitch, 8:].mean()


def test_the_memory_learns_the_piece_and_the_plain_one_does_not() -> None:
    train, rng = [music(n) for n in range(4)], np.random.default_rng(5)
    theme = rng.integers(48, 84, 24).tolist()
    plain, memory = (nats[0][BY_NAME["pitch"]] for nats in both_nats(train, [tune_of(theme * 4)]))
    assert memory[72:].mean() < 0.35 * plain[72:].mean()
    assert plain[72:].mean() > 0.8 * plain[24:48].mean()


def test_nothing_to_learn_from_is_refused_and_nothing_to_score_is_nothing() -> None:
    with pytest.raises(ValueError, match="train split"):
        ngram_nats([], [music(1)])
    assert both_nats([music(1)], []) == ([], [])


def test_the_committed_weights_fit_the_ladders() -> None:
    weights = read_weights(WEIGHTS)
    for part in ("corpus", "memory"):
        assert list(weights[part]) == [field.name for field in DRAWN] == list(LADDERS)
        for field, ladders in LADDERS.items():
            sizes = [1 + len(ladder.steps) for ladder in ladders] + ([0] if part == "memory" else [])
            assert [len(ladder.discounts) for ladder in weights[part][field]] == sizes
            for size, ladder in zip(sizes, weights[part][field], strict=True):
                assert len(ladder.concentration) == size and len(ladder.depth) == size + 1
                assert len(ladder.style) == len(STYLES)
                assert all(0 <= d <= n + 1 for step in ladder.discounts for n, d in enumerate(step))
                assert all(c > 0 for c in ladder.concentration)


def test_an_unmet_context_leaves_the_shorter_one_as_it_was() -> None:
    none = np.zeros(3, dtype=np.float32)
    weights = LadderWeights(((0.5, 0.9, 1.0),), (2.0,), (0.0,) * len(STYLES), (0.0, 1.0))
    base = np.asarray((0.2, 0.3, 0.5))
    said, met = climb([Counts(none, none, none, none, none)], base, weights)
    np.testing.assert_allclose(said, base)
    assert met.tolist() == [0, 0, 0]


def test_tuning_fits_the_same_formula_and_gets_better() -> None:
    learnt = Notes.of([tune_of([60, 62, 64, 65, 67] * 40), music(1, notes=200)])
    asked = Notes.of([tune_of([62, 64, 66, 67, 69] * 20), music(2, notes=200)])
    question = Question.of(DRAWN[BY_NAME["pitch"]], learnt, asked)
    ladder = LADDERS["pitch"][0]
    places, weight = tune.sample(question.style)
    assert float(weight.sum()) == pytest.approx(1)
    counts, base = tune.tensors(question.corpus(ladder), places), torch.tensor(question.base[places]).float()
    raw, said = tune.fit_ladder(counts, base, weight)
    before = tune.climbed(counts, base, torch.zeros(len(counts), 4))
    assert (weight * said.log()).sum() > (weight * before.log()).sum()
    met = torch.stack([step[1] > 0 for step in counts]).sum(dim=0)
    style = torch.tensor(question.style[places])
    by_style, by_depth, blended = tune.fit_blend([said, base], [met, 0 * met], [len(raw), 0], style, weight)
    assert (weight * blended.log()).sum() > (weight * said.log()).sum() - 0.05
    entries = tune.entries([raw, torch.zeros(0, 4)], by_style, by_depth)
    weights = [
        LadderWeights(tuple(map(tuple, e["discounts"])), *(tuple(e[k]) for k in ("concentration", "style", "depth")))
        for e in entries
    ]
    exact = climb(question.corpus(ladder), question.base, weights[0])
    np.testing.assert_allclose(exact[0][places], said, rtol=0.01)
    mixed = blend([exact, climb([], question.base, weights[1])], question.style, weights)
    np.testing.assert_allclose(mixed[places], blended, rtol=0.01)


def test_a_sample_takes_few_of_many_and_all_of_few() -> None:
    style = np.asarray([1] * 1000 + [4] * 10)
    places, weight = tune.sample(style, most=100)
    assert (style[places] == 4).sum() == 10 and (style[places] == 1).sum() == 100
    assert float(weight[style[places] == 1].sum()) == pytest.approx(1000 / 1010)


def test_the_command_writes_a_table_that_reads(
    tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "weights.json"
    monkeypatch.setattr(tune, "CLIMB_STEPS", 3)
    monkeypatch.setattr(tune, "BLEND_STEPS", 3)
    monkeypatch.setattr("sys.argv", ["tune", "--corpus", str(tiny_corpus), "--out", str(out)])
    tune.main()
    weights = read_weights(out)
    plain, memory = both_nats([music(1)], [music(2)], weights)
    assert np.isfinite(plain[0]).all() and np.isfinite(memory[0]).all()
