"""The jam: one state machine from what arrives to what shall sound.

`step` takes one input and the moment it is handled and returns what shall be done; `wake_at` says when
time alone will make a difference. Knows no threads, no ports and no model: those are told by outputs.
"""

from typing import Any, Final

from cocomposer.accompaniment.foresight import Given
from cocomposer.capture.keys import KeyEvent
from cocomposer.generation.chord_request import Suggested
from cocomposer.generation.request import ComposerLost, ComposerReady, Drawn, Expected, FilesRead, Hear, Sketched
from cocomposer.jam import inputs, outputs
from cocomposer.jam.accompanying import Accompanying
from cocomposer.jam.answering import LEAD_SECONDS, Answering
from cocomposer.jam.audition import Auditions
from cocomposer.jam.beat_line import BeatLine
from cocomposer.jam.bindings import Bindings
from cocomposer.jam.chording import Chording
from cocomposer.jam.echoes import Echoes
from cocomposer.jam.harmony_line import HarmonyLine
from cocomposer.jam.imagining import Imagining
from cocomposer.jam.lights import Lights
from cocomposer.jam.listening import Listening
from cocomposer.jam.offers import lay
from cocomposer.jam.outputs import Mode, Output
from cocomposer.jam.own_files import OwnFiles
from cocomposer.jam.punching import Punching
from cocomposer.jam.settings import Settings, SettingsError, changed
from cocomposer.jam.shaping import playable
from cocomposer.jam.state import CONTEXT_NOTES, State
from cocomposer.jam.suggesting import Suggesting
from cocomposer.jam.turn import Turn
from cocomposer.music.grid import Grid
from cocomposer.music.message import CONTINUE, NOTE_ON, START, STOP, SYSEX, TimedMessage, kind_of
from cocomposer.music.note import Note
from cocomposer.playback.sounding import THRU_TURN
from cocomposer.sync.transport import Transport

AGAIN_NOTES: Final = 32
"""An answer without a new phrase takes so many notes of the jam as its phrase."""
LONGEST_SLEEP: Final = 0.25
JUST_AFTER_SECONDS: Final = 1e-6


class Jam:
    """The running state. One owner calls `step`, in order of `now`."""

    def __init__(
        self, settings: Settings | None = None, lead_seconds: float = LEAD_SECONDS, began_seconds: float = 0.0
    ) -> None:
        """`lead_seconds`: a beat or bar line nearer than this is too near to answer on; 0 where no time passes.

        `began_seconds`: now; a tempo that is set already counts its bars from here.
        """
        settings = settings or Settings()
        self._state = State(settings, Transport(beats_per_bar=settings.beats_per_bar))
        if settings.tempo is not None:
            self._state.transport.set_tempo(settings.tempo, began_seconds)
        self._listening = Listening(self._state)
        self._answering = Answering(self._state, lead_seconds)
        self._auditions = Auditions(self._state, lead_seconds)
        self._chording = Chording(self._state, lead_seconds, self._change)
        self._suggesting = Suggesting(self._state)
        self._accompanying = Accompanying(self._state, lead_seconds)
        self._punching = Punching(self._state, self._change)
        self._imagining = Imagining(self._state)
        self._own_files = OwnFiles(self._state)
        self._bindings = Bindings(self._state)
        self._lights = Lights(self._state)
        self._beat_line = BeatLine()
        self._harmony = HarmonyLine()
        self._echoes = Echoes(self._state)

    def step(self, event: inputs.Input, now: float) -> list[Output]:
        """Take in one event at `now` (seconds); what shall be done, in order."""
        state = self._state
        state.out = []
        self._bindings.came_from.clear()
        self._take_in(event, now)
        self._advance(now)
        self._tell(now)
        return state.out

    def wake_at(self, now: float) -> float:
        """The moment at which time alone makes a difference, at most LONGEST_SLEEP from now."""
        grid = self.grid(now)
        moments = [now + LONGEST_SLEEP, *self._answering.moments(grid), *self._auditions.moments(self.turn, grid)]
        moments += [*self._chording.moments(grid), *self._punching.moments(grid)]
        moments += self._harmony.moments(self._chording.sounding(grid.tick_at(now)), grid, now)
        moments += self._accompanying.moments(grid)
        if self.mode is Mode.HEARING:
            over = self._listening.over_at(grid)
            moments += [] if over is None else [over]
        lost_at = self._state.transport.clock.lost_at + JUST_AFTER_SECONDS
        moments += [lost_at] if lost_at > now else []
        return max(now, min(moments))

    def play_along(self, given: Given | None) -> None:
        """Accompany by these chords, whatever is heard; None: by those that are heard."""
        self._accompanying.given = given

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
        return self._listening.phrase

    @property
    def echoes(self) -> int:
        """How many of our own notes came back so far."""
        return self._echoes.count

    @property
    def standing(self) -> tuple[outputs.Shown, ...]:
        """What a front end that comes late was not told and cannot know: beat, drafts, audition, learning."""
        told = (
            self._beat_line.told, self._answering.drafted, self._answering.originality, self._auditions.told,
            self._own_files.told, self._chording.told, self._harmony.told,
        )  # fmt: skip
        learning = outputs.Learning(self._bindings.learning)
        return (*(one for one in told if one is not None), learning)

    def clock_ticking(self, now: float) -> bool:
        """Whether a DAW's clock is heard, running or not."""
        return self._state.transport.clock.ticking(now)

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
                self._echoes.sent(event)
            case inputs.Woke():
                pass
            case Drawn():
                answering.drawn(event, self.grid(now), now)
            case Sketched():
                self._imagining.drawn(event)
            case Suggested():
                self._suggesting.answered(event)
            case Expected():
                self._listening.expected = event
            case FilesRead():
                self._own_files.read(event)
            case ComposerReady():
                state.composer_ready = True
                state.say(event.sentence)
                self._own_files.composer_ready()
                if self.turn is None:
                    self._tell_composer(now)
                else:
                    answering.replan(self.grid(now), now)
            case ComposerLost():
                state.composer_ready = False
                state.say(event.sentence)
                self._imagining.lost()
                self._suggesting.lost()
            case inputs.PortLost():
                if event.is_input:
                    self._listening.release_all(now)
                    # The ends of what was passed on will not come.
                    state.out.append(outputs.Cut(THRU_TURN))
                else:
                    self._stop(now)
                state.say(event.sentence)
            case inputs.PortOpened():
                state.say(event.sentence)
            case inputs.LightsOpened():
                self._lights.tell_all()
            case _:
                self._obey(event, now)

    def _obey(self, command: inputs.Command, now: float) -> None:
        match command:
            case inputs.TakeOver():
                self._take_over(now)
            case inputs.StopAnswer():
                self._stop(now)
            case inputs.Listen():
                self._answering.stop(self.grid(now), now)
                self._answer_by_itself(True, now)
            case inputs.Rest():
                self._stop(now)
                self._answer_by_itself(False, now)
            case inputs.Reset():
                self._reset(now)
            case inputs.Panic():
                self._panic(now)
            case inputs.Tap():
                bpm = self._state.transport.tap(command.at_seconds)
                if bpm is not None:
                    self._state.say(f"Tapped: {bpm:.0f} BPM.")
            case inputs.Change():
                self._change(command.changes, now)
            case inputs.Learn():
                self._bindings.learn(command.target)
            case inputs.Forget():
                for meant in self._bindings.forget(command.target):
                    self._take_in(meant, now)
            case inputs.Show():
                self._lights.show(command.target, command.value)
            case inputs.Audition():
                self._audition(command, now)
            case inputs.Offer():
                self._offer(command, now)
            case inputs.PlayLike():
                self._own_files.play_like(command.folder)
            case inputs.Imagine():
                self._imagining.ask(command)
            case inputs.GiveUp():
                self._imagining.give_up()
            case inputs.Punch():
                self._punching.punch(command, self.grid(now), now)
            case inputs.Suggest():
                self._suggesting.ask(command)
            case inputs.PlayChords():
                self._chording.play(command, self.grid(now), now)

    def _arrive(self, message: TimedMessage, now: float) -> None:
        state = self._state
        if self._echoes.is_ours(message):
            return
        kind = kind_of(message.data)
        if kind in (STOP, START, CONTINUE) and self.turn is not None and self.turn.from_clock:
            self._answering.stop(self.grid(now), now)
        state.transport.arrive(message)
        for command in self._bindings.let_go(message):
            self._take_in(command, now)
        meant = self._bindings.meaning(message)
        if meant is not None:
            for command in meant:
                self._take_in(command, now)
            return
        if state.settings.thru and kind < SYSEX:
            state.out.append(outputs.Thru(message.data))
        if kind == NOTE_ON and not self._answering.is_on_the_line(self.grid(now), now):
            self._answering.give_way(self.grid(now), now)
        event = self._listening.arrive(message, now)
        if event is KeyEvent.NOTE_BEGAN and self.turn is None:
            # Not while the machine plays: notes that are planned would be pulled out of their tempo.
            self._listening.follow_tempo(now)
        if event in (KeyEvent.NOTE_BEGAN, KeyEvent.NOTE_ENDED):
            self._tell_composer(now)

    # -- commands ------------------------------------------------------------------------------

    def _change(self, changes: dict[str, Any], now: float) -> None:
        state = self._state
        before = state.settings
        try:
            after = changed(before, changes)
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
        self._answering.settings_changed()

    def _answer_by_itself(self, answer: bool, now: float) -> None:
        if self.settings.answer is not answer:
            self._change({"answer": answer}, now)

    def _stop(self, now: float) -> None:
        self._answering.stop(self.grid(now), now)
        self._punching.forget()
        self._auditions.end(now)
        self._chording.silence()
        self._accompanying.stop(now)

    def _panic(self, now: float) -> None:
        self._stop(now)
        self._listening.release_all(now)
        # Nothing may begin to sound by itself after this; what was played can still be answered on command.
        self._listening.close(self.grid(now), now)
        self._state.set_mode(Mode.LISTENING, now)
        self._state.out.append(outputs.Silence())

    def _reset(self, now: float) -> None:
        self._stop(now)
        self._listening.forget(now)
        self._chording.end()
        self._harmony.reset()
        self._accompanying.forget()
        self._state.forget()
        self._state.set_mode(Mode.LISTENING, now)
        self._state.say("All that was played is forgotten.")

    def _take_over(self, now: float) -> None:
        """Answer what was played so far."""
        state, grid = self._state, self.grid(now)
        self._answering.stop(grid, now)
        self._listening.close(grid, now)
        # Nothing new was played: go on from where the jam stands.
        count = min(state.unanswered or AGAIN_NOTES, len(state.history))
        state.unanswered = count
        if not count:
            state.say("Nothing was played yet, so there is nothing to answer.")
            return
        self._answering.begin(state.history[-count:], grid, now)

    def _audition(self, event: inputs.Audition, now: float) -> None:
        if event.notes and not event.beside and self.turn is not None and self.turn.begun:
            # Two at once on the same instrument would be neither; an answer that still waits ends the audition.
            self._answering.stop(self.grid(now), now)
        self._auditions.begin(event, self.grid(now), now)

    def _offer(self, event: inputs.Offer, now: float) -> None:
        state, grid = self._state, self.grid(now)
        notes = playable(event.notes)[-2 * CONTEXT_NOTES :]
        if not notes:
            state.say("There are no notes in this; choose something with notes in it.")
            return
        self._answering.stop(grid, now)
        self._listening.close(grid, now)
        state.set_mode(Mode.LISTENING, now)
        offered = lay(notes, event.reference, state.history, state.unanswered, grid, now)
        state.history, state.unanswered = offered.history, offered.unanswered
        state.shorten()
        if event.answer:
            self._take_over(now)
        else:
            self._tell_composer(now)

    # -- what time brings ----------------------------------------------------------------------

    def _tell_composer(self, now: float) -> None:
        """Place the phrase as it stands and let the composer hear it, so that it is ready when it ends."""
        grid = self.grid(now)
        self._listening.place(grid, now)
        if self._state.composer_ready and self.turn is None:
            self._state.out.append(Hear(self._state.hearing(grid, self.phrase)))

    def _advance(self, now: float) -> None:
        if self._listening.expire(now):
            self._tell_composer(now)
        if self.turn is None and self._listening.begun and self.mode is Mode.LISTENING:
            self._state.set_mode(Mode.HEARING, now)
        grid = self.grid(now)
        self._punching.advance(grid, now)
        if self.mode is Mode.HEARING:
            over = self._listening.over_at(grid)
            if over is not None and over <= now:
                self._listening.judged_over(now)
                if self.settings.answer:
                    self._take_over(now)
                else:
                    self._listening.close(grid, now)
                    self._state.set_mode(Mode.LISTENING, now)
        self._answering.advance(grid, now)
        self._auditions.advance(self.turn, grid, now)
        self._chording.advance(grid, now)
        if self._state.chords_changed():
            self._answering.settings_changed()
            self._tell_composer(now)
        given = self._chording.chord_at if self._chording.in_force else None
        self._accompanying.advance(grid, now, self.turn is not None and self.turn.begun, given)

    def _tell(self, now: float) -> None:
        """What others have to be told of how things stand now."""
        self._answering.tell_drafts()
        self._lights.tell(self._bindings.came_from)
        grid = self.grid(now)
        line = self._beat_line.tell(grid, now)
        self._state.out += [] if line is None else [line]
        self._harmony.follow(self._state.out, self._chording.sounding(grid.tick_at(now)), grid, now)
