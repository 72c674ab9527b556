"""The baseline is a probability distribution, learns what is there, and knows all keys."""

import numpy as np

from cocomposer.events.codec import Rows, rows_of
from models.training import ngram


def rows(pitches: list[int], style: int = 1) -> Rows:
    count = len(pitches)
    still = np.full(count, 24)
    zero = np.zeros(count, dtype=np.int64)
    return rows_of(24 * np.arange(count), np.asarray(pitches), still, still, zero, zero + 48, zero + 16, style)


def test_probabilities_of_all_pitches_sum_to_one() -> None:
    train = ngram.Notes.of([rows([60, 62, 64, 62] * 10)])
    total = 0.0
    for pitch in range(-67, 188):
        test = rows([60, 62, 64, 62])
        test[-1, 1] = pitch
        notes = ngram.Notes.of([test])
        total += float(np.exp(-ngram.nats(train, notes)["pitch"][-1]))
    assert abs(total - 1) < 1e-9


def test_what_was_heard_often_becomes_likely_in_every_key() -> None:
    train = ngram.Notes.of([rows([60, 62, 64, 65] * 50)])
    same, moved = (ngram.Notes.of([rows([p + shift for p in [60, 62, 64, 65] * 4])]) for shift in (0, 5))
    cost, cost_moved = (ngram.nats(train, notes)["pitch"][8:] for notes in (same, moved))
    assert cost.mean() < 0.1
    np.testing.assert_allclose(cost, cost_moved)


def test_an_unseen_context_backs_off_to_shorter_ones() -> None:
    train = ngram.Notes.of([rows([60, 62] * 40)])
    unseen = ngram.Notes.of([rows([60, 71, 62, 60])])
    cost = ngram.nats(train, unseen)["pitch"]
    assert np.isfinite(cost).all() and cost[1] > cost[3]
