"""The example phrases: there, readable, as long as a phrase is, and each with its source."""

from pathlib import Path

import pytest

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.adapters.phrases import phrases

EXPECTED = ["hymn", "quartet", "reel", "song", "waltz"]


def test_names() -> None:
    assert list(phrases()) == EXPECTED


@pytest.mark.parametrize("name", EXPECTED)
def test_each_is_a_phrase(name: str) -> None:
    piece = read_midi_file(phrases()[name])
    seconds = piece.seconds_of(piece.notes[:, :2])
    assert seconds[0, 0] < 0.5, "it begins at once"
    assert 8 <= seconds[:, 1].max() <= 20
    assert len(piece.notes) >= 30
    assert piece.track_names[0]


def test_the_waltz_is_a_performance_with_pedal_and_dynamics() -> None:
    piece = read_midi_file(phrases()["waltz"])
    assert len(piece.pedals) > 20
    assert len(set(piece.notes[:, 3].tolist())) > 10
    for channel in (0, 1):
        assert piece.pedals[piece.pedals[:, 1] == channel][-1, 2] == 0, "no pedal is left down"


def test_every_phrase_has_its_source_named() -> None:
    sources = (Path(phrases()["waltz"]).parent / "SOURCES.md").read_text(encoding="utf-8")
    for name in EXPECTED:
        assert f"`{name}.mid`" in sources
