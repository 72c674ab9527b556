"""All that the window knows: what the engine told, the document, and what is selected. Shown by every panel.

Without Qt. One owner (the main window) calls `take_in` with each news, in order, and changes the rest; panels only
read. Times are seconds of the engine's clock (`time.perf_counter` of this machine), ticks those of the document's
timeline.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import msgspec

from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.music.grid import BeatSource, Grid
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.runtime import news as told
from cocomposer.runtime.news import News
from ui.presenters.chords_wish import ChordWish
from ui.presenters.progression_state import RowState

NOTICES_KEPT: Final = 200
LOST_WHILE_DRAWN: Final = "The engine was lost while it drew this; ask again."


class Link(StrEnum):
    """How the window stands to the engine."""

    JOINING = "joining"
    JOINED = "joined"
    LOST = "lost"
    """It ended by itself; a new one is being started."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for the musician."""

    at_seconds: float
    sentence: str


@dataclass(slots=True)
class Alternatives:
    """Answers to one take's phrase, drawn beside the jam, to be heard and compared."""

    take_id: str
    """The take that is answered anew."""
    requests: tuple[int, ...]
    """One for each place, in order."""
    seeds: tuple[int, ...]
    round: int = 0
    """How many times more were asked for the same take."""
    kept_bars: frozenset[int] = frozenset()
    """Bars of the take's answer (from 0) that stay as they are; all others are drawn anew."""
    settings: Settings = field(default_factory=Settings)
    """Those with which they are drawn: what was in force when they were asked for."""
    answers: dict[int, tuple[Note, ...]] = field(default_factory=dict)
    """Place → the whole answer, on the take's axis; missing while it is being drawn."""
    failures: dict[int, str] = field(default_factory=dict)
    title: str = ""
    """What they are, where they are no other answers."""
    base: KeptTake | None = None
    """What each of them becomes when it is kept, but for the notes drawn; None: the take that is answered anew."""
    under: bool = False
    """What is drawn sounds along with the take; else it is its answer, with what `base` has of one."""
    whole: bool = False
    """To be heard and seen with all of the take around it."""

    @property
    def waiting(self) -> int:
        """Places that are still being drawn."""
        return len(self.requests) - len(self.answers) - len(self.failures)


class Session:
    """What is shown."""

    def __init__(self, document: Document | None = None) -> None:
        self.document = document or Document()
        self.path: str | None = None
        """The file it was opened from or saved to."""
        self.unsaved = False
        self.link = Link.JOINING
        self.hello: told.Hello | None = None
        self.opened: told.Opened | None = None
        self.ports: told.Ports | None = None
        self.ready: told.Ready | None = None
        self.lost: told.Lost | None = None
        self.sound = told.SoundChanged(False, 0.7)
        self.status: told.Status | None = None
        self.mode = Mode.LISTENING
        self.mode_since = 0.0
        self.entry_seconds: float | None = None
        """When an armed answer enters."""
        self.settings = Settings()
        self.beat: outputs.BeatChanged | None = None
        self.drafts: tuple[Note, ...] = ()
        """Planned, not committed; on the timeline's axis."""
        self.audition: outputs.AuditionBegan | None = None
        self.learning: str | None = None
        self.originality: outputs.Originality | None = None
        """What the latest answer shares with the training music; None while that is not known."""
        self.playing_like: outputs.PlayingLike | None = None
        """The player's own files that answers are like, as they are read; None while none were given."""
        self.notices: deque[Said] = deque(maxlen=NOTICES_KEPT)
        self.heard_at: float | None = None
        """When the player last struck a key (for the guide and the input's lamp)."""
        self.played_at: float | None = None
        """When the machine's last committed note sounds."""
        self.recording_from: float | None = None
        """The tick from which the recording goes, None while there is none."""
        self.selected: str | None = None
        """The selected take."""
        self.compared: str | None = None
        """The take kept as B, to compare with the selected one."""
        self.alternatives: Alternatives | None = None
        self.harmony: outputs.HarmonyChanged | None = None
        """What is heard of the chords and the key; ticks are the engine's."""
        self.chords = outputs.ChordsChanged()
        """The progression that the engine plays or goes by; ticks are the engine's."""
        self.suggested: outputs.Suggested | None = None
        """What could come next, as it was last asked for (see `ui.chord_advice`)."""
        self.chord_wish = ChordWish()
        self.row = RowState()
        """Of the progression builder."""

    # -- the beat ----------------------------------------------------------------------------

    def grid(self) -> Grid | None:
        """The line that lays seconds on the engine's own ticks; None before the first news of it."""
        beat = self.beat
        if beat is None:
            return None
        return Grid(
            beat.at_seconds,
            beat.tick,
            beat.seconds_per_tick,
            beat.source,
            beat.bar_tick,
            beat.beats_per_bar,
            beat.running,
        )

    def tick_at(self, seconds: float) -> float:
        """The timeline's tick at a moment; its end while there is no beat, where nothing sounds."""
        grid = self.grid()
        if grid is None:
            return float(max(self.document.offset_ticks, self.document.timeline.last_tick))
        return self.document.offset_ticks + grid.tick_at(seconds)

    def bar_and_beat(self, seconds: float) -> tuple[int, int] | None:
        """Bar and beat of it, counted from 1; None while no bar is known or the DAW stands."""
        grid = self.grid()
        if grid is None or grid.bar_tick is None or grid.source is BeatSource.FREE:
            return None
        beats = (grid.tick_at(seconds) - grid.bar_tick) // TICKS_PER_BEAT
        return int(beats // grid.beats_per_bar) + 1, int(beats % grid.beats_per_bar) + 1

    # -- news --------------------------------------------------------------------------------

    def take_in(self, news: News) -> None:
        """Note what the engine told. Facts go to the document too."""
        match news:
            case told.Hello():
                self.link, self.hello = Link.JOINED, news
                self.mode, self.settings = news.mode, news.settings
                self.drafts, self.audition, self.learning, self.entry_seconds = (), None, None, None
                self.harmony, self.chords = None, outputs.ChordsChanged()
            case outputs.ModeChanged():
                self.mode, self.mode_since, self.entry_seconds = news.mode, news.at_seconds, news.entry_seconds
            case outputs.Heard():
                self.heard_at = news.at_seconds
                self.document.happened(news)
            case outputs.Released() | outputs.Take() | outputs.Accompany() | outputs.EndMoved():
                self.document.happened(news)
            case outputs.Play():
                self.played_at = news.on_seconds
                self.document.happened(news)
            case outputs.SettingsChanged():
                self.settings = news.settings
                self.document.happened(news)
            case outputs.Drafted():
                self.drafts = tuple(_moved(note, self.document.offset_ticks) for note in news.notes)
            case outputs.BeatChanged():
                self.beat = news
            case outputs.AuditionBegan():
                self.audition = news
            case outputs.AuditionEnded():
                if self.audition is not None and self.audition.name == news.name:
                    self.audition = None
            case outputs.Alternative():
                self._alternative(news)
            case outputs.HarmonyChanged():
                self.harmony = news
            case outputs.ChordsChanged():
                self.chords = news
            case outputs.Originality():
                self.originality = news
            case outputs.PlayingLike():
                self.playing_like = news
            case outputs.Learning():
                self.learning = news.target
            case outputs.Notice():
                self.say(news.sentence)
            case told.Opened():
                self.opened = news
            case told.Ports():
                self.ports = news
            case told.Ready():
                self.ready, self.lost = news, None
            case told.Lost():
                self.lost = news
            case told.SoundChanged():
                self.sound = news
                if news.sentence:
                    self.say(news.sentence)
            case told.Status():
                self.status = news
            case outputs.Triggered() | outputs.Suggested():
                pass

    def say(self, sentence: str) -> None:
        """A sentence for the musician; said twice in a row, it stands there once."""
        if self.notices and self.notices[-1].sentence == sentence:
            self.notices.pop()
        at = self.status.at_seconds if self.status is not None else 0.0
        self.notices.append(Said(at, sentence))

    def asked_for_model(self, wanted: told.LoadModel) -> None:
        """The engine was asked for another model, or to run it elsewhere: what it was started with counts no more."""
        if self.hello is not None:
            options = msgspec.structs.replace(self.hello.options, bundle=wanted.bundle, provider=wanted.provider)
            self.hello = msgspec.structs.replace(self.hello, options=options)

    def engine_lost(self, sentence: str) -> None:
        """The engine has ended by itself."""
        self.link = Link.LOST
        self.status = self.ready = self.beat = self.audition = self.originality = self.playing_like = None
        self.drafts, self.mode, self.learning, self.entry_seconds = (), Mode.LISTENING, None, None
        self.harmony, self.chords = None, outputs.ChordsChanged()
        self.document.timeline.release_all(self.document.timeline.last_tick)
        if self.alternatives is not None:
            for place in range(len(self.alternatives.requests)):
                if place not in self.alternatives.answers:
                    self.alternatives.failures.setdefault(place, LOST_WHILE_DRAWN)
        self.say(sentence)

    def _alternative(self, news: outputs.Alternative) -> None:
        alternatives = self.alternatives
        if alternatives is None or news.request not in alternatives.requests:
            return
        place = alternatives.requests.index(news.request)
        if news.failure is None:
            alternatives.answers[place] = news.notes
            alternatives.failures.pop(place, None)  # the engine was lost only from sight
        else:
            alternatives.failures[place] = news.failure


def _moved(note: Note, ticks: int) -> Note:
    return Note(note.onset_tick + ticks, note.pitch, note.duration_ticks, note.velocity, note.channel, note.pedal)
