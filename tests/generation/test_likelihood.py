"""What notes cost, many at once: by every model that needs no weights as by its logits one at a time."""

from collections.abc import Callable

import numpy as np
import pytest

from cocomposer.bench.plain_model import PlainModel
from cocomposer.events.codec import Metre
from cocomposer.generation.composer import Composer
from cocomposer.generation.likelihood import cost
from cocomposer.generation.request import Wish
from cocomposer.music.note import Note
from cocomposer.ports import NoteModel
from tests.fakes.note_model import FakeNoteModel

NOTES = tuple(Note(12 * n, 60 + 5 * n % 17 * (n % 3 > 0), 10, 40 + 5 * n) for n in range(11))
"""Most as the plain model expects them."""


@pytest.mark.parametrize("model", [FakeNoteModel, PlainModel])
@pytest.mark.parametrize("at_once", [2, 5, 64])
def test_heads_say_of_many_notes_what_logits_say_of_each(model: Callable[[], NoteModel], at_once: int) -> None:
    wish = Wish(0, 1, 0, metre=Metre(True, 0))
    together = np.concatenate(list(Composer(model()).foretell(NOTES, wish, at_once)))
    alone = np.concatenate(list(Composer(model()).foretell(NOTES, wish, 1)))
    np.testing.assert_allclose(together, alone)
    assert len(np.unique(alone[:, 1])) > 1 and alone[0, 0] == 0 < alone[1, 0]


def test_a_cost_is_the_negative_logarithm_of_the_share() -> None:
    logits = np.log(np.asarray([[0.5, 0.25, 0.25], [1.0, 1.0, 2.0]], dtype=np.float32)) + 300
    assert np.exp(-cost(logits, np.asarray([1, 2]))) == pytest.approx([0.25, 0.5], abs=1e-4)
