"""What sounds when the model is late: the last bar once more. No model, no chance; music that keeps the beat."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT


@dataclass(frozen=True, slots=True)
class LastBar:
    """The bar of music that goes round until the model is there."""

    notes: tuple[Note, ...]
    length_ticks: int


def last_bar(heard: Sequence[Note], before_tick: int, bar_ticks: int) -> LastBar:
    """The last `bar_ticks` of `heard` before a tick; whole beats of silence at the end do not count."""
    past = [note for note in heard if note.onset_tick < before_tick]
    if not past:
        return LastBar((), bar_ticks)
    silent_beats = (before_tick - 1 - max(note.onset_tick for note in past)) // TICKS_PER_BEAT
    begin = before_tick - silent_beats * TICKS_PER_BEAT - bar_ticks
    return LastBar(tuple(note for note in past if note.onset_tick >= begin), bar_ticks)


def echo(bar: LastBar, from_tick: int, to_tick: int, channel: int) -> tuple[Note, ...]:
    """Notes with onsets in [from_tick, to_tick), all after the bar: its notes, every `length_ticks` again, softer."""
    repeated = []
    for note in bar.notes:
        softer = max(1, note.velocity * 9 // 10)
        longest = max(1, min(note.duration_ticks, bar.length_ticks))
        rounds = -(-(from_tick - note.onset_tick) // bar.length_ticks)
        for onset in range(note.onset_tick + rounds * bar.length_ticks, to_tick, bar.length_ticks):
            repeated.append(replace(note, onset_tick=onset, velocity=softer, duration_ticks=longest, channel=channel))
    return tuple(sorted(repeated))
