"""`cocomposer chords` as a user has it: what is heard, voiced and exported, and one sentence for each thing wrong."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import mido
import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.commands import chord_suggestions
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.progressions.foretelling import ChordScores
from cocomposer.harmony.progressions.suggesting import Context, Options, Suggestion, suggest
from cocomposer.harmony.progressions.vocabulary import TOKENS, token_of
from cocomposer.harmony.voicing.motion import parallels
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.music.note import Note

Run = Callable[..., tuple[int, str, str]]
PROGRESSION = "| Am | F | C | G |"


def one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.strip().endswith(".") and "Traceback" not in text


@pytest.fixture
def played(cocomposer: Run, tmp_path: Path) -> Path:
    """A progression, voiced by the program itself."""
    assert cocomposer("chords", "voice", PROGRESSION, "--tempo", 96, "-o", tmp_path / "played.mid")[0] == 0
    return tmp_path / "played.mid"


def test_what_is_voiced_is_heard_again(cocomposer: Run, played: Path) -> None:
    code, text, err = cocomposer("chords", "detect", played, "--json")
    assert (code, err) == (0, "")
    found = json.loads(text)
    assert [(chord["symbol"], chord["start"], chord["beats"]) for chord in found["chords"]] == [
        ("Am", 0, 4), ("F", 4, 4), ("C", 8, 4), ("G", 12, 4),
    ]  # fmt: skip
    assert found["key"] in {"A minor", "C major"} and 0 < found["key_confidence"] <= 1
    assert (found["meter"], found["bpm"], found["title"]) == ([4, 4], 96, "played")
    code, text, _ = cocomposer("chords", "detect", played, "--key", "C major")
    assert code == 0 and text.splitlines()[0] == f"{played}: C major, 4/4, 96 BPM."
    assert [line.split() for line in text.splitlines()[1:]] == [
        ["1.1", "Am", "vi", "4"], ["2.1", "F", "IV", "4"], ["3.1", "C", "I", "4"], ["4.1", "G", "V", "4"],
    ]  # fmt: skip


def test_a_modulation_is_told_and_each_chord_is_named_in_its_key(
    cocomposer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight bars of C major, eight of E major: their notes together are those of neither."""
    monkeypatch.setattr(chord_suggestions, "open_network", lambda _: LikesG())
    song = tmp_path / "song.mid"
    assert cocomposer("chords", "voice", "C Am F G C Dm G C E C#m A B E F#m B E", "--key", "C", "-o", song)[0] == 0
    code, text, err = cocomposer("chords", "detect", song, "--json")
    assert (code, err) == (0, "")
    found = json.loads(text)
    assert [(key["start"], key["beats"], key["key"]) for key in found["keys"]] == [
        (0, 32, "C major"),
        (32, 32, "E major"),
    ]
    assert found["key"] == "C major" and found["key_confidence"] == found["keys"][0]["confidence"] > 0.5
    numerals = "I vi IV V I ii V I I vi IV V I ii V I".split()
    assert [chord["numeral"] for chord in found["chords"]] == numerals
    assert [chord["symbol"] for chord in found["chords"]][9] == "C#m"
    lines = cocomposer("chords", "detect", song)[1].splitlines()
    assert lines[1].startswith("Its keys: C major from 1.1 (") and ", E major from 9.1 (" in lines[1]
    assert [line.split()[2] for line in lines[2:]] == numerals
    after = json.loads(cocomposer("chords", "suggest", song, "--json")[1])
    assert (after["key"], after["key_confidence"]) == ("E major", found["keys"][1]["confidence"])
    assert "A" in [one["symbol"] for one in after["suggestions"]], "the network's next chord, in the key at the end"
    asked = json.loads(cocomposer("chords", "detect", song, "--key", "C", "--json")[1])
    assert (asked["key"], asked["keys"], asked["chords"][8]["numeral"]) == ("C major", [], "III")


def test_voice_plays_a_style_in_a_rhythm(cocomposer: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    words = ["Dm7 G7 | Cmaj7", "--style", "drop-2", "--pattern", "bossa", "--key", "C major", "-o", out, "--json"]
    code, text, err = cocomposer("chords", "voice", *words)
    assert (code, err) == (0, "")
    found = json.loads(text)
    assert [chord["numeral"] for chord in found["chords"]] == ["ii7", "V7", "Imaj7"]
    assert [len(chord["pitches"]) for chord in found["chords"]] == [4, 4, 4]
    piece = read_midi_file(out)
    assert len(piece.notes) == found["notes"] and [text for _, text in piece.markers] == ["Dm7", "G7", "Cmaj7"]
    sounding = {pitch % 12 for chord in found["chords"] for pitch in chord["pitches"]}
    # The pattern's left hand also has fifths.
    assert sounding <= {pitch % 12 for pitch in piece.notes[:, 2].tolist()}
    assert cocomposer("chords", "voice", "N.C. | Am7", "--voices", 3, "--style", "shell")[1].split() == [
        "1.1", "N.C.", "4", "2.1", "Am7", "4", "A2", "G3", "C4",
    ]  # fmt: skip


def test_every_format(cocomposer: Run, tmp_path: Path) -> None:
    """Printed, or into the file whose ending says the format."""
    words: list[object] = ["chords", "export", PROGRESSION, "--key", "A minor", "--title", "Tune", "--tempo", 90]
    assert cocomposer(*words)[1] == "Tune\nA minor, 4/4, 90 BPM\n\n| Am | F | C | G |\n"
    assert "| i | VI | III | VII |" in cocomposer(*words, "--names", "roman")[1]
    assert "{key: Am}" in cocomposer(*words, "--format", "chordpro")[1]
    link = cocomposer(*words, "--format", "ireal")[1]
    assert unquote(link) == "irealbook://Tune=cocomposer=Medium Swing=A-=n=[T44A-   |F   |C   |G   Z\n"
    assert json.loads(cocomposer(*words, "--format", "json")[1])["chords"][1]["symbol"] == "F"
    for ending in ("mid", "musicxml", "cho", "txt", "ireal.txt", "json"):
        out = tmp_path / f"out.{ending}"
        code, text, err = cocomposer(*words, "-o", out)
        assert (code, err) == (0, "") and text.startswith(f"{out}: 4 chords as ")
    assert (tmp_path / "out.ireal.txt").read_text() == link
    score = ElementTree.parse(tmp_path / "out.musicxml").getroot()
    assert [kind.get("text", "") for kind in score.iter("kind")] == ["m", "", "", ""]
    assert len(read_midi_file(tmp_path / "out.mid").notes) == 12
    voiced = [*words, "-o", tmp_path / "out.mid", "--style", "shell", "--pattern", "quarters"]
    assert cocomposer(*voiced)[0] == 0 and len(read_midi_file(tmp_path / "out.mid").notes) > 12
    report = json.loads(cocomposer(*words, "--format", "chart", "--json")[1])
    assert report["format"] == "chart" and report["text"].startswith("Tune\n") and report["faults"] == []
    again = cocomposer("chords", "export", tmp_path / "out.json")[1]
    assert again == cocomposer(*words)[1]


def test_a_file_with_a_melody_becomes_a_lead_sheet(cocomposer: Run, tmp_path: Path) -> None:
    song = tmp_path / "song.mid"
    chords = [Note(192 * bar, pitch, 192, 70) for bar, root in enumerate((57, 53, 48, 55)) for pitch in
              (root - 12, root, root + (3 if bar == 0 else 4), root + 7)]  # fmt: skip
    melody = [Note(48 * beat, 72 + (0, 2, 4, 5)[beat % 4], 48, 90) for beat in range(16)]
    drums = [Note(48 * beat, 38, 12, 100, 9) for beat in range(16)]
    song.write_bytes(midi_bytes([Part("Piano", chords), Part("Lead", melody), Part("Drums", drums)]))
    out = tmp_path / "song.musicxml"
    assert cocomposer("chords", "export", song, "-o", out)[0] == 0
    score = ElementTree.parse(out).getroot()
    assert len(list(score.iter("measure"))) == 4 and len(list(score.iter("step"))) == 16
    assert score.findtext("work/work-title") == "song"
    assert cocomposer("chords", "export", song, "-o", out, "--melody", "none")[0] == 0
    assert not list(ElementTree.parse(out).getroot().iter("step"))
    assert cocomposer("chords", "export", song, "-o", out, "--melody", "piano")[0] == 0
    code, text, err = cocomposer("chords", "export", song, "-o", out, "--melody", "Oboe")
    assert (code, text) == (2, "") and one_sentence(err) and "2 Piano, 3 Lead" in err


def test_register_hand_span_and_the_strict_style(cocomposer: Run) -> None:
    def found(*more: object) -> list[Voicing]:
        code, text, err = cocomposer("chords", "voice", "C Dm Em F G", "--key", "C major", "--json", *more)
        assert (code, err) == (0, "")
        told = json.loads(text)["chords"]
        return [Voicing(Chord(0), tuple(chord["pitches"]), len(chord["left_hand"])) for chord in told]

    high = found("--style", "drop-2", "--lowest", 60, "--highest", 79)
    assert all(min(one.pitches) >= 60 and max(one.pitches) <= 79 for one in high)
    for span in (12, 16):
        hands = [
            hand for one in found("--style", "open", "--hand-span", span) for hand in (one.left_hand, one.right_hand)
        ]
        assert all(max(hand) - min(hand) <= span for hand in hands if hand)
    free, strict = (
        sum(parallels(*pair) for pair in pairwise(found("--style", "drop-2", *more))) for more in ((), ("--strict",))
    )
    assert free > 0 and strict == 0


def test_what_is_no_chord_is_named_and_the_rest_kept(cocomposer: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    code, text, err = cocomposer("chords", "voice", "Am Cmj9x | G7/H F", "-o", out, "--json")
    assert code == 2 and err.count("\n") == 2
    first, second = err.splitlines()
    assert first.startswith("Column 4: 'Cmj9x'") and "did you mean Cmaj9" in first
    assert second.startswith("Column 12: 'G7/H'") and "G7/B" in second
    found = json.loads(text)
    assert [(fault["column"], fault["nearest"][0]) for fault in found["faults"]] == [(4, "Cmaj9"), (12, "G7/B")]
    assert [text for _, text in read_midi_file(out).markers] == ["Am", "X", "X", "F"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", "Quux"], "'Quux'"),
        (["export", ""], "no chord"),
        (["export", " | "], "no chord"),
        (["export", "N.C."], "no chord"),
        (["export", "C", "--key", "H major"], "names no key"),
        (["export", "C", "--meter", "4"], "no metre"),
        (["export", "C", "--meter", "4/0"], "no metre"),
        (["export", "C", "--tempo", "0"], "tempo"),
        (["export", "C", "--tempo", "nan"], "tempo"),
        (["export", "C", "--format", "midi"], "-o OUT.mid"),
        (["export", "C", "--style", "open"], "Only a MIDI file"),
        (["export", "C", "--format", "json", "--names", "jazz"], "Only a chart"),
        (["export", "C G*1.5 F", "--format", "ireal"], "bar"),
        (["export", "C*1024 " * 40], "bars"),
        (["voice", "C", "--style", "shell", "--voices", "5"], "voices"),
        (["voice", "C", "--hand-span", "0"], "hand"),
        (["voice", "C", "--lowest", "60", "--highest", "60"], "register"),
        (["voice", "C", "--lowest", "60", "--highest", "61"], "voic"),
        (["export", "C", "--hand-span", "9"], "--hand-span"),
        (["export", "C", "--strict", "--format", "json"], "--strict"),
        (["export", "C", "-o", "out.pdf"], ".musicxml"),
        (["voice", "C", "--meter", "3/4", "--pattern", "bossa"], "waltz"),
    ],
)
def test_a_wrong_line_is_refused_in_one_sentence(cocomposer: Run, words: list[str], says: str) -> None:
    code, text, err = cocomposer("chords", *words)
    assert (code, text) == (2, "") and one_sentence(err) and says in err, err


def test_files_that_have_no_chords_say_so(cocomposer: Run, tmp_path: Path) -> None:
    def refused(path: Path, *words: str) -> str:
        code, text, err = cocomposer("chords", *(words or ("detect",)), path)
        assert (code, text) == (1, "") and one_sentence(err) and path.name in err, err
        return err

    path = tmp_path / "song.mid"
    assert "does not exist" in refused(path)
    path.write_bytes(b"")
    assert "empty" in refused(path)
    path.write_bytes(midi_bytes([Part("Drums", [Note(0, 38, 12, 100, 9)])]))
    assert "only drums" in refused(path) and "only drums" in refused(path, "voice")
    path.write_bytes(midi_bytes([Part("P", [Note(0, 60, 48, 100)])]))
    assert "no chords" in refused(path, "export")
    empty = tmp_path / "song.json"
    assert "cannot be read" in refused(empty, "export")
    empty.write_text("{}")
    assert "no file of chords" in refused(empty, "export")
    empty.write_text('{"format": "cocomposer chords", "version": 1, "chords": []}')
    assert "no chord in it" in refused(empty, "voice")


def test_a_file_that_lies_on_no_beats_is_rounded_and_says_so(cocomposer: Run, tmp_path: Path) -> None:
    song = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    song.tracks.append(track)
    for number, root in enumerate((57, 53, 48, 55)):
        for index, above in enumerate((0, 4 if number else 3, 7)):
            wait = 131 if index == 0 and number else 0
            track.append(mido.Message("note_on", note=root + above, velocity=80, time=wait))
        for index, above in enumerate((0, 4 if number else 3, 7)):
            wait = 900 if index == 0 else 0
            track.append(mido.Message("note_off", note=root + above, velocity=0, time=wait))
    song.save(tmp_path / "free.mid")
    code, text, err = cocomposer("chords", "detect", tmp_path / "free.mid", "--json")
    assert code == 0 and one_sentence(err) and "do not lie on its beats" in err
    found = json.loads(text)
    assert [chord["symbol"] for chord in found["chords"] if chord["symbol"] != "N.C."] == ["Am", "F", "C", "G"]
    assert all(isinstance(chord["start"], int) for chord in found["chords"])


FOURTHS = ("F", "Fmaj7", "Fm", "Fm7")


class LikesG:
    """A network to which G major (of C major) is likeliest, then F, and all others alike; it knows no memory."""

    def scores(self, inputs: Mapping[str, NDArray[np.int64]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        songs, places = inputs["before"].shape
        scores = np.full((1, songs, places, TOKENS), np.log(0.2 / (TOKENS - 2)), np.float32)
        scores[..., token_of(Chord(7), 0)] = np.log(0.5)
        scores[..., token_of(Chord(5), 0)] = np.log(0.3)
        return scores, np.full((1, len(inputs["tokens"])), -30, np.float32)


def test_suggestions_are_ranked_and_reasoned(cocomposer: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chord_suggestions, "open_network", lambda _: LikesG())
    words = ["chords", "suggest", "Am F Dm | C", "--key", "C major"]
    code, text, err = cocomposer(*words, "--top", 4, "--json")
    assert (code, err) == (0, "")
    found = json.loads(text)
    assert found["key"] == "C major" and len(found["suggestions"]) == 4
    first, second = found["suggestions"][:2]
    assert (first["symbol"], first["numeral"], first["function"]) == ("G", "V", "dominant")
    assert (second["symbol"], second["numeral"]) == ("F", "IV") and all(one["reason"] for one in found["suggestions"])
    assert first["probability"] == pytest.approx(0.5, abs=0.01) and first["remembered"] < 0.01
    lines = cocomposer(*words)[1].splitlines()
    assert len(lines) == 6 and lines[0].split()[:3] == ["G", "V", "50.0%"]
    assert cocomposer(*words, "--before", "Am", "--like", "pop", "--surprise", 0.5)[0] == 0
    assert cocomposer(*words, "--style", "pop")[1] == cocomposer(*words, "--like", "pop")[1]


def test_what_is_no_chord_is_in_the_report_of_suggestions(cocomposer: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chord_suggestions, "open_network", lambda _: LikesG())
    code, text, err = cocomposer("chords", "suggest", "Am Cmj9x F", "--json")
    assert code == 2 and err.count("\n") == 1
    found = json.loads(text)
    assert [(fault["column"], fault["nearest"][0]) for fault in found["faults"]] == [(4, "Cmaj9")]
    assert found["notes_to_user"] == [] and 0 < found["key_confidence"] <= 1 and len(found["suggestions"]) == 6


def test_what_must_follow_speaks_for_the_key_too(cocomposer: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Am F might be of F major, Am F … G not."""
    monkeypatch.setattr(chord_suggestions, "open_network", lambda _: LikesG())
    alone, followed = (
        json.loads(cocomposer("chords", "suggest", "Am F", "--json", *more)[1]) for more in ((), ("--before", "G"))
    )
    assert alone["key"] != followed["key"] == "C major"
    assert alone["key_confidence"] != followed["key_confidence"]
    asked = json.loads(cocomposer("chords", "suggest", "Am F", "--json", "--before", "G", "--key", "F")[1])
    assert (asked["key"], asked["key_confidence"]) == ("F major", None)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("C", "C major"), ("Am", "A minor"), ("bb", "Bb major"), ("F#-", "F# minor"), ("E♭ min", "Eb minor"),
     ("GM", "G major"), ("c# minor", "C# minor"), ("Dbmaj", "Db major")],
)  # fmt: skip
def test_a_key_is_typed_as_musicians_write_it(cocomposer: Run, typed: str, key: str) -> None:
    assert json.loads(cocomposer("chords", "voice", "C", "--key", typed, "--json")[1])["key"] == key


def test_a_gap_is_filled_and_a_cadence_ends(cocomposer: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chord_suggestions, "open_network", lambda _: LikesG())
    words = ["chords", "suggest", "Am F", "--key", "C major"]
    code, text, err = cocomposer(*words, "--before", "C", "--gap", 3, "--json")
    assert (code, err) == (0, "")
    lines = json.loads(text)["lines"]
    assert lines and all(len(line["symbols"]) == len(line["numerals"]) == 3 for line in lines)
    assert all(line["symbols"][-1] != "C" for line in lines)
    assert [line["probability"] for line in lines] == sorted((line["probability"] for line in lines), reverse=True)
    ended = json.loads(cocomposer(*words, "--ending", "plagal", "--json")[1])["lines"]
    assert {tuple(line["symbols"]) for line in ended} <= {(a, b) for a in FOURTHS for b in ("C", "Cmaj7")}
    first = cocomposer(*words, "--ending", "plagal", "--top", 1)[1].splitlines()
    assert len(first) == 1 and first[0].split()[:2] == ended[0]["symbols"] and first[0].endswith("%")
    assert json.loads(cocomposer(*words, "--json")[1])["lines"] == []


def test_sections_are_told_to_the_model_and_shown(cocomposer: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "[Verse] Am F | C G | [Chorus] F"
    heard: list[tuple[float, ...]] = []

    def suggested(context: Context, network: ChordScores, options: Options) -> list[Suggestion]:
        heard.append(context.sections)
        return suggest(context, network, options)

    monkeypatch.setattr(chord_suggestions, "open_network", lambda _: LikesG())
    monkeypatch.setattr(chord_suggestions, "suggest", suggested)
    assert cocomposer("chords", "suggest", line)[0] == 0 and heard == [(0.0, 8.0)]
    code, text, err = cocomposer("chords", "voice", line, "--key", "C major", "--json")
    assert (code, err) == (0, "")
    assert [chord["section"] for chord in json.loads(text)["chords"]] == ["Verse", None, None, None, "Chorus"]
    lines = cocomposer("chords", "voice", line, "--key", "C major")[1].splitlines()
    assert lines[0].startswith("[Verse]   1.1  Am") and lines[4].startswith("[Chorus]  3.1  F")
    assert lines[1].split()[0] == "1.3"
    code, text, err = cocomposer("chords", "export", "[Verse Am F [] C")
    assert (code, err.count("\n")) == (2, 2) and text.endswith("| Am | F | C |\n")
    assert err.startswith("Column 1: '[Verse' has no bracket at its end") and "\nColumn 13: '[]'" in err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--top", "0"], 2, "--top"),
        (["--surprise", "2"], 2, "--surprise"),
        (["--before", "Quux"], 2, "'Quux'"),
        (["--before", "N.C."], 2, "--before"),
        (["--gap", "0"], 2, "--gap"),
        (["--gap", "99"], 2, "--gap"),
        (["--chord-model", "no-such-folder"], 1, "no next-chord model"),
    ],
)
def test_suggestions_that_cannot_be_made(cocomposer: Run, words: list[str], code: int, says: str) -> None:
    found, text, err = cocomposer("chords", "suggest", "Am F", *words)
    assert (found, text) == (code, "") and one_sentence(err) and says in err


def test_music21_is_not_imported() -> None:
    """Neither when the program and its window start nor by any command of chords but where it is needed."""
    program = (
        "import sys, cocomposer.__main__ as program; program.parser(); import ui.application; "
        "program.main(['chords', 'export', 'Am F', '--format', 'musicxml', '--json']); "
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'music21'))"
    )
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", program], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr[-2000:]
    assert "music21" not in done.stderr and "msgspec" in done.stderr
