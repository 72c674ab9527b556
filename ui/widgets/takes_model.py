"""The takes as Qt's list model. It changes by what differs, so that selection and scroll stay where they are.

Knows rows as the presenter made them, no session.
"""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.presenters.takes import TakeRow

Index = QModelIndex | QPersistentModelIndex
ROW: Final = Qt.ItemDataRole.UserRole


class TakesModel(QAbstractListModel):
    """Rows in the order shown."""

    renamed = Signal(str, str)
    """Id and new name; an empty one brings back the name it came with."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TakeRow, ...] = ()

    def show_rows(self, rows: Sequence[TakeRow]) -> None:
        """Become these rows by removals, insertions and changes, so that selection and scroll stay."""
        new = tuple(rows)
        wanted = {row.take.id for row in new}
        self._remove({row.take.id for row in self.rows} - wanted)
        there = {row.take.id for row in self.rows}
        self._reorder([row.take.id for row in new if row.take.id in there])
        self._insert(new)
        self._change(new)

    def _remove(self, gone: set[str]) -> None:
        last = len(self.rows) - 1
        while gone and last >= 0:
            if self.rows[last].take.id not in gone:
                last -= 1
                continue
            first = last
            while first and self.rows[first - 1].take.id in gone:
                first -= 1
            self.beginRemoveRows(QModelIndex(), first, last)
            self.rows = (*self.rows[:first], *self.rows[last + 1 :])
            self.endRemoveRows()
            last = first - 1

    def _reorder(self, order: list[str]) -> None:
        if order == [row.take.id for row in self.rows]:
            return
        self.layoutAboutToBeChanged.emit()
        place = {take_id: number for number, take_id in enumerate(order)}
        before = self.persistentIndexList()
        moved = [self.index(place[self.rows[index.row()].take.id]) for index in before]
        self.rows = tuple(sorted(self.rows, key=lambda row: place[row.take.id]))
        self.changePersistentIndexList(before, moved)
        self.layoutChanged.emit()

    def _insert(self, new: tuple[TakeRow, ...]) -> None:
        at = 0
        while at < len(new):
            if at < len(self.rows) and self.rows[at].take.id == new[at].take.id:
                at += 1
                continue
            following = self.rows[at].take.id if at < len(self.rows) else None
            end = at
            while end < len(new) and new[end].take.id != following:
                end += 1
            self.beginInsertRows(QModelIndex(), at, end - 1)
            self.rows = (*self.rows[:at], *new[at:end], *self.rows[at:])
            self.endInsertRows()
            at = end

    def _change(self, new: tuple[TakeRow, ...]) -> None:
        changed = [number for number, (a, b) in enumerate(zip(self.rows, new, strict=True)) if a is not b]
        self.rows = new
        for number in changed:
            index = self.index(number)
            self.dataChanged.emit(index, index)

    def place(self, take_id: str | None) -> int | None:
        """Its row, None if it is not shown."""
        return next((number for number, row in enumerate(self.rows) if row.take.id == take_id), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, _index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable | flag.ItemIsDragEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.EditRole:
                return row.take.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.spoken
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return row.origin
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(part for part in (row.title, row.facts, row.chords, row.origin) if part)
            case ROW.value:
                return row
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        take = self.rows[index.row()].take
        if name != take.name:
            self.renamed.emit(take.id, name)
        return True
