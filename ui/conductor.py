"""Carries out what was meant: each action, edit and command becomes something said to the engine, to the document or
to the session. Without Qt; the window asks it and shows what came of it.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol

import msgspec

from cocomposer.document.capture import captured, last_phrase, recorded
from cocomposer.document.document import Document, Fact
from cocomposer.document.edits import AddTake, ChangeSettings, DeleteTake, Edit, StarTake
from cocomposer.document.takes import KeptTake
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.jam.targets import WINDOW
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.runtime import news as told
from cocomposer.runtime.news import FromFront, News
from ui.asking_again import CONTEXT_NOTES, AskingAgain
from ui.chord_advice import ChordAdvice
from ui.presenters.alternatives import PLACES
from ui.presenters.chords_asked import CARDS
from ui.presenters.chords_heard import is_tried
from ui.presenters.roles_asked import kept_already
from ui.presenters.session import Link, Session
from ui.progression_desk import ProgressionDesk

CAPTURE_BARS: Final = 8
EVERYTHING_TICKS: Final = 1 << 30


class Diary(Protocol):
    """Where edits are written down as they are made, so that a crash loses none."""

    def joined(
        self,
        session: str,
        log: str | None,
        position: int,
        began_at: str,
        began_seconds: float | None = None,
        from_tick: float = 0.0,
    ) -> None:
        """Write it down, and let the document join."""

    def edited(self, edit: Edit) -> None: ...
    def undone(self) -> None: ...
    def redone(self) -> None: ...


class Conductor:
    """One owner (the window) calls it, in one thread."""

    def __init__(
        self,
        session: Session,
        send: Callable[[FromFront], bool],
        clock: Callable[[], float],
        read_log: Callable[[str, int, int], Sequence[Fact]],
    ) -> None:
        """`clock`: seconds of the engine's clock. `read_log(path, first, end)`: those facts of an engine's log."""
        self.session = session
        self.diary: Diary | None = None
        self._send = send
        self._clock = clock
        self._read_log = read_log
        self.alternatives = AskingAgain(session, send=self.command, audition=self.audition)
        self.progression = ProgressionDesk(session, self.command, self.edit, lambda: self.take)
        self.advice = ChordAdvice(session, send, self.place_chord)
        self._acts: dict[str, Callable[[], object]] = {
            **self.progression.acts,
            "listen": lambda: self.command(inputs.Listen()),
            "answer": lambda: self.command(inputs.TakeOver()),
            "stop": lambda: self.command(inputs.Rest()),
            "play_stop": self._play_stop,
            "panic": lambda: self.command(inputs.Panic()),
            "tap": lambda: self.command(inputs.Tap(self._clock())),
            "forget": lambda: self.command(inputs.Reset()),
            "record": self._record,
            "capture": lambda: self._capture(CAPTURE_BARS),
            "capture_phrase": lambda: self._capture(0),
            "capture_all": lambda: self._capture(None),
            "undo": self._undo,
            "redo": self._redo,
            "play_take": self._play_take,
            "star": self._star,
            "delete": self._delete,
            "again": lambda: self.alternatives.ask(self._selected()),
            "drums": lambda: self.alternatives.drums(self._selected()),
            "drums_played": lambda: self.alternatives.drums(self.just_played()),
            "harmonise": lambda: self.alternatives.harmonise(self._selected()),
            "harmonise_played": lambda: self.alternatives.harmonise(self.just_played()),
            "more_alternatives": self.alternatives.more,
            "compare": self._compare,
            "close_compare": self._close_compare,
            "use_as_phrase": self._use_as_phrase,
            "next_take": lambda: self._step(1),
            "previous_take": lambda: self._step(-1),
            "sound": self._sound,
            "close_alternatives": self.alternatives.close,
            **{f"audition_{n + 1}": partial(self.alternatives.hear, n) for n in range(PLACES)},
            **{f"chord_{n + 1}": partial(self.advice.choose, n) for n in range(CARDS)},
            "pin_key": self.advice.pin_key,
        }

    def act(self, action: str) -> bool:
        """Do it; whether this is one of ours (what opens a dialog is the window's)."""
        act = self._acts.get(action)
        if act is not None:
            act()
        return act is not None

    def command(self, command: FromFront) -> bool:
        """Say it to the engine; whether there is one."""
        sent = self._send(command)
        if not sent:
            self.session.say("The engine is being started; try again in a moment.")
        elif isinstance(command, told.LoadModel):
            self.session.asked_for_model(command)
        return sent

    def edit(self, edit: Edit) -> None:
        """Change the document; what concerns the engine is said to it at once."""
        self.session.document.edit(edit)
        if self.diary is not None:
            self.diary.edited(edit)
        if isinstance(edit, ChangeSettings):
            self.command(inputs.Change(edit.after))
        self._changed()

    def place_chord(self, symbol: str) -> None:
        """Put a chord into the progression: behind the selected card, or in its place where Replace is on."""
        self.progression.place(symbol)

    def take_in(self, news: News) -> str | None:
        """Note what the engine told; the action that a controller asked for, if any."""
        session = self.session
        session.take_in(news)
        match news:
            case told.Hello():
                self._catch_up(news)
            case outputs.Take():
                session.selected = session.document.takes[-1].id if session.document.takes else None
                session.unsaved = True
            case outputs.Heard() | outputs.Play():
                session.unsaved = True
            case outputs.Alternative():
                self.alternatives.take_in(news)
            case outputs.Suggested() if self.progression.drawing.take_in(news):
                pass
            case outputs.Suggested():
                self.advice.take_in(news)
            case outputs.Triggered():
                return news.target.removeprefix(WINDOW)
            case told.Lost(for_good=True):
                session.say(news.sentence)
            case _:
                pass
        return None

    def begin(self, document: Document, path: str | None, diary: Diary | None) -> None:
        """From now on this document (a new one, one that was opened, one that was recovered)."""
        session, before = self.session, self.session.document
        if session.alternatives is not None:
            self.alternatives.close()
        session.document, session.path, session.unsaved = document, path, False
        session.selected = session.compared = session.recording_from = None
        session.drafts = ()
        self.diary = diary
        self.progression.begin()
        hello, grid = session.hello, session.grid()
        if hello is not None and session.link is Link.JOINED and document.run.session != hello.session:
            # The engine plays on; what it told so far belongs to the document before.
            self._join(hello, before.position, hello.tick if grid is None else grid.tick_at(self._clock()))

    def go_on(self) -> None:
        """The document comes from a file: what the engine played before is not of it, and it goes on from there.

        Where no engine is joined, the next one does so (see `_catch_up`).
        """
        if self.session.link is Link.JOINED:
            self.command(inputs.Reset())
            self._let_go_on(self.session.document.settings, own_desk=False, from_notes=True)

    def _let_go_on(self, settings: Settings, own_desk: bool, from_notes: bool) -> None:
        """The engine takes these settings, and the document's last notes as just played."""
        wanted = msgspec.to_builtins(settings)
        if not own_desk:
            # What controllers work belongs to the musician's desk, not to a jam from a file.
            del wanted["bindings"]
        self.command(inputs.Change(wanted))
        notes = self.session.document.timeline.notes(0, EVERYTHING_TICKS)[-CONTEXT_NOTES:]
        if notes and from_notes:
            self.command(inputs.Offer(tuple(notes), reference=True))

    def _join(self, hello: told.Hello, position: int, tick: float) -> None:
        """Let the document follow an engine's run from its fact `position`, which is told about `tick`, on."""
        if self.diary is not None:
            self.diary.joined(hello.session, hello.log, position, hello.began_at, hello.began_seconds, tick)
        else:
            self.session.document.join(hello.session, hello.began_at, position, hello.began_seconds, tick)

    def _catch_up(self, hello: told.Hello) -> None:
        """An engine was joined: take in what it did before. One that has just begun hears what the jam was about."""
        document = self.session.document
        if document.run.session != hello.session:
            settings, left = document.settings, bool(document.run.session)
            # A jam from a file goes on from here; a new one, or one that was left, has all that the engine did.
            opened = not left and bool(document.takes or document.timeline.count)
            self._join(hello, hello.position if opened else 0, hello.tick if opened else 0.0)
            if opened or (left and not hello.remembers):
                self._let_go_on(settings, own_desk=left, from_notes=not hello.remembers)
        if hello.log is not None:
            for fact in self._read_log(hello.log, document.position, hello.position):
                document.happened(fact)

    # -- play ----------------------------------------------------------------------------------

    def _play_stop(self) -> None:
        audition = self.session.audition
        # A chord that is only tried is nothing that one would stop.
        heard = audition is not None and not is_tried(audition.name)
        playing = self.session.mode in (Mode.ARMED, Mode.ANSWERING) or heard
        if heard:
            self._end_audition()
        self.command(inputs.StopAnswer() if playing else inputs.TakeOver())

    def _record(self) -> None:
        session = self.session
        now = session.tick_at(self._clock())
        begun, session.recording_from = session.recording_from, None
        if begun is None:
            session.recording_from = now
        else:
            self._keep(recorded(session.document, begun, now, session.grid()))
        self._show("record", session.recording_from is not None)

    def _capture(self, bars: int | None) -> None:
        """The player's notes of the last bars (None: all, 0: the last phrase) as a take."""
        session = self.session
        document, now, grid = session.document, session.tick_at(self._clock()), session.grid()
        if bars == 0:
            self._keep(last_phrase(document, now, grid))
        else:
            self._keep(captured(document, now, EVERYTHING_TICKS if bars is None else bars * self._bar_ticks(), grid))

    def just_played(self) -> KeptTake | None:
        """The last phrase as a take, kept if it is not yet."""
        session = self.session
        played = last_phrase(session.document, session.tick_at(self._clock()), session.grid())
        kept = None if played is None else kept_already(session.document, played)
        if kept is not None:
            session.selected = kept.id
        else:
            self._keep(played)
        return kept or played

    def _bar_ticks(self) -> int:
        grid = self.session.grid()
        return 4 * TICKS_PER_BEAT if grid is None else grid.ticks_per_bar

    def _keep(self, take: KeptTake | None) -> None:
        if take is None:
            self.session.say("Nothing was played there, so there is nothing to keep.")
            return
        self.edit(AddTake(take))
        self.session.selected = take.id

    # -- takes ---------------------------------------------------------------------------------

    @property
    def take(self) -> KeptTake | None:
        """The selected take; the newest if none is."""
        document = self.session.document
        selected = document.take(self.session.selected) if self.session.selected is not None else None
        return selected or (document.takes[-1] if document.takes else None)

    def _selected(self) -> KeptTake | None:
        take = self.take
        if take is None:
            self.session.say("There is no take yet; play something and let it be answered.")
        return take

    def audition(self, name: str, notes: tuple[Note, ...], bpm: float, along: tuple[Note, ...] = ()) -> None:
        """Hear these notes, and others `along` with them on their own channels; if they are being heard, end them."""
        running = self.session.audition
        if running is not None and running.name == name:
            self._end_audition()
        elif notes:
            self.command(inputs.Audition(name, notes, bpm, along=along))

    def _end_audition(self) -> None:
        self.command(inputs.Audition("", (), 120.0))

    def _play_take(self) -> None:
        take = self._selected()
        if take is not None:
            self.audition(take.id, take.notes, take.bpm, take.along)

    def _star(self) -> None:
        take = self._selected()
        if take is not None:
            self.edit(StarTake(take.id, not take.starred))

    def _delete(self) -> None:
        take = self._selected()
        if take is not None:
            takes = self.session.document.takes
            place = [other.id for other in takes].index(take.id)
            left = [*takes[:place], *takes[place + 1 :]]
            self.edit(DeleteTake(take.id))
            self.session.selected = left[min(place, len(left) - 1)].id if left else None
            if self.session.compared == take.id:
                self.session.compared = None

    def _compare(self) -> None:
        """Keep the selected take as B; with B kept, hear the one of the two that is not heard now."""
        take, session = self._selected(), self.session
        if take is None:
            return
        other = session.document.take(session.compared) if session.compared is not None else None
        if other is None or other.id == take.id:
            session.compared = None if other is not None else take.id
            return
        heard = session.audition.name if session.audition is not None else None
        chosen = other if heard == take.id else take
        self.audition(chosen.id, chosen.answer or chosen.phrase, chosen.bpm)

    def _close_compare(self) -> None:
        self.session.compared = None

    def _use_as_phrase(self) -> None:
        take = self._selected()
        if take is not None:
            self.command(inputs.Offer(take.answer or take.phrase, answer=True))

    def _step(self, by: int) -> None:
        takes, take = self.session.document.takes, self._selected()
        if take is not None:
            place = [other.id for other in takes].index(take.id) + by
            self.session.selected = takes[max(0, min(place, len(takes) - 1))].id

    def import_take(self, take: KeptTake, answer: bool = False, reference: bool = False) -> None:
        """Keep what was read from a file, and tell the jam of it: to be answered at once, or as reference."""
        self._keep(take)
        if answer or reference:
            self.command(inputs.Offer(take.phrase, reference=reference, answer=answer))

    # -- the rest ------------------------------------------------------------------------------

    def _undo(self) -> None:
        self._replay(self.session.document.undo(), undone=True)

    def _redo(self) -> None:
        self._replay(self.session.document.redo(), undone=False)

    def _replay(self, edit: Edit | None, undone: bool) -> None:
        if edit is None:
            return
        if self.diary is not None:
            if undone:
                self.diary.undone()
            else:
                self.diary.redone()
        if isinstance(edit, ChangeSettings):
            self.command(inputs.Change(edit.after))
        self._changed()

    def _changed(self) -> None:
        session = self.session
        self.progression.changed()
        session.unsaved = True
        if session.selected is not None and all(take.id != session.selected for take in session.document.takes):
            session.selected = None
        take = self.take
        self._show("star", take is not None and take.starred)

    def _sound(self) -> None:
        self.command(told.SetSound(not self.session.sound.on, self.session.sound.volume))

    def _show(self, action: str, on: bool) -> None:
        """Light the controller that works this action."""
        if WINDOW + action in self.session.settings.bindings:
            self.command(inputs.Show(WINDOW + action, float(on)))
