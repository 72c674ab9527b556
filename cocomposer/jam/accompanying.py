"""The machine plays along while the player plays: chords, a bass, a second voice, on the beat that somebody gives.

What is expected is planned a bar ahead and committed late, like an answer; when the player's harmony turns out to be
another, what clashes ends and the right chord is struck soon. Rests when the player rests, enters on a beat. Knows no
model; what each part makes of the chords is `accompaniment`'s.
"""

import math
from dataclasses import replace
from typing import Final, Protocol

from cocomposer.accompaniment.bass_part import BassPart
from cocomposer.accompaniment.chord_part import ChordPart
from cocomposer.accompaniment.foresight import Given, alike, beats_so_far, chord_at, expected, plain, spliced
from cocomposer.accompaniment.parts import Cue, Part, Planner
from cocomposer.accompaniment.soloist import Soloist
from cocomposer.accompaniment.voice_part import VoicePart
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.live_harmony import SETTLE_TICKS, HarmonyNow
from cocomposer.harmony.metre import SAME_MOMENT_TICKS, Metre, metre_of
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progression import ChordSpan
from cocomposer.jam import outputs
from cocomposer.jam.answering import COMMIT_SECONDS
from cocomposer.jam.committed import Committed, Sounding
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
SETTLED_TICKS: Final = SETTLE_TICKS + 1
LATE_SECONDS: Final = 0.05
"""What should have begun so long ago is left out."""
SOON_TICKS: Final = TICKS_PER_BEAT // 3
"""A chord that turns out to be another so soon after the beat is struck anew at once; later, on the next eighth."""
SHORTEST_TICKS: Final = TICKS_PER_BEAT // 4
"""What would be shorter is not struck in place of what had to end."""
SURE_TICKS: Final = TICKS_PER_BEAT // 2
"""Keys still held so long after a foreseen change speak against it."""
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


class HeardHarmony(Protocol):
    """Whatever hears the player's chords."""

    @property
    def now(self) -> HarmonyNow:
        """What is heard."""
        ...


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
        self._gave_way: list[Sounding] = []
        """What ended in this beat because it rubbed against the player."""
        self._next_beat: int | None = None
        """The beat that is planned next; None while it rests."""
        self._foreseen: int | None = None
        """Where a chord was foreseen that the player has not confirmed yet."""
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
            self._made_for = None
            return
        tick = math.floor(grid.tick_at(now))
        metre = self._metre(grid)
        self._hear(grid, metre)
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
        if now >= self._hear_at:
            self._hear_at = now + HEARD_EVERY_TICKS * grid.seconds_per_tick
            self._ear.pass_to(tick)
        if is_answering or player_rests or self._hushed:
            self._rest()
            return
        if self._next_beat is None:
            self._enter(grid, now)
        if self._next_beat is not None:
            self._give_way(metre, tick, now)
            self._follow_harmony(grid, metre, tick, now)
            while self._plan_at(grid, self._next_beat) <= now:
                self._gave_way.clear()
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

    def _hear(self, grid: Grid, metre: Metre) -> None:
        told = [output for output in self._state.out if isinstance(output, outputs.Heard | outputs.Released)]
        self._ear.hear(told, metre)
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
        self._gave_way.clear()
        self._next_beat = self._foreseen = None

    # -- planning ------------------------------------------------------------------------------

    def _enter(self, grid: Grid, now: float) -> None:
        """On the next beat, as soon as there is a chord to play."""
        entry = grid.next_beat(grid.tick_at(now + self._lead_seconds - min(0.0, self._state.nudge_seconds)))
        if self._chord_now(entry) is not None:
            self._next_beat = entry

    def _chord_now(self, tick: int) -> Chord | None:
        return self._going_by(tick) if self._going_by is not None else self._ear.now.chord

    @property
    def _sounding(self) -> Chord | None:
        return plain(self._ear.now.chord)

    def _plan(self, metre: Metre, tick: int, from_tick: int, chord: Chord | None = None) -> None:
        """Plan anew from a tick to the end of the next bar; `chord` is what turned out to sound, if it was not that."""
        heard = self._ear.now
        sounding = self._sounding
        now_span = chord_at(self._spans, tick)
        if sounding is not None and now_span is not None and self._is_foreseen(tick, now_span, sounding):
            sounding = now_span.chord
        now_tick = min(tick, from_tick - 1) if chord is None else from_tick
        so_far = beats_so_far(heard.progression, sounding if chord is None else chord, metre, now_tick)
        end = grid_end(metre, from_tick)
        ahead = expected(so_far, now_tick, from_tick, end, metre, self._going_by)
        if chord is None and self._going_by is None and ahead and not alike(ahead[0].chord, sounding):
            self._foreseen = from_tick
        elif ahead and alike(ahead[0].chord, self._sounding):
            self._foreseen = None
        keep = from_tick - 4 * metre.ticks_per_bar
        self._spans = [span for span in spliced(self._spans, ahead) if span.end_tick > keep]
        cue = Cue(
            tuple(self._spans), metre, from_tick, self._velocity(), self._soloist.onsets_per_beat(tick),
            self._soloist.top(tick), self._soloist.melody, frozenset() if heard.key is None else heard.key.key.scale,
        )  # fmt: skip
        self._drafts = [(part, note) for part, note in self._drafts if note.onset_tick < from_tick]
        for part in self._active_parts():
            self._drafts += [(part, note) for note in self._parts[part].plan(cue)]
        self._drafts.sort(key=lambda draft: draft[1])

    def _velocity(self) -> int:
        return max(1, min(127, round(self._soloist.velocity * self._state.settings.accompany_volume)))

    def _follow_harmony(self, grid: Grid, metre: Metre, tick: int, now: float) -> None:
        """Where the chord in force is not the one that sounds, play on with the one that does."""
        if self._going_by is not None:
            return
        span, sounding = chord_at(self._spans, tick), self._sounding
        if span is None or sounding is None or span.chord == sounding or self._is_foreseen(tick, span, sounding):
            return
        clashing = [one for one in self._committed.notes if not _fits(one.note, sounding)]
        if not clashing and not self._gave_way:
            # Nothing is wrong; the next beat's plan takes it up.
            return
        soonest = math.ceil(grid.tick_at(now))
        beat = metre.beat_at(soonest)
        if soonest - beat > SOON_TICKS:
            half = TICKS_PER_BEAT // 2
            soonest = beat + -(-(soonest - beat) // half) * half
        from_seconds = self._seconds_at(grid, soonest)
        self._committed.end(lambda one: one in clashing or one.on >= from_seconds, now)
        self._plan(metre, tick, soonest, sounding)
        self._strike_instead([*clashing, *self._gave_way], soonest)
        self._gave_way.clear()
        self._next_beat = max(self._next_beat or 0, metre.beat_at(soonest) + TICKS_PER_BEAT)

    def _give_way(self, metre: Metre, tick: int, now: float) -> None:
        """What rubs, a semitone apart, against a tone that the player strikes on the beat and no chord explains, ends.

        The chord that the tone belongs to is often known only when more of it was heard.
        """
        span, beat = chord_at(self._spans, tick), metre.beat_at(tick + SAME_MOMENT_TICKS)
        if self._going_by is not None or span is None or span.chord is None or tick - beat > SOON_TICKS:
            return
        foreign = self._soloist.tones_since(beat - SAME_MOMENT_TICKS) - span.chord.pitch_classes
        rubbing = {(tone + step) % PITCH_CLASSES for tone in foreign for step in (-1, 1)}
        notes = [one for one in self._committed.notes if one.note.pitch % PITCH_CLASSES in rubbing and one.on < now]
        self._committed.end(lambda one: one in notes, now)
        self._gave_way += notes

    def _strike_instead(self, ended: list[Sounding], tick: int) -> None:
        """For what had to end and is not struck anew by the plan: the nearest tones of the voicing that comes next."""
        for part in self._active_parts():
            planned = [note for of, note in self._drafts if of is part]
            owed = [one for one in ended if one.part is part and one.note.end_tick - tick >= SHORTEST_TICKS]
            if not planned or not owed or planned[0].onset_tick == tick:
                continue
            sounding = {one.note.pitch for one in self._committed.notes if one.part is part}
            free = {note.pitch for note in planned if note.onset_tick == planned[0].onset_tick} - sounding
            for one in owed:
                if not free:
                    break
                pitch = min(free, key=lambda pitch, was=one.note.pitch: (abs(pitch - was), pitch))  # type: ignore[misc]
                free.remove(pitch)
                end = min(one.note.end_tick, planned[0].onset_tick)
                if end - tick >= SHORTEST_TICKS:
                    self._drafts.append(
                        (part, replace(one.note, onset_tick=tick, pitch=pitch, duration_ticks=end - tick))
                    )
        self._drafts.sort(key=lambda draft: draft[1])

    def _is_foreseen(self, tick: int, span: ChordSpan, sounding: Chord) -> bool:
        """Whether a chord that was foreseen here may still turn out right: nothing has been heard against it."""
        if self._foreseen is None or span.tick != self._foreseen or span.chord is None:
            return False
        tones = self._soloist.tones_since(span.tick - SAME_MOMENT_TICKS)
        if tick - span.tick >= SURE_TICKS:
            tones |= self._soloist.held_tones
        fits = [len(tones & chord.pitch_classes) for chord in (span.chord, sounding)]
        return fits[0] >= fits[1]

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


def _fits(note: Note, chord: Chord) -> bool:
    return note.pitch % PITCH_CLASSES in chord.pitch_classes
