"""A chord as MusicXML's <harmony>: root, kind, degrees that differ from the kind, and bass, spelt in the key.

Source: W3C MusicXML 4.0, element <harmony>. The kind's text is the whole suffix as musicians write it, so the degrees,
which say the same to programs, are not printed again. Knows no measure.
"""

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.harmony.names.symbols import NoChord
from cocomposer.harmony.pitch_class import name_at
from cocomposer.harmony.qualities import NAMED, Tones, describe, semitones_of_degree

KINDS: Final = {
    "maj": "major",
    "min": "minor",
    "aug": "augmented",
    "dim": "diminished",
    "7": "dominant",
    "maj7": "major-seventh",
    "min7": "minor-seventh",
    "dim7": "diminished-seventh",
    "hdim7": "half-diminished",
    "minmaj7": "major-minor",
    "maj6": "major-sixth",
    "min6": "minor-sixth",
    "9": "dominant-ninth",
    "maj9": "major-ninth",
    "min9": "minor-ninth",
    "11": "dominant-11th",
    "maj11": "major-11th",
    "min11": "minor-11th",
    # MusicXML's thirteenth chords have an eleventh; players, and we, leave it out under a major third.
    "13": "dominant-13th",
    "maj13": "major-13th",
    "min13": "minor-13th",
    "sus4": "suspended-fourth",
    "sus2": "suspended-second",
    "5": "power",
    "1": "pedal",
}
"""Quality → kind; of kinds that serve as well the first is taken. A dominant with a sharp fifth
is written with that degree: programs show the kind "augmented-seventh" as aug7, whatever its text."""
_OMITTED_THIRD_COSTS: Final = 3
_THIRDLESS: Final = ("sus4", "sus2", "5", "1")
"""A suspended chord is written as one, not as an eleventh or thirteenth without its third."""


def harmony_element(chord: Chord | NoChord, key: Key | None) -> Element:
    """The element, without its place."""
    harmony = Element("harmony", {"print-frame": "no"})
    root = SubElement(harmony, "root")
    if not isinstance(chord, Chord):
        # A root must be there; one without text is not shown.
        SubElement(root, "root-step", {"text": ""}).text = "C"
        SubElement(harmony, "kind", {"text": chord.value}).text = "none"
        return harmony
    name = name_at(chord.root_place(key))
    _add_pitch(root, "root", name)
    suffix = chord.template.suffix
    found = describe(chord.template.semitones, _kinds_for(chord.template.semitones), _OMITTED_THIRD_COSTS)
    SubElement(harmony, "kind", {"text": suffix} if suffix else {}).text = KINDS[found.quality]
    bass = chord.name(key).removeprefix(f"{name}{suffix}").removeprefix("/")
    if bass:
        _add_pitch(SubElement(harmony, "bass"), "bass", bass)
    gone = {
        _number(tone.degree): tone.semitones
        for tone in NAMED[found.quality].tones
        if tone.semitones not in chord.template.semitones
    }
    for degree in found.added:
        number = _number(degree)
        if number in gone:
            _add_degree(harmony, number, semitones_of_degree(degree) - gone.pop(number), "alter")
        else:
            # Degrees are added as to a dominant chord, whose seventh is flat.
            accidentals = degree.count("#") - degree.count("b")
            _add_degree(harmony, number, accidentals + (number == "7"), "add")
    for number in gone:
        _add_degree(harmony, number, 0, "subtract")
    return harmony


def _kinds_for(tones: Tones) -> Iterable[str]:
    return KINDS if tones & {3, 4} else _THIRDLESS


def _number(degree: str) -> str:
    return degree.lstrip("b#")


def _add_pitch(parent: Element, what: str, name: str) -> None:
    SubElement(parent, f"{what}-step").text = name[0]
    alter = name.count("#") - name.count("b")
    if alter:
        SubElement(parent, f"{what}-alter").text = str(alter)


def _add_degree(parent: Element, number: str, alter: int, kind: str) -> None:
    degree = SubElement(parent, "degree", {"print-object": "no"})
    SubElement(degree, "degree-value").text = number
    SubElement(degree, "degree-alter").text = str(alter)
    SubElement(degree, "degree-type").text = kind
