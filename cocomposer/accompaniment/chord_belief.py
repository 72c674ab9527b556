"""How likely each chord is under the player, now and on the next beat, and so how likely each tone is to fit.

A hidden Markov model whose states are the 96 chords of `progressions.vocabulary`, one step a beat: chords mostly change
on bar lines (`harmonic_rhythm`), to others that follow them in the key (`chord_moves`), and each explains better or
worse what sounds, as lead sheets' melodies tell (`harmonising.fitting`) or, where several tones sound at once, as
chords are recognised. Forwards only. Told of keys with their ticks, ascending; knows no clock and what anybody plays to
it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.accompaniment.chord_moves import CHORDS, MOVES
from cocomposer.accompaniment.foresight import REMEMBERED_BEATS, alike, coming_round
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.evidence import NO_PITCH, evidence_of
from cocomposer.harmony.harmonising.fitting import melody_fit
from cocomposer.harmony.harmonising.harmonic_rhythm import SHEETS
from cocomposer.harmony.harmonising.melody import top_line
from cocomposer.harmony.harmonising.slots import Place, Slots
from cocomposer.harmony.key import Mode
from cocomposer.harmony.key_finding import DRUM_CHANNEL, KeyFound
from cocomposer.harmony.key_tracking import KeyTracker
from cocomposer.harmony.metre import SAME_MOMENT_TICKS, Metre
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS, chord_of, token_of
from cocomposer.harmony.recognition import CHORDS as RECOGNISED
from cocomposer.harmony.recognition import NO_BASS, PASSAGE, chord_at, chord_scores
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Floats = NDArray[np.float64]

HALF_TRUSTED_BEATS: Final = 12
"""A progression that has come round for so many beats goes on as it went before as often as not, beside what else is
known; one that has for longer, more often."""
SURE: Final = 0.6
"""A chord that is less likely is not remembered."""
_LAPSE_BEATS: Final = 64
"""After so long without a sound nothing is known but the key."""
_TOGETHER: Final = 12.0
"""Nats for a difference of 1 in the score of a recognised chord."""
_SOON: Final = -0.25
"""Power of the share of the beat that was heard: what the score of a chord lacks then is made up for in part."""
_MELODY: Final = 0.7
"""What a melody says, beside what it says to who knows the whole of it."""
_COMMONNESS, _MOTION, _PRIOR = 0.5, 0.7, 20.0
"""Powers of how common a chord is in the key and of how often it follows the one before, and moves that each row of
counts is mixed with: 2.50 nats a change on OpenEWLD's valid and test sheets, against 2.65 by commonness alone."""
_MINOR_THIRD: Final = 3


def _moves(tonic: int | None) -> Floats:
    """[TOKENS, TOKENS] probability of the next other chord, in the major key on `tonic`, or in any."""
    common = np.array(CHORDS, np.float64).reshape(-1) + 0.5
    common = np.roll(common / common.sum(), 0 if tonic is None else tonic * len(CLASSES))
    moves = np.array([MOVES[name] for name in CLASSES], np.float64).reshape(len(CLASSES), TOKENS)
    anywhere = moves.sum(axis=0) + 0.5
    moves = moves + _PRIOR * anywhere / anywhere.sum()
    moves /= moves.sum(axis=1, keepdims=True)
    rows = np.array([np.roll(moves[token % len(CLASSES)], token - token % len(CLASSES)) for token in range(TOKENS)])
    table = rows**_MOTION * (1.0 if tonic is None else common**_COMMONNESS)
    np.fill_diagonal(table, 0.0)
    return np.asarray(table / table.sum(axis=1, keepdims=True))


_ANYWHERE: Final = _moves(None)
_IN_KEY: Final = tuple(_moves(tonic) for tonic in range(PITCH_CLASSES))
_TONES: Final = np.array([[float(tone in chord_of(token, 0).pitch_classes) for tone in range(PITCH_CLASSES)]
                          for token in range(TOKENS)])  # fmt: skip
_EVEN: Final = np.full(TOKENS, 1 / TOKENS)


def _share_of_changes(*places: Place) -> float:
    stays, changes = np.array([SHEETS[list(Place).index(place)] for place in places], np.float64).sum(axis=(0, 1))
    return float(changes / (stays + changes))


_USUALLY: Final = {
    Place.ODD_BAR: _share_of_changes(Place.ODD_BAR, Place.EVEN_BAR),
    Place.MIDDLE: _share_of_changes(Place.MIDDLE),
    Place.BEAT: _share_of_changes(Place.BEAT),
}
"""Share of such places at which the chord changes; which bars are odd is not known."""
_USUAL_PLACES: Final = 4.0
"""What is usual counts as so many places of this music."""
_TOKEN_OF_COLUMN: Final = np.array([token_of(chord_at(number, None), 0) for number in range(len(RECOGNISED))])
_BY_TOKEN: Final = np.argsort(_TOKEN_OF_COLUMN, kind="stable")
_FIRST_OF_TOKEN: Final = np.searchsorted(_TOKEN_OF_COLUMN[_BY_TOKEN], np.arange(TOKENS))


def tones_of(chords: Floats) -> Floats:
    """[12] how likely each pitch class is to be a tone of the chord, given how likely each chord [TOKENS] is."""
    return np.asarray(chords @ _TONES)


def likeliest(chords: Floats) -> Chord:
    """The plainest chord of the likeliest token."""
    return chord_of(int(chords.argmax()), 0)


def _sure(chords: Floats) -> Chord | None:
    return likeliest(chords) if chords.max() >= SURE else None


class ChordBelief:
    """One player's chords."""

    def __init__(self, metre: Metre) -> None:
        """Its beats and bars are known."""
        self._metre = metre
        self._keys = KeyTracker()
        self._held: dict[tuple[int, int], tuple[int, int]] = {}
        """(channel, pitch) → (tick, velocity) of keys that are down."""
        self._ended: list[Note] = []
        """Those that may sound in the beat that is not over."""
        self._beat: int | None = None
        """The beginning of the beat that is not over; None before anything was struck."""
        self._before = _EVEN
        """[TOKENS] of the present beat, without what sounds in it."""
        self._over: list[Chord | None] = []
        """The chord of each beat that is over, where it is sure."""
        self._places = {place: [_USUAL_PLACES, _USUAL_PLACES * share] for place, share in _USUALLY.items()}
        """How many there were, and how often the chord changed there."""

    @property
    def key(self) -> KeyFound | None:
        """The key of the beats that are over."""
        return self._keys.found

    @property
    def has_heard(self) -> bool:
        """Whether anything sounded at all."""
        return self._beat is not None

    def strike(self, tick: int, pitch: int, velocity: int, channel: int = 0) -> None:
        """A key went down; drums are not heard."""
        if channel == DRUM_CHANNEL:
            return
        if self._beat is None:
            self._beat = self._metre.beat_at(tick + SAME_MOMENT_TICKS)
        self.pass_to(tick)
        self._lift(tick, pitch, channel)
        self._held[channel, pitch] = tick, velocity

    def release(self, tick: int, pitch: int, channel: int = 0) -> None:
        """A key came up."""
        self.pass_to(tick)
        self._lift(tick, pitch, channel)

    def pass_to(self, tick: int) -> None:
        """Time went on: beats that are over are judged once and for all."""
        if self._beat is None:
            return
        if not self._held and tick - self._beat > _LAPSE_BEATS * TICKS_PER_BEAT:
            self._beat, self._before = self._metre.beat_at(tick), _EVEN
            self._ended.clear()
            self._over.clear()
        # Hands that are a little early belong to the next beat.
        while tick >= self._beat + TICKS_PER_BEAT + SAME_MOMENT_TICKS:
            end = self._beat + TICKS_PER_BEAT
            notes = self._notes(end)
            self._keys.hear(evidence_of(notes, (self._beat, end)).weights[0])
            judged = self._judged(notes, end)
            self._remember(_sure(judged))
            # While nobody plays, what sounded last holds.
            self._before = self._foreseen(self._moved(judged, end), self._over) if notes else judged
            self._beat = end
            self._ended = [note for note in self._ended if note.end_tick > end - SAME_MOMENT_TICKS]

    def change_metre(self, metre: Metre, tick: int) -> None:
        """From a tick on beats and bars are others."""
        self.pass_to(tick)
        self._metre = metre
        if self._beat is not None:
            self._beat = metre.beat_at(tick)

    def at(self, tick: int, now: int) -> Floats:
        """[TOKENS] how likely each chord is at a tick of the present beat or later, by what was heard up to `now`.

        To be told before that time passed to `now`.
        """
        if self._beat is None:
            return _EVEN
        notes = self._notes(now)
        chords = self._judged(notes, now) if now > self._beat else self._before
        if not notes:
            return chords
        over = list(self._over)
        for beat in range(self._beat + TICKS_PER_BEAT, tick + 1, TICKS_PER_BEAT):
            over.append(_sure(chords))
            chords = self._foreseen(self._moved(chords, beat), over)
        return chords

    def so_far(self, tick: int, now: int) -> list[Chord | None]:
        """The chord of each beat before the one of `tick`, where it is sure, by what was heard up to `now`."""
        chords = list(self._over)
        if self._beat is not None:
            chords += [_sure(self.at(beat, now)) for beat in range(self._beat, tick, TICKS_PER_BEAT)]
        return chords

    def _lift(self, tick: int, pitch: int, channel: int) -> None:
        struck = self._held.pop((channel, pitch), None)
        if struck is not None:
            self._ended.append(Note(struck[0], pitch, max(1, tick - struck[0]), struck[1], channel))

    def _notes(self, tick: int) -> list[Note]:
        """What sounds in the present beat up to a tick."""
        held = [
            Note(onset, pitch, max(1, tick - onset), velocity, channel)
            for (channel, pitch), (onset, velocity) in self._held.items()
            if onset < tick
        ]
        return [note for note in self._ended if note.onset_tick < tick] + held

    def _judged(self, notes: list[Note], end: int) -> Floats:
        """[TOKENS] of the present beat, by what sounds in it up to a tick."""
        assert self._beat is not None
        begin = self._beat
        sounding = [
            Note(n.onset_tick, n.pitch, min(n.end_tick, end) - n.onset_tick, n.velocity)
            for n in notes
            if n.onset_tick < end and n.end_tick > begin
        ]
        if not sounding:
            return self._before
        if _is_single(sounding):
            fit = _MELODY * melody_fit(top_line(sounding), Slots((begin, end), (Place.BEAT,)), 0)[0]
        else:
            fit = _TOGETHER * ((end - begin) / TICKS_PER_BEAT) ** _SOON * _recognised(sounding, begin, end)
        judged = self._before * np.exp(fit - fit.max())
        return np.asarray(judged / judged.sum())

    def _foreseen(self, chords: Floats, over: Sequence[Chord | None]) -> Floats:
        """[TOKENS] of the beat after those that are over, if their progression is coming round."""
        period, beats = coming_round(over, self._metre.beats_per_bar)
        again = None if period is None else over[-period]
        if again is None:
            return chords
        trust = beats / (beats + HALF_TRUSTED_BEATS)
        mixed = (1 - trust) * chords
        mixed[token_of(again, 0)] += trust
        return np.asarray(mixed)

    def _remember(self, chord: Chord | None) -> None:
        """The chord of the beat that is just over, and whether it is another than before."""
        assert self._beat is not None
        before = self._over[-1] if self._over else None
        if chord is not None and before is not None:
            seen = self._places[self._place(self._beat)]
            seen[0] += 1
            seen[1] += not alike(chord, before)
        self._over = [*self._over[1 - REMEMBERED_BEATS :], chord]

    def _place(self, beat: int) -> Place:
        if self._metre.is_bar(beat):
            return Place.ODD_BAR
        return Place.MIDDLE if self._metre.is_half_bar(beat) else Place.BEAT

    def _moved(self, chords: Floats, beat: int) -> Floats:
        """[TOKENS] a beat later, before anything sounds in it."""
        places, changed = self._places[self._place(beat)]
        change = changed / places
        key = self._keys.found
        table = _ANYWHERE
        if key is not None:
            minor = key.key.mode is Mode.MINOR
            table = _IN_KEY[(key.key.tonic + minor * _MINOR_THIRD) % PITCH_CLASSES]
        return np.asarray((1 - change) * chords + change * (chords @ table))


def _is_single(notes: Sequence[Note]) -> bool:
    """Whether no two notes sound together for longer than fingers take to let go."""
    last = -1
    for note in sorted(notes):
        if note.onset_tick < last - SAME_MOMENT_TICKS:
            return False
        last = max(last, note.end_tick)
    return True


def _recognised(notes: Sequence[Note], begin: int, end: int) -> Floats:
    """[TOKENS] score of the best chord of each token for what sounds from one tick to another."""
    heard = evidence_of(notes, (begin, end))
    first, low = (
        np.where(pitches == NO_PITCH, NO_BASS, pitches % PITCH_CLASSES)
        for pitches in (heard.first_lowest, heard.lowest)
    )
    scores = chord_scores(heard.weights, first, low, PASSAGE)[0].astype(np.float64)
    return np.maximum.reduceat(scores[_BY_TOKEN], _FIRST_OF_TOKEN)
