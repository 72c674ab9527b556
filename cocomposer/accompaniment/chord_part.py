"""The chords of an accompaniment: each voiced next to the one before, in a rhythm that leaves the player room.

Where a bass plays too, the chords have no bass of their own. Knows neither seconds nor what is sent.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cocomposer.accompaniment.parts import Cue
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.comping import comp
from cocomposer.harmony.comping_patterns import COMPING_PATTERNS, CompingPattern, patterns_for
from cocomposer.harmony.comping_patterns import Part as Hand
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.harmony.voicing.search import next_voicing
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.music.note import Note

AUTO: Final = "auto"
SPARSE_ONSETS: Final = 1.0
"""A player who strikes less often in a beat is given a pulse; one who strikes more, held chords."""
LOWEST_WITH_BASS: Final = 50
"""D3: above a bass."""
CEILINGS: Final = (67, 72, 76)
"""Chords stay below the player's highest tone, as far as these allow: few values, because each is searched anew."""
_ALL_RANGE: Final = VoicingRules(Style.CLOSE, lowest=28, highest=96)
_BASS_HANDS: Final = frozenset({Hand.BASS, Hand.FIFTH})


class ChordPart:
    """Remembers how it voiced what was played."""

    def __init__(self, with_bass: bool = False, rhythm: str = AUTO) -> None:
        """`rhythm`: a name of COMPING_PATTERNS, or AUTO; one that is not made for the metre is as AUTO."""
        self._with_bass = with_bass
        self._rhythm = rhythm
        self._voiced: dict[int, Voicing] = {}
        """By the tick at which the chord begins."""
        self._pattern: CompingPattern | None = None

    def plan(self, cue: Cue) -> Sequence[Note]:
        """See `parts.Planner`."""
        pattern = self._pattern_for(cue)
        begins = _cycle_begin(cue, pattern)
        spans = [
            ChordSpan(max(begins, span.tick), span.end_tick, span.chord) for span in cue.spans if span.end_tick > begins
        ]
        first = len(cue.spans) - len(spans)
        voicings: list[Voicing | None] = list(self._voicings(cue, first))
        if not spans or spans[0].tick > begins:
            spans.insert(0, ChordSpan(begins, spans[0].tick if spans else cue.end_tick, None))
            voicings.insert(0, None)
        notes = comp(spans, voicings, pattern, cue.metre, cue.velocity)
        return [note for note in notes if note.onset_tick >= cue.from_tick]

    def _pattern_for(self, cue: Cue) -> CompingPattern:
        """It changes on bar lines only."""
        pattern = self._pattern
        if pattern is not None and not cue.metre.is_bar(cue.from_tick) and pattern.fits(cue.metre.beats_per_bar):
            return pattern
        name = rhythm_for(self._rhythm, cue.metre.beats_per_bar, cue.onsets_per_beat)
        pattern = COMPING_PATTERNS[name]
        if self._with_bass:
            pattern = replace(pattern, strokes=tuple(s for s in pattern.strokes if s.part not in _BASS_HANDS))
        self._pattern = pattern
        return pattern

    def _voicings(self, cue: Cue, first: int) -> list[Voicing | None]:
        """Those of the cue's spans from number `first` on."""
        old = cue.spans[0].tick if cue.spans else 0
        self._voiced = {tick: voicing for tick, voicing in self._voiced.items() if old <= tick < cue.from_tick}
        previous: Voicing | None = None
        found: list[Voicing | None] = []
        for number, span in enumerate(cue.spans):
            if span.chord is not None:
                # Above a bass it does not matter which tone of the chord is lowest.
                chord = replace(span.chord, bass=None) if self._with_bass else span.chord
                kept = self._voiced.get(span.tick)
                if kept is None or kept.chord != chord:
                    following = cue.spans[number + 1].chord if number + 1 < len(cue.spans) else None
                    kept = self._voiced[span.tick] = self._voicing(chord, previous, following, cue)
                previous = kept
            if number >= first:
                found.append(previous if span.chord is not None else None)
        return found

    def _voicing(self, chord: Chord, previous: Voicing | None, following: Chord | None, cue: Cue) -> Voicing:
        top = CEILINGS[-1] if cue.top is None else cue.top
        highest = max((ceiling for ceiling in CEILINGS if ceiling < top), default=CEILINGS[0])
        if self._with_bass:
            voices = max(3, min(4, len(chord.template.semitones)))
            rules = VoicingRules(
                Style.CLOSE, voices, left_bass=False, root_position=False, lowest=LOWEST_WITH_BASS, highest=highest,
                centre=60,
            )  # fmt: skip
        else:
            rules = VoicingRules(Style.CLOSE, root_position=True, highest=highest, centre=60)
        try:
            voicing = next_voicing(chord, previous, rules, following)
        except ValueError:
            voicing = next_voicing(chord, None, _ALL_RANGE)
        return voicing


def rhythm_for(wanted: str, beats_per_bar: int, onsets_per_beat: float) -> str:
    """The comping pattern: the one wanted if it is made for the metre, else one that leaves the player room."""
    fitting = {pattern.name for pattern in patterns_for(beats_per_bar)}
    if wanted in fitting:
        return wanted
    if "waltz" in fitting:
        return "waltz"
    if onsets_per_beat < SPARSE_ONSETS or "half" not in fitting:
        return "quarters"
    return "half"


def _cycle_begin(cue: Cue, pattern: CompingPattern) -> int:
    """The bar line at or before the cue's first tick on which the pattern begins anew."""
    length = cue.metre.ticks_per_bar
    bars = max(1, (pattern.cycle_ticks or length) // length)
    origin = cue.metre.bar_tick or 0
    return origin + (cue.from_tick - origin) // (bars * length) * bars * length
