"""The report of copying: shares of answers above each length, beside what people wrote, without drums."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.note import Note
from cocomposer.originality.index import Index, Work
from cocomposer.originality.line import Line
from cocomposer.originality.overlap import Passage
from models.training.evaluation.continuations import Seed, composed, true_candidate
from models.training.evaluation.originality import Overlap, line, measure, overlaps, summary, wilson
from tests.fakes.note_model import FakeNoteModel

WORK = Work("a.mid", "Somebody", "Something", "made up", "CC0-1.0")


def passage(counted: int, notes: int) -> Passage:
    return Passage(counted, notes, WORK, 0)


def tune(seed: int, count: int, first_tick: int = 0) -> tuple[Note, ...]:
    pitches = np.random.default_rng(seed).permutation(np.arange(50, 50 + count)).tolist()
    return tuple(Note(first_tick + 24 * n, pitch, 24, 80) for n, pitch in enumerate(pitches))


def index_of(notes: tuple[Note, ...]) -> Index:
    read = Line()
    for note in notes:
        read.hear(note.onset_tick, note.pitch, note.end_tick)
    read.close()
    return Index.of([WORK], [(0, bytes(read.steps))])


def seed(number: int, heard: tuple[Note, ...], truth: tuple[Note, ...], kind: str = "score") -> Seed:
    return Seed(number, 0, kind, kind, heard, truth, Metre())


SEEDS = [
    seed(0, tune(1, 20), tune(2, 30, 24 * 20)),
    seed(1, tune(1, 20), tune(3, 30, 24 * 20)),
    seed(2, tune(1, 20), tune(2, 30, 24 * 20), "drums"),
]


def test_shares_are_of_all_answers_and_above_each_length() -> None:
    found = [
        Overlap(n, p) for n, p in enumerate([None, passage(8, 9), passage(9, 13), passage(13, 20), passage(17, 17)])
    ]
    table = summary(found)
    assert table["answers"] == 5
    assert [table["counted"][above]["share"] for above in ("8", "12", "16")] == [0.6, 0.4, 0.2]
    assert [table["notes"][above]["share"] for above in ("8", "12", "16")] == [0.8, 0.6, 0.4]
    assert [each["counted"] for each in table["longest"]] == [17, 13, 9]
    assert table["longest"][0]["work"]["licence"] == "CC0-1.0"
    assert "60.0" in line("somebody", table) and json.loads(json.dumps(table)) is not None


def test_nothing_to_continue_is_said() -> None:
    with pytest.raises(ValueError, match="no pitched phrases"):
        summary([])


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0), (1, 100, 0.002, 0.054)],
)
def test_wilson_intervals_as_published(hits: int, trials: int, low: float, high: float) -> None:
    assert wilson(hits, trials) == pytest.approx((low, high), abs=0.001)


def test_drums_are_left_out() -> None:
    found = overlaps(index_of(tune(2, 30)), SEEDS, true_candidate)
    assert [each.seed for each in found] == [0, 1]
    assert found[0].passage is not None and found[0].passage.notes == 30
    assert found[1].passage is None


class Without:
    """Leaves some pitches out."""

    def __init__(self, pitches: Sequence[int]) -> None:
        self._pitches = pitches

    def begin(self, heard: Sequence[Note]) -> None:
        pass

    def took(self, note: Note) -> None:
        pass

    def shape(self, field: str, logits: NDArray[np.float64], _drawing: object) -> NDArray[np.float64]:
        return np.where(np.isin(np.arange(len(logits)), self._pitches), -40.0, logits) if field == "pitch" else logits


def test_what_shapes_an_answer_has_the_last_word_over_the_memory_as_it_has_in_the_product() -> None:
    played = (60, 64, 67, 62)
    again = seed(0, tuple(Note(24 * n, played[n % 4], 24, 80) for n in range(60)), tune(2, 30))
    settings = changed(Settings(), {"memory": 3.0})
    plain, without = (composed(FakeNoteModel(), settings, shapers)(again) for shapers in ((), (Without(played),)))
    assert {note.pitch for note in plain} & set(played)
    assert not {note.pitch for note in without} & set(played)


def test_people_and_model_stand_beside_each_other() -> None:
    index = index_of(tune(2, 30))
    found = measure(FakeNoteModel(), index, SEEDS[:2], SEEDS, 12, Settings())
    assert [table["answers"] for table in found["tables"].values()] == [2, 2, 2, 2]
    assert found["tables"]["people, same phrases"]["counted"]["16"]["share"] == 0.5
    assert found["tables"]["without guard"] == found["tables"]["with guard"]
    assert all(value >= 0 for value in found["cost"].values())
