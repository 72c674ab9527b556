"""Preference: wrong continuations are what they shall be, and who knows the truth prefers it in each way."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cocomposer.events.codec import Metre, encode
from cocomposer.events.layout import COLUMN, DRAWN
from models.training.evaluation.preference import (
    HEADLINE,
    LENGTHS,
    OTHER,
    REST_TICKS,
    SAME,
    WAYS,
    decide,
    fresh,
    joined,
    lines,
    preference_table,
    trials,
)
from models.training.evaluation.scoring import HeldOut, Nats, Passage, read_pieces
from models.training.evaluation.seeds import PREFERRED, choose
from models.training.pieces import read_manifest
from tests.training.conftest import melody


@pytest.fixture(scope="module")
def pieces(tiny_corpus: Path) -> list[HeldOut]:
    return read_pieces(s for s in read_manifest(tiny_corpus) if s.split == "train")


def test_a_joined_passage_reads_as_if_it_had_been_played_so() -> None:
    notes = melody(1, 60)
    rows, ticks = encode(notes, Metre())
    whole = Passage(rows, ticks)
    seed = fresh(rows[10:30], ticks[10:30])
    following = joined(seed, whole, 30, 12)
    again, moments = encode(notes[10:42], Metre())
    np.testing.assert_array_equal(following.rows, again)
    np.testing.assert_array_equal(following.ticks, moments)


def test_after_a_rest_only_the_distance_is_another() -> None:
    rows, ticks = encode(melody(1, 60), Metre(True, 0))
    seed = Passage(rows[:30], ticks[:30])
    at_once, later = (joined(seed, Passage(rows, ticks), 30, 12, rest) for rest in (0, REST_TICKS))
    differing = np.argwhere(at_once.rows != later.rows)
    assert differing.tolist() == [[30, COLUMN["onset"]]]
    assert (np.diff(later.ticks - at_once.ticks) != 0).sum() == 1


def test_wrong_ones_are_from_elsewhere_at_the_same_place_in_the_bar(pieces: list[HeldOut]) -> None:
    windows = choose(pieces, PREFERRED, 12)
    found = trials(pieces, windows)
    assert {trial.place for trial in found} == {SAME, OTHER} and found == trials(pieces, windows)
    for trial in found:
        window, count = trial.window, trial.window.end - trial.window.cut
        true, wrong = pieces[window.number], pieces[trial.wrong_number]
        assert (trial.wrong_number == window.number) == (trial.place == SAME)
        assert wrong.source.kind == true.source.kind
        assert 0 < trial.wrong_begin <= len(wrong.passage.rows) - count
        if trial.place == SAME:
            assert trial.wrong_begin + count <= window.begin or trial.wrong_begin >= window.end
        places = [COLUMN["phase"], COLUMN["beat"]]
        before = wrong.passage.rows[trial.wrong_begin - 1, places]
        assert before.tolist() == true.passage.rows[window.cut - 1, places].tolist()


def test_a_piece_that_only_repeats_itself_has_no_wrong_continuation(pieces: list[HeldOut]) -> None:
    one = pieces[0]
    rows = np.tile(one.passage.rows[1:2], (200, 1))
    same = HeldOut(one.source, one.piece, Passage(rows, 24 * np.arange(200)))
    assert trials([same], choose([same], PREFERRED, 3)) == []


class Knowing:
    """Knows some music by heart: a note costs little where it continues the three before it as it does there."""

    def __init__(self, pieces: Sequence[HeldOut]) -> None:
        self._known = {run for piece in pieces for run in self._runs(piece.passage)}

    def _runs(self, passage: Passage) -> list[tuple[object, ...]]:
        gaps = np.diff(passage.ticks, prepend=passage.ticks[0])
        # All that stands in a row but what a cut changes.
        kept = [COLUMN[name] for name in ("pitch", "duration", "velocity", "pedal", "phase", "beat")]
        heard = [(int(gap), *row.tolist()) for gap, row in zip(gaps, passage.rows[:, kept], strict=True)]
        return [tuple(heard[max(0, n - 3) : n + 1]) for n in range(1, len(heard))]

    def __call__(self, passages: Sequence[Passage]) -> list[Nats]:
        return [
            np.tile([0.1 if run in self._known else 5.0 for run in self._runs(passage)], (len(DRAWN), 1))
            for passage in passages
        ]


def test_who_knows_the_music_prefers_it_in_each_way(pieces: list[HeldOut]) -> None:
    found = trials(pieces, choose(pieces, PREFERRED, 12))
    table = preference_table(pieces, decide(pieces, found, Knowing(pieces)))
    for place, way in HEADLINE.items():
        shares = {w: table[place]["by_kind"]["all"][w][str(LENGTHS[-1])]["value"] for w in WAYS}
        assert shares["likelihood"] > 0.9 and shares["succession"] > 0.9, place
        assert table[place]["headline"]["value"] == shares[way]
        told = [row[-len(WAYS) + WAYS.index(way)] > 0 for row in table[place]["by_trial"]["rows"]]
        assert np.mean(told) == pytest.approx(shares[way])
    assert any("same piece" in line for line in lines(table))


def test_who_knows_nothing_prefers_nothing(pieces: list[HeldOut]) -> None:
    found = trials(pieces, choose(pieces, PREFERRED, 12))
    outcomes = decide(pieces, found, lambda asked: [np.ones((len(DRAWN), len(p.rows) - 1)) for p in asked])
    assert all((outcome.margins == 0).all() for outcome in outcomes)
    assert preference_table(pieces, outcomes)[SAME]["headline"]["value"] == 0


def test_a_field_that_the_wrong_one_does_not_know_is_compared_in_neither(pieces: list[HeldOut]) -> None:
    found = trials(pieces, choose(pieces, PREFERRED, 2))

    def scorer(asked: Sequence[Passage]) -> list[Nats]:
        costs = [np.ones((len(DRAWN), len(p.rows) - 1)) for p in asked]
        costs[0][3] = np.nan
        for cost in costs[1:]:
            cost[3] = 100.0
        return costs

    outcomes = decide(pieces, found, scorer)
    assert any((outcome.margins == 0).all() for outcome in outcomes)
