"""What is being played, while it is being played: the chord that sounds now, the key, and the progression so far.

Keys are told as they are struck and released, and the moment whenever it is asked. The last beats are judged as a whole
each time (`progression`), so an arpeggio or a melody over a bass is a chord as soon as it is one. What is shown waits
until hands have settled, and changes only for what explains the music clearly better, so it does not flicker. Knows no
clock: a tick is an argument, and time goes on only by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.evidence import Evidence, evidence_of
from cocomposer.harmony.key_finding import DRUM_CHANNEL, KeyFound
from cocomposer.harmony.key_tracking import KeyTracker
from cocomposer.harmony.live_chords import LiveChords
from cocomposer.harmony.metre import FREE_STRETCH_TICKS, SAME_MOMENT_TICKS, Metre
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progression import (
    BassPart,
    ChordSpan,
    Ending,
    bass_of_ending,
    bass_parts,
    best_totals,
    ending_scores,
)
from cocomposer.harmony.recognition import chord_at, struck_scores
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]

WINDOW_BEATS: Final = 8
"""The chord now is judged from so many beats."""
_IN_SIGHT_TICKS: Final = 2 * WINDOW_BEATS * TICKS_PER_BEAT
LONGEST_BEHIND_BEATS: Final = 64
"""Who was not told of the time for longer is taken to have slept, whatever keys are down."""
LAPSE_BEATS: Final = 8
"""A chord is shown for so long after the last tone ended."""
SETTLE_TICKS: Final = SAME_MOMENT_TICKS
"""A chord is shown when nothing was struck for so long (60 ms at 120 BPM): a rolled chord is heard to its end."""
LONGEST_WAIT_TICKS: Final = TICKS_PER_BEAT // 2
"""… and at last after so long, where hands never rest."""
DOUBT_TICKS: Final = TICKS_PER_BEAT
"""So long waits what has fewer than three tones yet, and a new name for what has a name already."""
LATE_RELEASE_TICKS: Final = TICKS_PER_BEAT // 2
"""What is held so long beside a new chord is a pedal point and no finger that is late."""
TOGETHER: Final = 1.0
"""How much the tones that were struck together and are still held count as a chord by themselves."""
MARGIN: Final = 0.15
"""Of scores: how much better another chord must be than the one that is shown."""
SHOWN_LEAST: Final = 0.2
"""A chord that is less likely is not shown."""
STRUCK_FEWEST: Final = 3
"""So many notes struck together off the beat may be a new chord."""
ALTERNATIVES: Final = 5
SHARPNESS: Final = 5.0
"""Turns differences of scores into probabilities; fitted to the corpus' train split."""
_IN_ORDER: Final = attrgetter("onset_tick", "pitch", "duration_ticks", "velocity", "channel", "pedal")
"""The order of notes, found several times faster than by comparing them."""


@dataclass(frozen=True, slots=True)
class HarmonyNow:
    """What a chord panel shows."""

    chord: Chord | None
    """What sounds now, or sounded last; None before any chord, and long after the last."""
    confidence: float
    """Estimated probability of it, 0–1."""
    alternatives: tuple[tuple[Chord, float], ...]
    """What else it may be, best first."""
    key: KeyFound | None
    progression: tuple[ChordSpan, ...]
    """The chords so far, of notes that ended before the present beat."""


class LiveHarmony:
    """Tell it what keys do, ascending in time; ask what is heard."""

    def __init__(self, metre: Metre | None = None, most_spans: int | None = None) -> None:
        """`most_spans`: so many chords of the progression so far are remembered at least; None: all."""
        self._metre = metre or Metre()
        self._beats = _beats_of(self._metre)
        self._held: dict[tuple[int, int], tuple[int, int]] = {}
        """(channel, pitch) → (tick, velocity) of keys that are down."""
        self._ended: list[Note] = []
        """Those of the last WINDOW_BEATS."""
        self._new: list[Note] = []
        """Those that ended since the last beat."""
        self._chords = LiveChords(self._metre, most_spans)
        self._keys = KeyTracker()
        self._edges: list[int] = []
        """Where a chord may have begun; the last is at the latest where the present beat began."""
        self._beat = 0
        """The beginning of the beat that is not over."""
        self._struck: list[int] = []
        """When the last keys were struck."""
        self._last_sound = 0
        self._past_version: tuple[int, int, bool] | None = None
        self._past_totals: list[float] = []
        self._display = _Display()

    def strike(self, tick: int, pitch: int, velocity: int, channel: int = 0, judge: bool = True) -> None:
        """A key went down; drums are not heard. One that is down already is struck again.

        Without `judge` what is heard is found when the next key or moment is told: of many keys only the last counts.
        """
        if channel == DRUM_CHANNEL:
            return
        if not self._edges:
            self._beat = self._beats.beat_at(tick)
            self._edges.append(self._beat if self._metre.beat_known else tick)
        self._advance(tick)
        self._lift(tick, pitch, channel)
        self._held[channel, pitch] = tick, velocity
        self._struck = [*self._struck[1 - STRUCK_FEWEST :], tick]
        self._add_edge(tick)
        self._last_sound = tick
        if judge:
            self._judge(tick)

    def release(self, tick: int, pitch: int, channel: int = 0, judge: bool = True) -> None:
        """A key came up; one that was not down is not heard. `judge`: see `strike`."""
        self._advance(tick)
        self._lift(tick, pitch, channel)
        if judge:
            self._judge(tick)

    def pass_to(self, tick: int) -> None:
        """Time went on to a tick: to be told about as often as the window draws."""
        self._advance(tick)
        over = [note for note in self._new if note.end_tick <= self._beat]
        # The progression is brought up to date at other moments than what is shown, so that none takes long.
        if self._chords.is_waiting:
            self._chords.judge()
        elif over and tick >= self._beat + TICKS_PER_BEAT // 2:
            self._new = [note for note in self._new if note.end_tick > self._beat]
            self._chords.hear(over)
        elif self._held or self._display.is_waiting or self._is_over(tick):
            self._judge(tick)

    def change_metre(self, metre: Metre, tick: int) -> None:
        """From a tick on beats and bars are others. What was heard stays heard; earlier chords no longer change."""
        self._advance(tick)
        self._metre, self._beats = metre, _beats_of(metre)
        self._chords.change_metre(metre)
        self._past_version = None
        if self._edges:
            self._beat = self._beats.beat_at(tick)
            if metre.beat_known:
                first = max(self._edges[0], self._beat - (WINDOW_BEATS - 1) * TICKS_PER_BEAT)
                self._edges = list(range(self._beats.beat_at(first), self._beat + 1, TICKS_PER_BEAT))

    @property
    def is_moving(self) -> bool:
        """Whether what is heard may change soon though no key moves: `pass_to` is to be told of each moment."""
        return bool(self._held or self._new or self._display.is_waiting or self._chords.is_waiting)

    @property
    def lapses_at(self) -> int | None:
        """The tick at which the chord that is shown is over if nothing more sounds; None where none is, or keys are
        held."""
        if self._held or self._display.chord is None:
            return None
        return self._last_sound + LAPSE_BEATS * TICKS_PER_BEAT

    @property
    def now(self) -> HarmonyNow:
        """What is heard at the last tick that was told."""
        shown = self._display
        return HarmonyNow(shown.chord, shown.confidence, shown.alternatives, self._keys.found, self._chords.spans)

    def _lift(self, tick: int, pitch: int, channel: int) -> None:
        struck = self._held.pop((channel, pitch), None)
        if struck is not None:
            note = Note(struck[0], pitch, max(1, tick - struck[0]), struck[1], channel)
            self._ended.append(note)
            self._new.append(note)
            self._last_sound = tick

    def _add_edge(self, tick: int) -> None:
        """A chord may begin where a new note does in free time, and off the beat where several do."""
        if not self._metre.beat_known:
            if tick - self._edges[-1] >= FREE_STRETCH_TICKS:
                self._edges.append(tick)
            return
        first = self._struck[0]
        is_off_beat = first - self._edges[-1] > SAME_MOMENT_TICKS < self._beat + TICKS_PER_BEAT - first
        if len(self._struck) == STRUCK_FEWEST and tick - first <= SAME_MOMENT_TICKS and is_off_beat:
            self._edges.append(first)

    def _advance(self, tick: int) -> None:
        """End the beats that are over."""
        if not self._edges:
            return
        behind = tick - self._beat
        is_silent = not self._held and all(note.end_tick <= self._beat for note in self._ended)
        if behind > LONGEST_BEHIND_BEATS * TICKS_PER_BEAT or (is_silent and behind > _IN_SIGHT_TICKS):
            # A long rest says nothing of keys, and no chord of before it is in sight.
            self._beat += (behind - _IN_SIGHT_TICKS) // TICKS_PER_BEAT * TICKS_PER_BEAT
        while tick >= self._beat + TICKS_PER_BEAT:
            over = self._beat, self._beat + TICKS_PER_BEAT
            self._keys.hear(evidence_of(self._notes(over[1], over[0]), over).weights[0])
            self._beat = over[1]
            if self._metre.beat_known or self._beat - self._edges[-1] >= 2 * TICKS_PER_BEAT:
                self._edges.append(self._beat)
        begins = self._beat - (WINDOW_BEATS - 1) * TICKS_PER_BEAT
        while len(self._edges) > 1 and self._edges[1] <= begins:
            del self._edges[0]
        self._ended = [note for note in self._ended if note.end_tick > begins]

    def _notes(self, tick: int, begins: int) -> list[Note]:
        """What sounds from a tick on, keys that are down up to now."""
        held = [
            Note(onset, pitch, max(1, tick - onset), velocity, channel)
            for (channel, pitch), (onset, velocity) in self._held.items()
        ]
        return sorted((note for note in self._ended + held if note.end_tick > begins), key=_IN_ORDER)

    def _past(self, heard: Evidence, tick: int) -> list[float]:
        """How well the beats that are over (`heard` without its last stretch) are explained; found anew when one more
        is, and when hands that were early at its end have been heard."""
        version = self._edges[0], self._edges[-1], tick - self._edges[-1] > 2 * SAME_MOMENT_TICKS
        if version != self._past_version:
            self._past_version, over = version, heard.without_last()
            self._past_totals = best_totals(over, self._edges, self._metre) if len(over.beats) else [0.0]
        return self._past_totals

    def _struck_together(self) -> list[int]:
        """The pitches held since they were last struck as a chord of three tones, rolled or not; empty if none are."""
        held = sorted(((onset, pitch) for (_, pitch), (onset, _) in self._held.items()), reverse=True)
        group: list[int] = []
        last: int | None = None
        for onset, pitch in held:
            if last is not None and last - onset > SAME_MOMENT_TICKS:
                if is_chord(group):
                    break
                group = []
            group.append(pitch)
            last = onset
        return group if is_chord(group) else []

    def _is_over(self, tick: int) -> bool:
        return not self._held and tick - self._last_sound >= LAPSE_BEATS * TICKS_PER_BEAT

    def _judge(self, tick: int) -> None:
        if self._is_over(tick):
            self._display = _Display()
            return
        if not self._edges:
            return
        notes = self._notes(tick, self._edges[0])
        end = self._beat + TICKS_PER_BEAT
        if not self._metre.beat_known:
            end = max(tick, self._edges[-1] + FREE_STRETCH_TICKS)
        edges = [*self._edges, end]
        heard = evidence_of(notes, edges)
        ending = ending_scores(heard, edges, self._metre, self._past(heard, tick))
        together = self._struck_together()
        is_block = bool(together) and len(together) == len(self._held)
        bass = None
        if together:
            is_fresh = tick - self._struck[-1] < LATE_RELEASE_TICKS
            bass = min(together) if is_fresh else min(pitch for _, pitch in self._held)
            block = _block_scores(frozenset(pitch % PITCH_CLASSES for pitch in together), bass % PITCH_CLASSES)
            ending = replace(ending, totals=ending.totals + block)
        is_settled = tick - self._struck[-1] >= SETTLE_TICKS
        self._display.judge(
            _Ended(heard, edges, self._metre, ending, is_block, bass, self._struck[-1]), tick, is_settled
        )


@lru_cache(maxsize=64)
def _block_scores(tones: frozenset[int], bass: int) -> Floats:
    """[chords] what tones struck together add, asked for with every look while they are held; not to be changed."""
    return np.asarray(TOGETHER * struck_scores(tones, bass))


def warm_up() -> None:
    """Hear a chord, to no purpose: the first time takes some hundred times longer, which no key should wait for."""
    live = LiveHarmony()
    for pitch in (48, 52, 55, 60):
        live.strike(0, pitch, 80)
    for tick in range(0, 3 * TICKS_PER_BEAT, TICKS_PER_BEAT // 4):
        live.pass_to(tick)


def _beats_of(metre: Metre) -> Metre:
    """Without a beat, beats of the nominal tempo serve to count time."""
    return Metre(metre.beats_per_bar, metre.bar_tick)


def is_chord(pitches: Iterable[int]) -> bool:
    """Whether they are three tones at least."""
    return len({pitch % PITCH_CLASSES for pitch in pitches}) >= STRUCK_FEWEST


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    """A passage and its possible last chords."""

    heard: Evidence
    edges: list[int]
    metre: Metre
    ending: Ending
    is_block: bool
    """Whether all that is held was struck together, as a chord."""
    block_bass: int | None
    """The lowest pitch of a chord that was struck together and is held."""
    struck: int
    """When the last key went down."""
    _parts: dict[int, list[BassPart]] = field(default_factory=dict)
    """First edge of a stretch → its parts."""

    def chord(self, number: int) -> Chord:
        """The chord of a column of scores, over its bass."""
        first = int(self.ending.firsts[number])
        if self.block_bass is not None and self.block_bass <= self.heard.lowest[first:].min():
            return chord_at(number, self.block_bass % PITCH_CLASSES)
        if first not in self._parts:
            self._parts[first] = bass_parts(self.heard, first, len(self.edges) - 1, self.edges, self.metre)
        return chord_at(number, bass_of_ending(self._parts[first], number))

    def begins(self, number: int) -> int:
        """The tick at which its stretch begins."""
        return self.edges[int(self.ending.firsts[number])]

    def tones(self, number: int) -> int:
        """How many pitch classes sound in its stretch."""
        return int(np.count_nonzero(self.heard.weights[int(self.ending.firsts[number]) :].any(axis=0)))


class _Display:
    """The chord that is shown, and what makes it calm."""

    def __init__(self) -> None:
        self.chord: Chord | None = None
        self.confidence = 0.0
        self.alternatives: tuple[tuple[Chord, float], ...] = ()
        self._number: int | None = None
        self._candidate: Chord | None = None
        self._since = 0
        self._begun = self._shown_at = -1
        """Where the chord that is shown began, and when it was first shown."""
        self._agreed = -1
        """When the music last said the chord that is shown."""

    @property
    def is_waiting(self) -> bool:
        """Whether another chord is to be shown soon."""
        return self._candidate is not None

    def judge(self, ended: _Ended, tick: int, is_settled: bool) -> None:
        """Change what is shown, if the music says so and has said so for long enough."""
        totals = ended.ending.totals
        best = int(totals.argmax())
        if not np.isfinite(totals[best]):
            return
        shares = np.exp(SHARPNESS * (totals - totals[best]))
        shares /= shares.sum()
        wanted = best
        if self._number is not None and totals[best] - totals[self._number] < MARGIN:
            wanted = self._number
        if wanted != self._number and shares[wanted] < SHOWN_LEAST:
            wanted = best if self._number is None else self._number
        if wanted == self._number:
            self._agreed = tick
        chord = ended.chord(wanted)
        if chord == self.chord or (self._number is None and shares[wanted] < SHOWN_LEAST):
            self._candidate = None
        elif chord != self._candidate:
            self._candidate, self._since = chord, tick
        if self._candidate is not None and self._has_waited(ended, wanted, tick - self._since, is_settled):
            self.chord, self._number, self._candidate = self._candidate, wanted, None
            self._begun, self._shown_at = ended.begins(wanted), tick
        if self._number is not None:
            self.confidence = float(shares[self._number])
            best_first = np.argsort(-shares, kind="stable")[: ALTERNATIVES + 1].tolist()
            others = [number for number in best_first if number != self._number][:ALTERNATIVES]
            self.alternatives = tuple((ended.chord(other), float(shares[other])) for other in others)

    def _has_waited(self, ended: _Ended, number: int, ticks: int, is_settled: bool) -> bool:
        """Whether a candidate has been the best for long enough."""
        if number == self._number and not (ended.is_block and ended.struck > self._shown_at):
            return ticks >= 2 * DOUBT_TICKS  # another bass only
        if not ended.is_block:
            begins = ended.begins(number)
            is_later = begins >= self._agreed - SAME_MOMENT_TICKS or ended.metre.is_bar(begins)
            is_new = self._number is None or (begins > self._begun and is_later)
            if not is_new or ended.tones(number) < STRUCK_FEWEST:
                return ticks >= DOUBT_TICKS
        return ticks >= LONGEST_WAIT_TICKS or (is_settled and ticks >= SETTLE_TICKS)
