"""The player's half of a jam: the phrase that is being played, where it lies on the beat, and when it is over.

Knows the shared state of the jam, not what is answered and when.
"""

from dataclasses import replace
from typing import Final

from cocomposer.capture.keys import KeyEvent, Keys
from cocomposer.capture.phrase_end import Patience, PhraseEnd, simple_wait
from cocomposer.capture.placing import Placing
from cocomposer.generation.request import Expected
from cocomposer.generation.worker import UNLIKELY
from cocomposer.jam import outputs
from cocomposer.jam.answering import BAR_LEAD_SECONDS
from cocomposer.jam.state import State, beat_is_given
from cocomposer.music.grid import Grid
from cocomposer.music.message import NOTE_ON, TimedMessage, kind_of
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

LONGEST_PHRASE: Final = 256
"""Notes that are placed anew with each key; what is older is settled."""
ONSETS_JUDGED: Final = 64
"""The pause that ends a phrase is judged by its last so many notes."""
APART_BARS: Final = 4
"""What lies unanswered belongs to the next phrase, unless so many bars lie between them."""
TEMPO_SECONDS: Final = 0.4
"""The tempo is estimated at most so often."""


class Listening:
    """What the player plays."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._keys = Keys()
        self._placing = Placing()
        self.phrase: tuple[Note, ...] = ()
        """The phrase that is being played, as placed last."""
        self.expected: Expected | None = None
        """What the composer thinks of its end."""
        self._patience = Patience(len(UNLIKELY))
        self._judged_over: float | None = None
        self._tempo_at = 0.0

    @property
    def begun(self) -> bool:
        """Whether a phrase is being played."""
        return bool(self._keys.notes)

    # -- keys ----------------------------------------------------------------------------------

    def arrive(self, message: TimedMessage, now: float) -> KeyEvent | None:
        """Take a message in, and tell what it did to the keys."""
        if kind_of(message.data) == NOTE_ON and self._judged_over is not None:
            self._patience.judged(message.at_seconds - self._judged_over)
            self._judged_over = None
        event = self._keys.arrive(message)
        self._tell_ends(now)
        if event is KeyEvent.NOTE_BEGAN:
            note, grid = self._keys.notes[-1], self._state.transport.grid(now)
            self._state.out.append(
                outputs.Heard(
                    note.onset_seconds,
                    note.pitch,
                    note.velocity,
                    note.channel,
                    grid.tick_at(note.onset_seconds),
                    note.pedal,
                )
            )
        return event

    def expire(self, now: float) -> bool:
        """Give up keys that were held too long; whether one belonged to the phrase."""
        expired = self._keys.expire(now)
        self._tell_ends(now)
        return expired

    def release_all(self, now: float) -> None:
        """All keys and pedals are up."""
        self._keys.release_all(now)
        self._tell_ends(now)

    def _tell_ends(self, now: float) -> None:
        ends = self._keys.take_ends()
        if ends:
            grid = self._state.transport.grid(now)
            self._state.out += [
                outputs.Released(end.at_seconds, end.pitch, end.channel, grid.tick_at(end.at_seconds)) for end in ends
            ]

    def follow_tempo(self, now: float) -> None:
        """Let the playing tell its tempo where nobody gives one; now and then, because it takes milliseconds."""
        if now >= self._tempo_at and not beat_is_given(self._state.transport.grid(now)):
            self._tempo_at = now + TEMPO_SECONDS
            self._state.transport.hear(self._keys.notes, now)

    # -- the phrase ----------------------------------------------------------------------------

    def place(self, grid: Grid, now: float) -> None:
        """Lay the phrase as it stands on the beat."""
        if len(self._keys.notes) > LONGEST_PHRASE:
            # A phrase without end (a sequencer, say): its beginning becomes history, not answered yet.
            gone = self._keys.shed(LONGEST_PHRASE // 2)
            placed = self._placing.arrange(gone, grid, now)
            self._placing.let_go(gone)
            self._state.remember(placed)
            self._state.unanswered += len(placed)
        self.phrase = self._placing.arrange(self._keys.notes, grid, now)

    def over_at(self, grid: Grid) -> float | None:
        """When the phrase is over if nothing else happens."""
        keys, state = self._keys, self._state
        settings = state.settings
        if settings.phrase_bars and beat_is_given(grid) and self.phrase:
            # A first note shortly before the line belongs to the bar behind it.
            line = grid.next_bar(self.phrase[0].onset_tick + TICKS_PER_BEAT // 2, settings.phrase_bars)
            return grid.seconds_at(line) - BAR_LEAD_SECONDS
        heard = state.forgotten + len(state.history) + len(self.phrase)
        wait = usual = simple_wait([note.onset_seconds for note in keys.notes[-ONSETS_JUDGED:]])
        if self.expected is not None and self.expected.heard == heard:
            wait = self.expected.quiet_ticks[self._patience.step] * grid.seconds_per_tick
        rule = PhraseEnd().suited(usual).scaled(settings.patience)
        wait *= settings.patience
        return rule.over_at(keys.last_onset_seconds, keys.last_release_seconds, keys.held, keys.pedal_down, wait)

    def judged_over(self, now: float) -> None:
        """The phrase is taken as over; what the player does next tells whether that was right."""
        self._judged_over = None if self._state.settings.phrase_bars else now

    def close(self, grid: Grid, now: float) -> None:
        """What was played so far becomes history, not answered yet."""
        # A key still held counts as released now.
        played = [
            note if note.release_seconds is not None else replace(note, release_seconds=now)
            for note in self._keys.take()
        ]
        phrase = self._placing.arrange(played, grid, now)
        history = self._state.history
        if phrase and history and phrase[0].onset_tick - history[-1].end_tick > APART_BARS * grid.ticks_per_bar:
            self._state.unanswered = 0
        self._state.remember(phrase)
        self._state.unanswered += len(phrase)
        self._forget_phrase()

    def forget(self, now: float) -> None:
        """Nothing was played, and no key is held."""
        self._keys.lift_all(now)
        self._tell_ends(now)
        self._keys.take()
        self._forget_phrase()

    def _forget_phrase(self) -> None:
        self._placing.forget()
        self.phrase = ()
        self.expected = None
