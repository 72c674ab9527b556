"""The rows of the takes list: paints each, and tells what was pressed on it. Knows rows as the presenter made them."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.presenters.takes import Sounding, TakeRow, along
from ui.theme import GAP, RADIUS, worn
from ui.widgets.glyphs import play_glyph, star_path, stop_glyph
from ui.widgets.press_button import claims
from ui.widgets.take_pixmaps import TakePixmaps
from ui.widgets.takes_model import ROW, Index
from ui.widgets.words import fitted

PICTURE_HEIGHT: Final = 48
_STAR: Final = 18
_BADGE: Final = 18
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a row's parts lie."""

    picture: QRect
    star: QRect
    badge: QRect
    title: QRect
    lines: tuple[QRect, QRect, QRect]


class NameEditor(QLineEdit):
    """Return and Escape end the typing, although the window has given both keys to the jam."""

    def event(self, event: QEvent) -> bool:
        return claims(event, Qt.Key.Key_Escape) or super().event(event)


class TakeDelegate(QStyledItemDelegate):
    """Paints rows. What sounds is told by `sounding`."""

    played = Signal(str)
    starred = Signal(str)

    def __init__(self, pixmaps: TakePixmaps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pixmaps = pixmaps
        self._pressed: tuple[str, str] | None = None
        self.sounding: Sounding | None = None

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, 4 * _line(option.font) + 2 * GAP)

    def places(self, rect: QRect, font: QFont) -> _Places:
        """The parts of a row that fills `rect`."""
        line = _line(font)
        inside = rect.adjusted(GAP, GAP, -GAP, -GAP)
        width = min(180, max(68, inside.width() * 26 // 100))
        height = max(PICTURE_HEIGHT, 4 * line - 4)
        picture = QRect(inside.left(), inside.center().y() - height // 2, width, height)
        left = picture.right() + 1 + GAP + GAP // 2
        star = QRect(inside.right() - _STAR + 1, inside.top() + (line - _STAR) // 2, _STAR, _STAR)
        badge = star.translated(-_BADGE - GAP // 2, 0)
        text = QRect(left, inside.top(), inside.right() - left + 1, line)
        lines = (text.translated(0, line), text.translated(0, 2 * line), text.translated(0, 3 * line))
        return _Places(picture, star, badge, text.adjusted(0, 0, -_STAR - GAP // 2, 0), lines)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TakeRow = index.data(ROW.value)
        theme = worn()
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        places = self.places(option.rect, option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(option.rect).adjusted(2, 1, -2, -1)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised if chosen else theme.window))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        elif chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(ground.left(), ground.top(), 3, ground.height()), 1.5, 1.5)
        self._paint_picture(painter, places.picture, row, hovered)
        self._paint_words(painter, places, option.font, row)
        _paint_star(painter, places.star, row.take.starred, hovered or chosen)
        if row.badge:
            paint_badge(painter, places.badge, row.badge)
        painter.restore()

    def _paint_picture(self, painter: QPainter, rect: QRect, row: TakeRow, hovered: bool) -> None:
        theme = worn()
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.topLeft(), self._pixmaps.pixmap(row.take, rect.size(), ratio))
        heard = along(row.take, self.sounding)
        if hovered or heard is not None:
            middle = QPointF(rect.center()) + QPointF(0.5, 0.5)
            disc = QColor(theme.window)
            disc.setAlphaF(0.85)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(disc)
            painter.drawEllipse(middle, 13, 13)
            painter.setBrush(QColor(theme.text))
            painter.drawPath(stop_glyph(middle, 10) if heard is not None else play_glyph(middle, 12))
        if heard is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.playhead))
            painter.drawRect(QRectF(rect.left(), rect.bottom() - 2, rect.width() * heard, 3))

    def _paint_words(self, painter: QPainter, places: _Places, font: QFont, row: TakeRow) -> None:
        theme = worn()
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        title = places.title.adjusted(0, 0, -_BADGE - GAP // 2, 0) if row.badge else places.title
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        said = QFontMetrics(bold).elidedText(row.title, Qt.TextElideMode.ElideRight, title.width())
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, said)
        small = _small(font)
        lines = [(theme.text, row.facts), (theme.machine, row.chords), (theme.faint_text, row.origin)]
        shown = [line for line in lines if line[1]]
        for (colour, text), rect in zip(shown, places.lines, strict=False):
            _write(painter, small, colour, rect, text)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A press on picture or star that ends where it began: play, or star."""
        row: TakeRow = index.data(ROW.value)
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return super().editorEvent(event, model, option, index)
        part = self._part(option, event.position().toPoint())
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._pressed = (row.take.id, part) if part and not event.modifiers() else None
        elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            pressed, self._pressed = self._pressed, None
            if pressed == (row.take.id, part):
                (self.played if part == "picture" else self.starred).emit(row.take.id)
                return True
        return super().editorEvent(event, model, option, index)

    def forget_press(self) -> None:
        """The press became a drag."""
        self._pressed = None

    def _part(self, option: QStyleOptionViewItem, at: QPoint) -> str:
        places = self.places(option.rect, option.font)
        if places.picture.contains(at):
            return "picture"
        return "star" if places.star.adjusted(-4, -6, 4, 8).contains(at) else ""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = NameEditor(parent)
        editor.setMaxLength(_LONGEST_NAME)
        editor.setAccessibleName(f"New name of {index.data()}")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        title = self.places(option.rect, option.font).title
        height = max(editor.sizeHint().height(), title.height())
        editor.setGeometry(title.left() - 6, title.top() - 5, title.width() + 8, height)


def _line(font: QFont) -> int:
    return QFontMetrics(font).height() + 2


def _small(font: QFont) -> QFont:
    small = QFont(font)
    if font.pixelSize() > 0:
        small.setPixelSize(max(10, font.pixelSize() - 1))
    else:
        small.setPointSizeF(font.pointSizeF() * 0.92)
    return small


def _write(painter: QPainter, font: QFont, colour: str, rect: QRect, text: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    said = fitted(text, QFontMetrics(font), rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, said)


def _paint_star(painter: QPainter, rect: QRect, starred: bool, offered: bool) -> None:
    if not starred and not offered:
        return
    theme = worn()
    painter.setPen(QPen(QColor(theme.warning if starred else theme.faint_text), 1.4))
    painter.setBrush(QColor(theme.warning) if starred else Qt.BrushStyle.NoBrush)
    painter.drawPath(star_path(QRectF(rect).center(), 7.5))


def paint_badge(painter: QPainter, rect: QRect, letter: str) -> None:
    """The letter of one of two that are compared."""
    theme = worn()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    painter.drawRoundedRect(QRectF(rect), 4, 4)
    font = QFont(QApplication.font())
    font.setPixelSize(12)
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(QColor(theme.window))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)
