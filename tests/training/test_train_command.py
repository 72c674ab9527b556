"""`train` as a command: what is wrong stands in one sentence; a folder of one's own becomes a model that plays it."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from cocomposer.adapters.bundle import open_bundle
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note
from models.training import export
from models.training.checkpoint import CHECKPOINT
from models.training.pieces import Source, load
from models.training.prepare import prepare
from models.training.recipe import Recipe, read_recipe, states_shape
from models.training.train import main, train
from models.training.weights import digest, network_from
from tests.training.scoring import nats_through

FINETUNE = Path(__file__).resolve().parents[2] / "models" / "training" / "recipes" / "finetune.toml"
SMALL = "steps = 2\nbatch = 2\nlength = 16\nvalid_notes = 32\n"
TINY_SHAPE = "[shape]\nwidth = 32\nlayers = 1\nheads = 2\nfeedforward = 32\nhead_width = 32\nwindow = 64\n"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs a command's `main` with these words after its name; its exit code."""

    def run(entry: Callable[[], int], *words: object) -> int:
        monkeypatch.setattr(sys, "argv", ["command", *map(str, words)])
        return entry()

    return run


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        (None, (), "recipe.toml does not exist; name a recipe"),
        ("steps = ", (), "recipe.toml is not written in TOML"),
        ("stepz = 3", (), "has a key 'stepz' that no recipe knows; remove it."),
        ("[mixture]\nlosebar = 3", (), "has a key 'losebar' that no recipe knows; remove it."),
        ("steps = 'many'", (), "gives 'steps' as 'many'; make it a value such as 1000."),
        ("batch = 2.5", (), "gives 'batch' as 2.5; make it a value such as 32."),
        ("shape = 3", (), "gives 'shape' as 3; make it a table."),
        ("[mixture]\ntranspose = 3", (), "gives 'transpose' as 3; make it a list such as [-6, 6]."),
        ("[mixture.weights]\na = 'much'", (), "gives 'weights' as {'a': 'much'}; make it a table of numbers."),
        ("batch = 0", (), "recipe.toml: batch is 0; the least is 1."),
        ("batch = 1\nlong_steps = 1", (), "long_steps halves the batch, which is 1; make it 2 or more."),
        (SMALL, ("--steps", "0"), "steps is 0; the least is 1."),
        (SMALL, ("--packed", "nowhere"), "train.npz does not exist; run models.training.prepare"),
        (SMALL, ("--packed", "damaged"), "train.npz is damaged or no packed split; run models.training.prepare again."),
        (SMALL, ("--packed", "halved"), "train.npz is damaged or no packed split; run models.training.prepare again."),
        (SMALL + "[mixture.weights]\nelsewhere = 1", (), "None of the mixture's sources is in the packed files."),
        (SMALL, ("--from", "nowhere"), "nowhere is neither a bundle nor a run"),
        (SMALL + "[shape]\nwidth = 48", ("--from", "BUNDLE"), "differ in shape; take [shape] out of the recipe."),
        (SMALL, ("--out", "spoilt"), "checkpoint.pt is damaged or no checkpoint; delete it or name another folder."),
        (SMALL, ("--out", "recipe.toml"), "recipe.toml"),
    ],
)
def test_what_is_wrong_stands_in_one_sentence(
    text: str | None, more: tuple[str, ...], told: str, packed: Path, tiny_bundle: Path, tmp_path: Path,
    command: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("recipe.toml").write_text(text, encoding="utf-8")
    whole = (packed / "train.npz").read_bytes()
    for folder, content in {"damaged": b"nothing of the kind", "halved": whole[: len(whole) // 2]}.items():
        Path(folder).mkdir()
        Path(folder, "train.npz").write_bytes(content)
    Path("spoilt").mkdir()
    Path("spoilt", CHECKPOINT).write_bytes(b"spoilt")
    words = [tiny_bundle if word == "BUNDLE" else word for word in more]
    assert command(main, "--recipe", "recipe.toml", "--packed", packed, "--out", "out", "--device", "cpu", *words) == 1
    output = capsys.readouterr()
    assert told in output.err and output.err.count("\n") == 1, output.err


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device here")
def test_a_missing_device_is_told(
    packed: Path, tmp_path: Path, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.toml").write_text(SMALL, encoding="utf-8")
    assert command(main, "--recipe", tmp_path / "r.toml", "--out", tmp_path / "out", "--device", "cuda") == 1
    assert "no CUDA device here" in capsys.readouterr().err


def test_a_finished_run_is_not_done_again(
    packed: Path, tmp_path: Path, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.toml").write_text(SMALL + TINY_SHAPE, encoding="utf-8")
    words = ("--recipe", tmp_path / "r.toml", "--packed", packed, "--out", tmp_path / "out")
    assert command(main, *words) == 0
    before = (tmp_path / "out" / CHECKPOINT).read_bytes()
    assert command(main, *words) == 0
    assert (tmp_path / "out" / CHECKPOINT).read_bytes() == before
    assert "from step 2 of 2" in capsys.readouterr().out


def arpeggios(seed: int) -> list[Note]:
    """A style that cannot be mistaken: minor triads up and down in triplets, quiet, over a bass that lasts the bar."""
    rng = np.random.default_rng(seed)
    notes = []
    for bar in range(16):
        root = 45 + int(rng.choice([0, 2, 4, 5, 7, 9]))
        figure = rng.permutation([0, 3, 7, 12, 15, 19, 15, 12, 7])
        notes += [Note(144 * bar + 16 * n, root + int(step), 16, 44) for n, step in enumerate(figure)]
        notes.append(Note(144 * bar, root - 12, 140, 52))
    return sorted(notes)


def test_a_small_folder_of_ones_own_becomes_a_model(
    tiny_bundle: Path, tmp_path: Path, command: Callable[..., int]
) -> None:
    mine = tmp_path / "mine"
    (mine / "more").mkdir(parents=True)
    for number in range(10):
        path = mine / "more" / f"{number}.mid" if number % 2 else mine / f"{number}.mid"
        path.write_bytes(midi_bytes([Part("piano", arpeggios(number))], meter=(3, 4)))
    prepare(mine, tmp_path / "packed", valid=0.2, test=0.1, workers=1)
    recipe = tmp_path / "mine.toml"
    # The tiny bundle has learnt nothing yet, so it takes higher rates than a released model.
    recipe.write_text(
        "steps = 60\ndecay_steps = 20\nbatch = 8\nlength = 64\nother_rate = 0.02\n"
        "valid_every = 20\nvalid_notes = 512\nkeep_best = true\n",
        encoding="utf-8",
    )
    paths = ("--packed", tmp_path / "packed", "--out", tmp_path / "run", "--device", "cpu")
    assert command(main, "--recipe", recipe, "--from", tiny_bundle, *paths) == 0
    assert command(export.main, "--run", tmp_path / "run", "--bundle", tmp_path / "arpeggios") == 0

    told = open_bundle(tmp_path / "arpeggios").training
    assert told["recipe"]["steps"] == 60 and told["steps_done"] in (20, 40, 60)
    assert told["start"] == f"the weights {digest(network_from(tiny_bundle))}"
    (tmp_path / "unheard.mid").write_bytes(midi_bytes([Part("piano", arpeggios(99))], meter=(3, 4)))
    rows, ticks = load(Source(tmp_path / "unheard.mid", "score", "test")).rows("score")
    before, after = (
        nats_through(OnnxNoteModel(bundle, Provider.CPU), rows, ticks)
        for bundle in (tiny_bundle, tmp_path / "arpeggios")
    )
    assert after < 0.5 * before


def test_a_run_may_start_from_another_run(recipe: Recipe, packed: Path, tmp_path: Path) -> None:
    first = train(recipe, packed, tmp_path / "first")
    start = network_from(tmp_path / "first")
    second = train(recipe, packed, tmp_path / "second", start=start)
    assert second["nats"] < first["nats"]


def test_the_recipe_for_fine_tuning_leaves_the_shape_to_the_model() -> None:
    assert not states_shape(FINETUNE)
    assert read_recipe(FINETUNE).matrix_rate < Recipe("r").matrix_rate
