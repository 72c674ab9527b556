"""A lead sheet as MusicXML: melody and chord symbols in bars, for notation programs.

Written with ElementTree rather than music21: it needs half a second less, keeps our spelling and symbols as they are
(music21 writes no text of a kind), and the subset is small. Source: W3C MusicXML 4.0, written as 3.1, which older
programs read too. A chord that begins while a note lasts stands before that note with its offset.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, lcm
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cocomposer.export.harmony_xml import harmony_element
from cocomposer.export.lead_sheet import LeadSheet
from cocomposer.export.notation import STRAIGHT, TRIPLET, Value, divisions_of, voice_of, written_values
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, Key, Mode, pitch_name
from cocomposer.harmony.pitch_class import PITCH_CLASSES, plain, spelling
from cocomposer.music.ticks import TICKS_PER_BEAT

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC'
    ' "-//Recordare//DTD MusicXML 3.1 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n'
)
LOWEST_PITCH: Final = 21
"""A0, the piano's lowest; what is below are switches of instruments, not notes."""
_TYPES: Final = {
    Fraction(4): ("whole", 0),
    Fraction(3): ("half", 1),
    Fraction(2): ("half", 0),
    Fraction(3, 2): ("quarter", 1),
    Fraction(1): ("quarter", 0),
    Fraction(3, 4): ("eighth", 1),
    Fraction(1, 2): ("eighth", 0),
    Fraction(1, 4): ("16th", 0),
    Fraction(2, 3): ("quarter", 0),
    Fraction(1, 3): ("eighth", 0),
}
"""Beats → note type and dots; thirds as triplets."""


def music_xml(sheet: LeadSheet) -> bytes:
    """The file, in UTF-8. Notes of the melody below A0 are left out."""
    score = Element("score-partwise", {"version": "3.1"})
    SubElement(SubElement(score, "work"), "work-title").text = sheet.title or "Chords"
    encoding = SubElement(SubElement(score, "identification"), "encoding")
    SubElement(encoding, "software").text = "cocomposer"
    part_list = SubElement(SubElement(score, "part-list"), "score-part", {"id": "P1"})
    SubElement(part_list, "part-name").text = "Lead sheet"
    part = SubElement(score, "part", {"id": "P1"})
    for measure in _Measures(sheet).elements():
        part.append(measure)
    indent(score)
    return (_HEAD + tostring(score, encoding="unicode") + "\n").encode()


class _Measures:
    """The measures of one sheet."""

    def __init__(self, sheet: LeadSheet) -> None:
        self._sheet = sheet
        melody = [note for note in sheet.melody if note.pitch >= LOWEST_PITCH]
        bar = sheet.bar_beats
        last = Fraction(max((note.end_tick for note in melody), default=0), TICKS_PER_BEAT)
        self._count = max(1, ceil(max(sheet.beats, last) / bar))
        end = self._count * bar
        starts = sheet.starts[:-1]
        divisions = [STRAIGHT] * ceil(end)
        if sheet.meter[1] <= 4:
            divisions = divisions_of(melody, starts, int(end))
        self._values = written_values(voice_of(melody, divisions, end), divisions, bar, starts)
        self._parts = lcm(STRAIGHT, TRIPLET, bar.denominator, *(start.denominator for start in starts))
        """Of a beat: MusicXML's divisions."""
        self._struck = Fraction(0)
        """Where the note now written began."""

    def elements(self) -> Iterator[Element]:
        """One for each bar."""
        values = list(self._values)
        bar = self._sheet.bar_beats
        for number in range(self._count):
            measure = Element("measure", {"number": str(number + 1)})
            if number == 0:
                self._add_attributes(measure)
            while values and values[0].start < (number + 1) * bar:
                self._add_value(measure, values.pop(0))
            if number == self._count - 1:
                line = SubElement(measure, "barline", {"location": "right"})
                SubElement(line, "bar-style").text = "light-heavy"
            yield measure

    def _add_attributes(self, measure: Element) -> None:
        sheet = self._sheet
        attributes = SubElement(measure, "attributes")
        SubElement(attributes, "divisions").text = str(self._parts)
        key = SubElement(attributes, "key")
        SubElement(key, "fifths").text = str((sheet.key or C_MAJOR).fifths)
        if sheet.key is not None:
            SubElement(key, "mode").text = "minor" if sheet.key.mode is Mode.MINOR else "major"
        time = SubElement(attributes, "time")
        SubElement(time, "beats").text, SubElement(time, "beat-type").text = map(str, sheet.meter)
        clef = SubElement(attributes, "clef")
        SubElement(clef, "sign").text = "G"
        SubElement(clef, "line").text = "2"
        direction, kind = _direction(measure)
        metronome = SubElement(kind, "metronome")
        SubElement(metronome, "beat-unit").text = "quarter"
        SubElement(metronome, "per-minute").text = f"{sheet.bpm:g}"
        SubElement(direction, "sound", {"tempo": f"{sheet.bpm:g}"})

    def _add_value(self, measure: Element, value: Value) -> None:
        self._add_chords(measure, value)
        note = SubElement(measure, "note")
        is_bar = value.pitch is None and value.beats == self._sheet.bar_beats and value.start % value.beats == 0
        if value.pitch is None:
            SubElement(note, "rest", {"measure": "yes"} if is_bar else {})
        else:
            if not value.tied_from:
                # A note that is tied on keeps its name, whatever chord comes under it.
                self._struck = value.start
            _add_pitch(note, value.pitch, self._chord_at(self._struck), self._sheet.key)
        SubElement(note, "duration").text = str(self._in_parts(value.beats))
        ties = [kind for kind, there in (("stop", value.tied_from), ("start", value.tied_to)) if there]
        for kind in ties:
            SubElement(note, "tie", {"type": kind})
        SubElement(note, "voice").text = "1"
        if not is_bar:
            name, dots = _TYPES[value.beats]
            SubElement(note, "type").text = name
            for _ in range(dots):
                SubElement(note, "dot")
        if value.is_triplet:
            ratio = SubElement(note, "time-modification")
            SubElement(ratio, "actual-notes").text = "3"
            SubElement(ratio, "normal-notes").text = "2"
        brackets = _brackets(value)
        if ties or brackets:
            notations = SubElement(note, "notations")
            for kind in ties:
                SubElement(notations, "tied", {"type": kind})
            for kind in brackets:
                SubElement(notations, "tuplet", {"type": kind})

    def _add_chords(self, measure: Element, value: Value) -> None:
        """The symbols, and marks of sections, that begin while the value lasts."""
        sheet = self._sheet
        for step, start in zip(sheet.steps, sheet.starts, strict=False):
            if value.start <= start < value.start + value.beats:
                found = [harmony_element(step.chord, sheet.key)]
                if step.section:
                    direction, kind = _direction(measure)
                    SubElement(kind, "rehearsal").text = step.section
                    found.insert(0, direction)
                if start > value.start:
                    for element in found:
                        SubElement(element, "offset").text = str(self._in_parts(start - value.start))
                measure.append(found[-1])

    def _chord_at(self, beat: Fraction) -> Chord | None:
        found = None
        for chord, start in zip(self._sheet.chords, self._sheet.starts, strict=False):
            if start <= beat:
                found = chord
        return found

    def _in_parts(self, beats: Fraction) -> int:
        return int(beats * self._parts)


def _direction(measure: Element) -> tuple[Element, Element]:
    """A new one above the staff, and the part of it that says of what kind it is."""
    direction = SubElement(measure, "direction", {"placement": "above"})
    return direction, SubElement(direction, "direction-type")


def _brackets(value: Value) -> Sequence[str]:
    """Where a triplet begins and ends: with its beat."""
    if not value.is_triplet:
        return ()
    ends = (value.start + value.beats).denominator == 1
    return [kind for kind, there in (("start", value.start.denominator == 1), ("stop", ends)) if there]


def _add_pitch(note: Element, pitch: int, chord: Chord | None, key: Key | None) -> None:
    """The pitch, spelt as the chord spells it if it is one of its tones, else as the key does."""
    place = spelling(pitch % PITCH_CLASSES, (key or C_MAJOR).tonic_place)
    for tone in chord.template.tones if chord else ():
        if chord and (chord.root + tone.semitones - pitch) % PITCH_CLASSES == 0:
            place = plain(chord.root_place(key) + tone.fifths)
    name = pitch_name(pitch, place)
    letters = name.rstrip("-0123456789")
    element = SubElement(note, "pitch")
    SubElement(element, "step").text = letters[0]
    alter = letters.count("#") - letters.count("b")
    if alter:
        SubElement(element, "alter").text = str(alter)
    SubElement(element, "octave").text = name.removeprefix(letters)
