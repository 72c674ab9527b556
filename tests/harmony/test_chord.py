"""Chord names, spelt in a key; templates; a cross-check with music21."""

import music21
import pytest

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.pitch_class import pitch_class_at, place_of_name
from cocomposer.harmony.templates import DEGREES, TEMPLATES


@pytest.mark.parametrize(
    ("key", "chord", "name"),
    [
        ("C major", Chord(0, "maj", 4), "C/E"),
        ("C major", Chord(8), "Ab"),
        ("C major", Chord(1), "Db"),
        ("C major", Chord(6, "hdim7"), "F#m7b5"),
        ("C major", Chord(1, "dim7"), "C#dim7"),
        ("C major", Chord(8, "dim7"), "G#dim7"),
        ("C major", Chord(9, "7", 1), "A7/C#"),
        ("C major", Chord(0, "maj", 1), "C/Db"),
        ("F major", Chord(10, "maj7"), "Bbmaj7"),
        ("D major", Chord(6, "min"), "F#m"),
        ("A minor", Chord(4, "7", 8), "E7/G#"),
        ("A minor", Chord(8, "dim"), "G#dim"),
        ("C minor", Chord(8, "maj7"), "Abmaj7"),
        ("C minor", Chord(11, "dim7"), "Bdim7"),
        ("Db major", Chord(9), "A"),
        ("E major", Chord(8, "7", 0), "G#7/B#"),
        ("G major", Chord(7, "maj6(9)"), "G6/9"),
        ("C major", Chord(1, "min"), "C#m"),
        ("C minor", Chord(1, "min7"), "C#m7"),
        ("F major", Chord(6, "min"), "F#m"),
        ("F major", Chord(1, "min"), "C#m"),
        ("Bb major", Chord(11, "min7", 6), "Bm7/F#"),
        ("Eb major", Chord(4, "min"), "Em"),
        ("Ab major", Chord(1, "min"), "Dbm"),
        ("Db major", Chord(6, "min6"), "Gbm6"),
        ("F minor", Chord(1, "min"), "Dbm"),
        ("C major", Chord(8, "min"), "Abm"),
        ("C major", Chord(3, "min"), "Ebm"),
        (None, Chord(1, "min"), "C#m"),
        (None, Chord(1), "Db"),
        (None, Chord(3, "7"), "Eb7"),
        (None, Chord(6, "hdim7"), "F#m7b5"),
        (None, Chord(0, "min(9)"), "Cm(add9)"),
        (None, Chord(2, "minmaj7", 2), "Dm(maj7)"),
    ],
)
def test_names(key: str | None, chord: Chord, name: str) -> None:
    """As musicians write them."""
    assert chord.name(key_named(key) if key else None) == name


@pytest.mark.parametrize("key", KEYS)
def test_every_name_is_plain_and_says_root_and_bass(key: Key) -> None:
    """At most one accidental on a root or bass, and a name of its own for every chord over every chord tone."""
    names = set()
    for quality, template in TEMPLATES.items():
        for root in range(12):
            for semitones in template.semitones:
                chord = Chord(root, quality, (root + semitones) % 12 if semitones else None)
                name = chord.name(key)
                written, _, bass = name.rpartition("/") if semitones else (name, "", "")
                root_name = written[: len(written) - len(template.suffix)]
                assert len(root_name) <= 2 and pitch_class_at(place_of_name(root_name)) == root
                assert not bass or (len(bass) <= 2 and pitch_class_at(place_of_name(bass)) == chord.bass_or_root)
                names.add(name)
    assert len(names) == 12 * sum(len(template.tones) for template in TEMPLATES.values())


def test_templates_are_told_apart() -> None:
    """No two have the same tones above the root, or the same suffix; degrees and semitones agree."""
    assert len({template.semitones for template in TEMPLATES.values()}) == len(TEMPLATES)
    assert len({template.suffix for template in TEMPLATES.values()}) == len(TEMPLATES)
    for semitones, fifths in DEGREES.values():
        assert fifths * 7 % 12 == semitones


def test_transposing() -> None:
    """Root and bass move together."""
    assert Chord(11, "7", 3).transposed(2) == Chord(1, "7", 5)
    assert Chord(11, "7", 3).pitch_classes == {11, 3, 6, 9}
    assert Chord(0, "maj", 2).pitch_classes == {0, 2, 4, 7}


KINDS_MUSIC21 = {
    "maj": "major",
    "min": "minor",
    "dim": "diminished",
    "aug": "augmented",
    "sus4": "suspended-fourth",
    "sus2": "suspended-second",
    "7": "dominant-seventh",
    "maj7": "major-seventh",
    "min7": "minor-seventh",
    "minmaj7": "minor-major-seventh",
    "hdim7": "half-diminished-seventh",
    "dim7": "diminished-seventh",
    "aug(b7)": "augmented-seventh",
    "maj6": "major-sixth",
    "min6": "minor-sixth",
    "9": "dominant-ninth",
    "maj9": "major-ninth",
    "min9": "minor-ninth",
    "5": "power",
}


@pytest.fixture(scope="module")
def music21_key_names() -> dict[Key, list[str]]:
    """The scale of each key as music21 spells it."""
    names = {}
    for key in KEYS:
        tonic, mode = key.name.split()
        pitches = music21.key.Key(tonic.replace("b", "-"), mode).pitches[:7]
        names[key] = [pitch.name.replace("-", "b") for pitch in pitches]
    return names


def test_scales_are_spelt_as_by_music21(music21_key_names: dict[Key, list[str]]) -> None:
    """All 24 keys."""
    for key, names in music21_key_names.items():
        assert {key.spell(pitch_class) for pitch_class in key.scale} == set(names)


def test_names_are_read_alike_by_music21() -> None:
    """Every quality that music21 knows, on every root as we spell it: the same tones, spelt alike as a bass."""
    for quality, kind in KINDS_MUSIC21.items():
        for root in range(12):
            chord = Chord(root, quality)
            name = chord.name(key_named("C major"))
            root_name = name.removesuffix(chord.template.suffix)
            symbol = music21.harmony.ChordSymbol(root=root_name.replace("b", "-"), kind=kind)
            assert set(symbol.pitchClasses) == chord.pitch_classes, name
            spelt = {pitch.pitchClass: pitch.name.replace("-", "b") for pitch in symbol.pitches}
            for pitch_class, expected in spelt.items():
                written = Chord(root, quality, pitch_class).name(key_named("C major"))
                ours = written.removeprefix(f"{name}/") if pitch_class != root else root_name
                # music21 writes double accidentals where players do not.
                assert ours == expected or len(expected) > 2, (written, expected)
