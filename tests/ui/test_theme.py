"""Both themes can be read: contrast of every text on every ground it stands on, and of what one must find."""

import re

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)

from ui.theme import DARK, LIGHT, PICTURES, Theme, palette, put_on, style_sheet, worn

TEXT, FOUND = 4.5, 3.0
"""Least contrast of text, and of what is no text but must be seen (WCAG 2.2, 1.4.3 and 1.4.11)."""
GROUNDS = ("window", "panel", "raised")
ROWS = ("white_row", "black_row", "scale_row")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("text", "faint_text", "accent") for ground in GROUNDS),
    *((ink, ground, TEXT) for ink in ("good", "warning", "bad") for ground in ("window", "panel")),
    # What cannot be used now need not be as plain as what can, but it must be there to be read.
    *((ink, ground, FOUND) for ink in ("muted", "good", "warning", "bad", "accent") for ground in GROUNDS),
    *((ink, ground, FOUND) for ink in ("player", "machine", "fallback", "playhead", "accent") for ground in ROWS),
    *(("along", ground, FOUND) for ground in ROWS),
    ("window", "accent", TEXT),
    ("text", "line", TEXT),
    ("white_key", "black_key", FOUND),
]


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, by WCAG."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_everything_can_be_read(theme: Theme, ink: str, ground: str, least: float) -> None:
    measured = contrast(getattr(theme, ink), getattr(theme, ground))
    assert measured >= least, f"{ink} on {ground}: {measured:.2f}"


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_what_cannot_be_used_can_be_read(theme: Theme) -> None:
    made = palette(theme)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        ink = made.color(QPalette.ColorGroup.Disabled, role).name()
        assert all(contrast(ink, getattr(theme, ground)) >= FOUND for ground in GROUNDS)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_pictures_of_fields_are_there_and_can_be_seen(theme: Theme) -> None:
    named = re.findall(r'url\("([^"]+)"\)', style_sheet(theme))
    assert {name.rsplit("/", 1)[1] for name in named} == {"arrow-up.svg", "arrow-down.svg", f"tick-{theme.name}.svg"}
    for name in {name.rsplit("/", 1)[1] for name in named}:
        (ink,) = re.findall(r'stroke="(#\w+)"', (PICTURES / name).read_text(encoding="utf-8"))
        assert contrast(ink, theme.accent if "tick" in name else theme.panel) >= FOUND


def test_a_theme_is_put_on_and_known(qapp: QApplication) -> None:
    try:
        put_on(qapp, LIGHT)
        assert worn() is LIGHT
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
        put_on(qapp, DARK)
        assert worn() is DARK
    finally:
        put_on(qapp, DARK)


HAVE_ICONS = QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons


class Pictured(QProxyStyle):
    """Puts the system's pictures on buttons, as Fusion does on a real screen."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        shape: QStyleHintReturn | None = None,
    ) -> int:
        return 1 if hint is HAVE_ICONS else super().styleHint(hint, option, widget, shape)


def test_cancel_has_no_picture_of_the_system(qapp: QApplication) -> None:
    """The buttons beside it have none either."""
    try:
        qapp.setStyle(Pictured("Fusion"))
        qapp.setStyleSheet(style_sheet(DARK))
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        box.ensurePolished()
        assert box.style().styleHint(HAVE_ICONS, None, box) == 0
    finally:
        put_on(qapp, DARK)
