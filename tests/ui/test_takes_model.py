"""The model of the takes list: whatever becomes of it, views are told truly, step by step."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex

from cocomposer.document.takes import KeptTake
from tests.ui.takes_jam import take
from ui.presenters.takes import TakeRow
from ui.widgets.takes_model import ROW, TakesModel

TAKES = [take(number) for number in range(12)]


def row(one: KeptTake, title: str) -> TakeRow:
    return TakeRow(one, title, "", "", "", "", title)


@st.composite
def lists(draw: st.DrawFn) -> tuple[TakeRow, ...]:
    """Some of the takes in some order, each saying one of two things."""
    numbers = draw(st.lists(st.integers(0, 11), unique=True))
    return tuple(row(TAKES[number], f"{number}{draw(st.sampled_from('ab'))}") for number in numbers)


class Follower:
    """A view that believes only what the model tells it."""

    def __init__(self, model: TakesModel) -> None:
        self._model = model
        self.rows: list[TakeRow] = []
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.dataChanged.connect(self._changed)
        model.layoutChanged.connect(self._laid_out)

    def _row(self, place: int) -> TakeRow:
        found = self._model.index(place).data(ROW.value)
        assert isinstance(found, TakeRow)
        return found

    def _inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.rows[first:first] = [self._row(place) for place in range(first, last + 1)]

    def _removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        del self.rows[first : last + 1]

    def _changed(self, first: QModelIndex, _last: QModelIndex) -> None:
        self.rows[first.row()] = self._row(first.row())

    def _laid_out(self) -> None:
        self.rows = [self._row(place) for place in range(self._model.rowCount())]


@given(st.lists(lists(), min_size=2, max_size=4))
def test_views_follow_any_change(states: list[tuple[TakeRow, ...]]) -> None:
    model = TakesModel()
    follower = Follower(model)
    for rows in states:
        followed = {
            model.rows[place].take.id: QPersistentModelIndex(model.index(place)) for place in range(model.rowCount())
        }
        model.show_rows(rows)
        assert model.rows == rows
        assert tuple(follower.rows) == rows
        places = {one.take.id: place for place, one in enumerate(rows)}
        for take_id, index in followed.items():
            assert (index.row() if index.isValid() else None) == places.get(take_id)
