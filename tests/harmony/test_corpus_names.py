"""The chord qualities of the corpus, and of corpora like it, are read and written in Harte's notation."""

import pytest

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.harte import read_harte, write_harte
from tests.harmony.chord_types import corpus_qualities


def test_every_quality_of_the_corpus() -> None:
    """Read, written, and read as the same chord; written the same again."""
    qualities = corpus_qualities()
    assert len(qualities) > 200
    for quality in qualities:
        chord = read_harte(f"Eb:{quality}")
        written = write_harte(chord, chord.root_place())
        assert read_harte(written) == chord, quality
        assert write_harte(read_harte(written), chord.root_place()) == written


def test_qualities_keep_all_of_their_tones() -> None:
    """As Harte defines shorthands and lists, but for altered fifths, which musicians mean instead of the fifth."""
    assert read_harte("C:1(b3,b7)/b7").pitch_classes == {0, 3, 10}
    assert read_harte("C:min13").pitch_classes == {0, 2, 3, 5, 7, 9, 10}
    assert read_harte("C:maj9(13,#11)").pitch_classes == {0, 2, 4, 6, 7, 9, 11}
    assert read_harte("C:9(#5)").pitch_classes == {0, 2, 4, 8, 10}
    assert read_harte("C:maj/bb13") == Chord(0, "maj", 7)
    assert read_harte("C:") == read_harte("C") == Chord(0)


@pytest.mark.parametrize("text", ["C:maj8", "H:maj", "C:maj/14", "C:maj//3", "c:maj", "C:Maj7", "", ":maj"])
def test_what_is_none(text: str) -> None:
    """Harte's notation is strict."""
    with pytest.raises(ValueError, match=r"no |keeps"):
        read_harte(text)
