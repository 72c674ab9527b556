"""A tiny corpus on disk, made of scales and chords, laid out like the real one; and a tiny shape."""

import csv
from pathlib import Path

import numpy as np
import pytest
import torch

from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note, Pedal
from models.training.network import Shape
from models.training.pieces import read_manifest
from models.training.prepare import pack
from models.training.recipe import Recipe

TINY = Shape(width=32, layers=1, heads=2, feedforward=32, head_width=32, window=64)


@pytest.fixture(scope="session")
def tiny_shape() -> Shape:
    return TINY


def melody(seed: int, count: int = 120) -> list[Note]:
    """A melody of steps in eighths with a chord on each bar; the pedal changes with the bars."""
    rng = np.random.default_rng(seed)
    notes, pitch = [], 60
    for number in range(count):
        pitch = int(np.clip(pitch + rng.choice([-2, -1, 1, 2]), 48, 84))
        pedal = Pedal.FRESH if number % 8 == 0 else Pedal.DOWN
        notes.append(Note(24 * number, pitch, 22, 60 + number % 8 * 5, 0, pedal))
        if number % 8 == 0:
            notes.append(Note(24 * number, pitch - 12, 90, 70, 0, Pedal.DOWN))
    return sorted(notes)


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve train, two valid and two test files, scores and performances; one unreadable file among them."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = []
    for number in range(16):
        split = "train" if number < 12 else "valid" if number < 14 else "test"
        kind = "score" if number % 2 else "performed"
        path = f"{kind}-{number}.mid"
        (folder / path).write_bytes(midi_bytes([Part("a", melody(number))]))
        rows.append((path, "tiny", "MIT", "Nobody", f"Piece {number}", kind, split, "1", "1", "0"))
    (folder / "broken.mid").write_bytes(b"MThd nothing")
    rows.append(("broken.mid", "tiny", "MIT", "Nobody", "Broken", "score", "train", "1", "1", "0"))
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("path source licence composer title kind split has_velocity has_pedal jsb_leak".split())
        writer.writerows(rows)
    return folder


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Tiny networks gain nothing from a second thread, and lose much where the cores are busy."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def packed(tiny_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The train and valid splits of the tiny corpus."""
    folder = tmp_path_factory.mktemp("packed")
    for split in ("train", "valid"):
        pack([s for s in read_manifest(tiny_corpus) if s.split == split], folder / f"{split}.npz", workers=1)
    return folder


@pytest.fixture
def recipe(tiny_shape: Shape) -> Recipe:
    return Recipe(
        "tiny", shape=tiny_shape, steps=12, decay_steps=4, warmup_steps=2, batch=4, length=32, long_steps=2,
        valid_every=6, valid_notes=256,
    )  # fmt: skip
