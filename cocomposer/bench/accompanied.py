"""Pieces played to a jam that accompanies, in virtual time: what was planned, what sounded, and how it stood.

Judged are the beats in which the player plays, from the first beat line after an entrance on (`judged_beats`): nobody
can be with a player on a beat that was not announced. Such a beat is covered if the accompaniment sounds in a quarter
of it at least and nothing that it planned there went out more than 10 ms from its time. A note fits if it is a tone of
the chord in force for at least half of the time that it sounds. Knows no corpus.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cocomposer.accompaniment.foresight import Given
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progression import ChordSpan
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.settings import Accompaniment, Settings
from cocomposer.music.message import NOTE_ON, kind_of, note_off, note_on
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT, seconds_per_tick
from cocomposer.playback.sounding import ACCOMPANIMENT_TURNS
from cocomposer.runtime.offline import Offline

BPM: Final = 120.0
IN_TIME_SECONDS: Final = 0.01
COVERED_TICKS: Final = TICKS_PER_BEAT // 4
"""So much of a beat is not silent at least; else a tone that ends late would cover the next beat."""
TICK_SECONDS: Final = seconds_per_tick(BPM)
PARTS: Final = {turn: part for part, turn in ACCOMPANIMENT_TURNS.items()}


@dataclass(frozen=True, slots=True)
class Sounded:
    """One note of the accompaniment as it was heard; ticks of the piece, not whole ones."""

    part: str
    pitch: int
    begin: float
    end: float
    planned_tick: int
    late_seconds: float
    """From its planned tick to its sending."""
    ahead_seconds: float
    """From its commitment to when it was due."""


def accompanied(
    player: Iterable[Note], role: Accompaniment, beats_per_bar: int, given: Given | None = None, rhythm: str = "auto"
) -> list[Sounded]:
    """What sounds under the player's notes (ticks from 0), at BPM."""
    settings = Settings(
        tempo=BPM, beats_per_bar=beats_per_bar, answer=False, accompany=role, accompany_rhythm=rhythm,
    )  # fmt: skip
    jam = Jam(settings)
    jam.play_along(given)
    offline = _Timed(jam)
    script = []
    for note in player:
        script.append((note.onset_tick * TICK_SECONDS, 1, note_on(note.channel, note.pitch, note.velocity)))
        script.append((note.end_tick * TICK_SECONDS, 0, note_off(note.channel, note.pitch)))
    script.sort()
    if not script:
        return []
    end = script[-1][0]
    offline.run([(at, inputs.Arrived(at, data)) for at, _, data in script], end)
    return sounded(offline)


class _Timed(Offline):
    """Remembers when each note was committed."""

    def __init__(self, jam: Jam) -> None:
        super().__init__(jam, None)
        self.committed: dict[int, float] = {}

    def _carry_out(self, output: outputs.Output) -> None:
        if isinstance(output, outputs.Accompany):
            self.committed[output.note_id] = self.now
        super()._carry_out(output)


def sounded(offline: _Timed) -> list[Sounded]:
    """All notes that were begun; one that sounds still ends now."""
    plans = {told.note_id: told for told in offline.told if isinstance(told, outputs.Accompany)}
    begun: dict[int, float] = {}
    ended: dict[int, float] = {}
    for at, message in offline.heard:
        if message.turn in PARTS and message.note_id is not None:
            (begun if kind_of(message.data) == NOTE_ON else ended)[message.note_id] = at
    return [
        Sounded(
            PARTS[plans[number].turn],
            plans[number].note.pitch,
            at / TICK_SECONDS,
            ended.get(number, offline.now) / TICK_SECONDS,
            plans[number].note.onset_tick,
            at - plans[number].note.onset_tick * TICK_SECONDS,
            plans[number].on_seconds - offline.committed[number],
        )
        for number, at in begun.items()
    ]


def judged_beats(player: Iterable[Note], beats_per_bar: int) -> frozenset[int]:
    """The numbers of the beats in which the player plays, without those in which he enters and the last one.

    He enters with his first note, and with the first one after a bar of silence.
    """
    beats: set[int] = set()
    entered, end = -1, -beats_per_bar * TICKS_PER_BEAT
    for note in sorted(player):
        if note.onset_tick - end >= beats_per_bar * TICKS_PER_BEAT:
            entered = note.onset_tick // TICKS_PER_BEAT
        sounds = range(note.onset_tick // TICKS_PER_BEAT, -(-note.end_tick // TICKS_PER_BEAT))
        beats |= set(sounds) - {entered}
        end = max(end, note.end_tick)
    return frozenset(beat for beat in beats if (beat + 1) * TICKS_PER_BEAT <= end)


@dataclass
class Tally:
    """What an accompaniment came to, over many pieces."""

    beats: int = 0
    covered: int = 0
    in_time: int = 0
    """Notes that went out within IN_TIME_SECONDS of their planned tick."""
    planned: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    """By part; "all" together."""
    fitting: Counter[str] = field(default_factory=Counter)
    ticks: float = 0.0
    fitting_ticks: float = 0.0

    def share_fitting(self, part: str = "all") -> float:
        """Of the notes."""
        return self.fitting[part] / max(1, self.notes[part])

    @property
    def share_of_time(self) -> float:
        """Of all time in which a note sounds, that in which it is a tone of the chord in force."""
        return self.fitting_ticks / max(1.0, self.ticks)

    @property
    def share_covered(self) -> float:
        """Of the beats."""
        return self.covered / max(1, self.beats)

    @property
    def notes_per_beat(self) -> float:
        """Of those that were judged."""
        return self.notes["all"] / max(1, self.beats)

    def judge(self, part: str, pitch: int, begin: float, end: float, chords: Sequence[ChordSpan]) -> None:
        """Count one note; it does not count where nobody knows a chord."""
        fits, known = 0.0, 0.0
        for span in chords:
            ticks = min(end, span.end_tick) - max(begin, span.tick)
            if ticks > 0 and span.chord is not None:
                known += ticks
                fits += ticks * (pitch % PITCH_CLASSES in span.chord.pitch_classes)
        if known > 0:
            for name in (part, "all"):
                self.notes[name] += 1
                self.fitting[name] += fits >= known / 2
            self.ticks += known
            self.fitting_ticks += fits

    def cover(self, heard: Sequence[Sounded], beats: Iterable[int]) -> None:
        """Count what was sent in time, and which of the beats were covered."""
        self.planned += len(heard)
        self.in_time += sum(abs(note.late_seconds) <= IN_TIME_SECONDS for note in heard)
        late = {note.planned_tick // TICKS_PER_BEAT for note in heard if abs(note.late_seconds) > IN_TIME_SECONDS}
        for beat in beats:
            begins, ends = beat * TICKS_PER_BEAT, (beat + 1) * TICKS_PER_BEAT
            self.beats += 1
            self.covered += beat not in late and _sounding_ticks(heard, begins, ends) >= COVERED_TICKS


def _sounding_ticks(heard: Iterable[Sounded], begins: float, ends: float) -> float:
    """For how long of a stretch any note sounds."""
    total, reached = 0.0, begins
    for note in sorted(heard, key=lambda note: note.begin):
        total += max(0.0, min(note.end, ends) - max(note.begin, reached))
        reached = max(reached, min(note.end, ends))
    return total
