"""Folding to eight classes."""

import pytest

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.folding import ChordClass, fold
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.qualities import quality_of
from tests.harmony.chord_types import ALL_TYPES


@pytest.mark.parametrize(
    ("folded", "symbols"),
    [
        ("maj", "C C6 C6/9 Cadd9 C5 C(b5) C1 C(#11) C/E C6(no3)"),
        ("min", "Cm Cm6 Cm(maj7) Cm(add9) Cm(b13) Cm6/9 Cm(#5)"),
        ("7", "C7 C9 C13 C7b9 C7#5 C7b5 C7alt C11 C7(no3) C7#9b13 C+7"),
        ("m7", "Cm7 Cm9 Cm11 Cm13 Cm7#5 Cm7add11"),
        ("maj7", "Cmaj7 Cmaj9 Cmaj7#5 Cmaj7#11 Cmaj13"),
        ("sus", "Csus4 Csus2 C7sus4 C9sus4 C13sus4 Cmaj7sus4 C7sus4b9"),
        ("dim", "Cdim Cdim7 Cm7b5 Cm9b5 Cdim(maj7)"),
        ("aug", "C+ C+(add9)"),
    ],
)
def test_folding(folded: str, symbols: str) -> None:
    """The rule by examples."""
    for symbol in symbols.split():
        chord = read_symbol(symbol)
        assert isinstance(chord, Chord) and fold(chord) is ChordClass(folded), symbol


def test_every_chord_is_folded_whatever_its_bass_and_root() -> None:
    """All 2048 types; every class occurs."""
    classes = [fold(Chord(0, quality_of(tones))) for tones in ALL_TYPES]
    assert classes == [fold(Chord(5, quality_of(tones), 4)) for tones in ALL_TYPES]
    assert set(classes) == set(ChordClass)
