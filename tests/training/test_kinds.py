"""What a file without a word about it is taken for: score or performance or drums, with what dynamics and pedal."""

from pathlib import Path
from typing import Any

import pytest

from cocomposer.adapters.midi_files import MidiFileError, read_midi_bytes
from models.training.kinds import recognise
from models.training.pieces import Piece, Source, fitting, place
from tests.training.made_midi import Strokes, beat, midi, moved, tune


def found(*parts: tuple[int, Strokes], **written: Any) -> Source:
    return recognise(read_midi_bytes(midi(*parts, **written), "made"), Source(Path("made.mid"), "unknown", ""))


def places(*parts: Strokes) -> set[tuple[int, int]]:
    """(tick, pitch) of all notes, 48 ticks to the beat."""
    return {(onset // 10, pitch) for strokes in parts for onset, _, pitch, _ in strokes}


def struck(piece: Piece) -> set[tuple[int, int]]:
    return set(zip(piece.onset.astype(int).tolist(), piece.pitch.tolist(), strict=True))


ORNAMENTS = [(onset - 47, 40, pitch + 1, 70) for onset, _, pitch, _ in tune(1)[3::4]]
TRIPLETS = [(160 * n, 150, 60 + n % 5, 70) for n in range(40)]
QUINTUPLETS = [(96 * n, 90, 60 + n % 7, 70) for n in range(20)]


@pytest.mark.parametrize(
    ("strokes", "kind"),
    [
        (tune(1), "score"),
        (tune(1, loose_ticks=2), "score"),
        (TRIPLETS, "score"),
        (sorted(tune(1) + ORNAMENTS), "score"),
        (tune(1) + moved(QUINTUPLETS), "score"),
        (tune(1, loose_ticks=15), "performed"),
        (moved(tune(1), stretch=1.037), "performed"),
    ],
    ids="score rounded triplets graces quintuplets loose another-tempo".split(),
)
def test_a_score_lies_on_the_beats_and_a_performance_does_not(strokes: Strokes, kind: str) -> None:
    source = found((0, strokes))
    assert (source.kind, source.style, source.on_beats) == (kind, kind, kind == "score")


def test_velocities_count_only_where_they_vary_within_a_part() -> None:
    loud, soft = moved(tune(1), velocity=100), moved(tune(2), velocity=40)
    assert found((0, tune(1))).has_velocity
    assert not found((0, loud)).has_velocity
    assert not found((0, loud), (1, soft)).has_velocity
    assert found((0, loud), (1, tune(2))).has_velocity


def test_a_pedal_counts_when_it_goes_down_under_a_fair_share_of_the_notes() -> None:
    down = [(240 * n, 127 if n % 2 else 0) for n in range(20)]
    assert found((0, tune(1)), pedals=down).has_pedal
    assert not found((0, tune(1)), pedals=[(0, 0), (480, 20)]).has_pedal
    assert not found((0, tune(1, 20)), (1, tune(2)), pedals=down).has_pedal


def test_drums_alone_are_drums_whether_on_the_beat_or_not() -> None:
    for strokes in (beat(), moved(beat(), stretch=1.037)):
        source = found((9, strokes), pedals=[(0, 127)])
        assert (source.kind, source.on_beats, source.has_velocity, source.has_pedal) == ("drums", True, False, False)


def test_drums_beside_other_parts_are_left_out() -> None:
    data = midi((0, tune(1)), (9, beat()), (1, moved(tune(1), 12)))
    midi_piece = read_midi_bytes(data, "made")
    source = recognise(midi_piece, Source(Path("made.mid"), "unknown", ""))
    piece = place(fitting(midi_piece, source), source)
    assert source.kind == "score" and struck(piece) == places(tune(1), moved(tune(1), 12))
    assert set(piece.part.tolist()) == {0, 1}


def test_the_channels_of_a_file_of_type_0_are_its_parts() -> None:
    data = midi((0, tune(1)), (9, beat()), (3, moved(tune(1), 24)), kind=0)
    source = Source(Path("made.mid"), "score", "train", kind="score")
    piece = place(fitting(read_midi_bytes(data, "made"), source), source)
    assert struck(piece) == places(tune(1), moved(tune(1), 24)) and set(piece.part.tolist()) == {0, 1}


def test_a_manifest_that_calls_drums_a_score_is_told_so() -> None:
    with pytest.raises(MidiFileError, match="drums only"):
        fitting(read_midi_bytes(midi((9, beat())), "made"), Source(Path("made.mid"), "score", "train", kind="score"))
