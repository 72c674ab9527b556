"""Infilling: wrong middles are what they shall be, and who knows the music prefers the true ones."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cocomposer.events.codec import Metre, encode
from cocomposer.events.layout import COLUMN, DRAWN
from cocomposer.generation.roles.fit import REST_TICKS
from models.training.evaluation.infilling import (
    GAP,
    HEADLINE,
    WAYS,
    Gap,
    decide,
    filled,
    gaps,
    infill_table,
    key_of,
    lines,
)
from models.training.evaluation.scoring import HeldOut, Nats, Passage, read_pieces
from models.training.evaluation.seeds import choose
from models.training.pieces import read_manifest
from tests.training.conftest import melody


@pytest.fixture(scope="module")
def pieces(tiny_corpus: Path) -> list[HeldOut]:
    return read_pieces(s for s in read_manifest(tiny_corpus) if s.split == "train")


def test_wrong_middles_are_from_elsewhere_and_fill_the_same_time(pieces: list[HeldOut]) -> None:
    windows = choose(pieces, GAP, 12)
    found = gaps(pieces, windows)
    assert found and found == gaps(pieces, windows)
    for gap in found:
        rows, ticks = pieces[gap.number].passage
        assert gap.begin < gap.cut < gap.end < gap.stop
        assert gap.wrong_end <= gap.begin or gap.wrong_begin >= gap.stop
        places = [COLUMN["phase"], COLUMN["beat"]]
        assert rows[gap.wrong_begin, places].tolist() == rows[gap.cut, places].tolist()
        length = ticks[gap.end] - ticks[gap.cut]
        inside = (ticks >= ticks[gap.wrong_begin]) & (ticks < ticks[gap.wrong_begin] + length)
        assert np.flatnonzero(inside)[[0, -1]].tolist() == [gap.wrong_begin, gap.wrong_end - 1]


def test_a_gap_filled_with_the_truth_reads_as_the_piece_does() -> None:
    notes = melody(1, 60)
    whole = Passage(*encode(notes, Metre(True, 0)))
    gap = Gap(0, 5, 20, 30, 40, 45, 55)
    rows, ticks = filled(whole, key_of(gap, (20, 30)))
    again, moments = encode(notes[5:40], Metre(True, 0))
    np.testing.assert_array_equal(rows, again)
    np.testing.assert_array_equal(ticks, moments)
    rows, ticks = filled(whole, key_of(gap, (20, 30), REST_TICKS))
    assert len(rows) == 25 and ticks[15] - moments[15] == REST_TICKS
    wrong, moments = filled(whole, key_of(gap, (45, 55)))
    assert moments[15] == notes[20].onset_tick and moments[25] == notes[30].onset_tick
    np.testing.assert_array_equal(wrong[15:25, COLUMN["pitch"]], [note.pitch for note in notes[45:55]])


class Knowing:
    """Knows some music by heart: a note costs little where the two before it stood before it, too."""

    def __init__(self, pieces: Sequence[HeldOut]) -> None:
        self._known = {run for piece in pieces for run in self._runs(piece.passage)}

    def _runs(self, passage: Passage) -> list[tuple[int, ...]]:
        pitch, gap = passage.rows[:, COLUMN["pitch"]], np.diff(passage.ticks, prepend=passage.ticks[0])
        heard = list(zip(gap.tolist(), pitch.tolist(), strict=True))
        return [sum(heard[max(0, n - 2) : n + 1], ()) for n in range(1, len(heard))]

    def __call__(self, passages: Sequence[Passage]) -> list[Nats]:
        return [
            np.tile([0.1 if run in self._known else 5.0 for run in self._runs(passage)], (len(DRAWN), 1))
            for passage in passages
        ]


def test_who_knows_the_music_prefers_true_middles(pieces: list[HeldOut]) -> None:
    outcomes = decide(pieces, gaps(pieces, choose(pieces, GAP, 12)), Knowing(pieces))
    table = infill_table(pieces, outcomes)
    assert table["headline"]["way"] == HEADLINE and table["headline"]["value"] > 0.9
    told = [row[-len(WAYS)] > 0 for row in table["by_gap"]["rows"]]
    assert np.mean(told) == pytest.approx(table["headline"]["value"])
    assert table["by_kind"]["all"]["right"]["value"] > 0.8 and len(lines(table)) == 1 + len(table["by_kind"])


def test_who_knows_nothing_does_not(pieces: list[HeldOut]) -> None:
    outcomes = decide(
        pieces,
        gaps(pieces, choose(pieces, GAP, 12)),
        lambda passages: [np.ones((len(DRAWN), len(p.rows) - 1)) for p in passages],
    )
    assert infill_table(pieces, outcomes)["headline"]["value"] == 0
