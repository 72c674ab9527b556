"""A take as a file, read back by our own reader and by mido."""

import io
from dataclasses import dataclass

import mido
import pytest

from cocomposer.adapters.midi_files import read_midi_bytes
from cocomposer.export.take_midi import take_midi
from cocomposer.music.note import Note


@dataclass(frozen=True)
class Played:
    phrase: tuple[Note, ...]
    answer: tuple[Note, ...]
    bpm: float = 90.0
    beat_known: bool = True
    bar_tick: int = 48
    beats_per_bar: int = 3


def test_two_named_parts_with_tempo_and_metre() -> None:
    take = Played((Note(1000, 60, 24, 80),), (Note(1100, 64, 48, 70, 2),))
    piece = read_midi_bytes(take_midi(take, "Evening"), "take")
    assert piece.track_names == ("Evening", "Player", "cocomposer")
    assert piece.tempos == ((0, round(60e6 / 90)),)
    assert piece.meters == ((0, 3, 4),)
    assert piece.ticks_per_beat == 480
    # The bar of the first note begins at 48 + 6 × 144 = 912.
    assert piece.notes.tolist() == [[880, 1120, 60, 80, 0, 1], [1880, 2360, 64, 70, 2, 2]]


@pytest.mark.parametrize(
    ("take", "onsets"),
    [
        (Played((Note(1000, 60, 24, 80),), (), beat_known=False), [0]),
        (Played((), (Note(912, 60, 24, 80), Note(950, 60, 24, 80))), [0, 380]),
        # A note just before the line is put on it, and the empty bar before it left out.
        (Played((Note(908, 60, 24, 80), Note(930, 61, 24, 80)), ()), [0, 180]),
        (Played((Note(900, 60, 24, 80),), ()), [1320]),
        (Played((Note(-50, 60, 24, 80),), (), bar_tick=0), [940]),
    ],
    ids=["no beat", "on the line", "early", "not so early", "before the first bar"],
)
def test_where_it_begins(take: Played, onsets: list[int]) -> None:
    piece = read_midi_bytes(take_midi(take), "take")
    assert piece.notes[:, 0].tolist() == onsets
    assert len(piece.track_names) == 2, "no track for a part without notes"


def test_nothing_played_is_a_file_all_the_same() -> None:
    file = mido.MidiFile(file=io.BytesIO(take_midi(Played((), ()))))
    assert len(file.tracks) == 1


def test_what_sounds_along_has_a_part_for_each_channel() -> None:
    take = Played((Note(1000, 60, 24, 80),), (Note(1100, 64, 48, 70, 2),))
    along = (Note(912, 48, 96, 60, 1), Note(1000, 36, 12, 90, 9), Note(1056, 50, 96, 60, 1))
    piece = read_midi_bytes(take_midi(take, "Evening", along), "take")
    assert piece.track_names == (
        "Evening", "Player", "cocomposer", "cocomposer along, channel 2", "cocomposer along, channel 10",
    )  # fmt: skip
    assert sorted(set(piece.notes[:, 4].tolist())) == [0, 1, 2, 9]
    assert piece.notes[piece.notes[:, 4] == 1][:, 0].tolist() == [0, 1440]
