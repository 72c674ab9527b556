"""Keys, their names and scales, and how pitches are written in them."""

import pytest

from cocomposer.harmony.key import Key, Mode, key_named, key_of_signature, spell_in_scale, tinted
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.scales import SCALES, pitch_classes_of

SPELT = {
    "C major": "C Db D Eb E F F# G Ab A Bb B",
    "F major": "C Db D Eb E F Gb G Ab A Bb B",
    "D major": "C C# D Eb E F F# G G# A Bb B",
    "E major": "C C# D D# E F F# G G# A A# B",
    "Eb major": "C Db D Eb Fb F Gb G Ab A Bb Cb",
    "A minor": "C C# D D# E F F# G G# A Bb B",
    "D minor": "C C# D Eb E F F# G G# A Bb B",
    "C minor": "C Db D Eb E F F# G Ab A Bb B",
    "F# minor": "B# C# D D# E E# F# G G# A A# B",
}


@pytest.mark.parametrize(("name", "spelt"), SPELT.items())
def test_pitch_classes_are_spelt_in_the_key(name: str, spelt: str) -> None:
    """All twelve, from C up."""
    key = key_named(name)
    assert [key.spell(pitch_class) for pitch_class in range(12)] == spelt.split()


@pytest.mark.parametrize("key", KEYS)
def test_a_scale_has_each_letter_once(key: Key) -> None:
    """A diatonic scale is spelt with seven letters; the name says the tonic; name and signature lead back."""
    assert len({key.spell(pitch_class)[0] for pitch_class in key.scale}) == 7
    assert key.spell(key.tonic) == key.name.split()[0]
    assert key_named(key.name) == key == key_of_signature(key.fifths, key.mode is Mode.MINOR)
    assert (
        key.relative.relative == key and key.relative.scale == key.scale and key.relative.fifths % 12 == key.fifths % 12
    )
    assert key.transposed(5).transposed(7) == key


@pytest.mark.parametrize(
    ("before", "name", "written"),
    [
        (None, "F# major", "F# major"),
        (None, "Gb major", "Gb major"),
        ("Db major", "F# major", "Gb major"),
        ("B major", "Gb major", "F# major"),
        ("C major", "F# major", "F# major"),
        ("Gb major", "Eb minor", "Eb minor"),
        ("F# major", "Eb minor", "D# minor"),
        ("Gb major", "B major", "B major"),
        ("Db major", "D minor", "D minor"),
    ],
)
def test_a_key_of_six_accidentals_is_written_as_the_key_before(before: str | None, name: str, written: str) -> None:
    key = key_named(name).beside(None if before is None else key_named(before))
    assert key.name == written and key == key_named(written) and key.usual == key_named(name).usual
    assert len({key.spell(pitch_class)[0] for pitch_class in key.scale}) == 7


def test_no_other_key_is_written_two_ways() -> None:
    assert {key.name for key in KEYS if Key(key.tonic, key.mode, True) != key} == {"F# major", "Eb minor"}
    assert key_named("Cb major") == key_named("B major") and key_of_signature(-6, minor=False).name == "Gb major"


@pytest.mark.parametrize("name", ["", "D", "H major", "C dorian of", "minor D"])
def test_no_keys(name: str) -> None:
    """What names no key is refused with an example."""
    with pytest.raises(ValueError, match="write it like D minor"):
        key_named(name)


@pytest.mark.parametrize(
    ("name", "pitch", "written"),
    [
        ("C major", 60, "C4"),
        ("F major", 58, "Bb3"),
        ("Eb minor", 59, "Cb4"),
        ("C# minor", 60, "B#3"),
        ("C major", 0, "C-1"),
    ],
)
def test_pitches_carry_their_octave(name: str, pitch: int, written: str) -> None:
    """Cb4 sounds like B3, B#3 like C4."""
    assert key_named(name).spell_pitch(pitch) == written


def test_tinted_rows() -> None:
    """A chosen scale wins over the key; without either nothing is tinted."""
    assert tinted(2, "dorian", Key(0)) == {0, 2, 4, 5, 7, 9, 11}
    assert tinted(0, None, Key(9, Mode.MINOR)) == {0, 2, 4, 5, 7, 9, 11}
    assert tinted(0, None, None) == frozenset()
    with pytest.raises(KeyError):
        tinted(0, "no such scale", None)


@pytest.mark.parametrize("scale", SCALES)
def test_scales_are_ascending_from_the_tonic(scale: str) -> None:
    """Steps above the tonic, each once."""
    steps = SCALES[scale]
    assert steps[0] == 0 and list(steps) == sorted(set(steps)) and steps[-1] < 12
    assert pitch_classes_of(scale, 7) == {(7 + step) % 12 for step in steps}


def test_the_modes_are_rotations_of_major() -> None:
    """The church modes on their degrees of C have the white keys, and are spelt as such."""
    modes = ("major", "dorian", "phrygian", "lydian", "mixolydian", "minor", "locrian")
    for tonic, mode in zip(SCALES["major"], modes, strict=True):
        assert pitch_classes_of(mode, tonic) == Key(0).scale
        assert {spell_in_scale(each, tonic, mode) for each in Key(0).scale} == set("CDEFGAB")
    assert [spell_in_scale(each, 0, "locrian") for each in (1, 3, 6, 8)] == ["Db", "Eb", "Gb", "Ab"]
