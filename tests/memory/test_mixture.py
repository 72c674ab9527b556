"""What is mixed is a distribution, is the model's own at weight 0, and leans to what was heard as the weight grows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cocomposer.events.layout import DRAWN
from cocomposer.memory.mixture import FieldWeights, Gate, Mixture
from cocomposer.memory.recall import FEATURES, IN_FILES, Recall, Votes
from cocomposer.memory.store import Store
from cocomposer.music.note import Note
from tests.memory.made_music import notes, rows_of, tune, weights

Logits = NDArray[np.float64]


def model_logits(seed: int, classes: int) -> Logits:
    return np.random.default_rng(seed).normal(0, 4, classes)


def recalled(played: list[Note], read: list[Note] | None = None) -> Recall:
    jam, files = Store(), Store()
    jam.extend(rows_of(played))
    if read:
        files.extend(rows_of(read), begins_piece=True)
    return Recall(jam, files)


@given(notes(), notes(), st.integers(0, 9), st.floats(-9, 9), st.floats(0, 4), st.floats(0, 4))
def test_every_field_stays_normalised_and_everything_stays_possible(
    played: list[Note], read: list[Note], seed: int, rest: float, jam: float, files: float
) -> None:
    recall, following = recalled(played, read), rows_of(tune(60, 62))[1]
    for place, field in enumerate(DRAWN):
        logits = model_logits(seed, field.classes)
        kept = logits.copy()
        mixed = Mixture(weights(rest)).mixed(logits, recall.votes(following[:place].tolist()), jam, files)
        total = np.exp(mixed - mixed.max()).sum() * np.exp(mixed.max())
        if mixed is not logits:
            assert total == pytest.approx(1, abs=1e-12), "as normalised as doubles can be"
        assert np.isfinite(mixed).all()
        np.testing.assert_array_equal(logits, kept)


@given(notes(), notes(), st.integers(0, 9))
def test_at_weight_0_the_very_logits_come_back(played: list[Note], read: list[Note], seed: int) -> None:
    logits = model_logits(seed, 128)
    recall = recalled(played, read)
    assert Mixture(weights()).mixed(logits, recall.votes([0]), jam=0.0, files=0.0) is logits
    # Close to 0 it is close to them: no jump.
    near = np.exp(Mixture(weights()).mixed(logits, recall.votes([0]), jam=1e-9, files=0.0))
    own = np.exp(logits - np.logaddexp.reduce(logits))
    np.testing.assert_allclose(near / near.sum(), own, atol=1e-7)


@given(notes(), st.integers(0, 9), st.floats(-4, 4))
def test_the_formula(played: list[Note], seed: int, rest: float) -> None:
    """Against the definition in plain steps, vote by vote."""
    votes, logits = recalled(played).votes([12]), model_logits(seed, 128)
    mixed = Mixture(weights(rest)).mixed(logits, votes)
    if not len(votes.classes):
        assert mixed is logits
        return
    shares = np.zeros(128)
    for vote, (melodic, rhythmic, *_) in zip(votes.classes, votes.features.T, strict=True):
        shares[vote] += np.exp(melodic + rhythmic)
    total = shares.sum()
    shares /= total
    model = np.exp(logits) / np.exp(logits).sum()
    x = rest + 0.5 * np.log(total) + 0.5 * np.log(shares.max()) - 0.5 * np.log(model.max())
    gate = min(0.99, 1 / (1 + np.exp(-x)))
    np.testing.assert_allclose(np.exp(mixed), (1 - gate) * model + gate * shares, atol=1e-12)


def test_more_weight_leans_further_to_what_was_heard() -> None:
    recall = recalled([*tune(60, 62, 64, 65, 67, 60, 62, 64, 65)])
    votes = recall.votes([24])
    heard = [np.exp(Mixture(weights(-2.0)).mixed(np.zeros(128), votes, jam))[67] for jam in (0.0, 0.5, 1.0, 2.0, 4.0)]
    assert heard[1:] == sorted(heard[1:]) and heard[1] > 1 / 128
    assert heard[-1] > heard[1] + 0.05


def test_the_longer_the_match_the_more_it_is_believed() -> None:
    believed = []
    for length in (1, 3, 6):
        phrase = [60, 62, 65, 64, 69, 67, 72][7 - length - 1 :]
        recall = recalled(tune(40, *phrase, 50, 41, *phrase[:-1]))
        believed.append(np.exp(Mixture(weights(-3.0)).mixed(np.zeros(128), recall.votes([24])))[72])
    assert believed == sorted(believed) and believed[-1] > believed[0]


def test_jam_and_files_are_weighed_apart() -> None:
    votes = Votes(np.asarray([10, 20]), np.zeros((len(FEATURES), 2), dtype=np.int64))
    votes.features[2] = (0, IN_FILES)
    mixture = Mixture(weights())
    only_jam = np.exp(mixture.mixed(np.zeros(128), votes, jam=1.0, files=0.0))
    only_files = np.exp(mixture.mixed(np.zeros(128), votes, jam=0.0, files=1.0))
    assert only_jam[10] > only_jam[20] == pytest.approx(only_jam[30])
    assert only_files[20] > only_files[10] == pytest.approx(only_files[30])


def test_weights_for_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="features"):
        Mixture(FieldWeights({"melodic": (0.0,)}, Gate(0, 0, 0, 0)))
