"""Planned notes are matched with what went out."""

from cocomposer.bench.live_answer import match
from cocomposer.jam.outputs import Play
from cocomposer.music.message import note_off, note_on
from cocomposer.music.note import Note
from tests.bench.live import BEAT


def play(beat: float, pitch: int, fallback: bool = False) -> Play:
    due = BEAT.seconds_at(beat)
    return Play(1, 1, Note(480 + round(48 * beat), pitch, 12, 80), due, due + 0.1, fallback)


def test_each_note_takes_the_nearest_of_its_pitch_once() -> None:
    plays = [play(8, 60), play(8.5, 60), play(9, 62, fallback=True)]
    heard = [
        (BEAT.seconds_at(8) + 0.001, note_on(0, 60, 80)),
        (BEAT.seconds_at(8) + 0.1, note_off(0, 60)),
        (BEAT.seconds_at(9) + 0.002, note_on(0, 62, 80)),
    ]
    first, second, third = match(plays, heard, BEAT)
    assert first.sent_seconds == heard[0][0] and first.true_seconds == BEAT.seconds_at(8)
    assert second.sent_seconds is None
    assert third.sent_seconds == heard[2][0] and third.fallback
