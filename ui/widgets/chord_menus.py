"""Menus of the chord panel: what could stand for a chord, and which key is kept. Given words, they tell choices."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ui.presenters.chords import Instead


def substitutes_menu(
    parent: QWidget,
    name: str,
    found: Sequence[Instead],
    chosen: Callable[[str], None],
    rested: Callable[[str], None],
) -> QMenu:
    """What could stand for the chord of this name: one that is pointed at is told to `rested`."""
    menu = QMenu(f"Instead of {name}", parent)
    menu.addSection(f"Instead of {name}" if found else f"Nothing stands for {name}")
    for one in found:
        action = menu.addAction(one.text)
        action.triggered.connect(lambda _checked=False, symbol=one.symbol: chosen(symbol))
        action.hovered.connect(lambda symbol=one.symbol: rested(symbol))
    return menu


def key_menu(
    parent: QWidget,
    heard: str,
    pinned: str | None,
    keys: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    chosen: Callable[[str | None], None],
) -> QMenu:
    """`heard`: the key that is heard, for the eye; `keys`: by mode, (name, text). None is told: whatever is heard."""
    menu = QMenu("Key", parent)
    follow = menu.addAction(f"Follow what is played{f' ({heard})' if heard else ''}")
    follow.setCheckable(True)
    follow.setChecked(pinned is None)
    follow.triggered.connect(lambda _checked=False: chosen(None))
    menu.addSeparator()
    for mode, names in keys:
        submenu = menu.addMenu(mode)
        for name, text in names:
            _add_key(submenu, name, text, name == pinned, chosen)
    return menu


def _add_key(menu: QMenu, name: str, text: str, checked: bool, chosen: Callable[[str | None], None]) -> QAction:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(checked)
    action.triggered.connect(lambda _checked=False: chosen(name))
    return action
