"""What sounds when the model is late: the last bar once more. No model, no chance; music that keeps the beat."""

from collections.abc import Sequence
from dataclasses import replace

from cocomposer.music.note import Note


def echo(heard: Sequence[Note], from_tick: int, to_tick: int, bar_ticks: int, channel: int) -> tuple[Note, ...]:
    """Notes with onsets in [from_tick, to_tick): those of the last `bar_ticks` before, repeated in place, softer.

    Empty if nothing was heard in that bar.
    """
    begin = from_tick - bar_ticks
    last_bar = [note for note in heard if begin <= note.onset_tick < from_tick]
    repeated = []
    for note in last_bar:
        onset = note.onset_tick + bar_ticks
        while onset < to_tick:
            softer = max(1, note.velocity * 9 // 10)
            longest = max(1, min(note.duration_ticks, bar_ticks))
            repeated.append(replace(note, onset_tick=onset, velocity=softer, duration_ticks=longest, channel=channel))
            onset += bar_ticks
    return tuple(sorted(repeated))
