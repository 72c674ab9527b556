"""The tables of roles on a tiny corpus with the fake model: what must come out of them whatever the model plays."""

from pathlib import Path

import pytest

from cocomposer.generation.composer import Composer
from cocomposer.jam.settings import Settings
from models.training.evaluation.continuations import Seed, seeds_of
from models.training.evaluation.roles import AMOUNTS, CANDIDATES, drum_table, infill_table, lines, vary_table
from models.training.evaluation.scoring import HeldOut, read_pieces
from models.training.evaluation.seeds import CONTINUED, choose
from models.training.pieces import read_manifest
from tests.fakes.note_model import FakeNoteModel


@pytest.fixture(scope="module")
def pieces(tiny_corpus: Path) -> list[HeldOut]:
    return read_pieces(s for s in read_manifest(tiny_corpus) if s.split == "train")


@pytest.fixture(scope="module")
def seeds(pieces: list[HeldOut]) -> list[Seed]:
    return seeds_of(pieces, choose(pieces, CONTINUED, 2))


def test_the_tables_of_roles(pieces: list[HeldOut], seeds: list[Seed]) -> None:
    composer = Composer(FakeNoteModel())
    vary = vary_table(composer, seeds, Settings())
    assert [row["rhythm"] for row in vary["means"]] == [1.0] * len(AMOUNTS)
    assert vary["means"][0]["kept"] == 1.0 and vary["means"][0]["moved"] == 0.0
    assert vary["means"][-1]["kept"] < 0.2 and vary["means"][-1]["in key"] >= vary["means"][0]["in key"]
    infill = infill_table(composer, seeds, Settings())
    fits = [infill["fit"][str(count)] for count in CANDIDATES]
    assert fits == sorted(fits), "the best of more is no worse"
    drums = drum_table(composer, seeds, pieces[:3], Settings())
    assert drums["parts"] == sum(seed.metre.beat_known for seed in seeds) and drums["performances"] == 3
    assert 0 <= drums["accents struck"]["its phrase"] <= 1
    text = lines({"vary": vary, "infill": infill, "drums": drums})
    assert f"infill ({infill['gaps']} gaps)" in text and "strokes a beat" in text
