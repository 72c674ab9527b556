"""What a passage costs: the same through shared beginnings, in chunks, side by side, and note by note."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.events.codec import Metre, encode
from cocomposer.events.layout import COLUMN, DRAWN
from cocomposer.generation.likelihood import costs as costs_of
from models.training.evaluation.lstm_model import LstmNetwork, LstmNoteModel
from models.training.evaluation.scoring import Passage, Sums, onnx_scorer, read_pieces, uncounted
from models.training.network import Network, Shape, losses
from models.training.pieces import Source, read_manifest
from tests.training.conftest import melody
from tests.training.scoring import nats_through

LSTM = Shape(kind="lstm", width=32, layers=2, heads=2, feedforward=24, head_width=32, window=64)


def passage(seed: int, count: int) -> Passage:
    return Passage(*encode(melody(seed, count), Metre(True, 0)))


@pytest.fixture(scope="module")
def lstm() -> Network:
    torch.manual_seed(2)
    network = Network(LSTM)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape))
    return network.eval()


def test_a_shared_beginning_changes_no_cost(tiny_bundle: Path) -> None:
    model = OnnxNoteModel(tiny_bundle, Provider.CPU)
    whole, other = passage(1, 150), passage(2, 150)
    fork = Passage(whole.rows.copy(), whole.ticks.copy())
    fork.rows[90:, COLUMN["pitch"]] += 1
    passages = [whole, whole, fork, Passage(whole.rows[:40], whole.ticks[:40]), other, whole]
    together = onnx_scorer(model)(passages)
    for one, alone in zip(passages, together, strict=True):
        np.testing.assert_allclose(onnx_scorer(model)([one])[0], alone, atol=1e-4)
    assert np.nanmax(np.abs(together[0] - together[2])[:, 89:]) > 0.01, "a model that hears nothing proves nothing"


def test_costs_are_those_of_drawing_note_by_note(tiny_bundle: Path) -> None:
    model = OnnxNoteModel(tiny_bundle, Provider.CPU)
    short = passage(3, 40)
    (costs,) = onnx_scorer(model)([short])
    assert np.nansum(costs) / costs.shape[1] == pytest.approx(nats_through(model, *short), abs=1e-4)


def test_an_lstm_costs_the_same_in_one_go_abreast_and_drawn_note_by_note(lstm: Network) -> None:
    lengths = (300, 41, 2, 129, 128)
    passages = [passage(number, count) for number, count in enumerate(lengths)]
    costs = LstmNetwork(lstm).score(passages)
    for one, found in zip(passages, costs, strict=True):
        rows = torch.from_numpy(one.rows)[None]
        with torch.no_grad():
            plain, counted = losses(lstm(rows, torch.from_numpy(one.ticks)[None]), rows)
        np.testing.assert_allclose(np.nan_to_num(found), (plain * counted).numpy(), atol=1e-4)
        assert (np.isnan(found) == ~counted.numpy()).all()
    note_model = LstmNoteModel(LstmNetwork(lstm))
    stepped = nats_through(note_model, *passages[1])
    assert stepped == pytest.approx(np.nansum(costs[1]) / costs[1].shape[1], abs=1e-4)
    played, moments = passages[1]
    note_model.reset()
    hidden = note_model.feed(played[:-1], moments[:-1])
    together = costs_of(note_model, hidden, played[:-1], played[1:]).T
    np.testing.assert_allclose(uncounted(together, played), costs[1], atol=1e-4)
    assert not note_model.rewind(3) and note_model.rewind(len(passages[1].rows) - 1)


def test_a_transformer_is_no_lstm(tiny_shape: Shape) -> None:
    with pytest.raises(ValueError, match="another kind"):
        LstmNetwork(Network(tiny_shape))


def test_what_says_nothing_is_not_counted() -> None:
    rows, _ = passage(1, 5)
    rows[2, COLUMN["velocity"]] = 0
    costs = uncounted(np.ones((len(DRAWN), len(rows) - 1)), rows)
    assert np.argwhere(np.isnan(costs)).tolist() == [[3, 1]]
    sums = Sums.of([costs])
    assert sums.nats.sum() == costs.size - 1 and sums.counted[0, 3] == len(rows) - 2 and sums.notes[0] == len(rows) - 1


def test_unreadable_missing_and_empty_files_are_named_and_skipped(
    tiny_corpus: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sources = [*read_manifest(tiny_corpus), Source(tiny_corpus / "nowhere.mid", "score", "train", "score")]
    pieces = read_pieces(sources)
    assert len(pieces) == 16
    told = capfd.readouterr().err
    assert "broken.mid" in told and "nowhere.mid" in told and "Traceback" not in told
