"""`cocomposer chords harmonise` as a user has it: what is printed and saved, and one sentence for each thing wrong."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import mido
import music21
import pytest

from cocomposer.adapters.chord_model import OnnxChordNetwork
from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.adapters.places import models_folder
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.harmony.harmonising.harmonising import harmonise
from cocomposer.harmony.harmonising.slots import bars_of_meter
from cocomposer.harmony.progressions.inputs import fingerprint
from cocomposer.music.note import Note
from tests.export.musescore import needs_musescore, opened_file

Run = Callable[..., tuple[int, str, str]]

TUNE = (60, 64, 67, 64, 65, 69, 72, 69, 67, 71, 74, 71, 72, 67, 64, 60)


BLOCKS = ((45, 52, 57), (50, 53, 57), (52, 55, 59), (45, 52, 60))
"""Am (its third in the melody), Dm, Em and Am."""


def notes(pitches: tuple[int, ...] = TUNE, ticks: int = 48) -> list[Note]:
    return [Note(ticks * number, pitch, ticks, 90) for number, pitch in enumerate(pitches)]


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """Four bars whose chords nobody doubts."""
    (tmp_path / "tune.mid").write_bytes(midi_bytes([Part("Tune", notes())], tempos=[(0, 96)]))
    return tmp_path / "tune.mid"


def one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.strip().endswith(".") and "Traceback" not in text


def test_a_melody_gets_chords(cocomposer: Run, tune: Path, tmp_path: Path) -> None:
    """With the released network."""
    code, text, err = cocomposer("chords", "harmonise", tune, "--per", "bar", "--json", "-o", tmp_path / "out.mid")
    assert (code, err) == (0, "")
    found = json.loads(text)
    (one,) = found["harmonisations"]
    assert one["key"] == "C major" and one["bpm"] == 96 and one["key_confidence"] > 0.5
    assert one["chord_tones"] > 0.8 and one["differs"] is None
    assert [chord["symbol"][0] for chord in one["chords"]] == ["C", "F", "G", "C"]
    piece = read_midi_file(tmp_path / "out.mid")
    assert piece.track_names[-2:] == ("Melody", "Chords")
    melody = [row[2] for row in piece.notes.tolist() if piece.track_names[row[5]] == "Melody"]
    assert tuple(melody) == TUNE
    assert [text for _, text in piece.markers] == [chord["symbol"] for chord in one["chords"]]


def test_what_is_printed_and_the_lead_sheet(cocomposer: Run, tune: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.musicxml"
    code, text, err = cocomposer("chords", "harmonise", tune, "--key", "C major", "--top", 3, "-o", out)
    assert (code, err) == (0, "")
    heads = [line for line in text.splitlines() if line[1:2] == ":"]
    assert len(heads) == 3 and all(line.startswith(f"{n}: C major, ") for n, line in enumerate(heads, 1))
    assert text.splitlines()[-1].startswith(f"{out}: ")
    score = ElementTree.parse(out).getroot()
    assert len(list(score.iter("step"))) == 16 and len(list(score.iter("harmony"))) >= 3


def test_chords_are_kept_and_the_close_is_as_asked(cocomposer: Run, tune: Path) -> None:
    words = ["chords", "harmonise", tune, "--json", "--key", "C major"]
    found = json.loads(cocomposer(*words, "--keep", "2:Dm9", "--keep", "3.3:Ab7", "--ending", "deceptive")[1])
    chords = {chord["start"]: chord for chord in found["harmonisations"][0]["chords"]}
    assert (chords[4]["symbol"], chords[4]["beats"]) == ("Dm9", 4)
    assert chords[10]["symbol"] == "Ab7"
    assert list(chords.values())[-1]["symbol"] in {"Am", "Am7"}


def test_a_melody_is_reharmonised(cocomposer: Run, tune: Path) -> None:
    words = ["chords", "harmonise", tune, "--json", "--chords", "C | F | G | C"]
    near, far = (json.loads(cocomposer(*words, "--away", away)[1])["harmonisations"][0] for away in (0, 1))
    assert near["differs"] < far["differs"] and far["differs"] > 0.6
    code, text, err = cocomposer(*words[:4], "--chords", "C | Quux | G | C", "--away", 1)
    assert code == 2 and "'Quux'" in err and one_sentence(err)
    assert [fault["text"] for fault in json.loads(text)["faults"]] == ["Quux"]


def test_without_chords_it_goes_away_from_what_sounds(cocomposer: Run, tune: Path, tmp_path: Path) -> None:
    """From the chords of the file; of a melody alone from what it is harmonised with otherwise."""
    blocks = [Note(192 * bar, pitch, 192, 70) for bar, triad in enumerate(BLOCKS) for pitch in triad]
    (tmp_path / "song.mid").write_bytes(midi_bytes([Part("Tune", notes()), Part("Chords", blocks)]))
    for path in (tmp_path / "song.mid", tune):
        words = ["chords", "harmonise", path, "--json", "--key", "C major", "--per", "bar"]
        plain, far = (json.loads(cocomposer(*words, *more)[1])["harmonisations"][0] for more in ([], ["--away", 1]))
        there, other = ([chord["symbol"] for chord in one["chords"]] for one in (plain, far))
        if path != tune:
            assert there == ["Am", "Dm", "Em", "Am"], "as they sound"
        assert plain["differs"] is None and far["differs"] > 0.6 and there != other


def test_the_lead_sheet_opens_in_music21(cocomposer: Run, tune: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.musicxml"
    assert cocomposer("chords", "harmonise", tune, "--per", "bar", "-o", out)[0] == 0
    written = [f"{harmony.findtext('root/root-step')}" for harmony in ElementTree.parse(out).iter("harmony")]
    assert written == ["C", "F", "G", "C"]
    score = music21.converter.parse(out)
    assert [note.pitch.midi for note in score.flatten().getElementsByClass(music21.note.Note)] == list(TUNE)
    symbols = score.flatten().getElementsByClass(music21.harmony.ChordSymbol)
    assert [(symbol.root().name, symbol.offset) for symbol in symbols] == [("C", 0), ("F", 4), ("G", 8), ("C", 12)]


@needs_musescore
def test_the_lead_sheet_opens_in_musescore(cocomposer: Run, tune: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.musicxml"
    assert cocomposer("chords", "harmonise", tune, "--per", "bar", "-o", out)[0] == 0
    shown = opened_file(out, tmp_path)
    assert len(list(shown.iter("Harmony"))) == 4 and len(list(shown.iter("Note"))) == 16


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--top", "0"], "--top"),
        (["--top", "99"], "--top"),
        (["--surprise", "2"], "--surprise"),
        (["--away", "nan"], "--away"),
        (["--key", "H"], "names no key"),
        (["--meter", "x"], "no metre"),
        (["--keep", "C"], "'C' keeps no chord"),
        (["--keep", "1:Quux"], "'Quux'"),
        (["--keep", "1:N.C."], "N.C."),
        (["--keep", "1.7:C"], "4 beats"),
        (["--keep", "99999:C"], "keeps no chord"),
        (["-o", "out.pdf"], "out.pdf says no format; choose one of .mid"),
        (["--tempo", "0"], "tempo"),
    ],
)
def test_a_wrong_line_is_refused_in_one_sentence(cocomposer: Run, tune: Path, words: list[str], says: str) -> None:
    code, text, err = cocomposer("chords", "harmonise", tune, *words)
    assert (code, text) == (2, "") and one_sentence(err) and says in err, err


def test_files_without_a_melody_say_so(cocomposer: Run, tune: Path, tmp_path: Path) -> None:
    path = tmp_path / "song.mid"

    def refused(says: str, *words: str) -> None:
        code, text, err = cocomposer("chords", "harmonise", path, *words)
        assert (code, text) == (1, "") and one_sentence(err) and says in err, err

    refused("does not exist")
    path.write_bytes(b"")
    refused("empty")
    path.write_bytes(b"MThd what is this")
    refused("song.mid")
    path.write_bytes(midi_bytes([Part("Nothing", [])]))
    refused("no notes")
    path.write_bytes(midi_bytes([Part("Drums", [Note(0, 38, 12, 100, 9)])]))
    refused("only drums")
    path.write_bytes(tune.read_bytes())
    refused("no next-chord model", "--chord-model", str(tmp_path))


def test_notes_off_the_beat_and_single_notes(cocomposer: Run, tmp_path: Path) -> None:
    path = tmp_path / "free.mid"
    path.write_bytes(midi_bytes([Part("P", [Note(53 * n + 7, pitch, 41, 90) for n, pitch in enumerate(TUNE)])]))
    code, _, err = cocomposer("chords", "harmonise", path)
    assert code == 0 and one_sentence(err) and "do not lie on its beats" in err
    path.write_bytes(midi_bytes([Part("P", [Note(0, 60, 48, 90)])]))
    code, text, err = cocomposer("chords", "harmonise", path)
    assert (code, err) == (0, "") and text.count("\n") >= 2


def test_thirty_two_bars_take_less_than_a_second() -> None:
    """Of processor time, so that other programs on this machine do not count."""
    network = OnnxChordNetwork(models_folder() / "chords", fingerprint())
    melody = notes(TUNE * 8)
    harmonise(melody, bars_of_meter(4, 4), network)
    begun = time.process_time()
    harmonise(melody, bars_of_meter(4, 4), network)
    assert time.process_time() - begun < 1.0


def test_an_upbeat_in_a_short_bar_of_its_own_stands_before_the_first_bar(cocomposer: Run, tmp_path: Path) -> None:
    """Notation programs write upbeats so; the bars are those of the metre that lasts longest."""
    path = tmp_path / "upbeat.mid"
    song = mido.MidiFile(ticks_per_beat=48)
    track = mido.MidiTrack()
    song.tracks.append(track)
    track.append(mido.MetaMessage("time_signature", numerator=1, denominator=4, time=0))
    for number, pitch in enumerate((67, *TUNE)):
        if number == 1:
            track.append(mido.MetaMessage("time_signature", numerator=4, denominator=4, time=0))
        track.append(mido.Message("note_on", note=pitch, velocity=90, time=0))
        track.append(mido.Message("note_off", note=pitch, velocity=0, time=48))
    song.save(path)
    code, text, err = cocomposer("chords", "harmonise", path, "--per", "bar", "--json")
    assert (code, err) == (0, "")
    found = json.loads(text)["harmonisations"][0]
    assert found["meter"] == [4, 4]
    assert [(chord["symbol"][0], chord["start"]) for chord in found["chords"]] == [
        ("N", 0), ("C", 4), ("F", 8), ("G", 12), ("C", 16),
    ]  # fmt: skip
    track.insert(-8, mido.MetaMessage("time_signature", numerator=3, denominator=4, time=0))
    song.save(path)
    code, _, err = cocomposer("chords", "harmonise", path)
    assert code == 0 and one_sentence(err) and "changes its metre" in err and "4/4" in err
