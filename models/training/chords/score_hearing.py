"""The chords and keys of a scored piece, heard by the app's own ear and freed from what is passing.

Chords are heard in the metre of the score, a beat being the shortest. Knows no files and no format.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import MidiPiece
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.evidence import Evidence
from cocomposer.harmony.key import Key
from cocomposer.harmony.key_tracking import KeySpan, keys_of
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.folding import fold
from cocomposer.harmony.progression import ChordSpan, Stretches, best_spans, scored
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from models.training.chords.scored_bars import Section, sections_of

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

FITS: Final = 0.6
"""A beat of which a smaller share lies in its chord is passing."""
KEY_LASTS_BARS: Final = 4
_AT_ITS_START: Final = 0.2
"""How much a piece is rather taken to begin with a whole bar. By it and by the length of chords and notes the bar lines
of 92 % of 385 Lieder are found, whose files say where they are (67 % begin with a whole bar)."""
_ON_STEPS: Final = 1.3
"""By so much the notes that begin between the beats must outweigh those on them, for the beat to be moved."""
_NEAR: Final = 0.05
"""A note so few steps beside one begins on it."""


@dataclass(frozen=True, slots=True)
class HeardChord:
    """One chord of a piece."""

    start: int
    end: int
    """File ticks."""
    beats: float
    chord: Chord | None
    fit: float
    """Share of what is heard that lies in the chord."""
    on_bar: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is heard in a piece; times are file ticks."""

    sections: tuple[Section, ...]
    chords: tuple[HeardChord, ...]
    keys: tuple[tuple[int, Key], ...]
    """(from where, key); the first is that of the beginning."""
    key_confidence: float
    """Mean over all beats, before keys that do not last were taken away."""

    @property
    def fit(self) -> float:
        """Mean share of what is heard in a chord that lies in it."""
        beats = sum(one.beats for one in self.chords if one.chord)
        return sum(one.fit * one.beats for one in self.chords if one.chord) / beats if beats else 0.0

    @property
    def silent(self) -> float:
        """Share of the beats without a chord."""
        return sum(one.beats for one in self.chords if one.chord is None) / sum(one.beats for one in self.chords)

    @property
    def bars(self) -> float:
        """How long the piece is."""
        return sum((section.end - section.start) / section.bar_ticks for section in self.sections)


def analysis_of(piece: MidiPiece, upbeat_written: bool) -> Analysis | None:
    """What is heard in a score; None where no key can be told. `upbeat_written`: whether its file begins with a short
    bar where the music begins with an upbeat; else the bar lines are guessed.
    """
    columns = piece.notes
    sections = sections_of(piece.meters, int(columns[:, 1].max()), piece.ticks_per_beat)
    if not upbeat_written and sections[0].bar == 0:
        sections = (with_likely_bar_lines(columns, sections[0]), *sections[1:])
    keys = keys_of(_notes(columns, 0, piece.ticks_per_beat), Metre())
    if not keys:
        return None
    scale = piece.ticks_per_beat / TICKS_PER_BEAT

    def bar_ticks(tick: int) -> float:
        within = [section for section in sections if section.start <= tick * scale]
        return (within or sections)[-1 if within else 0].bar_ticks / scale

    lasting = lasting_keys(keys, bar_ticks)
    told = sum(span.confidence * (span.end_tick - span.tick) for span in keys)
    return Analysis(
        sections,
        tuple(without_passing([one for section in sections for one in _heard(columns, section)])),
        tuple((round(span.tick * scale), span.key) for span in lasting),
        told / (keys[-1].end_tick - keys[0].tick),
    )


def _notes(columns: Integers, origin: int, beat: int) -> list[Note]:
    """Notes whose ticks are 1/48 of a beat of so many file ticks, counted from an origin."""
    scale = TICKS_PER_BEAT / beat
    return [
        Note(round((onset - origin) * scale), pitch, max(1, round((end - onset) * scale)), velocity)
        for onset, end, pitch, velocity in columns[:, :4].tolist()
    ]


def _stretches(columns: Integers, section: Section) -> tuple[Stretches, list[int]] | None:
    """What sounds in a section, judged between its beats in 1/48 beats from its bar line; None for silence."""
    inside = columns[(columns[:, 0] < section.end) & (columns[:, 1] > section.start)].copy()
    np.clip(inside[:, :2], section.start, section.end, out=inside[:, :2])
    notes = sorted(_notes(inside, section.bar, section.beat))
    if not notes:
        return None
    edges = Metre().edges(notes[0].onset_tick, max(note.end_tick for note in notes), ())
    return scored(notes, edges), edges


def _heard(columns: Integers, section: Section) -> Iterator[HeardChord]:
    found = _stretches(columns, section)
    if found is None:
        return
    stretches, edges = found
    metre = Metre(section.beats_per_bar)
    for span in best_spans(stretches, edges, metre):
        start, end = (section.bar + tick * section.beat // TICKS_PER_BEAT for tick in (span.tick, span.end_tick))
        yield HeardChord(
            max(start, section.start),
            min(end, section.end),
            (span.end_tick - span.tick) / TICKS_PER_BEAT,
            span.chord,
            _fit(span, stretches.heard, edges),
            metre.is_bar(span.tick),
        )


def _fit(span: ChordSpan, heard: Evidence, edges: Sequence[int]) -> float:
    if span.chord is None:
        return 0.0
    weights = heard.weights[edges.index(span.tick) : edges.index(span.end_tick)].sum(axis=0)
    return float(weights[sorted(span.chord.pitch_classes)].sum() / weights.sum())


def with_likely_bar_lines(columns: Integers, section: Section) -> Section:
    """The section with its bar lines where chords and notes begin that last."""
    steps, beats = section.steps_per_beat, section.beats_per_bar
    lasting = _lasting_notes(columns, section)  # [steps of a bar]
    by_step = lasting.reshape(beats, steps).sum(axis=0)
    step = int(by_step.argmax())
    if by_step[step] < _ON_STEPS * by_step[0]:
        step = 0
    moved = section.with_upbeat(step * section.beat // steps)
    found = _stretches(columns, moved)
    if found is None:
        return section
    chords = np.zeros(beats)
    for span in best_spans(*found, Metre(beats, None))[1:]:
        longest = min((span.end_tick - span.tick) / TICKS_PER_BEAT, beats)
        chords[span.tick // TICKS_PER_BEAT % beats] += longest
    # Beats are counted from the bar line before an upbeat, steps from the beginning of the section.
    first = (moved.bar - section.start) * steps // section.beat
    notes = lasting[(first + steps * np.arange(beats)) % (steps * beats)]
    likely = chords / max(chords.sum(), 1e-9) + notes / max(notes.sum(), 1e-9)
    if step == 0:
        likely[0] += _AT_ITS_START
    return section.with_upbeat(moved.bar - section.start + int(likely.argmax()) * section.beat)


def _lasting_notes(columns: Integers, section: Section) -> Floats:
    """[steps of a bar] length of the notes that begin on each, a bar at most, as if a bar began with the section."""
    count = section.steps_per_beat * section.beats_per_bar
    inside = columns[columns[:, 0] < section.end]
    places = (inside[:, 0] - section.start) * section.steps_per_beat / section.beat
    nearest = np.rint(places).astype(np.int64)
    on_step = np.abs(places - nearest) < _NEAR
    lengths = np.minimum(inside[:, 1] - inside[:, 0], section.bar_ticks)
    return np.asarray(np.bincount(nearest[on_step] % count, lengths[on_step], count), np.float64)


def without_passing(heard: Sequence[HeardChord]) -> list[HeardChord]:
    """The chords without those of a beat, off the bar line, that stand between equal ones or do not fit; the chord
    before goes on. Neighbours that are one chord to the network are one.
    """
    kept: list[HeardChord] = []
    for place, one in enumerate(heard):
        before = kept[-1] if kept else None
        if before is not None and (_is_passing(before, one, heard[place + 1 : place + 2]) or _alike(before, one)):
            beats = before.beats + one.beats
            fit = (before.fit * before.beats + one.fit * one.beats) / beats
            kept[-1] = replace(before, end=one.end, beats=beats, fit=fit)
        else:
            kept.append(one)
    return kept


def _is_passing(before: HeardChord, one: HeardChord, later: Sequence[HeardChord]) -> bool:
    if one.beats > 1 or one.on_bar:
        return False
    return one.fit < FITS or (len(later) > 0 and _alike(before, later[0]))


def _alike(one: HeardChord, other: HeardChord) -> bool:
    if one.chord is None or other.chord is None:
        return one.chord is other.chord
    return one.chord.root == other.chord.root and fold(one.chord) is fold(other.chord)


def lasting_keys(keys: Sequence[KeySpan], bar_ticks: Callable[[int], float]) -> list[KeySpan]:
    """The keys without those that last under KEY_LASTS_BARS bars, the shortest first: each goes to the piece's main
    key if that is beside it, else to the longer neighbour. `bar_ticks`: how long a bar is at a tick.
    """
    spans = list(keys)
    while len(spans) > 1:
        bars = [(span.end_tick - span.tick) / bar_ticks(span.tick) for span in spans]
        place = bars.index(min(bars))
        if bars[place] >= KEY_LASTS_BARS:
            break
        lasting: Counter[Key] = Counter()
        for span in spans:
            lasting[span.key] += span.end_tick - span.tick
        main = lasting.most_common(1)[0][0]
        beside = [number for number in (place - 1, place + 1) if 0 <= number < len(spans)]
        host = max(beside, key=lambda number: (spans[number].key == main, bars[number]))
        spans[place] = replace(spans[place], key=spans[host].key)
        spans = _joined(spans)
    return spans


def _joined(spans: Sequence[KeySpan]) -> list[KeySpan]:
    joined: list[KeySpan] = []
    for span in spans:
        if joined and joined[-1].key == span.key:
            joined[-1] = replace(joined[-1], end_tick=span.end_tick)
        else:
            joined.append(span)
    return joined
