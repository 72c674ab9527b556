"""A jam as a document: takes in order, edits that can be undone, and the timeline under them. No file, no window.

Facts (what was played) are never undone; edits (what somebody decided) are. The same facts and edits, each edit at
the same count of facts, always give the same document: that is how one is recovered.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from cocomposer.document import edits
from cocomposer.document.edits import Edit
from cocomposer.document.history import History, Step, inverse_of
from cocomposer.document.naming import named
from cocomposer.document.progression import Progression
from cocomposer.document.shelf import Shelf
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.document.timeline import Timeline
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings, SettingsError, changed
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Fact = (
    outputs.Heard | outputs.Released | outputs.Play | outputs.Take | outputs.SettingsChanged | outputs.Accompany
    | outputs.EndMoved
)  # fmt: skip
"""What happened in a jam, as its engine tells it; kept in the engine's log."""

RUNS_BEGIN_ON: Final = 4 * TICKS_PER_BEAT
"""An engine's run is laid behind the one before on a multiple of this, so that beats stay beats."""
MOST_NAMED: Final = 3
"""So many settings that were changed together are told by name."""
KIND_NAMES: Final = {
    TakeKind.ANSWER: "Take",
    TakeKind.ALTERNATIVE: "Alternative",
    TakeKind.RECORDING: "Recording",
    TakeKind.CAPTURED: "Capture",
    TakeKind.IMPORTED: "Import",
}


class Run(msgspec.Struct, frozen=True):
    """The engine's run that a document follows, and how far."""

    session: str = ""
    began_at: str = ""
    began_seconds: float | None = None
    """The engine's clock at `began_at`; None until something tells a moment."""
    position: int = 0
    """So many of its facts were taken in, or passed before the document joined."""
    offset_ticks: int = 0
    turns_before: int = 0
    """Added to its turns to give those of the timeline, which never come twice."""
    last_seconds: float | None = None
    """The last moment that a fact told, by the engine's clock."""
    from_tick: float = 0.0
    """Where the run's own axis was when the document joined."""


class Document:
    """One jam. Takes in facts and edits; a file or journal stores what it was told."""

    def __init__(self) -> None:
        self.title = ""
        self.timeline = Timeline()
        self.settings = Settings()
        self.progression = Progression()
        self.version = 0
        """Grows with every change of takes, title, settings or chords (the timeline has its own)."""
        self.run = Run()
        self.shelf = Shelf()
        self.turn_takes: dict[int, str] = {}
        """Turn of the timeline → the take that it became."""
        self._history = History()

    @property
    def takes(self) -> tuple[KeptTake, ...]:
        """Those not deleted, oldest first."""
        return self.shelf.takes

    def take(self, take_id: str) -> KeptTake | None:
        """One by its id, also if deleted."""
        return self.shelf.take(take_id)

    def next_number(self, kind: TakeKind) -> int:
        """The number of the next take of a kind."""
        return self.shelf.next_number(kind)

    def new_id(self, kind: TakeKind) -> str:
        """An id for the next take of a kind that is to be added."""
        return f"{self.run.session}:{kind}:{self.run.position}:{self.next_number(kind)}"

    def name_next(self) -> bool:
        """Give the oldest take that has neither its key and chords; whether there was one.

        Takes some milliseconds, so it is not done where many takes come at once: call it now and then.
        """
        take = self.shelf.next_unnamed()
        if take is None:
            return False
        self.shelf.put_named(named(take, self.takes))
        self.version += 1
        return True

    # -- facts -------------------------------------------------------------------------------

    def join(
        self,
        session: str,
        began_at: str,
        position: int | None = None,
        began_seconds: float | None = None,
        from_tick: float = 0.0,
    ) -> None:
        """The facts that follow are those of this engine's run; its ticks begin anew and are laid behind the rest.

        `position`: so many of its facts have passed and are not of this document. Joining the run that is followed
        already, where it stands, changes nothing. `began_seconds`: the engine's clock at `began_at`; without it, the
        first fact counts as the beginning. `from_tick`: the engine's tick now, so that what follows is laid close
        behind the rest although the engine has been running, and an answer that had begun before is no take of this.
        """
        if session == self.run.session and position in (None, self.run.position):
            return
        self.timeline.end_run()
        turns = self.timeline.turn.max(initial=0)
        last = self.timeline.last_tick
        self.run = Run(
            session=session,
            began_at=began_at,
            began_seconds=began_seconds,
            position=position or 0,
            offset_ticks=(math.ceil(last / RUNS_BEGIN_ON) - math.floor(from_tick / RUNS_BEGIN_ON)) * RUNS_BEGIN_ON,
            from_tick=from_tick,
            turns_before=int(max(turns, *self.turn_takes) if self.turn_takes else turns),
        )

    def leave(self) -> None:
        """What the engine plays from now on is not of this document, until it joins again."""
        self.timeline.end_run()
        self.run = Run()

    @property
    def offset_ticks(self) -> int:
        """Added to the ticks of the engine's run joined last to give those of the timeline and of takes."""
        return self.run.offset_ticks

    @property
    def position(self) -> int:
        """So many facts of the run joined last have passed: the number of the next one, counted from 0."""
        return self.run.position

    @property
    def last_moment(self) -> str:
        """When the last fact happened, ISO 8601; when the run began if none told."""
        run = self.run
        if run.last_seconds is None or run.began_seconds is None:
            return run.began_at
        try:
            began = datetime.fromisoformat(run.began_at)
            return (began + timedelta(seconds=run.last_seconds - run.began_seconds)).isoformat(timespec="seconds")
        except (ValueError, OverflowError):
            return run.began_at

    def happened(self, fact: Fact) -> None:
        """Something was played. A Take becomes a `KeptTake`."""
        run, offset = self.run, self.run.offset_ticks
        moment: float | None = None
        match fact:
            case outputs.Heard():
                moment = fact.at_seconds
                self.timeline.heard(fact.pitch, fact.velocity, fact.channel, fact.tick + offset, fact.pedal)
            case outputs.Released():
                moment = fact.at_seconds
                self.timeline.released(fact.pitch, fact.channel, fact.tick + offset)
            case outputs.Play():
                moment = fact.on_seconds
                turn = run.turns_before + fact.turn
                if not fact.muted:
                    self.timeline.played(turn, moved([fact.note], offset)[0], fact.fallback)
            case outputs.Accompany():
                moment = fact.on_seconds
                self.timeline.played_along(fact.part, fact.note_id, moved([fact.note], offset)[0])
            case outputs.EndMoved():
                self.timeline.end_moved(fact.note_id, fact.share)
            case outputs.Take():
                turn = run.turns_before + fact.turn
                self.timeline.phrase_laid(turn, moved(fact.phrase, offset))
                self.timeline.turn_over(turn, moved(fact.answer, offset))
                # An answer that had begun when the document joined is of the jam before.
                if not fact.answer or fact.answer[0].onset_tick >= run.from_tick:
                    take = self._kept(fact)
                    self.turn_takes[turn] = take.id
                    self.shelf.put(take)
                    self.version += 1
            case outputs.SettingsChanged():
                self.settings = fact.settings
                self.version += 1
        last = run.last_seconds if moment is None else max(moment, run.last_seconds or moment)
        began = run.began_seconds if run.began_seconds is not None else last
        self.run = msgspec.structs.replace(run, position=run.position + 1, last_seconds=last, began_seconds=began)

    def _kept(self, fact: outputs.Take) -> KeptTake:
        number = self.next_number(TakeKind.ANSWER)
        offset = self.run.offset_ticks
        phrase, answer = moved(fact.phrase, offset), moved(fact.answer, offset)
        return KeptTake(
            id=f"{self.run.session}:{fact.turn}",
            number=number,
            kind=TakeKind.ANSWER,
            name=f"{KIND_NAMES[TakeKind.ANSWER]} {number}",
            phrase=phrase,
            answer=answer,
            bpm=fact.bpm,
            beat_known=fact.beat_known,
            bar_tick=fact.bar_tick + offset,
            beats_per_bar=fact.beats_per_bar,
            seed=fact.seed,
            settings=fact.settings,
            created_at=self.last_moment,
            cut_short=fact.cut_short,
            along=self.timeline.along((*phrase, *answer)),
        )

    # -- edits -------------------------------------------------------------------------------

    def edit(self, edit: Edit) -> None:
        """Do this, so that it can be undone. What changes nothing needs no undoing and is not remembered."""
        inverse = self._apply(edit)
        if inverse is not None:
            self._history.made(Step(edit, inverse))

    def undo(self) -> Edit | None:
        """Undo the last edit; what was done instead (also to be sent on, such as settings), None if there is none."""
        step = self._history.undo()
        if step is None:
            return None
        if isinstance(step.done, edits.AddTake):
            # Not deleted: a decision to delete it may lie before, and stays one of its own.
            self.shelf.withdraw(step.done.take.id)
            self.version += 1
        else:
            self._apply(step.inverse)
        return step.inverse

    def redo(self) -> Edit | None:
        """Do again what was undone last; that edit, None if there is none."""
        step = self._history.redo()
        if step is None:
            return None
        self._apply(step.done)
        return step.done

    @property
    def undo_text(self) -> str | None:
        """What `undo` would undo, such as "rename Take 3"; None if nothing."""
        return self._text(self._history.next_undo)

    @property
    def redo_text(self) -> str | None:
        """What `redo` would do."""
        return self._text(self._history.next_redo)

    def _apply(self, edit: Edit) -> Edit | None:
        """Do it; the edit that takes it back, None if it changed nothing."""
        shelf = self.shelf
        inverse: Edit | None = None
        match edit:
            case edits.AddTake():
                inverse = edits.DeleteTake(edit.take.id) if shelf.put(edit.take) else None
            case edits.DeleteTake():
                inverse = edits.RestoreTake(edit.id) if shelf.take_off(edit.id) else None
            case edits.RestoreTake():
                inverse = edits.DeleteTake(edit.id) if shelf.put_back(edit.id) else None
            case edits.RenameTake():
                before = shelf.name(edit.id)
                name = edit.name.strip()
                if name != before:
                    shelf.rename(edit.id, name)
                    inverse = edits.RenameTake(edit.id, before)
            case edits.StarTake():
                if edit.starred != shelf.starred(edit.id):
                    shelf.star(edit.id, edit.starred)
                    inverse = edits.StarTake(edit.id, not edit.starred)
            case edits.Retitle():
                if edit.title != self.title:
                    inverse = edits.Retitle(self.title)
                    self.title = edit.title
            case edits.ChangeSettings():
                if edit.before != edit.after:
                    try:
                        self.settings = changed(self.settings, edit.after)
                    except SettingsError:
                        return None
                    inverse = inverse_of(edit)
            case edits.SetProgression():
                if edit.progression != self.progression:
                    inverse = edits.SetProgression(self.progression, edit.what)
                    self.progression = edit.progression
        if inverse is not None:
            self.version += 1
        return inverse

    def _text(self, edit: Edit | None) -> str | None:
        match edit:
            case None:
                return None
            case edits.AddTake():
                return f"keep {self._called(edit.take.id)}"
            case edits.DeleteTake():
                return f"delete {self._called(edit.id)}"
            case edits.RestoreTake():
                return f"bring back {self._called(edit.id)}"
            case edits.RenameTake():
                return f"rename {self._called(edit.id)}"
            case edits.StarTake():
                return f"{'star' if edit.starred else 'unstar'} {self._called(edit.id)}"
            case edits.Retitle():
                return "change the title"
            case edits.ChangeSettings():
                return edit.what or f"change {_named(edit)}"
            case edits.SetProgression():
                return edit.what

    def _called(self, take_id: str) -> str:
        take = self.take(take_id)
        return "a take" if take is None else take.name


def _named(change: edits.ChangeSettings) -> str:
    """What a change of settings changes, as far as a menu has room for it."""
    names = [name.replace("_", " ") for name, value in change.after.items() if change.before.get(name) != value]
    if not 0 < len(names) <= MOST_NAMED:
        return f"{len(names)} settings"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def moved(notes: Sequence[Note], ticks: int) -> tuple[Note, ...]:
    """The same notes so many ticks later."""
    if not ticks:
        return tuple(notes)
    return tuple(replace(note, onset_tick=note.onset_tick + ticks) for note in notes)
