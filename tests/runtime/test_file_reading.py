"""Reading the player's own files beside the composer: progress, what is left out, another folder, none any more."""

from pathlib import Path

from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.generation.memory import PlayerMemory
from cocomposer.generation.request import FilesRead, PlayLike
from cocomposer.music.note import Note
from cocomposer.runtime.file_reading import FileReading


def write(path: Path, count: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(midi_bytes([Part("a", [Note(24 * n, 60 + n % 12, 24, 80) for n in range(count)])]))


def reading() -> tuple[FileReading, PlayerMemory, list[FilesRead]]:
    memory, told = PlayerMemory(), list[FilesRead]()
    return FileReading(memory, told.append), memory, told


def test_each_file_is_told_and_remembered(tmp_path: Path) -> None:
    write(tmp_path / "a.mid", 10)
    (tmp_path / "b.mid").write_bytes(b"nothing")
    write(tmp_path / "c.mid", 20)
    files, memory, told = reading()
    files.begin(PlayLike(str(tmp_path)))
    files.wait()
    assert memory.notes_of_files == 0
    files.take_in()
    assert memory.notes_of_files == 30
    assert [(one.read, one.total, one.notes, one.done) for one in told] == [
        (1, 3, 10, False), (2, 3, 10, False), (3, 3, 30, False), (3, 3, 30, True),
    ]  # fmt: skip
    assert [one.sentence is not None for one in told] == [False, True, False, False]
    assert "b.mid" in str(told[1].sentence)


def test_another_folder_takes_the_place_of_the_first(tmp_path: Path) -> None:
    write(tmp_path / "one" / "a.mid", 10)
    write(tmp_path / "two" / "b.mid", 7)
    files, memory, _ = reading()
    files.begin(PlayLike(str(tmp_path / "one")))
    files.wait()
    files.take_in()
    files.begin(PlayLike(str(tmp_path / "two")))
    files.wait()
    files.take_in()
    assert memory.notes_of_files == 7
    files.begin(PlayLike(""))
    files.take_in()
    assert memory.notes_of_files == 0


def test_what_was_read_of_a_folder_that_is_given_up_is_not_taken_in(tmp_path: Path) -> None:
    write(tmp_path / "a.mid", 10)
    files, memory, _ = reading()
    files.begin(PlayLike(str(tmp_path)))
    files.wait()
    files.begin(PlayLike(""))
    files.take_in()
    assert memory.notes_of_files == 0


def test_a_folder_without_music_is_one_sentence(tmp_path: Path) -> None:
    files, memory, told = reading()
    for folder, says in ((tmp_path, "holds no MIDI files; give"), (tmp_path / "nowhere", "is no folder; give")):
        files.begin(PlayLike(str(folder)))
        files.wait()
        last = told[-1]
        assert last.done and last.notes == 0 and last.sentence is not None and says in last.sentence
    (tmp_path / "bad.mid").write_bytes(b"nothing")
    files.begin(PlayLike(str(tmp_path)))
    files.wait()
    assert told[-1].done and told[-1].sentence is not None and "None of these files" in told[-1].sentence
    files.take_in()
    assert memory.notes_of_files == 0
