"""The headless front end as a user has it: what it prints, its exit codes, and one sentence for each thing wrong."""

import io
import json
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import mido
import msgspec
import pytest

from cocomposer.adapters.disk import SaveError
from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.adapters.phrases import phrases
from cocomposer.commands import jam
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.jam import inputs, outputs
from cocomposer.music.note import Note
from cocomposer.runtime.front_end import EngineGone, EngineProcess

Run = Callable[..., tuple[int, str, str]]


def one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.strip().endswith(".") and "Traceback" not in text


def chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack(">I", len(data)) + data


def file_of(kind: int, *tracks: bytes, division: int = 480) -> bytes:
    header = chunk(b"MThd", struct.pack(">HHH", kind, len(tracks), division))
    return header + b"".join(chunk(b"MTrk", track) for track in tracks)


END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x60\x80\x3c\x40"
GOOD = midi_bytes([Part("Player", [Note(24 * n, 60 + n, 20, 80) for n in range(8)])], tempos=[(0, 120.0)])


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    (tmp_path / "seed.mid").write_bytes(GOOD)
    return tmp_path / "seed.mid"


def test_render_answers_a_file_and_says_what_it_did(cocomposer: Run, seed: Path, tiny_bundle: Path) -> None:
    out = seed.parent / "out.mid"
    words: list[object] = ["render", seed, "-o", out, "--bars", 2, "--seed", 3, "--json"]
    words += ["--bundle", tiny_bundle, "--provider", "cpu"]
    code, text, err = cocomposer(*words)
    assert (code, err) == (0, "")
    report = json.loads(text)
    assert report["phrase_notes"] == 8 and report["answer_notes"] > 0 and report["seed"] == 3
    piece = read_midi_file(out)
    assert len(piece.notes) == report["phrase_notes"] + report["answer_notes"]
    first = out.read_bytes()
    assert cocomposer(*words)[0] == 0 and out.read_bytes() == first
    words[words.index("--seed") + 1] = 4
    assert cocomposer(*words)[0] == 0 and out.read_bytes() != first


def test_render_says_it_to_people_too(cocomposer: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    code, text, _ = cocomposer("render", phrases()["waltz"], "-o", tmp_path / "out.mid", "--bundle", tiny_bundle)
    assert code == 0 and "notes heard" in text and text.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(GOOD[:40], "", id="truncated"),
        pytest.param(b"RIFF" + bytes(100), "", id="no MIDI file"),
        pytest.param(file_of(0, END), "no notes", id="no notes"),
        pytest.param(file_of(2, NOTE + END, NOTE + END), "type 2", id="type 2"),
        pytest.param(file_of(0, b"\x00\xff\x51\x03\x00\x00\x00" + NOTE + END), "tempo", id="tempo of zero"),
        pytest.param(file_of(0, (NOTE * 1_000_100) + END), "notes", id="a million notes"),
    ],
)
def test_render_refuses_bad_files_in_one_sentence(
    cocomposer: Run, tmp_path: Path, tiny_bundle: Path, content: bytes, says: str
) -> None:
    bad, out = tmp_path / "bad.mid", tmp_path / "out.mid"
    bad.write_bytes(content)
    code, text, err = cocomposer("render", bad, "-o", out, "--bundle", tiny_bundle, "--provider", "cpu")
    assert (code, text) == (1, "") and one_sentence(err), err
    assert says in err and not out.exists()


def test_render_needs_a_file_that_is_there_and_a_place_to_save(cocomposer: Run, seed: Path, tiny_bundle: Path) -> None:
    code, _, err = cocomposer("render", seed.parent / "none.mid", "-o", "x.mid", "--bundle", tiny_bundle)
    assert code == 1 and one_sentence(err) and "none.mid" in err
    nowhere = seed.parent / "nowhere" / "out.mid"
    code, _, err = cocomposer("render", seed, "-o", nowhere, "--bundle", tiny_bundle, "--provider", "cpu")
    assert code == 1 and one_sentence(err) and "folder does not exist" in err


@pytest.mark.parametrize(
    "words",
    [
        ["--set", "creativity=9"],
        ["--set", "nonsense=1"],
        ["--set", "creativity"],
        ["--creativity", "7"],
        ["--bars", "0"],
        ["--seed", "-1"],
        ["--tempo", "5"],
        ["--set", "style=polka"],
        ["--set", "lowest_pitch=90", "--set", "highest_pitch=30"],
        ["--endless"],
    ],
)
@pytest.mark.parametrize("command", ["render", "demo"])
def test_a_setting_out_of_range_is_a_wrong_line(cocomposer: Run, seed: Path, command: str, words: list[str]) -> None:
    line = ["render", seed, "-o", seed.parent / "out.mid"] if command == "render" else ["demo"]
    code, text, err = cocomposer(*line, *words)
    assert (code, text) == (2, "") and one_sentence(err), err


def damaged(folder: Path, tiny_bundle: Path, what: str) -> Path:
    """A copy of the bundle with one thing wrong."""
    folder.mkdir()
    for file in tiny_bundle.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    description = json.loads((folder / "bundle.json").read_text())
    match what:
        case "file":
            (folder / "head_pitch.onnx").unlink()
        case "hash":
            with (folder / "backbone.onnx").open("ab") as stream:
                stream.write(b"!")
        case "unlisted":
            del description["files"]["head_pitch.onnx"]
        case "vocabulary":
            description["vocabulary"] = "0" * 64
        case "format":
            description = {"format": 99, "all": "new"}
        case "description":
            (folder / "bundle.json").write_text("{")
            return folder
        case "none":
            (folder / "bundle.json").unlink()
            return folder
    (folder / "bundle.json").write_text(json.dumps(description))
    return folder


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("file", "lacks its file head_pitch.onnx"),
        ("hash", "damaged"),
        ("unlisted", "does not list the file head_pitch.onnx"),
        ("vocabulary", "another event vocabulary"),
        ("format", "newer bundle format 99"),
        ("description", "cannot be read"),
        ("none", "no model bundle"),
    ],
)
def test_a_bundle_that_cannot_be_used_is_one_sentence(
    cocomposer: Run, seed: Path, tiny_bundle: Path, what: str, says: str
) -> None:
    bundle = damaged(seed.parent / "bundle", tiny_bundle, what)
    code, text, err = cocomposer("render", seed, "-o", seed.parent / "o.mid", "--bundle", bundle, "--provider", "cpu")
    assert (code, text) == (1, "") and one_sentence(err) and says in err, err


@pytest.mark.parametrize("command", [["jam", "--midi", "virtual", "--seconds", "30"], ["demo"]])
def test_live_commands_end_at_once_without_a_model(cocomposer: Run, tmp_path: Path, command: list[str]) -> None:
    code, _, err = cocomposer(*command, "--bundle", tmp_path)
    assert code == 1 and one_sentence(err) and "no model bundle" in err


def test_a_provider_that_is_not_here_is_one_sentence(cocomposer: Run, seed: Path, tiny_bundle: Path) -> None:
    code, _, err = cocomposer(
        "render", seed, "-o", seed.parent / "o.mid", "--bundle", tiny_bundle, "--provider", "coreml"
    )
    assert code == 1 and one_sentence(err) and "coreml" in err


def test_the_demo_plays_answers_and_saves(cocomposer: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    phrase, out = tmp_path / "short.mid", tmp_path / "demo.mid"
    phrase.write_bytes(midi_bytes([Part("P", [Note(12 * n, 60 + n, 10, 80) for n in range(6)])], tempos=[(0, 120.0)]))
    code, text, err = cocomposer(
        "demo", "--phrase", phrase, "-o", out, "--bundle", tiny_bundle, "--provider", "cpu", "--json"
    )
    assert (code, err) == (0, "")
    report = json.loads(text)
    assert report["phrase_notes"] == 6 and report["answer_notes"] > 0 and report["hanging_notes"] == 0
    assert 0 < report["gap_seconds"] < 5
    assert len([m for m in mido.MidiFile(out) if m.type == "note_on" and m.velocity]) == 6 + report["answer_notes"]


def test_the_demo_knows_its_phrases(cocomposer: Run, tmp_path: Path, tiny_bundle: Path) -> None:
    code, _, err = cocomposer("demo", "--phrase", "polka", "--bundle", tiny_bundle)
    assert code == 1 and one_sentence(err) and "polka" in err and ", ".join(phrases()) in err
    assert {"waltz", "hymn"} <= set(phrases())


def test_a_demo_that_leaves_a_note_hanging_has_failed(
    cocomposer: Run, tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cocomposer.commands.demo.NOTE_OFF", 0)  # the listener hears no end
    phrase = tmp_path / "short.mid"
    phrase.write_bytes(midi_bytes([Part("P", [Note(12 * n, 60 + n, 10, 80) for n in range(6)])], tempos=[(0, 120.0)]))
    words: list[object] = ["demo", "--phrase", phrase, "-o", tmp_path / "demo.mid", "--bundle", tiny_bundle]
    code, text, err = cocomposer(*words, "--provider", "cpu", "--json")
    assert json.loads(text)["hanging_notes"] > 0
    assert code == 1 and one_sentence(err) and "not ended" in err


def test_render_says_that_it_hears_only_the_beginning_of_a_long_file(
    cocomposer: Run, tmp_path: Path, tiny_bundle: Path
) -> None:
    long, minutes = tmp_path / "long.mid", 11
    notes = [Note(0, 60, 20, 80), Note(24, 62, 20, 80), Note(minutes * 120 * 48, 64, 20, 80)]
    long.write_bytes(midi_bytes([Part("P", notes)], tempos=[(0, 120.0)]))
    words: list[object] = ["render", long, "-o", tmp_path / "out.mid", "--bars", 1, "--bundle", tiny_bundle]
    code, text, err = cocomposer(*words, "--provider", "cpu", "--json")
    assert code == 0 and json.loads(text)["phrase_notes"] == 2
    assert one_sentence(err) and "only its beginning was heard" in err


def test_a_folder_for_takes_that_is_a_file_is_refused(cocomposer: Run, seed: Path, tiny_bundle: Path) -> None:
    code, text, err = cocomposer("jam", "--midi", "virtual", "--bundle", tiny_bundle, "--takes", seed)
    assert (code, text) == (1, "") and one_sentence(err) and "seed.mid" in err and "folder" in err


TAKE = outputs.Take(1, (Note(0, 60, 20, 80),), (Note(48, 64, 20, 80),), 120.0, False, 0, 4, 1, False)


def test_a_take_that_cannot_be_saved_is_kept_and_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "takes"
    takes = jam._Takes(folder)
    takes.keep(TAKE)
    assert one_sentence(capsys.readouterr().err)
    assert takes.save() == 1
    capsys.readouterr()
    folder.mkdir()
    takes.keep(msgspec.structs.replace(TAKE, turn=2))
    assert capsys.readouterr().err == "" and takes.save() == 0
    assert sorted(path.name[-5] for path in folder.iterdir()) == ["1", "2"]


class ToldEngine:
    def __init__(self, *news: object) -> None:
        self.to_tell, self.said = list(news), list[object]()

    def news(self, _: float) -> object:
        if not self.to_tell:
            raise EngineGone("The end.")
        return self.to_tell.pop(0)

    def send(self, command: object) -> None:
        self.said.append(command)

    def close(self) -> None:
        pass


def test_takes_that_remain_unsaved_at_the_end_are_an_error(
    cocomposer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "takes"

    def refuse(path: Path, _: bytes) -> None:
        raise SaveError(f"{path} could not be saved; free some space.")

    monkeypatch.setattr(jam, "EngineProcess", lambda _: ToldEngine(TAKE, *[None] * 1_000_000))
    words: list[object] = ["jam", "--seconds", 0.1, "--takes", folder]
    assert cocomposer(*words)[0] == 0 and len(list(folder.iterdir())) == 1
    monkeypatch.setattr(jam, "save_bytes", refuse)
    code, _, err = cocomposer(*words)
    assert code == 1 and err.count("could not be saved") == 2


def test_both_pedals_can_be_learnt_by_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ToldEngine()
    monkeypatch.setattr("sys.stdin", io.StringIO("l\nlr\n"))
    jam._type(cast("EngineProcess", engine), threading.Event())
    assert engine.said == [inputs.Learn("take_over"), inputs.Learn("reset")]


def test_a_jam_of_a_few_seconds_tells_its_news(cocomposer: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    code, text, err = cocomposer(
        "jam", "--midi", "virtual", "--seconds", 4, "--json", "--bundle", tiny_bundle, "--takes", tmp_path / "takes"
    )
    assert (code, err) == (0, "")
    news = [json.loads(line) for line in text.splitlines()]
    kinds = [item["type"] for item in news]
    assert kinds[0] == "Hello" and {"Opened", "Ports", "Status"} <= set(kinds)
    assert news[0]["log"] is None and news[0]["options"]["bundle"] == str(tiny_bundle)
    assert (tmp_path / "takes").is_dir()


def test_ports_lists_what_is_there(cocomposer: Run) -> None:
    code, text, err = cocomposer("ports", "--midi", "virtual", "--json")
    assert (code, err) == (0, "")
    found = json.loads(text)
    assert found["midi"] == "virtual" and found["own"] == ["cocomposer In", "cocomposer Out"]
    assert found["inputs"] and {"name", "raw_name"} == set(found["inputs"][0])
    code, text, _ = cocomposer("ports", "--midi", "virtual")
    assert code == 0 and "MIDI system: virtual" in text


def test_the_doctor_looks_at_everything(cocomposer: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    code, text, err = cocomposer("doctor", "--midi", "virtual", "--json", "--bundle", tiny_bundle)
    assert (code, err) == (0, "")
    found = json.loads(text)
    assert {"MIDI system", "ports", "providers", "model", "timing"} <= set(found)
    assert "cpu" in found["providers"]["found"] and found["model"]["well"]
    assert "lateness" in found["timing"]["found"]
    code, text, _ = cocomposer("doctor", "--midi", "virtual", "--bundle", tmp_path)
    assert code == 1 and "!! " in text and "no model bundle" in text


def test_a_wrong_line_is_refused_and_the_version_told(cocomposer: Run) -> None:
    assert cocomposer("play")[0] == 2
    assert cocomposer("jam", "--no-such-thing")[0] == 2
    code, text, _ = cocomposer("--version")
    assert code == 0 and text.startswith("cocomposer ")
