"""The score is exact: probabilities of all possible steps sum to 1, and none depends on what comes later."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.training.jsb.batches import batch_of, whole
from models.training.jsb.chorales import KEYS, NONE, SLOTS, Values, frames, rows_of
from models.training.jsb.network import ChoraleNetwork, Dropout, SlotHead, allowed
from models.training.jsb.scoring import costs, figure, per_frame, per_token, score
from models.training.network import Shape

SHAPE = Shape(width=16, layers=1, heads=2, feedforward=16, head_width=16, window=64)
FEW = range(40, 46)
"""The only keys that `within` leaves a network."""


def lively(grid: str, seed: int) -> ChoraleNetwork:
    """A network whose every weight counts (a fresh one's heads are all zero)."""
    torch.manual_seed(seed)
    network = ChoraleNetwork(SHAPE, grid, 0.3, 0.1).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return network


def within(network: ChoraleNetwork) -> ChoraleNetwork:
    """The same with no probability for keys outside FEW, so that all steps can be listed."""
    outside = [key for key in range(KEYS) if key not in FEW]
    for head in network.heads:
        assert isinstance(head, SlotHead)
        head.absolute.bias.data[outside] = -1e4
    return network


def tune(seed: int, steps: int) -> Values:
    """Four voices in any order; some silence."""
    values = np.random.default_rng(seed).integers(min(FEW), max(FEW) + 1, (steps, SLOTS))
    values[2, 2] = NONE
    return values


def chords(seed: int, steps: int) -> Values:
    """Frames of none to four pitches."""
    rng = np.random.default_rng(seed)
    return frames([[21 + int(k) for k in rng.choice(FEW, rng.integers(0, 5), replace=False)] for _ in range(steps)])


ALL_FRAMES = [
    [*reversed(keys), *[NONE] * (SLOTS - len(keys))]
    for size in range(SLOTS + 1)
    for keys in itertools.combinations(FEW, size)
]
ALL_STEPS = [list(step) for step in itertools.product([*FEW, NONE], repeat=SLOTS)]


@pytest.mark.parametrize(
    ("grid", "begin", "steps"), [("quarter", chords(1, 3), ALL_FRAMES), ("sixteenth", tune(1, 3), ALL_STEPS)]
)
def test_probabilities_of_all_possible_steps_sum_to_one(grid: str, begin: Values, steps: list[list[int]]) -> None:
    networks = [within(lively(grid, seed)) for seed in (1, 2)]
    pieces = [np.concatenate((begin, [step])) for step in steps]
    batch = batch_of([(rows_of(piece, 0), piece, slice(0, len(piece))) for piece in pieces])
    with torch.no_grad():
        singles = [network(batch).unflatten(0, batch.weight.shape)[:, -1].double() for network in networks]
    for nats in singles:
        assert float(torch.exp(-nats.sum(-1)).sum()) == pytest.approx(1, abs=1e-4)
    # The mean of networks is taken slot by slot; it sums to 1 too.
    mean = torch.stack([torch.exp(-nats) for nats in singles]).mean(0)
    assert float(mean.prod(-1).sum()) == pytest.approx(1, abs=1e-4)


@given(st.lists(st.integers(0, NONE), min_size=SLOTS, max_size=SLOTS))
def test_only_descending_frames_that_end_once_can_be_drawn(frame: list[int]) -> None:
    target = torch.tensor(frame)
    drawable = bool(allowed(target).gather(-1, target[:, None]).all())
    pitches = [key for key in frame if key != NONE]
    assert drawable == (frame == [*sorted(set(pitches), reverse=True), *[NONE] * (SLOTS - len(set(pitches)))])


@pytest.mark.parametrize("grid", ["sixteenth", "quarter"])
def test_no_cost_depends_on_a_later_value(grid: str) -> None:
    """Changing one value changes the cost of no slot before it, and of its own."""
    network = lively(grid, 3)
    values = tune(2, 8) if grid == "sixteenth" else frames([[61 + 7 * slot for slot in range(4)]] * 8)
    before = costs([network], values)[0].reshape(-1)
    for place in range(values.size):
        other = values.copy()
        other.reshape(-1)[place] += 1 if values.reshape(-1)[place] != NONE else -1
        changed = np.flatnonzero(costs([network], other)[0].reshape(-1) != before)
        assert changed[0] == place


def test_a_frames_cost_is_that_of_the_piece_cut_after_it_and_the_first_is_given() -> None:
    network, values = lively("quarter", 4), chords(5, 6)
    by_hand = [costs([network], values[: step + 1])[0][step].sum() for step in range(1, 6)]
    units = per_frame(costs([network], values)[0])
    np.testing.assert_allclose(units, by_hand, rtol=1e-5)
    assert score([network], [values])[0].units == 5


def test_padding_and_company_in_a_batch_cost_nothing() -> None:
    network, pieces = lively("sixteenth", 5), [tune(seed, 4 + seed) for seed in range(3)]
    batch = batch_of([(rows_of(piece, None), piece, slice(0, len(piece))) for piece in pieces])
    with torch.no_grad():
        together = network(batch).numpy()
    alone = np.concatenate([costs([network], piece)[0] for piece in pieces])
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-5)


def test_an_untrained_network_pays_exactly_chance() -> None:
    quarter, sixteenth = (ChoraleNetwork(SHAPE, grid, 0.3, 0.1) for grid in ("quarter", "sixteenth"))
    frame = frames([[60], [60, 72], [60, 64, 67, 72]])
    np.testing.assert_allclose(
        costs([quarter], frame)[0].sum(1),
        # 88 keys or the end; below key k (72 is key 51): k keys or the end; after the end nothing is left to draw.
        [
            math.log(89 * 40),
            math.log(89 * 52 * 40),
            math.log(89 * 52 * 47 * 44),
        ],
        rtol=1e-5,
    )
    np.testing.assert_allclose(costs([sixteenth], tune(1, 4))[0], math.log(89), rtol=1e-5)


def test_several_networks_are_scored_by_their_mean_probability() -> None:
    networks, values = [lively("sixteenth", seed) for seed in (1, 2, 3)], tune(3, 5)
    every = costs(networks, values)
    np.testing.assert_allclose(np.exp(-every[-1]), np.exp(-every[:-1]).mean(0))
    figures = score(networks, [values])
    assert figures[-1].micro == pytest.approx(every[-1].mean()) and len(figures) == 4


def test_a_figure_is_a_total_over_units_and_a_mean_over_pieces() -> None:
    result = figure([np.array([1.0, 2.0, 3.0]), np.array([10.0])])
    assert (result.micro, result.macro, result.units, result.pieces) == (4.0, 6.0, 4, 2)
    assert result.low == 2.0 and result.high == 10.0
    same = figure([np.full(5, 0.5)] * 3)
    assert same.low == same.micro == same.high == 0.5


def test_tokens_are_voices_at_steps() -> None:
    piece = np.arange(8.0).reshape(2, SLOTS)
    assert per_token(piece).tolist() == list(range(8)) and per_frame(piece).tolist() == [4 + 5 + 6 + 7]


def test_whole_pieces_are_scored_from_their_first_step() -> None:
    assert whole(tune(1, 7), "sixteenth").weight.tolist() == [[1.0] * 7]


def test_dropout_keeps_the_mean_and_nothing_drops_in_use() -> None:
    torch.manual_seed(1)
    dropout, ones = Dropout(0.25), torch.ones(1000, 101)
    dropped = dropout(ones)
    assert float((dropped == 0).float().mean()) == pytest.approx(0.25, abs=0.01)
    assert float(dropped.mean()) == pytest.approx(1, abs=0.01)
    assert dropout.eval()(ones) is ones
