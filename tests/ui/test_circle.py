"""The circle of fifths: what it shows for a key and a chord, and what clicks, drags and keys on it tell."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cocomposer.harmony.key import Mode, key_named
from cocomposer.harmony.names.symbols import read_symbol
from ui.presenters.circle import CircleView, circle_view
from ui.widgets.circle_of_fifths import CircleOfFifths

MAJORS = ["C", "G", "D", "A", "E", "B", "F♯", "D♭", "A♭", "E♭", "B♭", "F"]
MINORS = ["Am", "Em", "Bm", "F♯m", "C♯m", "G♯m", "E♭m", "B♭m", "Fm", "Cm", "Gm", "Dm"]


def test_keys_stand_a_fifth_apart_and_minor_ones_in_their_relatives() -> None:
    segments = circle_view(None, False, None).segments
    assert [one.label for one in segments] == MAJORS + MINORS
    assert all(
        key_named(minor.key).relative == key_named(major.key)
        for major, minor in zip(segments[:12], segments[12:], strict=True)
    )
    assert not any(one.lit or one.now or one.numeral for one in segments)


KEYS = [
    ("C major", {"C": "I", "G": "V", "F": "IV", "Am": "vi", "Em": "iii", "Dm": "ii"}),
    ("A minor", {"C": "III", "G": "VII", "F": "VI", "Am": "i", "Em": "v", "Dm": "iv"}),
    ("Eb major", {"E♭": "I", "B♭": "V", "A♭": "IV", "Cm": "vi", "Gm": "iii", "Fm": "ii"}),
    ("G# minor", {"B": "III", "F♯": "VII", "E": "VI", "G♯m": "i", "D♯m": "v", "C♯m": "iv"}),
]


@pytest.mark.parametrize(("name", "numerals"), KEYS, ids=[name for name, _ in KEYS])
def test_the_chords_of_a_key_are_marked_and_spelt_in_it(name: str, numerals: dict[str, str]) -> None:
    view = circle_view(key_named(name), True, None)
    assert {one.label: one.numeral for one in view.segments if one.numeral} == numerals
    assert [one.key for one in view.segments if one.lit] == [name]


@pytest.mark.parametrize(
    ("name", "major", "minor"),
    [
        ("Gb major", ("G♭", "Gb major"), ("E♭m", "Eb minor")),
        ("F# major", ("F♯", "F# major"), ("D♯m", "D# minor")),
        ("Db major", ("G♭", "Gb major"), ("E♭m", "Eb minor")),
        ("F major", ("G♭", "Gb major"), ("E♭m", "Eb minor")),
        ("E major", ("F♯", "F# major"), ("D♯m", "D# minor")),
        ("D# minor", ("F♯", "F# major"), ("D♯m", "D# minor")),
        ("C major", ("F♯", "F# major"), ("E♭m", "Eb minor")),
    ],
)
def test_a_key_of_six_accidentals_has_one_name_in_label_chord_and_key(
    name: str, major: tuple[str, str], minor: tuple[str, str]
) -> None:
    view = circle_view(key_named(name), True, None)
    for one, (label, key) in zip((one for one in view.segments if one.place == 6), (major, minor), strict=True):
        assert (one.label, one.key) == (label, key)
        assert one.symbol == label.replace("♭", "b").replace("♯", "#")
        assert one.spoken.startswith(key)
    assert [one.key for one in view.segments if one.lit] == [name], "a click on it lets it go again"


@pytest.mark.parametrize("name", ["C major", "F major", "A minor", "C minor"])
def test_a_minor_chord_with_more_flats_than_a_key_can_have_is_placed_as_its_ring_names_it(name: str) -> None:
    placed = {one.label: one.symbol for one in circle_view(key_named(name), True, None).segments if one.place in {3, 4}}
    assert placed["F♯m"] == "F#m" and placed["C♯m"] == "C#m"


@pytest.mark.parametrize(
    ("chord", "lit"), [("G7", ["G"]), ("Am7/C", ["Am"]), ("F#m7b5", []), ("C5", []), ("Cmaj9", ["C"]), ("Gsus4", [])]
)
def test_the_chord_of_now_is_marked(chord: str, lit: list[str]) -> None:
    now = read_symbol(chord)
    assert not isinstance(now, str)
    assert [one.label for one in circle_view(None, False, now).segments if one.now] == lit


@pytest.fixture
def circle(qtbot: QtBot) -> CircleOfFifths:
    circle = CircleOfFifths()
    qtbot.addWidget(circle)
    circle.resize(160, 150)
    circle.show_view(circle_view(key_named("C major"), False, None))
    circle.show()
    qtbot.waitExposed(circle)
    return circle


def test_each_segment_is_where_it_is_painted(circle: CircleOfFifths) -> None:
    for number, segment in enumerate(circle.view.segments):
        point = circle.middle_of(number)
        assert circle.segment_at(point) == number
        assert (segment.mode is Mode.MAJOR) == (number < 12)
    assert circle.segment_at(circle.rect().toRectF().center()) is None


def test_a_click_chooses_and_a_double_click_places_only(circle: CircleOfFifths, qtbot: QtBot) -> None:
    told: list[str] = []
    circle.chosen.connect(lambda key: told.append(f"key {key}"))
    circle.placed.connect(told.append)
    QTest.mouseDClick(circle, Qt.MouseButton.LeftButton, pos=circle.middle_of(13).toPoint())
    QTest.mouseClick(circle, Qt.MouseButton.LeftButton, pos=circle.middle_of(1).toPoint())
    assert told == ["Em"], "the key waits until it is sure to be a single click"
    qtbot.waitUntil(lambda: len(told) > 1)
    assert told == ["Em", "key G major"]


def test_a_drag_carries_the_chord(circle: CircleOfFifths) -> None:
    assert circle.drag_of(12).mimeData().text() == "Am"


def test_keys_go_round_and_between_the_rings(circle: CircleOfFifths) -> None:
    told: list[str] = []
    circle.chosen.connect(told.append)
    circle.placed.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Plus,
                Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Plus, Qt.Key.Key_Up,
                Qt.Key.Key_Return):  # fmt: skip
        QTest.keyClick(circle, key)
    assert told == ["D major", "Bm", "Dm", "F major"]
    assert circle.accessibleDescription() == "F major, IV of C major. Return chooses the key, plus places F."


def test_an_empty_circle_takes_no_key(qtbot: QtBot) -> None:
    circle = CircleOfFifths()
    qtbot.addWidget(circle)
    QTest.keyClick(circle, Qt.Key.Key_Return)
    assert circle.view == CircleView() and circle.segment_at(circle.rect().toRectF().topLeft()) is None
