"""The bench of the memory times what it says, on music in which there is something to find."""

from cocomposer.bench.player_memory import made, measure, rows_of
from cocomposer.memory.recall import Recall
from cocomposer.memory.store import Store


def test_figures_are_positive_and_in_order() -> None:
    figures = measure(2000, notes=60)
    assert figures["notes_of_files"] == 2000
    some, everything = figures["add_and_pitch_ms"], figures["add_and_all_fields_ms"]
    assert 0 < some[0] <= some[1] and some[0] < everything[0]


def test_there_is_something_to_find() -> None:
    store = Store()
    store.extend(rows_of(made(1, 300)))
    assert len(Recall(store).votes((24,)).classes) > 20
