"""`render --role …` as a user has it: what is written, and one sentence for each thing wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cocomposer.adapters.midi_files import MidiPiece, read_midi_file
from cocomposer.adapters.phrases import phrases
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.music.note import Note

Run = Callable[..., tuple[int, str, str]]
EIGHTHS = [Note(24 * n, 60 + (0, 2, 4, 5)[n % 4], 22, 70 + n) for n in range(16)]
FILE_TICKS = 10
"""Of one of ours."""


@pytest.fixture
def left(tmp_path: Path) -> Path:
    (tmp_path / "left.mid").write_bytes(midi_bytes([Part("a", EIGHTHS)], tempos=[(0, 120.0)]))
    return tmp_path / "left.mid"


@pytest.fixture
def render(cocomposer: Run, tiny_bundle: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    def run(*words: object) -> tuple[int, str, str]:
        return cocomposer("render", *words, "-o", tmp_path / "out.mid", "--bundle", tiny_bundle, "--provider", "cpu")

    return run


def parts(folder: Path) -> tuple[list[list[int]], list[list[int]]]:
    """(onset, end, pitch, velocity, channel) of what was given and what was drawn, in ticks of 1/48 beat."""
    piece: MidiPiece = read_midi_file(folder / "out.mid")
    given, drawn = piece.track_names.index("Player"), piece.track_names.index("cocomposer")
    rows = [[row[0] // FILE_TICKS, row[1] // FILE_TICKS, *row[2:]] for row in piece.notes.tolist()]
    return [row[:5] for row in rows if row[5] == given], [row[:5] for row in rows if row[5] == drawn]


def test_infill_leaves_both_sides_as_they_were(render: Run, left: Path, tmp_path: Path) -> None:
    right = tmp_path / "right.mid"
    right.write_bytes(midi_bytes([Part("b", [Note(n.onset_tick + 24, n.pitch + 7, 22, 90) for n in EIGHTHS])]))
    code, text, err = render(left, "--role", "infill", "--right", right, "--bars", 1, "--json")
    assert (code, err) == (0, "")
    given, drawn = parts(tmp_path)
    sides = [[n.onset_tick, n.end_tick, n.pitch, n.velocity, 0] for n in EIGHTHS]
    sides += [[n.onset_tick + 24 + 576, n.end_tick + 24 + 576, n.pitch + 7, 90, 0] for n in EIGHTHS]
    assert given == sides and drawn
    assert all(384 <= onset < 600 for onset, *_ in drawn)
    report = json.loads(text)
    assert (report["given_notes"], report["drawn_notes"], report["role"]) == (32, len(drawn), "infill")


def test_vary_by_nothing_is_the_phrase_again(render: Run, left: Path, tmp_path: Path) -> None:
    assert render(left, "--role", "vary", "--amount", 0)[0] == 0
    given, drawn = parts(tmp_path)
    assert [[onset - 384, *rest] for onset, _, *rest in drawn] == [[onset, *rest] for onset, _, *rest in given]
    assert render(left, "--role", "vary", "--amount", 1)[0] == 0
    _, other = parts(tmp_path)
    assert [row[0] for row in other] == [row[0] for row in drawn] and [r[2] for r in other] != [r[2] for r in drawn]


def test_drums_lie_under_the_phrase_on_channel_10(render: Run, left: Path, tmp_path: Path) -> None:
    code, text, _ = render(left, "--role", "drums")
    assert code == 0 and "drums, 16 notes given" in text
    given, drawn = parts(tmp_path)
    assert len(given) == 16 and drawn and {row[4] for row in drawn} == {9}
    assert all(0 <= row[0] < 384 and 35 <= row[2] <= 81 for row in drawn)


def test_chords_lie_under_the_phrase_on_their_channel(render: Run, left: Path, tmp_path: Path) -> None:
    """With the released network."""
    code, text, err = render(left, "--role", "harmonise", "--json")
    assert (code, err) == (0, "") and json.loads(text)["role"] == "harmonise"
    given, drawn = parts(tmp_path)
    assert len(given) == 16 and drawn and {row[4] for row in drawn} == {1}
    assert all(0 <= row[0] < row[1] <= 384 and row[2] < 72 for row in drawn) and min(row[0] for row in drawn) == 0
    tones = {row[2] % 12 for row in drawn if row[0] == 0}
    assert len(tones) >= 3 and tones <= {0, 2, 4, 5, 7, 9, 11}, "a chord of the phrase's key"


def test_what_cannot_be_is_said_in_one_sentence(render: Run, left: Path) -> None:
    for words, sentence in (
        (("--role", "infill"), "needs --right"),
        (("--role", "drums", "--right", left), "needs --right"),
        (("--role", "vary", "--amount", 2), "from 0 (the same) to 1"),
        (("--role", "infill", "--right", "none.mid"), "does not exist"),
    ):
        code, text, err = render(left, *words)
        assert code != 0 and text == "" and err.count("\n") == 1 and sentence in err


def test_what_needs_a_beat_says_how_to_give_it_one(render: Run, tmp_path: Path) -> None:
    """The waltz was played freely, but in the tempo that its file tells."""
    for role in ("drums", "harmonise"):
        code, text, err = render(phrases()["waltz"], "--role", role)
        assert (code, text) == (2, "") and err.endswith("say --beat file if the tempo in the file is its own.\n")
        code, text, err = render(phrases()["waltz"], "--role", role, "--beat", "file")
        assert (code, err) == (0, "") and f": {role}, " in text
        assert parts(tmp_path)[1]
    assert render(phrases()["waltz"], "--role", "accompany:chords", "--beat", "file")[0] == 0
