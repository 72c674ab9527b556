"""The machine's half of a jam: asks for an answer, commits its notes in time, keeps the beat when the model is late,
and ends it. Knows the shared state of the jam, not who calls it and why."""

import math
from collections import deque
from collections.abc import Sequence
from typing import Final

import msgspec

from cocomposer.generation.fallback import echo, last_bar
from cocomposer.generation.request import Ask, Drawn, Drop, Extend, GivenUp, Wish
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Entry, Length
from cocomposer.jam.shaping import given_up_sentences, shaped
from cocomposer.jam.state import State, beat_is_given, metre_of
from cocomposer.jam.turn import Draft, Turn, pedal_moves
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.message import CC_SUSTAIN, control_change
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

COMMIT_SECONDS: Final = 0.08
"""A note is committed so long before it sounds, and never moved after."""
LOOKAHEAD_SECONDS: Final = 2.0
"""So much of an answer is kept planned."""
LEAD_SECONDS: Final = 0.06
"""A boundary nearer than this is missed; the next one is taken."""
BAR_LEAD_SECONDS: Final = LEAD_SECONDS + 0.03
"""A phrase that ends on a bar line is judged over so long before it, so that the answer enters on the line."""
CHORD_SECONDS: Final = 0.008
"""In free time the first note waits so long for the rest of its chord to be drawn."""
FALLBACK_SECONDS: Final = 0.015
"""So long before a beat that is not planned yet the fallback fills it in."""
FREE_GRACE_SECONDS: Final = 0.4
"""In free time nobody hears a late entry: the fallback waits so much longer for the first note."""
FALLBACK_BARS: Final = 8
"""After so many bars without the model the machine stops by itself."""
END_SECONDS: Final = 0.02
"""An answer is over so long after its last note's end, when that has surely gone out."""
REPLAN_SECONDS: Final = 0.15
"""Settings that a knob changes all the time act so often at most: the model must get round to drawing something."""


class Answering:
    """At most one running answer."""

    def __init__(self, state: State, lead_seconds: float = LEAD_SECONDS) -> None:
        self._state = state
        self._lead_seconds = lead_seconds
        self.turn: Turn | None = None
        self._turns = 0
        self._stale = False
        self._replanned_at = -math.inf
        self._given_up: set[GivenUp] = set()
        """What was told to be given up since the settings that shape notes changed last."""
        self.drafted = outputs.Drafted(0, ())
        """What was told last of what is planned."""
        self.originality: outputs.Originality | None = None
        """What was told last of what the answer shares; None before the first answer."""

    # -- begin -------------------------------------------------------------------------------

    def begin(self, phrase: Sequence[Note], grid: Grid, now: float) -> None:
        """Answer `phrase`, which is the end of the history."""
        timed = beat_is_given(grid)
        first = self._entry_tick(grid, now, timed)
        self._turns += 1
        wish = Wish(
            turn=self._turns,
            seed=self._state.settings.seed,
            earliest_tick=first,
            first_tick=first,
            end_tick=self._end_tick(first, phrase, grid),
        )
        turn = Turn(
            wish=self._shaped(wish, grid, phrase),
            entry_tick=first,
            timed=timed,
            from_clock=timed and grid.source is BeatSource.CLOCK,
            phrase=tuple(phrase),
            settings=self._state.settings,
            nudge_seconds=self._state.nudge_seconds,
            planned_tick=first,
            owed_tick=first,
        )
        self.turn = turn
        self._state.set_mode(Mode.ARMED, now, turn.seconds_at(first, grid))
        self._ask(turn, grid)

    def _entry_tick(self, grid: Grid, now: float, timed: bool) -> int:
        """Where an answer that is asked for now begins."""
        settings = self._state.settings
        # What is to sound before its beat must be drawn before it too.
        lead = self._lead_seconds - min(0.0, self._state.nudge_seconds)
        soonest = grid.tick_at(now + lead) if timed else grid.tick_at(now)
        if timed and settings.entry is Entry.BAR and grid.bar_tick is not None:
            return grid.next_bar(soonest, settings.entry_bars)
        if timed and settings.entry is not Entry.FREE:
            return grid.next_beat(soonest)
        first = math.ceil(soonest)
        while grid.beat_known and not settings.grid.allows(first % TICKS_PER_BEAT):
            first += 1
        return first

    def _end_tick(self, first: int, phrase: Sequence[Note], grid: Grid) -> int | None:
        settings = self._state.settings
        match settings.length:
            case Length.ENDLESS:
                return None
            case Length.BARS:
                return first + settings.length_bars * grid.ticks_per_bar
            case Length.PHRASE:
                ticks: float = max(note.end_tick for note in phrase) - phrase[0].onset_tick
                if beat_is_given(grid):
                    # Whole bars answer whole bars; short calls are answered in whole beats. A last note
                    # that spills over a bar line by less than half a beat does not make another bar.
                    unit = grid.ticks_per_bar if ticks > grid.ticks_per_bar // 2 else TICKS_PER_BEAT
                    ticks = max(1, math.ceil((ticks - TICKS_PER_BEAT / 2) / unit)) * unit
                return first + max(int(ticks), 2 * TICKS_PER_BEAT)

    def _shaped(self, wish: Wish, grid: Grid, phrase: Sequence[Note]) -> Wish:
        wish = self._state.by_chords(wish)
        return shaped(wish, self._state.settings, metre_of(grid), phrase, self._state.history)

    def _ask(self, turn: Turn, grid: Grid) -> None:
        turn.until_tick = turn.planned_tick + math.ceil(LOOKAHEAD_SECONDS / grid.seconds_per_tick)
        if self._state.composer_ready:
            hearing = self._state.hearing(grid, turn.planned_notes())
            self._state.out.append(Ask(turn.attempt, hearing, turn.wish, turn.until_tick))

    # -- while it is played --------------------------------------------------------------------

    def drawn(self, event: Drawn, grid: Grid, now: float) -> None:
        """The composer drew notes; those of an attempt given up are ignored."""
        turn = self.turn
        if turn is None or (turn.number, turn.attempt) != (event.turn, event.attempt):
            return
        self._tell_given_up(event.given_up)
        if event.nearest is not None:
            near = event.nearest
            told = outputs.Originality(turn.number, near.notes, near.title, near.composer, near.licence)
            if told != self.originality:
                self.originality = told
                self._state.out.append(told)
        if event.notes:
            turn.filled_ticks, turn.bar = 0, None
            if not turn.begun and not turn.drafts and not turn.timed:
                turn.delay_seconds += now + CHORD_SECONDS - turn.seconds_at(event.notes[0].onset_tick, grid)
            turn.drafts.extend(Draft(note) for note in event.notes)
            turn.plan(event.notes[-1].onset_tick, known=True)
        turn.drawn_all = turn.drawn_all or event.ended

    def _tell_given_up(self, limits: Sequence[GivenUp]) -> None:
        """Once each, until other settings might fit better."""
        new = set(limits) - self._given_up
        self._given_up |= new
        for sentence in given_up_sentences(new):
            self._state.say(sentence)

    def settings_changed(self) -> None:
        """Settings have changed, perhaps such that shape notes still to be drawn."""
        if self._state.settings.mute_answers and self.turn is not None:
            self._state.out.append(outputs.Cut(self.turn.number))
        self._stale = True
        self._given_up.clear()

    def _is_shaped_otherwise(self, turn: Turn, grid: Grid) -> bool:
        return self._shaped(turn.wish, grid, turn.phrase) != turn.wish

    def replan(self, grid: Grid, now: float) -> None:
        """Throw away what the model only drafted and have it drawn anew: the settings or the model changed."""
        turn = self.turn
        self._stale, self._replanned_at = False, now
        if turn is None or (turn.drawn_all and not turn.drafts):
            return
        turn.drawn_all = False
        turn.drafts = deque(draft for draft in turn.drafts if draft.fallback)
        if turn.begun or turn.drafts:
            soonest = math.ceil(turn.tick_at(now + COMMIT_SECONDS, grid))
            earliest = max(turn.planned_notes()[-1].onset_tick + 1, soonest)
            turn.wish = msgspec.structs.replace(turn.wish, first_tick=None, earliest_tick=earliest)
            turn.planned_tick = earliest
            turn.plan(earliest, known=False)
        else:
            turn.planned_tick = turn.owed_tick = turn.entry_tick
        turn.wish = msgspec.structs.replace(
            self._shaped(turn.wish, grid, turn.phrase),
            redrawn=turn.wish.redrawn + 1,
            sounding_until=turn.sounding_after(turn.planned_tick),
        )
        turn.attempt += 1
        self._ask(turn, grid)

    def moments(self, grid: Grid) -> list[float]:
        """When time alone makes a difference to the answer."""
        turn = self.turn
        if turn is None:
            return []
        moments = [self._replanned_at + REPLAN_SECONDS] if self._stale else []
        if turn.drafts:
            moments.append(turn.seconds_at(turn.drafts[0].note.onset_tick, grid) - COMMIT_SECONDS)
        elif turn.drawn_all:
            moments.append(turn.silent_from + END_SECONDS)
        if not turn.drawn_all:
            moments.append(self._late_at(turn, grid))
            moments.append(turn.seconds_at(turn.until_tick, grid) - LOOKAHEAD_SECONDS / 2)
        return moments

    def advance(self, grid: Grid, now: float) -> None:
        """Commit what must sound soon, fill in what the model owes, end what is over."""
        turn = self.turn
        if self._stale and (turn is None or self._replanned_at + REPLAN_SECONDS <= now):
            self._stale = False
            if turn is not None and self._is_shaped_otherwise(turn, grid):
                self.replan(grid, now)
        if turn is None:
            return
        turn.nudge_seconds = self._state.nudge_seconds
        if turn.from_clock and not (grid.source is BeatSource.CLOCK and grid.running):
            self.stop(grid, now)
            return
        while not turn.drawn_all and self._late_at(turn, grid) <= now:
            self._fill_in(turn, grid)
        while turn.drafts and turn.seconds_at(turn.drafts[0].note.onset_tick, grid) - COMMIT_SECONDS <= now:
            self._commit(turn, turn.drafts.popleft(), grid, now)
        if turn.drawn_all:
            if not turn.drafts and turn.silent_from + END_SECONDS <= now:
                self._end(turn, turn.committed, grid, now, cut_short=False)
        elif turn.seconds_at(turn.until_tick, grid) - LOOKAHEAD_SECONDS / 2 <= now:
            turn.until_tick = math.ceil(turn.tick_at(now + LOOKAHEAD_SECONDS, grid))
            if self._state.composer_ready:
                self._state.out.append(Extend(turn.number, turn.attempt, turn.until_tick))

    def tell_drafts(self) -> None:
        """Tell the notes that are planned and not committed, if they are others than those told last."""
        turn = self.turn
        notes = () if turn is None else tuple(draft.note for draft in turn.drafts)
        if notes != self.drafted.notes:
            self.drafted = outputs.Drafted(turn.number if turn is not None and notes else self.drafted.turn, notes)
            self._state.out.append(self.drafted)

    def _late_at(self, turn: Turn, grid: Grid) -> float:
        """When the model is late with what follows the plan."""
        grace = 0.0 if turn.timed or turn.begun else FREE_GRACE_SECONDS
        return turn.seconds_at(turn.owed_tick, grid) - FALLBACK_SECONDS + grace

    def _commit(self, turn: Turn, draft: Draft, grid: Grid, now: float) -> None:
        note = draft.note
        on = turn.seconds_at(note.onset_tick, grid)
        off = max(on + 0.01, turn.seconds_at(note.end_tick, grid))
        if not turn.begun:
            self._state.set_mode(Mode.ANSWERING, now)
        muted = self._state.settings.mute_answers
        if turn.wish.use_pedal and not draft.fallback and not muted:
            for due, value in pedal_moves(turn, note.pedal, on):
                self._state.out.append(outputs.Send(turn.number, due, control_change(note.channel, CC_SUSTAIN, value)))
                # A foot that goes down after the last note's end must still come up after that.
                turn.silent_from = max(turn.silent_from, due)
        number = self._state.next_note_id()
        self._state.out.append(outputs.Play(turn.number, number, note, on, off, draft.fallback, muted))
        turn.committed.append(note)
        turn.silent_from = max(turn.silent_from, off)

    def _fill_in(self, turn: Turn, grid: Grid) -> None:
        """The model is late: the next beat is filled with an echo of the last bar, and the model asked again."""
        state = self._state
        begin, channel = turn.owed_tick, state.settings.channel - 1
        end = (begin // TICKS_PER_BEAT + 1) * TICKS_PER_BEAT
        if turn.wish.end_tick is not None:
            end = min(end, turn.wish.end_tick)
        heard = [*state.history, *turn.planned_notes()]
        if turn.bar is None:
            turn.bar = last_bar(heard, begin, grid.ticks_per_bar)
        filled = echo(turn.bar, begin, end, channel)
        if not filled and not turn.begun and not turn.drafts:
            # The first beat of an answer must not be empty: the last note once more.
            filled = echo(last_bar(heard[-1:], begin, max(1, begin - heard[-1].onset_tick)), begin, end, channel)[:1]
        turn.drafts.extend(Draft(note, fallback=True) for note in filled)
        turn.filled_ticks += end - begin
        turn.planned_tick = turn.owed_tick = end
        turn.wish = msgspec.structs.replace(
            turn.wish, first_tick=None, earliest_tick=end, sounding_until=turn.sounding_after(end)
        )
        over = turn.wish.end_tick is not None and end >= turn.wish.end_tick
        if over or turn.filled_ticks >= FALLBACK_BARS * grid.ticks_per_bar:
            turn.drawn_all = True
            state.out.append(Drop(turn.number))
            if not over:
                state.say("The model has not answered for a while, so the machine stops; play to go on.")
            return
        turn.attempt += 1
        self._ask(turn, grid)

    # -- end ---------------------------------------------------------------------------------

    def is_on_the_line(self, grid: Grid, now: float) -> bool:
        """Whether it is about to enter on a bar line that was agreed on; a note before it changes nothing."""
        turn = self.turn
        if turn is None or not turn.timed or not self._state.settings.phrase_bars:
            return False
        return 0 < turn.seconds_at(turn.entry_tick, grid) - now <= BAR_LEAD_SECONDS

    def give_way(self, grid: Grid, now: float) -> None:
        """The player strikes a key: the machine stops, or the phrase that seemed over goes on."""
        turn = self.turn
        if turn is None:
            return
        if not turn.begun:
            # Nothing was heard of it; its phrase stays unanswered.
            self._state.out.append(Drop(turn.number))
            self.turn = None
            self._state.set_mode(Mode.LISTENING, now)
        elif self._state.settings.interruptible:
            self.stop(grid, now)

    def stop(self, grid: Grid, now: float) -> None:
        """Silence the answer now."""
        turn = self.turn
        if turn is None:
            return
        self._state.out.append(outputs.Cut(turn.number))
        # The cut lifts the pedal that the turn holds.
        turn.pedal_down = False
        self._end(turn, turn.sounded(turn.tick_at(now, grid)), grid, now, cut_short=True)

    def _end(self, turn: Turn, played: Sequence[Note], grid: Grid, now: float, cut_short: bool) -> None:
        state = self._state
        if turn.pedal_down:
            channel = turn.wish.channel
            state.out.append(outputs.Send(turn.number, now, control_change(channel, CC_SUSTAIN, 0)))
        if not turn.drawn_all or turn.drafts:
            state.out.append(Drop(turn.number))
        self.turn = None
        state.remember(played)
        if played:
            state.unanswered = 0
            wish = turn.wish
            take = outputs.Take(
                turn.number,
                turn.phrase,
                tuple(played),
                grid.bpm,
                wish.metre.beat_known,
                wish.metre.bar_tick or 0,
                wish.metre.ticks_per_bar // TICKS_PER_BEAT,
                wish.seed,
                cut_short,
                turn.settings,
            )
            state.out.append(take)
        state.set_mode(Mode.LISTENING, now)
