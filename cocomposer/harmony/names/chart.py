"""A line of chords read as steps with lengths, as musicians type it, and written again: "Am F | C G", "ii7, V7, I".

Each symbol may be a chord symbol, Harte's or a Roman numeral of the key. Without bar lines a chord lasts a bar; between
bar lines the chords of a bar share it evenly. A lone "/" or "." holds the chord before for one more share of the bar,
without bar lines for one more beat ("C / / / G / / /"). `%` alone in a bar is the bar before, beside others the chord
before. `*2` after a symbol says its beats itself. A line's end is a bar line; repeat signs are taken for plain ones.
`[Verse]` says that a section begins with the next chord: a bracket that begins a word is always one, whatever stands in
it ([A] is no chord), takes no time, and its line's ends make no bars where there are no others. What cannot be read is
named with its place, a symbol stays as a step of an unknown chord, and the rest of the line is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import C_MAJOR, Key
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.numerals import looks_roman, read_numeral
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, read_symbol
from cocomposer.harmony.names.writing import Style, write_chord

BEATS_PER_BAR: Final = 4
LONGEST_SECTION: Final = 24
"""Letters in the name of a section."""
_BAR_LINE: Final = re.compile(r"[|:‖𝄀𝄁𝄂𝄃𝄆𝄇]*[|‖𝄀𝄁𝄂𝄃𝄆𝄇][|:‖𝄀𝄁𝄂𝄃𝄆𝄇]*|\n")
_SECTION: Final = re.compile(r"\[[^\[\]\n]*\]")
_HEADING: Final = re.compile(rf"\s*(?<!\S)(?:{_SECTION.pattern}\s*)+")
_WORD: Final = re.compile(rf"{_SECTION.pattern}|(?:\([^()\n]*\)|{_SECTION.pattern}|[^\s,;|‖𝄀𝄁𝄂𝄃𝄆𝄇])+")
_NOT_IN_SECTIONS: Final = frozenset("[]|‖𝄀𝄁𝄂𝄃𝄆𝄇")
_GAP: Final = re.compile(r"[\s,;]")
_BETWEEN: Final = frozenset({"-", "–", "—", "→", "->", ">"})
"""Dashes and arrows that stand between chords."""
_BAR_BEFORE: Final = frozenset({"%", "𝄎"})
_CHORD_BEFORE: Final = frozenset({".", "/"})
_LENGTH: Final = re.compile(r"(.+)\*(\d{1,4}(?:\.\d{1,4}|/\d{1,4})?)")
_MOST_BEATS: Final = 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One chord of a line."""

    chord: Chord | NoChord
    beats: Fraction
    column: int = 0
    """Where its symbol begins in the text, from 1; 0 if it was not read."""
    text: str = ""
    """The symbol as it was written."""
    section: str = ""
    """Name of the section that begins with it; empty where none does."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A symbol, or the mark of a section, that could not be read."""

    text: str
    column: int
    """Where it begins in the text, from 1."""
    nearest: tuple[str, ...]
    """Symbols that look like it, best first."""
    message: str
    """One sentence for the user."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What was read of a text."""

    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    column: int
    beats: Fraction | None
    """None where the bar decides."""

    @property
    def marks_section(self) -> bool:
        """It takes no time."""
        return self.text.startswith("[")


def read_chart(
    text: str, key: Key | None = None, beats_per_bar: int | Fraction = BEATS_PER_BAR, german: bool = False
) -> Chart:
    """The chords of a text. Roman numerals are read in the key, or in C major where none is given."""
    return _Reading(key or C_MAJOR, beats_per_bar, german).read(text)


def read_name(text: str, key: Key | None = None, german: bool = False) -> Chord | NoChord:
    """The chord of one symbol or Roman numeral; UnknownChord if it is none."""
    if looks_roman(text):
        return read_numeral(text, key or C_MAJOR)
    return read_symbol(text, german)


def section_name(text: str) -> str:
    """A name for a section that a chart can hold: without brackets and bar lines, on one line, not too long."""
    plain = "".join(letter if letter.isprintable() and letter not in _NOT_IN_SECTIONS else " " for letter in text)
    return " ".join(plain.split())[:LONGEST_SECTION].strip()


class _Reading:
    """The reading of one text."""

    def __init__(self, key: Key, beats_per_bar: int | Fraction, german: bool) -> None:
        self._key, self._bar, self._german = key, Fraction(beats_per_bar), german
        self._steps: list[Step] = []
        self._faults: list[Fault] = []
        self._bar_before: list[Step] = []
        self._section: _Word | None = None
        """The mark of the section that begins with the next step."""

    def read(self, text: str) -> Chart:
        bars = [list(self._words(text, *span)) for span in _bars(text)]
        words = [word for bar in bars for word in bar]
        if _BAR_LINE.search(_HEADING.sub(" ", text.strip())):
            for bar in bars:
                self._read_bar(bar)
        elif any(word.text in _CHORD_BEFORE for word in words):
            for word in words:
                self._read_word(word, Fraction(1) if word.beats is None else word.beats, 0)
        else:
            for word in words:
                self._read_bar([word])
        self._drop_section("no chord follows; write one, or leave it out.")
        return Chart(tuple(self._steps), tuple(self._faults))

    def _words(self, text: str, start: int, end: int) -> Iterator[_Word]:
        """The words of a bar; a bracket after a space belongs to the symbol before it unless it is a chord itself."""
        held: _Word | None = None
        for found in _WORD.finditer(text, start, end):
            if found[0] in _BETWEEN:
                continue
            word = _with_length(found[0], found.start() + 1)
            if held is not None and word.text.startswith("(") and self._is_readable(held.text + word.text):
                held = replace(word, text=held.text + word.text, column=held.column)
                continue
            if held is not None:
                yield held
            held = word
        if held is not None:
            yield held

    def _read_bar(self, words: Sequence[_Word]) -> None:
        """Add the steps of one bar; none for an empty one."""
        timed = [word for word in words if not word.marks_section]
        said = sum((word.beats for word in timed if word.beats is not None), Fraction(0))
        shared = sum(1 for word in timed if word.beats is None)
        share = (self._bar - said) / shared if shared and said < self._bar else self._bar
        if len(timed) == 1 and timed[0].text in _BAR_BEFORE and timed[0].beats is None:
            for word in words:
                if word.marks_section:
                    self._read_section(word)
                else:
                    self._repeat_bar(word)
            return
        first = len(self._steps)
        for word in words:
            self._read_word(word, share if word.beats is None else word.beats, first)
        if timed:
            self._bar_before = self._steps[first:]

    def _repeat_bar(self, word: _Word) -> None:
        if not self._bar_before:
            self._fault(word, (), "'%' repeats the bar before, but there is none; write a chord first.")
        for step in self._bar_before:
            self._add(step.chord, step.beats, word)

    def _read_word(self, word: _Word, beats: Fraction, first_of_bar: int) -> None:
        if word.marks_section:
            self._read_section(word)
            return
        if word.text in _CHORD_BEFORE | _BAR_BEFORE and self._steps:
            last = self._steps[-1]
            if len(self._steps) > first_of_bar and word.text in _CHORD_BEFORE and self._section is None:
                self._steps[-1] = replace(last, beats=last.beats + beats)
            else:
                self._add(last.chord, beats, word)
            return
        try:
            chord = self._chord(word.text)
        except UnknownChord as error:
            chord = NoChord.UNKNOWN
            self._unknown(word, error)
        self._add(chord, beats, word)

    def _add(self, chord: Chord | NoChord, beats: Fraction, word: _Word) -> None:
        """One step more, with which the section begins that was marked before it."""
        section = "" if self._section is None else section_name(self._section.text)
        self._section = None
        self._steps.append(Step(chord, beats, word.column, word.text, section))

    def _read_section(self, word: _Word) -> None:
        name = " ".join(word.text[1:-1].split())
        if not _SECTION.fullmatch(word.text):
            self._fault(word, (), f"{word.text!r} has no bracket at its end; write a section like [Verse].")
        elif not section_name(name):
            self._fault(word, (), f"{word.text!r} names no section; write it like [Verse].")
        elif len(name) > LONGEST_SECTION:
            self._fault(word, (), f"{word.text!r} is too long; name a section with {LONGEST_SECTION} letters at most.")
        else:
            self._drop_section("no chord stands before the next; leave one of them out.")
            self._section = word

    def _drop_section(self, why: str) -> None:
        if self._section is not None:
            self._fault(self._section, (), f"{self._section.text!r} begins a section, but {why}")

    def _chord(self, text: str) -> Chord | NoChord:
        inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
        return read_name(inner, self._key, self._german)

    def _is_readable(self, text: str) -> bool:
        try:
            read_name(text, self._key, self._german)
        except UnknownChord:
            return False
        return True

    def _unknown(self, word: _Word, error: UnknownChord) -> None:
        nearest = error.nearest
        before = self._steps[-1].text if self._steps else ""
        if before and self._is_readable(before + word.text):
            nearest = (before + word.text, *nearest)  # "C maj7" was meant as one
        self._fault(word, nearest, str(UnknownChord(word.text, nearest)))

    def _fault(self, word: _Word, nearest: tuple[str, ...], message: str) -> None:
        self._faults.append(Fault(word.text, word.column, nearest, f"Column {word.column}: {message}"))


def _bars(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch between bar lines."""
    start = 0
    for line in _BAR_LINE.finditer(text):
        yield start, line.start()
        start = line.end()
    yield start, len(text)


def _with_length(text: str, column: int) -> _Word:
    found = _LENGTH.fullmatch(text)
    if found is None:
        return _Word(text, column, None)
    try:
        beats = Fraction(found[2])
    except ZeroDivisionError:
        return _Word(text, column, None)
    return _Word(found[1], column, beats) if 0 < beats <= _MOST_BEATS else _Word(text, column, None)


def write_chart(
    steps: Sequence[Step],
    style: Style = Style.PLAIN,
    key: Key | None = None,
    beats_per_bar: int | Fraction = BEATS_PER_BAR,
) -> str:
    """The line that is read as these steps: in bars where the chords share them evenly, else each with its beats.

    Sections stand as [Verse] before the chord that they begin with.
    """
    if style is Style.ROMAN:
        names = write_numerals([step.chord for step in steps], key or C_MAJOR)
    else:
        names = [write_chord(step.chord, style, key) for step in steps]
    names = [with_section(name, step.section) for name, step in zip(names, steps, strict=True)]
    if all(step.beats == beats_per_bar for step in steps):
        return " ".join(names)
    bars = _even_bars(steps, beats_per_bar)
    if bars is None:
        return " ".join(f"{name}*{step.beats}" for name, step in zip(names, steps, strict=True))
    return f"| {' | '.join(' '.join(names[first:last]) for first, last in bars)} |"


def with_section(name: str, section: str) -> str:
    """What stands in a chart for a chord that such a section begins with, if any."""
    section = section_name(section)
    return f"[{section}] {name}" if section else name


def _even_bars(steps: Sequence[Step], beats_per_bar: int | Fraction) -> list[tuple[int, int]] | None:
    """(first, last) step of each bar, if every bar is shared evenly by its chords."""
    bars: list[tuple[int, int]] = []
    first = 0
    while first < len(steps):
        count = Fraction(beats_per_bar) / steps[first].beats
        last = first + int(count)
        alike = {step.beats for step in steps[first:last]}
        if count.denominator != 1 or last > len(steps) or len(alike) != 1:
            return None
        bars.append((first, last))
        first = last
    return bars
