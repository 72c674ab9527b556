"""Colours, sizes and the style sheet, dark and light: the only place that names a colour.

Contrast of text on its ground is at least 4.5:1, of what one must find at least 3:1. The player is warm, the machine
cool, in both themes, and told apart without colour too (see the roll).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

GAP: Final = 8
"""Space between neighbours, in device-independent pixels; half and double of it are used too."""
RADIUS: Final = 6
FIELD_RADIUS: Final = 4
NUMBER_MARGIN: Final = 5
"""Beside the text of a number's field, where a style sheet's padding does not reach."""
BUTTON_HEIGHT: Final = 32
BIG_BUTTON_HEIGHT: Final = 64
"""Of what is pressed while playing: read from two metres."""
PICTURES: Final = Path(__file__).parent / "pictures"
"""Ticks and arrows of fields, which Qt's style sheets take from files only."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as #rrggbb."""

    name: str
    window: str
    panel: str
    """Ground of panels and fields."""
    raised: str
    """Buttons."""
    line: str
    text: str
    faint_text: str
    muted: str
    """Outlines of fields and boxes, and the text of what cannot be used now."""
    accent: str
    """Selection and focus."""
    player: str
    machine: str
    along: str
    """What the machine plays along with the player."""
    fallback: str
    """The machine's notes that are not the model's."""
    good: str
    warning: str
    bad: str
    white_row: str
    """Rows of the roll."""
    black_row: str
    scale_row: str
    """Rows of the scale."""
    bar_line: str
    beat_line: str
    playhead: str
    white_key: str
    black_key: str


DARK: Final = Theme(
    "dark", "#15171c", "#1d2027", "#2a2e38", "#3a3f4b", "#eceff4", "#a3abba", "#7a8394", "#8ab4f8", "#f5a94b",
    "#4cc9e0", "#a99bff", "#9aa3b2", "#6fd08c", "#f2c14e", "#ff6b6b", "#22262e", "#1b1e25",
    "#283041", "#4a5162", "#2f343f", "#ffffff", "#dfe3ea", "#2b2f38",
)  # fmt: skip
LIGHT: Final = Theme(
    "light", "#f3f4f7", "#ffffff", "#e6e9ef", "#c3c9d4", "#1a1d23", "#535b69", "#767f8f", "#1a5fd0", "#b45f06",
    "#00728a", "#5b46c9", "#6b7280", "#1e7d3c", "#8f6400", "#c62828", "#ffffff", "#f0f2f6",
    "#e2ebfa", "#9aa3b2", "#dde1e8", "#111111", "#ffffff", "#3c424e",
)  # fmt: skip


def palette(theme: Theme) -> QPalette:
    """Qt's palette of it."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, colour in (
        (roles.Window, theme.window), (roles.WindowText, theme.text), (roles.Base, theme.panel),
        (roles.AlternateBase, theme.window), (roles.Text, theme.text), (roles.Button, theme.raised),
        (roles.ButtonText, theme.text), (roles.Highlight, theme.accent), (roles.HighlightedText, theme.window),
        (roles.ToolTipBase, theme.raised), (roles.ToolTipText, theme.text), (roles.PlaceholderText, theme.faint_text),
        (roles.Link, theme.accent), (roles.BrightText, theme.bad), (roles.Mid, theme.line), (roles.Dark, theme.line),
        (roles.Light, theme.raised), (roles.Midlight, theme.raised), (roles.Shadow, theme.window),
    ):  # fmt: skip
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return made


def style_sheet(theme: Theme) -> str:
    """What Qt's Fusion style is told beyond the palette. Widgets are addressed by class or by the property `role`."""
    arrow, tick = PICTURES / "arrow", PICTURES / f"tick-{theme.name}.svg"
    return f"""
    QWidget {{ font-size: 13px; }}
    QToolTip {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.line}; padding: 4px; }}
    QGroupBox {{ border: 0; margin-top: 22px; font-weight: 600; }}
    QGroupBox::title {{ subcontrol-origin: margin; left: 0; color: {theme.faint_text}; }}

    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QPushButton, QToolButton {{ background: {theme.raised}; border: 1px solid {theme.line}; border-radius: {RADIUS}px;
        padding: 4px 10px; min-height: 20px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {theme.faint_text}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {theme.accent}; padding: 3px 9px; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {theme.line}; }}
    QPushButton:checked, QToolButton:checked {{ background: {theme.accent}; color: {theme.window}; }}
    QPushButton:checked:focus, QToolButton:checked:focus {{ border-color: {theme.text}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {theme.muted}; background: {theme.window}; }}

    QLineEdit, QComboBox, QAbstractSpinBox {{ background: {theme.panel}; border: 1px solid {theme.muted};
        border-radius: {FIELD_RADIUS}px; padding: 2px 6px; min-height: 20px;
        selection-background-color: {theme.accent}; selection-color: {theme.window}; }}
    QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border: 2px solid {theme.accent}; padding: 1px 5px; }}
    QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled
        {{ background: {theme.window}; border-color: {theme.line}; color: {theme.muted}; }}
    QLineEdit QToolButton, QLineEdit QToolButton:focus
        {{ border: 0; background: transparent; padding: 0; min-height: 0; }}
    QComboBox::drop-down {{ border: 0; width: 18px; }}
    QComboBox::down-arrow {{ image: url("{arrow.as_posix()}-down.svg"); width: 10px; height: 10px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button
        {{ subcontrol-origin: border; border: 0; background: transparent; width: 16px; }}
    QAbstractSpinBox::up-arrow {{ image: url("{arrow.as_posix()}-up.svg"); width: 8px; height: 8px; }}
    QAbstractSpinBox::down-arrow {{ image: url("{arrow.as_posix()}-down.svg"); width: 8px; height: 8px; }}

    QCheckBox::indicator, QListWidget::indicator {{ width: 14px; height: 14px; border: 1px solid {theme.muted};
        border-radius: 3px; background: {theme.panel}; }}
    QCheckBox::indicator:hover {{ border-color: {theme.text}; }}
    QCheckBox::indicator:focus {{ border: 2px solid {theme.accent}; width: 12px; height: 12px; }}
    QCheckBox::indicator:checked, QListWidget::indicator:checked
        {{ background: {theme.accent}; border-color: {theme.accent}; image: url("{tick.as_posix()}"); }}
    QCheckBox::indicator:checked:focus {{ border-color: {theme.text}; }}
    QCheckBox::indicator:disabled {{ border-color: {theme.line}; background: {theme.window}; }}
    QCheckBox::indicator:checked:disabled {{ background: {theme.muted}; }}

    QSlider:horizontal {{ min-height: 20px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.muted}; }}
    QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {theme.accent}; }}
    QSlider::handle:horizontal {{ width: 14px; margin: -5px 0; border-radius: 7px; background: {theme.text}; }}
    QSlider::handle:horizontal:focus {{ width: 10px; border: 2px solid {theme.accent}; }}
    QSlider::sub-page:horizontal:disabled, QSlider::groove:horizontal:disabled {{ background: {theme.line}; }}
    QSlider::handle:horizontal:disabled {{ background: {theme.muted}; }}

    QTabWidget::pane {{ border: 0; border-top: 1px solid {theme.line}; }}
    QTabBar::tab {{ color: {theme.faint_text}; padding: 6px 14px; border: 0; border-bottom: 2px solid transparent; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
    QTabBar::tab:selected:focus {{ background: {theme.raised}; }}

    QTableWidget, QListWidget {{ background: {theme.panel}; border: 1px solid {theme.line};
        border-radius: {FIELD_RADIUS}px; outline: 0;
        selection-background-color: {theme.accent}; selection-color: {theme.window}; }}
    QTableWidget:focus, QListWidget:focus {{ border-color: {theme.accent}; }}
    QListWidget::item {{ padding: 3px 4px; }}
    QTableWidget::item {{ padding: 0 6px; border: 0; }}
    QTableWidget::item:selected {{ background: {theme.accent}; color: {theme.window}; }}
    QHeaderView {{ background: {theme.panel}; border: 0; }}
    QHeaderView::section {{ background: {theme.panel}; color: {theme.faint_text}; border: 0;
        border-bottom: 1px solid {theme.line}; padding: 4px 6px; font-weight: 600; }}

    QScrollBar {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {theme.muted}; border-radius: 3px; margin: 3px; }}
    QScrollBar::handle:vertical {{ min-height: 28px; }}
    QScrollBar::handle:horizontal {{ min-width: 28px; }}
    QScrollBar::handle:hover {{ background: {theme.faint_text}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

    QLabel[role="faint"] {{ color: {theme.faint_text}; }}
    QLabel[role="title"] {{ font-size: 15px; font-weight: 600; }}
    QLabel[role="huge"] {{ font-size: 26px; font-weight: 600; }}
    QLabel[role="bad"] {{ color: {theme.bad}; }}
    QLabel[role="good"] {{ color: {theme.good}; }}
    QLabel[role="warning"] {{ color: {theme.warning}; }}
    QFrame[role="panel"] {{ background: {theme.panel}; border-radius: {RADIUS}px; }}
    """


def put_on(application: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    application.setStyle("Fusion")
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))
    application.setProperty("cocomposer_theme", theme.name)


def worn() -> Theme:
    """The theme that the application wears now; painted widgets ask for it when they paint."""
    application = QApplication.instance()
    light = application is not None and application.property("cocomposer_theme") == LIGHT.name
    return LIGHT if light else DARK
