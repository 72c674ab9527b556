"""What is expected of a progression: given, come round, or no change."""

from collections.abc import Sequence

import pytest

from cocomposer.accompaniment.foresight import alike, coming_round, expected, period_of, spliced
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.progression import ChordSpan

BAR = 192


def chord(symbol: str) -> Chord:
    found = read_symbol(symbol)
    assert isinstance(found, Chord)
    return found


def beats(bars: str) -> list[Chord | None]:
    """Four beats of each chord, or one each of those joined with hyphens."""
    chords: list[Chord | None] = []
    for word in bars.split():
        names = word.split("-")
        chords += [chord(names[number * len(names) // 4]) for number in range(4)]
    return chords


@pytest.mark.parametrize(
    ("bars", "period"),
    [
        ("C F G C", 12),
        ("C F G Am C", 16),
        ("C F G Am C F", 16),
        ("C C C C C", None),
        ("C-G C-G", 4),
        ("C F C F", 8),
        ("Dm7 G7 Cmaj7 Am7 Dm7", 16),
        ("F F C", None),
    ],
)
def test_what_comes_round(bars: str, period: int | None) -> None:
    assert period_of(beats(bars), 4) == period


def test_the_longer_it_goes_as_before_the_longer_the_likeness() -> None:
    assert coming_round(beats("C F G Am C F"), 4) == (16, 8)
    assert coming_round(beats("C F G Am C F G"), 4) == (16, 12)


def test_other_names_of_the_same_tones_are_the_same_chord() -> None:
    assert alike(chord("C6"), chord("Am7")) and alike(chord("C"), chord("Cmaj7"))
    assert not alike(chord("C"), chord("Am")) and not alike(chord("C"), None) and alike(None, None)


@pytest.mark.parametrize(
    ("bars", "wanted"),
    [("C F", [("F", 384, 768)]), ("C F G Am C", [("F", 960, 1152), ("G", 1152, 1344)])],
)
def test_the_next_bars(bars: str, wanted: Sequence[tuple[str, int, int]]) -> None:
    so_far = beats(bars)
    now = (len(so_far) - 1) * 48 + 40
    first = len(so_far) * 48
    found = expected(so_far, now, first, first + 2 * BAR, Metre(), None)
    assert found == [ChordSpan(begin, end, chord(name)) for name, begin, end in wanted]


def test_a_progression_that_is_given_is_what_comes() -> None:
    found = expected(beats("C"), 10, 48, 2 * BAR, Metre(), lambda tick: chord("Am") if tick >= BAR else None)
    assert found == [ChordSpan(48, BAR, None), ChordSpan(BAR, 2 * BAR, chord("Am"))]


def test_spans_go_on_where_the_new_ones_begin() -> None:
    old = [ChordSpan(0, 192, chord("C")), ChordSpan(192, 384, chord("F"))]
    assert spliced(old, [ChordSpan(96, 384, chord("C"))]) == [ChordSpan(0, 384, chord("C"))]
    assert spliced(old, [ChordSpan(240, 384, chord("G"))])[1:] == [
        ChordSpan(192, 240, chord("F")), ChordSpan(240, 384, chord("G")),
    ]  # fmt: skip
