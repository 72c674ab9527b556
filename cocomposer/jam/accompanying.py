"""The machine plays along while the player plays: chords, a bass, a second voice, on the beat that somebody gives.

What is expected is planned a bar ahead and committed late, like an answer; when the player's harmony turns out to be
another, what clashes ends and the right chord is struck soon. Rests when the player rests, enters on a beat. Knows no
model; what each part makes of the chords is `accompaniment`'s.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cocomposer.accompaniment.bass_part import BassPart
from cocomposer.accompaniment.chord_belief import Floats, likeliest, tones_of
from cocomposer.accompaniment.chord_part import ChordPart
from cocomposer.accompaniment.foresight import Given, alike, chord_at, expected, spliced
from cocomposer.accompaniment.parts import Cue, Part, Planner
from cocomposer.accompaniment.soloist import Soloist
from cocomposer.accompaniment.sure_tones import LIKELY, SURE, near, surest, surest_pitch
from cocomposer.accompaniment.voice_part import VoicePart
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.metre import SAME_MOMENT_TICKS, Metre, metre_of
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.progressions.vocabulary import token_of
from cocomposer.jam import outputs
from cocomposer.jam.answering import COMMIT_SECONDS
from cocomposer.jam.committed import Committed
from cocomposer.jam.harmony_ear import HarmonyEar
from cocomposer.jam.settings import Accompaniment, Settings
from cocomposer.jam.state import State, beat_is_given
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

PLAN_SECONDS: Final = COMMIT_SECONDS + 0.015
"""The plan of a beat is made anew so long before it, by what was heard up to then."""
HEARD_EVERY_TICKS: Final = SAME_MOMENT_TICKS
"""What sounds is judged anew so often."""
SETTLED_TICKS: Final = SAME_MOMENT_TICKS + 1
"""So long after a strike hands have settled."""
LATE_SECONDS: Final = 0.05
"""What should have begun so long ago is left out."""
SOON_TICKS: Final = TICKS_PER_BEAT // 3
"""A chord that turns out to be another so soon after the beat is struck anew at once; later, on the next eighth."""
SHORTEST_TICKS: Final = TICKS_PER_BEAT // 4
"""What would be shorter is not struck in place of what had to end."""
CLASHES: Final = 0.3
"""A tone that turned out to be less likely ends."""
MARGIN: Final = 0.2
"""Of probabilities: how much likelier another chord must be than the one that is accompanied."""
ESTIMATE_SURE_BEATS: Final = 8
"""An estimated beat is gone by when it has stayed the same for so long."""
SAME_PACE: Final = 0.03
_PARTS: Final[dict[Accompaniment, tuple[Part, ...]]] = {
    Accompaniment.OFF: (),
    Accompaniment.CHORDS: (Part.CHORDS,),
    Accompaniment.BASS: (Part.BASS,),
    Accompaniment.VOICE: (Part.VOICE,),
    Accompaniment.CHORDS_BASS: (Part.CHORDS, Part.BASS),
}
_NO_BEAT: Final = "An accompaniment needs a beat: start the DAW's clock, tap it, or set a tempo."


class Accompanying:
    """All parts together; they share one line of chords."""

    def __init__(self, state: State, lead_seconds: float) -> None:
        self._state = state
        self._lead_seconds = max(0.0, lead_seconds)
        self._ear = HarmonyEar()
        self.given: Given | None = None
        """The chords where the jam has no progression; None: those that are heard."""
        self._going_by: Given | None = None
        self._soloist = Soloist()
        self._parts: dict[Part, Planner] = {}
        self._made_for: tuple[Accompaniment, str] | None = None
        self._spans: list[ChordSpan] = []
        """The chords that are accompanied: played so far, and expected."""
        self._drafts: list[tuple[Part, Note]] = []
        self._committed = Committed(state)
        self._owed: list[tuple[Part, Note]] = []
        """What should sound and waits until it is clear which tone of the chord it shall be."""
        self._next_beat: int | None = None
        """The beat that is planned next; None while it rests."""
        self._hear_at = 0.0
        self._estimated: tuple[float, int] | None = None
        """(seconds per tick, since which tick) of a beat that is only estimated."""
        self._complained = False
        self._listens = False
        """Time makes a difference: the player plays, and there is a beat."""
        self._hushed = False
        """It was stopped: it comes back after a rest of the player's, or when another accompaniment is chosen."""

    # -- time --------------------------------------------------------------------------------

    def moments(self, grid: Grid) -> list[float]:
        """When time alone makes a difference."""
        if not self._listens:
            return []
        moments = [self._hear_at]
        if self._next_beat is not None:
            moments.append(self._plan_at(grid, self._next_beat))
        moments += [self._seconds_at(grid, note.onset_tick) - COMMIT_SECONDS for _, note in self._drafts[:1]]
        return moments

    def advance(self, grid: Grid, now: float, is_answering: bool, progression: Given | None = None) -> None:
        """Hear what was just told, and play on. `is_answering`: an answer sounds, under which it rests.

        `progression`: the jam's own chords, if there are any.
        """
        settings = self._state.settings
        self._going_by = self.given if progression is None else progression
        self._listens = False
        if settings.accompany is Accompaniment.OFF:
            self._silence(now)
            # Nothing is heard meanwhile, not even that a key comes up.
            self.forget()
            return
        tick = math.floor(grid.tick_at(now))
        metre = self._metre(grid)
        self._hear(grid, metre, tick)
        if not self._has_beat(grid, tick):
            self._silence(now)
            self._complain()
            return
        self._complained = False
        self._committed.tidy(now)
        self._make_parts(settings, now)
        player_rests = self._soloist.rests_at(tick, grid.ticks_per_bar)
        self._hushed = self._hushed and not player_rests
        self._listens = not player_rests
        is_look = now >= self._hear_at
        if is_look:
            self._hear_at = now + HEARD_EVERY_TICKS * grid.seconds_per_tick
            self._ear.pass_to(tick)
        if is_answering or player_rests or self._hushed:
            self._rest()
            return
        if self._next_beat is None:
            self._enter(grid, now)
        if self._next_beat is not None:
            if is_look:
                self._follow_harmony(grid, metre, tick, now)
            while self._plan_at(grid, self._next_beat) <= now:
                self._plan(metre, tick, self._next_beat)
                self._next_beat += TICKS_PER_BEAT
        self._commit_due(grid, now)

    def stop(self, now: float) -> None:
        """Silence it now; it enters again when the player goes on after a rest."""
        self._hushed = self._soloist.has_played
        self._silence(now)

    def forget(self) -> None:
        """Nothing was played; to be stopped before."""
        self._ear, self._soloist = HarmonyEar(), Soloist()
        self._made_for, self._hushed = None, False

    def _silence(self, now: float) -> None:
        self._committed.cut(Part, now)
        self._rest()

    # -- what it goes by -----------------------------------------------------------------------

    def _hear(self, grid: Grid, metre: Metre, tick: int) -> None:
        told = [output for output in self._state.out if isinstance(output, outputs.Heard | outputs.Released)]
        self._ear.hear(told, metre, tick)
        for output in told:
            if isinstance(output, outputs.Heard):
                # A chord is heard as soon as hands have settled; each strike is judged by itself.
                self._hear_at = output.at_seconds + SETTLED_TICKS * grid.seconds_per_tick
                self._soloist.strike(round(output.tick), output.pitch, output.velocity, output.channel)
            else:
                self._soloist.release(round(output.tick), output.pitch, output.channel)

    def _metre(self, grid: Grid) -> Metre:
        metre = metre_of(grid)
        # Where nobody says where bars begin, one has to begin somewhere.
        return metre if metre.bar_tick is not None else replace(metre, bar_tick=0)

    def _has_beat(self, grid: Grid, tick: int) -> bool:
        """Whether somebody gives the beat, or an estimate has stayed the same for long enough."""
        if grid.source is not BeatSource.ESTIMATE:
            self._estimated = None
            return beat_is_given(grid)
        if self._estimated is None or abs(grid.seconds_per_tick / self._estimated[0] - 1) > SAME_PACE:
            self._estimated = grid.seconds_per_tick, tick
        return tick - self._estimated[1] >= ESTIMATE_SURE_BEATS * TICKS_PER_BEAT

    def _complain(self) -> None:
        if self._soloist.has_played and not self._complained:
            self._complained = True
            self._state.say(_NO_BEAT)

    def _active_parts(self) -> tuple[Part, ...]:
        settings = self._state.settings
        muted = {Part.CHORDS: settings.mute_chords, Part.BASS: settings.mute_bass, Part.VOICE: settings.mute_voice}
        return tuple(part for part in _PARTS[settings.accompany] if not muted[part])

    def _make_parts(self, settings: Settings, now: float) -> None:
        """As the settings have them; a part that is taken away or muted ends at once."""
        wanted = _PARTS[settings.accompany]
        if (settings.accompany, settings.accompany_rhythm) != self._made_for:
            self._made_for = settings.accompany, settings.accompany_rhythm
            chords = ChordPart(Part.BASS in wanted, settings.accompany_rhythm)
            makers: dict[Part, Planner] = {Part.CHORDS: chords, Part.BASS: BassPart(), Part.VOICE: VoicePart()}
            self._parts = {part: makers[part] for part in wanted}
            self._drafts.clear()
            self._hushed = False
        active = self._active_parts()
        self._committed.cut((part for part in Part if part not in active), now)
        self._drafts = [(part, note) for part, note in self._drafts if part in active]

    def _rest(self) -> None:
        self._drafts.clear()
        self._spans.clear()
        self._owed.clear()
        self._next_beat = None

    # -- planning ------------------------------------------------------------------------------

    def _enter(self, grid: Grid, now: float) -> None:
        """On the next beat, as soon as something sounds or a chord is given."""
        entry = grid.next_beat(grid.tick_at(now + self._lead_seconds - min(0.0, self._state.nudge_seconds)))
        if self._ear.belief.has_heard if self._going_by is None else self._going_by(entry) is not None:
            self._next_beat = entry

    def _plan(self, metre: Metre, tick: int, from_tick: int) -> None:
        """Plan anew from a tick to the end of the next bar, by what was heard up to `tick`."""
        belief, beat = self._ear.belief, metre.beat_at(from_tick)
        likely = belief.at(from_tick, tick)
        so_far = belief.so_far(beat, tick)
        end = grid_end(metre, from_tick)
        ahead = expected([*so_far, likeliest(likely)], from_tick, from_tick, end, metre, self._going_by)
        keep = from_tick - 4 * metre.ticks_per_bar
        self._spans = [span for span in spliced(self._spans, ahead) if span.end_tick > keep]
        key = belief.key
        cue = Cue(
            tuple(self._spans), metre, from_tick, self._velocity(), self._soloist.onsets_per_beat(tick),
            self._soloist.top(tick), self._soloist.melody, frozenset() if key is None else key.key.scale,
        )  # fmt: skip
        planned = [(part, note) for part in self._active_parts() for note in self._parts[part].plan(cue)]
        self._drafts = [(part, note) for part, note in self._drafts if note.onset_tick < from_tick]
        self._owed = [owed for owed in self._owed if owed[1].end_tick - from_tick >= SHORTEST_TICKS]
        if self._going_by is None:
            self._strike_what_is_sure(planned, tones_of(likely), from_tick, beat + TICKS_PER_BEAT)
        else:
            self._drafts += planned
        self._drafts.sort(key=lambda draft: draft[1])

    def _strike_what_is_sure(self, planned: list[tuple[Part, Note]], tones: Floats, begin: int, until: int) -> None:
        """Of what begins in a beat; the rest of it is owed. Something is struck in any case, if nothing sounds."""
        soon = [draft for draft in planned if draft[1].onset_tick < until]
        struck = {part for part, _ in soon}
        self._owed = [owed for owed in self._owed if owed[0] not in struck]
        sure = []
        for part, note in soon:
            pitch = surest_pitch(part, note, tones) if part is Part.BASS else note.pitch
            if tones[pitch % PITCH_CLASSES] >= (LIKELY if part is Part.BASS else SURE):
                sure.append((part, replace(note, pitch=pitch)))
            else:
                self._owed.append((part, note))
        sounding = [(one.part, one.note) for one in self._committed.notes]
        if not sure and all(note.end_tick <= begin for _, note in sounding):
            # Nothing was planned where a stroke was cut short by another chord that was expected.
            sure = surest(soon or self._owed or sounding, tones, begin, until)
        self._drafts += [*sure, *(draft for draft in planned if draft[1].onset_tick >= until)]

    def _velocity(self) -> int:
        return max(1, min(127, round(self._soloist.velocity * self._state.settings.accompany_volume)))

    def _follow_harmony(self, grid: Grid, metre: Metre, tick: int, now: float) -> None:
        """Where the chord in force is not the one that sounds, play on with the one that does; pay what is owed."""
        span = chord_at(self._spans, tick)
        if self._going_by is not None or span is None:
            return
        likely = self._ear.belief.at(tick, tick)
        tones, chord = tones_of(likely), likeliest(likely)
        soonest = self._soonest(grid, metre, now)
        clashing = [
            one for one in self._committed.notes if one.on <= now and tones[one.note.pitch % PITCH_CLASSES] < CLASHES
        ]
        self._committed.end(lambda one: one in clashing, now)
        self._owed += [(one.part, one.note) for one in clashing]
        if metre.beat_at(soonest) > metre.beat_at(tick):
            return  # The plan of the next beat knows better.
        if span.chord is None or not (
            alike(chord, span.chord) or likely.max() - likely[token_of(span.chord, 0)] < MARGIN
        ):
            from_seconds = self._seconds_at(grid, soonest)
            self._committed.end(lambda one: one.on >= from_seconds, now)
            self._plan(metre, tick, soonest)
            self._hold_on(soonest)
            self._next_beat = max(self._next_beat or 0, metre.beat_at(soonest) + TICKS_PER_BEAT)
        else:
            chord = span.chord
        self._pay(tones >= SURE, chord, soonest)
        if not self._committed.notes and all(note.onset_tick > soonest for _, note in self._drafts):
            # A beat in which all that was struck turned out wrong would be silent.
            self._drafts += surest(self._owed, tones, soonest, metre.beat_at(soonest) + TICKS_PER_BEAT)
            self._drafts.sort(key=lambda draft: draft[1])

    def _hold_on(self, tick: int) -> None:
        """Tones that both chords have are not struck again when the other turns out to sound."""
        held = {
            (one.part, one.note.pitch) for one in self._committed.notes if one.note.end_tick - tick >= SHORTEST_TICKS
        }
        self._drafts = [
            (part, note) for part, note in self._drafts if note.onset_tick != tick or (part, note.pitch) not in held
        ]

    def _soonest(self, grid: Grid, metre: Metre, now: float) -> int:
        """When something can be struck that was not planned."""
        soonest = math.ceil(grid.tick_at(now))
        beat = metre.beat_at(soonest)
        if soonest - beat <= SOON_TICKS:
            return soonest
        half = TICKS_PER_BEAT // 2
        return beat + -(-(soonest - beat) // half) * half

    def _pay(self, is_sure: NDArray[np.bool_], chord: Chord, tick: int) -> None:
        """Strike what is owed: of the sure tones of the chord the nearest ones that do not sound."""
        owed, self._owed = self._owed, []
        for part, note in owed:
            if note.end_tick - tick < SHORTEST_TICKS:
                continue
            pitch = self._tone_for(part, note, is_sure, chord, tick) if note.onset_tick <= tick else None
            if pitch is None:
                self._owed.append((part, note))
                continue
            now = replace(note, onset_tick=tick, pitch=pitch, duration_ticks=note.end_tick - tick)
            self._drafts.append((part, now))
        self._drafts.sort(key=lambda draft: draft[1])

    def _tone_for(self, part: Part, note: Note, is_sure: NDArray[np.bool_], chord: Chord, tick: int) -> int | None:
        sounding = {one.note.pitch for one in self._committed.notes if one.part is part and one.note.end_tick > tick}
        sounding |= {draft.pitch for of, draft in self._drafts if of is part and draft.onset_tick == tick}
        if part is not Part.CHORDS and sounding:
            return None
        taken = {pitch % PITCH_CLASSES for pitch in sounding}
        free = [
            pitch
            for pitch in near(part, note)
            if (tone := pitch % PITCH_CLASSES) in chord.pitch_classes and is_sure[tone] and tone not in taken
        ]
        root = chord.root if part is Part.BASS else None
        return min(
            free, key=lambda p: (root is not None and p % PITCH_CLASSES != root, abs(p - note.pitch), p), default=None
        )

    # -- notes ---------------------------------------------------------------------------------

    def _commit_due(self, grid: Grid, now: float) -> None:
        while self._drafts:
            part, note = self._drafts[0]
            on = self._seconds_at(grid, note.onset_tick)
            if on - COMMIT_SECONDS > now:
                return
            del self._drafts[0]
            if on >= now - LATE_SECONDS:
                self._committed.commit(part, note, max(on, now), grid)

    def _seconds_at(self, grid: Grid, tick: int) -> float:
        return grid.seconds_at(tick) + self._state.nudge_seconds

    def _plan_at(self, grid: Grid, tick: int) -> float:
        return self._seconds_at(grid, tick) - PLAN_SECONDS


def grid_end(metre: Metre, tick: int) -> int:
    """The end of the bar after the one that a tick lies in."""
    origin, length = metre.bar_tick or 0, metre.ticks_per_bar
    return origin + ((tick - origin) // length + 2) * length
