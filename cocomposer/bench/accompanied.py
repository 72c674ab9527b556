"""Pieces played to a jam that accompanies, in virtual time: what was planned, what sounded, and how it stood.

A beat is covered if the accompaniment sounds in it and nothing that it planned there went out more than 10 ms from its
time. A note fits if it is a tone of the chord in force for at least half of the time that it sounds. Knows no corpus.
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
    longest_clash: float = 0.0
    """Beats during which a note that is no tone of the chord in force sounded at most."""

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
            self.longest_clash = max(self.longest_clash, (known - fits) / TICKS_PER_BEAT)

    def cover(self, heard: Sequence[Sounded], player: Sequence[Note], beats_per_bar: int) -> None:
        """Count the beats in which the player plays, after the first bar."""
        length = TICKS_PER_BEAT
        self.planned += len(heard)
        self.in_time += sum(abs(note.late_seconds) <= IN_TIME_SECONDS for note in heard)
        first = min(note.onset_tick for note in player) // length * length + beats_per_bar * length
        sounds = {beat for note in player for beat in range(note.onset_tick // length, -(-note.end_tick // length))}
        last = max(note.end_tick for note in player) // length - 1
        for beat in sorted(sounds):
            if first <= beat * length and beat <= last:
                begins, ends = beat * length, (beat + 1) * length
                within = [note for note in heard if note.begin < ends and note.end > begins]
                planned = [note for note in heard if begins <= note.planned_tick < ends]
                self.beats += 1
                self.covered += bool(within) and all(abs(note.late_seconds) <= IN_TIME_SECONDS for note in planned)
