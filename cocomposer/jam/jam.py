"""The jam: one state machine from what arrives to what shall sound.

`step` takes one input and the moment it is handled and returns what shall be done; `wake_at` says when
time alone will make a difference. Knows no threads, no ports and no model: those are told by outputs.
"""

from dataclasses import replace
from typing import Final

import msgspec

from cocomposer.capture.echo import EchoGuard
from cocomposer.capture.keys import KeyEvent, Keys
from cocomposer.capture.phrase_end import Patience, PhraseEnd, simple_wait
from cocomposer.capture.placing import Placing
from cocomposer.generation.request import ComposerLost, ComposerReady, Drawn, Expected, Hear
from cocomposer.generation.worker import UNLIKELY
from cocomposer.jam import inputs, outputs
from cocomposer.jam.answering import LEAD_SECONDS, Answering
from cocomposer.jam.outputs import Mode, Output
from cocomposer.jam.settings import Settings, SettingsError, Trigger, TriggerKind, changed
from cocomposer.jam.state import State, beat_is_given
from cocomposer.jam.turn import Turn
from cocomposer.music.grid import Grid
from cocomposer.music.message import (
    CC_SUSTAIN,
    CONTINUE,
    CONTROL_CHANGE,
    NOTE_ON,
    PEDAL_THRESHOLD,
    START,
    STOP,
    SYSEX,
    TimedMessage,
    channel_of,
    kind_of,
)
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.playback.sounding import THRU_TURN
from cocomposer.sync.transport import Transport

BAR_LEAD_SECONDS: Final = LEAD_SECONDS + 0.03
"""A phrase that ends on a bar line is judged over so long before it, so that the answer enters on the line."""
LONGEST_PHRASE: Final = 256
"""Notes that are placed anew with each key; what is older is settled."""
ONSETS_JUDGED: Final = 64
"""The pause that ends a phrase is judged by its last so many notes."""
AGAIN_NOTES: Final = 32
"""An answer without a new phrase takes so many notes of the jam as its phrase."""
TEMPO_SECONDS: Final = 0.4
"""The tempo is estimated at most so often."""
ECHO_WARNING: Final = 16
LONGEST_SLEEP: Final = 0.25


class Jam:
    """The running state. One owner calls `step`, in order of `now`."""

    def __init__(self, settings: Settings | None = None, lead_seconds: float = LEAD_SECONDS) -> None:
        """`lead_seconds`: a beat or bar line nearer than this is too near to answer on; 0 where no time passes."""
        settings = settings or Settings()
        self._state = State(settings, Transport(beats_per_bar=settings.beats_per_bar))
        if settings.tempo is not None:
            self._state.transport.set_tempo(settings.tempo, 0.0)
        self._answering = Answering(self._state, lead_seconds)
        self._keys = Keys()
        self._placing = Placing()
        self._echo = EchoGuard()
        self._echo_warned = False
        self._phrase: tuple[Note, ...] = ()
        self._expected: Expected | None = None
        self._learning: str | None = None
        self._pedals_down: set[tuple[int, int]] = set()
        self._patience = Patience(len(UNLIKELY))
        self._judged_over: float | None = None
        self._tempo_at = 0.0

    def step(self, event: inputs.Input, now: float) -> list[Output]:
        """Take in one event at `now` (seconds); what shall be done, in order."""
        state = self._state
        state.out = []
        self._take_in(event, now)
        self._advance(now)
        return state.out

    def wake_at(self, now: float) -> float:
        """The moment at which time alone makes a difference, at most LONGEST_SLEEP from now."""
        grid = self.grid(now)
        moments = [now + LONGEST_SLEEP, *self._answering.moments(grid)]
        if self.mode is Mode.HEARING:
            over = self._over_at(grid)
            if over is not None:
                moments.append(over)
        return max(now, min(moments))

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._state.settings

    @property
    def mode(self) -> Mode:
        """What the jam is doing."""
        return self._state.mode

    @property
    def turn(self) -> Turn | None:
        """The running answer."""
        return self._answering.turn

    @property
    def history(self) -> tuple[Note, ...]:
        """The last notes of the jam, both players', on the tick axis."""
        return tuple(self._state.history)

    @property
    def phrase(self) -> tuple[Note, ...]:
        """The phrase that is being played."""
        return self._phrase

    @property
    def echoes(self) -> int:
        """How many of our own notes came back so far."""
        return self._echo.echoes

    def grid(self, now: float) -> Grid:
        """Whose beat counts now, and where it is."""
        return self._state.transport.grid(now)

    # -- what arrives --------------------------------------------------------------------------

    def _take_in(self, event: inputs.Input, now: float) -> None:
        state, answering = self._state, self._answering
        match event:
            case inputs.Arrived():
                self._arrive(TimedMessage(event.at_seconds, event.data), now)
            case inputs.Sent():
                self._echo.sent(event.at_seconds, event.data, event.passed_on)
            case inputs.Woke():
                pass
            case inputs.TakeOver():
                self._take_over(now)
            case inputs.StopAnswer():
                answering.stop(self.grid(now), now)
            case inputs.Reset():
                self._reset(now)
            case inputs.Panic():
                self._panic(now)
            case inputs.Tap():
                bpm = state.transport.tap(event.at_seconds)
                if bpm is not None:
                    state.say(f"Tapped: {bpm:.0f} BPM.")
            case inputs.Change():
                self._change(event, now)
            case inputs.Learn():
                self._learning = event.command
                state.say("Move the controller or strike the key that shall work it.")
            case Drawn():
                answering.drawn(event, self.grid(now), now)
            case Expected():
                self._expected = event
            case ComposerReady():
                state.composer_ready = True
                state.say(event.sentence)
                if self.turn is None:
                    self._tell_composer(now)
                else:
                    answering.replan(self.grid(now), now)
            case ComposerLost():
                state.composer_ready = False
                state.say(event.sentence)
            case inputs.PortLost():
                if event.is_input:
                    self._keys.release_all(now)
                    # The ends of what was passed on will not come.
                    state.out.append(outputs.Cut(THRU_TURN))
                else:
                    answering.stop(self.grid(now), now)
                state.say(event.sentence)
            case inputs.PortOpened():
                state.say(event.sentence)

    def _arrive(self, message: TimedMessage, now: float) -> None:
        state = self._state
        if self._echo.is_echo(message):
            if self._echo.echoes >= ECHO_WARNING and not self._echo_warned:
                self._echo_warned = True
                state.say(
                    "Our own notes come back on the input (the DAW passes on what it hears); they are ignored, "
                    "but better switch off that track's MIDI output to cocomposer."
                )
            return
        kind = kind_of(message.data)
        if kind in (STOP, START, CONTINUE) and self.turn is not None and self.turn.from_clock:
            self._answering.stop(self.grid(now), now)
        state.transport.arrive(message)
        if kind in (NOTE_ON, CONTROL_CHANGE) and self._trigger(message.data, kind, now):
            return
        if state.settings.thru and kind < SYSEX:
            state.out.append(outputs.Thru(message.data))
        if kind == NOTE_ON:
            if self._judged_over is not None:
                self._patience.judged(message.at_seconds - self._judged_over)
                self._judged_over = None
            if not self._on_the_line(now):
                self._answering.give_way(self.grid(now), now)
        match self._keys.arrive(message):
            case KeyEvent.NOTE_BEGAN:
                pitch, velocity = message.data[1], message.data[2]
                state.out.append(outputs.Heard(message.at_seconds, pitch, velocity, channel_of(message.data)))
                self._follow_tempo(now)
                self._tell_composer(now)
            case KeyEvent.NOTE_ENDED:
                self._tell_composer(now)
            case _:
                pass

    def _on_the_line(self, now: float) -> bool:
        """Whether an answer is about to enter on a bar line that was agreed on; a note before it changes nothing."""
        turn = self.turn
        if turn is None or not turn.timed or not self.settings.phrase_bars:
            return False
        return 0 < turn.seconds_at(turn.entry_tick, self.grid(now)) - now <= BAR_LEAD_SECONDS

    def _trigger(self, data: bytes, kind: int, now: float) -> bool:
        """Whether the message works a command (or is being learnt)."""
        control = kind == CONTROL_CHANGE
        found = Trigger(TriggerKind.CONTROL if control else TriggerKind.NOTE, data[1])
        pressed = not control or self._pressed(channel_of(data), data[1], data[2])
        if self._learning is not None and pressed and not (control and data[1] == CC_SUSTAIN):
            command, self._learning = self._learning, None
            self._change(inputs.Change({command: msgspec.to_builtins(found)}), now)
            what = "Controller" if control else "Key"
            self._state.say(f"{what} {found.number} now works {command.replace('_', ' ')}.")
            return True
        if found not in (self.settings.take_over, self.settings.reset):
            return False
        if pressed and found == self.settings.take_over:
            self._take_over(now)
        elif pressed:
            self._reset(now)
        return True

    def _pressed(self, channel: int, controller: int, value: int) -> bool:
        """Whether a controller was pressed just now: a pedal that sends its whole way down is pressed once."""
        pedal = (channel, controller)
        if value < PEDAL_THRESHOLD:
            self._pedals_down.discard(pedal)
            return False
        was_up = pedal not in self._pedals_down
        self._pedals_down.add(pedal)
        return was_up

    def _change(self, event: inputs.Change, now: float) -> None:
        state = self._state
        before = state.settings
        try:
            after = changed(before, event.changes)
        except SettingsError as error:
            state.say(str(error))
            return
        state.settings = after
        if after.tempo != before.tempo:
            state.transport.set_tempo(after.tempo, now)
        if after.beats_per_bar != before.beats_per_bar:
            state.transport.set_beats_per_bar(after.beats_per_bar)
        if before.thru and not after.thru:
            # The ends of what was passed on would not be passed on any more.
            state.out.append(outputs.Cut(THRU_TURN))
        state.out.append(outputs.SettingsChanged(after))
        if _shape(after) != _shape(before):
            self._answering.replan(self.grid(now), now)

    def _panic(self, now: float) -> None:
        self._answering.stop(self.grid(now), now)
        self._keys.release_all(now)
        # Nothing may begin to sound by itself after this; what was played can still be answered on command.
        self._close_phrase(now)
        self._state.set_mode(Mode.LISTENING, now)
        self._state.out.append(outputs.Silence())

    def _reset(self, now: float) -> None:
        self._answering.stop(self.grid(now), now)
        self._keys.take()
        self._forget_phrase()
        self._state.forget()
        self._state.set_mode(Mode.LISTENING, now)
        self._state.say("All that was played is forgotten.")

    # -- the phrase ----------------------------------------------------------------------------

    def _follow_tempo(self, now: float) -> None:
        """Let the playing tell its tempo where nobody gives one; now and then, because it takes milliseconds."""
        if now >= self._tempo_at and not beat_is_given(self.grid(now)):
            self._tempo_at = now + TEMPO_SECONDS
            self._state.transport.hear(self._keys.notes, now)

    def _tell_composer(self, now: float) -> None:
        """Place the phrase as it stands and let the composer hear it, so that it is ready when it ends."""
        grid = self.grid(now)
        if len(self._keys.notes) > LONGEST_PHRASE:
            # A phrase without end (a sequencer, say): its beginning becomes history, not answered yet.
            gone = self._keys.shed(LONGEST_PHRASE // 2)
            placed = self._placing.arrange(gone, grid, now)
            self._placing.let_go(gone)
            self._state.remember(placed)
            self._state.unanswered += len(placed)
        self._phrase = self._placing.arrange(self._keys.notes, grid, now)
        if self._state.composer_ready and self.turn is None:
            self._state.out.append(Hear(self._state.hearing(grid, self._phrase)))

    def _over_at(self, grid: Grid) -> float | None:
        """When the phrase is over if nothing else happens."""
        keys, settings = self._keys, self.settings
        if settings.phrase_bars and beat_is_given(grid) and self._phrase:
            # A first note shortly before the line belongs to the bar behind it.
            line = grid.next_bar(self._phrase[0].onset_tick + TICKS_PER_BEAT // 2, settings.phrase_bars)
            return grid.seconds_at(line) - BAR_LEAD_SECONDS
        heard = self._state.forgotten + len(self._state.history) + len(self._phrase)
        wait = usual = simple_wait([note.onset_seconds for note in keys.notes[-ONSETS_JUDGED:]])
        if self._expected is not None and self._expected.heard == heard:
            wait = self._expected.quiet_ticks[self._patience.step] * grid.seconds_per_tick
        rule = PhraseEnd().suited(usual).scaled(settings.patience)
        wait *= settings.patience
        return rule.over_at(keys.last_onset_seconds, keys.last_release_seconds, keys.held, keys.pedal_down, wait)

    def _close_phrase(self, now: float) -> None:
        """What was played so far becomes history, not answered yet."""
        # A key still held counts as released now.
        played = [
            note if note.release_seconds is not None else replace(note, release_seconds=now)
            for note in self._keys.take()
        ]
        self._phrase = self._placing.arrange(played, self.grid(now), now)
        self._state.remember(self._phrase)
        self._state.unanswered += len(self._phrase)
        self._forget_phrase()

    def _forget_phrase(self) -> None:
        self._placing.forget()
        self._phrase = ()
        self._expected = None

    def _take_over(self, now: float) -> None:
        """Answer what was played so far."""
        state, grid = self._state, self.grid(now)
        self._answering.stop(grid, now)
        self._close_phrase(now)
        # Nothing new was played: go on from where the jam stands.
        count = min(state.unanswered or AGAIN_NOTES, len(state.history))
        state.unanswered = count
        if not count:
            state.say("Nothing was played yet, so there is nothing to answer.")
            return
        self._answering.begin(state.history[-count:], grid, now)

    def _advance(self, now: float) -> None:
        """What time brings."""
        if self._keys.held and self._keys.expire(now):
            self._tell_composer(now)
        if self.turn is None and self._keys.notes and self.mode is Mode.LISTENING:
            self._state.set_mode(Mode.HEARING, now)
        grid = self.grid(now)
        if self.mode is Mode.HEARING:
            over = self._over_at(grid)
            if over is not None and over <= now:
                self._judged_over = None if self.settings.phrase_bars else now
                if self.settings.answer:
                    self._take_over(now)
                else:
                    self._close_phrase(now)
                    self._state.set_mode(Mode.LISTENING, now)
        self._answering.advance(grid, now)


def _shape(settings: Settings) -> tuple[object, ...]:
    """The settings that shape notes still to be drawn."""
    return (
        settings.creativity, settings.top_p, settings.follow_key, settings.register_reach, settings.lowest_pitch,
        settings.highest_pitch, settings.grid, settings.style, settings.channel,
    )  # fmt: skip
