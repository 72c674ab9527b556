"""PyTorch on whole sequences, PyTorch with its ring, and ONNX with its ring: the same logits, the same notes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.provider_names import Provider
from cocomposer.events.codec import Metre, Rows, encode
from cocomposer.events.layout import COLUMN, DRAWN
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing, Wish
from cocomposer.music.note import Note, Pedal
from cocomposer.ports import NoteModel
from models.training.export import ROOM
from models.training.network import Backbone, Network, recent_of
from tests.fakes.tiny_bundle import SHAPE, tiny_network

TOLERANCE = 1e-4
Ticks = NDArray[np.int64]


class TorchModel:
    """A `NoteModel` in PyTorch; `whole`: every hidden state is computed from the whole sequence."""

    def __init__(self, network: Network, whole: bool) -> None:
        self._network, self._whole = network, whole
        self.window, self.chunk = network.shape.window, ROOM // 2
        self.reset()

    def reset(self) -> None:
        shape = self._network.shape
        self._rows = torch.empty(0, len(COLUMN), dtype=torch.int64)
        self._ticks = torch.empty(0, dtype=torch.int64)
        self._ring = torch.full((shape.window + ROOM,), -1)
        size = (shape.heads, len(self._ring), shape.width // shape.heads)
        self._cache = [torch.zeros(size) for _ in range(2 * shape.layers)]
        self._hidden = torch.zeros(1, shape.width)

    def rewind(self, length: int) -> bool:
        if length >= len(self._rows):
            return True
        if length <= 0 or (not self._whole and not set(range(max(0, length - self.window), length)) <= self._held()):
            return False
        self._rows, self._ticks = self._rows[:length], self._ticks[:length]
        self._ring[self._ring >= length] = -1
        return True

    def _held(self) -> set[int]:
        return set(self._ring.tolist())

    @torch.no_grad()
    def feed(self, rows: Rows, ticks: Ticks) -> NDArray[np.float32]:
        chunks = [slice(start, start + self.chunk) for start in range(0, len(rows), self.chunk)]
        return np.concatenate([self._feed(rows[chunk], ticks[chunk]).numpy() for chunk in chunks])

    def _feed(self, rows: Rows, ticks: Ticks) -> torch.Tensor:
        new, moments = torch.from_numpy(rows.copy()), torch.from_numpy(ticks.copy())
        index = torch.arange(len(self._rows), len(self._rows) + len(rows))
        self._rows, self._ticks = torch.cat((self._rows, new)), torch.cat((self._ticks, moments))
        backbone = self._network.backbone
        assert isinstance(backbone, Backbone)
        if self._whole:
            hidden = backbone(self._rows[None], self._ticks[None])[0, -len(rows) :]
        else:
            slots = index % len(self._ring)
            self._ring[slots] = index
            hidden, self._cache = backbone.step(new, moments, index, slots, self._ring, self._cache)
        self._hidden = hidden[-1:]
        result: torch.Tensor = hidden
        return result

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        fields = np.zeros((1, len(DRAWN)), dtype=np.int64)
        fields[0, : len(drawn)] = drawn
        recent = recent_of(self._rows[-1:]).numpy()
        result: NDArray[np.float32] = self.head(
            len(drawn), self._hidden.numpy(), fields, np.asarray([place], dtype=np.int64), recent
        )[0]
        return result

    @torch.no_grad()
    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        result: NDArray[np.float32] = self._network.heads[number](
            *(torch.from_numpy(part) for part in (hidden, drawn, place, recent))
        ).numpy()
        return result


def melody(count: int, seed: int = 2) -> list[Note]:
    rng = np.random.default_rng(seed)
    tick, notes = 0, []
    for _ in range(count):
        tick += int(rng.choice((1, 6, 12, 12, 24, 100)))
        pitch, length, velocity = rng.integers(30, 90), rng.integers(1, 90), rng.integers(1, 127)
        notes.append(Note(tick, int(pitch), int(length), int(velocity), 0, Pedal(int(rng.integers(0, 4)))))
    return notes


@pytest.fixture(scope="module")
def models(tiny_bundle: Path) -> dict[str, NoteModel]:
    """The three, by name; each test resets them."""
    network = tiny_network().eval()
    return {
        "whole": TorchModel(network, whole=True),
        "ring": TorchModel(network, whole=False),
        "onnx": OnnxNoteModel(tiny_bundle, Provider.CPU),
    }


def in_chunks(model: NoteModel, rows: Rows, ticks: Ticks, sizes: Sequence[int]) -> NDArray[np.float32]:
    """Feed in chunks of these sizes in turn; all hidden states."""
    states, start, turn = [], 0, 0
    while start < len(rows):
        size = sizes[turn % len(sizes)]
        states.append(model.feed(rows[start : start + size], ticks[start : start + size]))
        start, turn = start + size, turn + 1
    return np.concatenate(states)


def all_logits(model: NoteModel) -> NDArray[np.float32]:
    """Logits of every field of a next note, end to end."""
    drawn = [STEP, 64, 20, 20, 2]
    return np.concatenate([model.logits(drawn[:number], PLACE) for number in range(len(DRAWN))])


STEP = 12
PLACE = (12, 1, 7, 3, 2)
"""On an off-beat in the first bar's second beat, over a dominant seventh of G, in the machine's part."""
LONG = 3 * SHAPE.window + ROOM
"""Notes enough for the ring to wrap more than once."""


def differ(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.abs(one - other).max())


@pytest.mark.parametrize(
    ("sizes", "metre"),
    [([1], Metre()), ([64], Metre()), ([64], Metre(True, 0)), ([3, 1, 17], Metre(True, 0)), ([200], Metre())],
)
def test_the_same_states_and_logits_for_all_chunk_sizes(
    models: dict[str, NoteModel], sizes: list[int], metre: Metre
) -> None:
    rows, ticks = encode(melody(LONG), metre)
    states, logits = {}, {}
    for name, model in models.items():
        model.reset()
        states[name] = in_chunks(model, rows, ticks, [len(rows)] if name == "whole" else sizes)
        logits[name] = all_logits(model)
    for name in ("ring", "onnx"):
        assert differ(states[name], states["whole"]) <= TOLERANCE
        assert differ(logits[name], logits["whole"]) <= TOLERANCE
    shorter = models["whole"]
    shorter.rewind(len(rows) - 1)
    shorter.feed(rows[-1:], ticks[-1:] + 1)
    assert differ(all_logits(shorter), logits["whole"]) > 100 * TOLERANCE, "a network that hears nothing proves nothing"


@pytest.mark.parametrize(
    ("length", "back"),
    [(20, 1), (20, 19), (SHAPE.window, 5), (SHAPE.window, 60), (LONG, 1), (LONG, 60), (LONG, ROOM)],
)
def test_the_same_logits_after_rewinds(models: dict[str, NoteModel], length: int, back: int) -> None:
    rows, ticks = encode(melody(length), Metre())
    other_rows, _ = encode(melody(length, seed=5), Metre())
    logits = {}
    for name, model in models.items():
        model.reset()
        model.feed(rows, ticks)
        assert model.rewind(length - back)
        model.feed(other_rows[length - back :], ticks[length - back :] + 3)
        logits[name] = all_logits(model)
    fresh = models["whole"]
    fresh.reset()
    fresh.feed(rows[: length - back], ticks[: length - back])
    fresh.feed(other_rows[length - back :], ticks[length - back :] + 3)
    logits["fresh"] = all_logits(fresh)
    for name in ("whole", "ring", "onnx"):
        assert differ(logits[name], logits["fresh"]) <= TOLERANCE


def test_a_rewind_beyond_the_ring_is_refused_also_in_small_steps(models: dict[str, NoteModel]) -> None:
    """What the ring has overwritten does not come back by rewinding twice."""
    rows, ticks = encode(melody(LONG), Metre())
    for name in ("ring", "onnx"):
        model = models[name]
        model.reset()
        model.feed(rows, ticks)
        assert not model.rewind(LONG - ROOM - 1)
        assert model.rewind(LONG - 100)
        model.feed(rows[LONG - 100 : LONG - 90], ticks[LONG - 100 : LONG - 90])
        assert not model.rewind(LONG - ROOM - 20), name
        assert model.rewind(LONG - ROOM)


def test_after_a_reset_it_is_as_new(models: dict[str, NoteModel], tiny_bundle: Path) -> None:
    rows, ticks = encode(melody(30), Metre())
    used, new = models["onnx"], OnnxNoteModel(tiny_bundle, Provider.CPU)
    used.feed(rows, ticks)
    used.reset()
    assert (all_logits(used) == all_logits(new)).all()


def test_a_twin_hears_nothing_of_what_the_other_hears(tiny_bundle: Path) -> None:
    rows, ticks = encode(melody(90), Metre())
    one, alone = OnnxNoteModel(tiny_bundle, Provider.CPU), OnnxNoteModel(tiny_bundle, Provider.CPU)
    one.feed(rows[:40], ticks[:40])
    twin = one.twin()
    for place in range(40, 90, 10):
        one.feed(rows[place : place + 10], ticks[place : place + 10])
        twin.feed(rows[place - 40 : place - 30], ticks[place - 40 : place - 30])
    for place in range(0, 50, 10):
        alone.feed(rows[place : place + 10], ticks[place : place + 10])
    assert (all_logits(twin) == all_logits(alone)).all()
    alone.reset()
    alone.feed(rows[:40], ticks[:40])
    for place in range(40, 90, 10):
        alone.feed(rows[place : place + 10], ticks[place : place + 10])
    assert (all_logits(one) == all_logits(alone)).all()


def test_the_same_notes_with_the_same_seed(models: dict[str, NoteModel]) -> None:
    heard = melody(120)
    first = heard[-1].onset_tick + 12
    wish = Wish(turn=1, seed=11, earliest_tick=first, first_tick=first, end_tick=first + 960, use_pedal=True)
    hearings: list[Callable[[list[Note]], list[Note]]] = [lambda notes: notes[:100], lambda notes: notes]
    answers = {}
    for name, model in models.items():
        model.reset()
        composer = Composer(model)
        drawn: list[Note] = []
        for turn, part in enumerate(hearings):
            for _ in composer.hear(Hearing(0, (*part(heard), *drawn[:7]), Metre())):
                pass
            drawn += list(composer.play(msgspec.structs.replace(wish, turn=turn)))
        answers[name] = drawn
    assert len(answers["whole"]) > 20
    assert answers["onnx"] == answers["ring"] == answers["whole"]
