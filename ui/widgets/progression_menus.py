"""Menus of the progression builder: a card's own, filling, endings, how chords are played, and the rest. No state."""

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from cocomposer.harmony.comping_patterns import COMPING_PATTERNS
from cocomposer.harmony.key import Key
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.voicing.rules import Style
from cocomposer.music.ticks import TICKS_PER_BEAT
from ui.presenters.chords import eye, instead_of
from ui.presenters.progression import row_key
from ui.presenters.progression_asking import ENDINGS
from ui.presenters.progression_sections import NAMES
from ui.progression_desk import ProgressionDesk
from ui.widgets.progression_row import CardRow
from ui.widgets.words import in_menu

Doing = Callable[[Callable[..., object]], Callable[..., None]]
"""Makes of a step one that is shown at once."""
LENGTHS: Final = (1, 2, 3, 4, 6, 8, 12, 16)
GAP_CHORDS: Final = 4


def card_menu(menu: QMenu, desk: ProgressionDesk, doing: Doing, row: CardRow) -> QMenu:
    """What can be done with the selected cards."""
    chosen, cards = desk.selected, desk.row.cards
    one = chosen[-1] if chosen else None
    if one is not None:
        _add(menu, "Type a chord", "type", lambda: row.edit_card(one))
        instead = menu.addMenu("Put in its place")
        for other in instead_of(cards[one].symbol, row_key(desk.session)):
            _add(instead, other.text, other.symbol, doing(lambda symbol=other.symbol: desk.type(one, symbol)))
        instead.setEnabled(bool(instead.actions()))
        lengths = menu.addMenu("Length")
        for beats in LENGTHS:
            text = f"{beats} beat{'' if beats == 1 else 's'}"
            _add(lengths, text, f"length_{beats}", doing(lambda ticks=beats * TICKS_PER_BEAT: desk.resize(ticks)))
        _fill_sections(menu.addMenu("Section begins here"), desk, doing, row)
        locked = all(cards[number].locked for number in chosen)
        _add(menu, "Unlock" if locked else "Lock", "lock", doing(desk.lock_cards))
        _add(menu, "Other chords", "other", doing(desk.drawing.other_chords))
        menu.addSeparator()
        _add(menu, "Repeat", "repeat", doing(desk.repeat))
        _add(menu, "Copy", "copy", row.copied.emit)
    _add(menu, "Paste", "paste", row.paste_clipboard)
    if one is not None:
        menu.addSeparator()
        _add(menu, "Delete", "delete", doing(desk.delete))
    return menu


def _fill_sections(menu: QMenu, desk: ProgressionDesk, doing: Doing, row: CardRow) -> None:
    """Names of the section that begins with the first selected card."""
    first = desk.selected[0]
    section = desk.row.cards[first].section
    for name in (*NAMES, *([section] if section not in ("", *NAMES) else [])):
        step = doing(lambda name=name: desk.begin_section(first, name))
        _choice(menu, in_menu(name), f"section_{name}", name == section, step)
    _add(menu, "Own words …", "section_words", lambda: row.edit_section(first))
    menu.addSeparator()
    none = _add(menu, "No section", "section_none", doing(lambda: desk.begin_section(first, "")))
    none.setEnabled(bool(section))


def fill_menu(menu: QMenu, desk: ProgressionDesk, doing: Doing) -> QMenu:
    """How many chords come between, where nothing stands there yet."""
    for count in range(1, GAP_CHORDS + 1):
        text = f"{count} chord{'' if count == 1 else 's'} between"
        _add(menu, text, f"fill_{count}", doing(lambda count=count: desk.drawing.fill(count)))
    return menu


def cadence_menu(menu: QMenu, desk: ProgressionDesk, doing: Doing) -> QMenu:
    """How it may end."""
    for ending in ENDINGS:
        _add(menu, ending.capitalize(), ending, doing(lambda ending=ending: desk.drawing.cadence(ending)))
    return menu


def sound_menu(menu: QMenu, desk: ProgressionDesk, doing: Doing) -> QMenu:
    """Voicing, rhythm and channel."""
    row = desk.row
    styles = menu.addMenu("Voicing")
    for style in Style:
        text = style.value.replace("-", " ").capitalize()
        _choice(styles, text, style.value, style is row.style, doing(lambda style=style: desk.play_as(style=style)))
    rhythms = menu.addMenu("Rhythm")
    _choice(rhythms, "Held", "held", row.pattern is None, doing(lambda: desk.play_as(held=True)))
    for pattern in COMPING_PATTERNS.values():
        if pattern.fits(desk.session.settings.beats_per_bar) or pattern.name == row.pattern:
            step = doing(lambda name=pattern.name: desk.play_as(pattern=name))
            _choice(rhythms, pattern.label, pattern.name, pattern.name == row.pattern, step)
    channels = menu.addMenu("MIDI channel")
    for channel in range(1, 17):
        step = doing(lambda channel=channel: desk.play_as(channel=channel))
        _choice(channels, str(channel), f"channel_{channel}", channel == row.channel, step)
    return menu


def more_menu(menu: QMenu, desk: ProgressionDesk, doing: Doing) -> QMenu:
    """Take over, transpose, and how it goes on."""
    state, key = desk.session.row, row_key(desk.session)
    _add(menu, "Take over the chords of the take", "chords_of_take", doing(desk.take_over))
    _add(menu, "Take over the chords of the jam", "chords_of_jam", doing(desk.take_over_heard))
    menu.addSeparator()
    _add(menu, "Transpose up a semitone", "chords_up", doing(lambda: desk.transpose(1)))
    _add(menu, "Transpose down a semitone", "chords_down", doing(lambda: desk.transpose(-1)))
    aims = menu.addMenu("Transpose to")
    for tonic in range(PITCH_CLASSES) if key is not None else ():
        assert key is not None
        aim = Key(tonic, key.mode)
        name = aim.name
        _choice(aims, eye(aim), f"to_{name}", tonic == key.tonic, doing(lambda name=name: desk.transpose_to(name)))
    aims.setEnabled(key is not None)
    _check(menu, "Transpose locked cards too", "also_locked", state.also_locked, doing(desk.set_also_locked))
    menu.addSeparator()
    _check(menu, "Again and again", "loop", state.loop, doing(desk.player.set_loop))
    _check(menu, "Answers have no other tones than the chords", "strict", state.strict, doing(desk.player.set_strict))
    menu.addSeparator()
    _add(menu, "Let the key be found", "find_key", doing(lambda: desk.choose_key(None)))
    _add(menu, "Delete all chords", "clear", doing(desk.clear))
    return menu


def _add(menu: QMenu, text: str, name: str, step: Callable[..., object]) -> QAction:
    action = menu.addAction(text)
    action.setObjectName(name)
    action.triggered.connect(lambda _checked=False: step())
    return action


def _choice(menu: QMenu, text: str, name: str, on: bool, step: Callable[..., object]) -> None:
    """One of several that exclude each other."""
    group = menu.findChild(QActionGroup) or QActionGroup(menu)
    action = _add(menu, text, name, step)
    action.setCheckable(True)
    action.setActionGroup(group)
    action.setChecked(on)


def _check(menu: QMenu, text: str, name: str, on: bool, step: Callable[..., object]) -> None:
    action = menu.addAction(text)
    action.setObjectName(name)
    action.setCheckable(True)
    action.setChecked(on)
    action.toggled.connect(step)
