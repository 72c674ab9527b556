"""Colours, sizes and the style sheet, dark and light: the only place that names a colour.

Contrast of text on its ground is at least 4.5:1, of what one must find at least 3:1. The player is warm, the machine
cool, in both themes, and told apart without colour too (see the roll).
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

GAP: Final = 8
"""Space between neighbours, in device-independent pixels; half and double of it are used too."""
RADIUS: Final = 6
BUTTON_HEIGHT: Final = 32
BIG_BUTTON_HEIGHT: Final = 64
"""Of what is pressed while playing: read from two metres."""


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
    accent: str
    """Selection and focus."""
    player: str
    machine: str
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
    "dark", "#15171c", "#1d2027", "#2a2e38", "#3a3f4b", "#eceff4", "#a3abba", "#8ab4f8", "#f5a94b",
    "#4cc9e0", "#9aa3b2", "#6fd08c", "#f2c14e", "#ff6b6b", "#22262e", "#1b1e25",
    "#283041", "#4a5162", "#2f343f", "#ffffff", "#dfe3ea", "#2b2f38",
)  # fmt: skip
LIGHT: Final = Theme(
    "light", "#f3f4f7", "#ffffff", "#e6e9ef", "#c3c9d4", "#1a1d23", "#535b69", "#1a5fd0", "#b45f06",
    "#00728a", "#6b7280", "#1e7d3c", "#8f6400", "#c62828", "#ffffff", "#f0f2f6",
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
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.line))
    return made


def style_sheet(theme: Theme) -> str:
    """What Qt's Fusion style is told beyond the palette. Widgets are addressed by class or by the property `role`."""
    return f"""
    QWidget {{ font-size: 13px; }}
    QToolTip {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.line}; padding: 4px; }}
    QGroupBox {{ border: 0; margin-top: 22px; font-weight: 600; }}
    QGroupBox::title {{ subcontrol-origin: margin; left: 0; color: {theme.faint_text}; }}
    QPushButton, QToolButton {{ background: {theme.raised}; border: 1px solid {theme.line}; border-radius: {RADIUS}px;
        padding: 4px 10px; min-height: 20px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {theme.faint_text}; }}
    QPushButton:focus, QToolButton:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus
        {{ border: 2px solid {theme.accent}; }}
    QPushButton:checked, QToolButton:checked {{ background: {theme.accent}; color: {theme.window}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {theme.line}; }}
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
