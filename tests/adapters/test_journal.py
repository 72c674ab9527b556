"""A journal gives back the very same document, whatever ended the window and wherever in a line."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.adapters.fact_files import LogHeader, framed
from cocomposer.adapters.jam_files import open_jam, save_jam
from cocomposer.adapters.journal import Journal, left_behind
from cocomposer.adapters.journal_lines import JOURNAL, JournalError
from cocomposer.adapters.recovery import BEGINNING, recover
from cocomposer.document.document import Document, Fact
from cocomposer.document.edits import ChangeSettings, Edit, RenameTake, Retitle
from cocomposer.jam import outputs
from cocomposer.music.note import Note
from tests.fakes.editing_window import read_lines
from tests.fakes.jam_facts import BEGAN_AT, contents, edit_values, facts, same, take_fact

NOTE = Note(0, 60, 24, 80)


class Window:
    """A document with its journal, and the engine's logs in memory."""

    def __init__(self, root: Path) -> None:
        self.logs: dict[str, list[Fact]] = {}
        self.document = Document()
        self.journal = Journal.begin(root, self.document)
        self.log = ""

    def join(self, session: str, skipped: int = 0) -> None:
        self.log = session
        self.logs.setdefault(session, [])
        self.journal.joined(session, session, skipped, BEGAN_AT)

    def happened(self, fact: Fact) -> None:
        self.logs[self.log].append(fact)
        self.document.happened(fact)

    def edit(self, edit: Edit) -> None:
        self.document.edit(edit)
        self.journal.edited(edit)

    def undo(self) -> None:
        self.document.undo()
        self.journal.undone()

    def redo(self) -> None:
        self.document.redo()
        self.journal.redone()

    def read(self, log: str) -> Iterator[Fact]:
        return iter(self.logs[log])


def alike(one: Document, other: Document) -> None:
    """The same, and the same can be undone in both."""
    assert contents(one) == contents(other)
    while one.undo_text is not None or other.undo_text is not None:
        assert one.undo_text == other.undo_text
        assert one.undo() == other.undo()
        assert one.takes == other.takes and one.settings == other.settings


def test_nothing_was_done(tmp_path: Path) -> None:
    window = Window(tmp_path)
    found = recover(window.journal.folder, window.read)
    assert same(found.document, Document())
    assert (found.path, found.unsaved, found.sentences) == (None, False, ())
    window.journal.close()
    assert list(tmp_path.iterdir()) == []


actions = st.lists(
    st.one_of(
        edit_values(),
        st.sampled_from(["undo", "redo", "join", "save", "crash"]),
        st.integers(1, 4),
    ),
    max_size=20,
)


@settings(max_examples=60)
@given(actions, st.lists(facts(), min_size=5, max_size=5), st.integers(0, 3))
def test_any_course_of_things_is_recovered(course: list[Edit | str | int], told: list[list[Fact]], passed: int) -> None:
    """Facts, edits, undo, new engines, savings and crashes in any order; a resumed journal goes on."""
    with tempfile.TemporaryDirectory() as folder:
        window = Window(Path(folder))
        window.logs["run 0"] = [outputs.Heard(0.0, 60, 80, 0, 0.0)] * passed
        window.join("run 0", passed)
        runs, waiting = 0, list(told[0])
        for action in course:
            match action:
                case "undo":
                    window.undo()
                case "redo":
                    window.redo()
                case "join" if runs < 4:
                    runs += 1
                    waiting = list(told[runs])
                    window.join(f"run {runs}")
                case "save":
                    window.journal.saved("evening.cocojam")
                case "crash":
                    window.journal.leave()
                    window.journal, found = Journal.resume(window.journal.folder, window.read)
                    window.document = found.document
                    window.journal.joined(window.log, window.log, window.document.position, BEGAN_AT)
                case int():
                    for fact in waiting[:action]:
                        window.happened(fact)
                    del waiting[:action]
                case "join":
                    pass
                case edit:
                    window.edit(edit)  # type: ignore[arg-type]
        folder_left = window.journal.folder
        window.journal.leave()
        found = recover(folder_left, window.read)
        assert found.path == ("evening.cocojam" if "save" in course else None)
        assert found.sentences == ()
        alike(found.document, window.document)


@settings(max_examples=40)
@given(st.lists(edit_values(), min_size=1, max_size=5), st.data())
def test_a_torn_end_loses_only_what_was_being_written(made: list[Edit], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        window = Window(Path(folder))
        window.join("run")
        path = window.journal.folder / JOURNAL
        lengths = [path.stat().st_size]
        for edit in made:
            window.edit(edit)
            lengths.append(path.stat().st_size)
        window.journal.leave()
        cut = data.draw(st.integers(lengths[0], lengths[-1]))
        with path.open("r+b") as file:
            file.truncate(cut)
        expected = Document()
        expected.join("run", BEGAN_AT)
        for edit, end in zip(made, lengths[1:], strict=True):
            if end <= cut:
                expected.edit(edit)
        journal, found = Journal.resume(path.parent, window.read)
        assert same(found.document, expected)
        found.document.edit(Retitle("after"))
        journal.edited(Retitle("after"))
        journal.leave()
        assert recover(path.parent, window.read).document.title == "after"


def test_what_was_unsaved_is_known(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.join("run")
    folder = window.journal.folder
    assert not recover(folder, window.read).unsaved
    window.edit(Retitle("Evening"))
    assert recover(folder, window.read).unsaved
    window.journal.saved("evening.cocojam")
    found = recover(folder, window.read)
    assert (found.path, found.unsaved) == ("evening.cocojam", False)
    window.happened(take_fact(1, (NOTE,), (NOTE,)))
    assert recover(folder, window.read).unsaved
    window.journal.close()


def test_what_was_played_after_the_window_was_gone_is_there(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.join("run")
    window.logs["run"].append(take_fact(1, (NOTE,), (NOTE,)))
    found = recover(window.journal.folder, window.read)
    assert [take.name for take in found.document.takes] == ["Take 1"]
    window.journal.close()


def test_a_jam_that_was_opened_is_the_beginning(tmp_path: Path) -> None:
    """Also when its file has been changed or deleted since."""
    window = Window(tmp_path / "journals")
    window.join("run")
    window.happened(outputs.Heard(1.0, 60, 80, 0, 0.0))
    path = tmp_path / "evening.cocojam"
    save_jam(path, window.document)
    window.journal.close()
    document = open_jam(path)
    journal = Journal.begin(tmp_path / "journals", document, str(path))
    journal.joined("run", "run", 1, BEGAN_AT)
    later = take_fact(1, (NOTE,), (NOTE,))
    window.logs["run"].append(later)
    document.happened(later)
    document.edit(Retitle("Evening"))
    journal.edited(Retitle("Evening"))
    path.unlink()
    found = recover(journal.folder, window.read)
    assert found.path == str(path)
    assert [take.id for take in found.document.takes] == ["run:1"]
    alike(found.document, document)
    journal.close()


def test_another_jam_in_the_same_run_begins_where_the_run_stands(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.join("run")
    window.happened(take_fact(1, (NOTE,), (NOTE,)))
    window.journal.close()
    document = Document()
    journal = Journal.begin(tmp_path, document)
    journal.joined("run", "run", 1, BEGAN_AT)
    window.logs["run"].append(take_fact(2, (NOTE,), (NOTE,)))
    found = recover(journal.folder, window.read)
    assert [take.id for take in found.document.takes] == ["run:2"]
    journal.close()


def test_joining_without_the_journal_is_told(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.document.join("run", BEGAN_AT)
    with pytest.raises(ValueError, match="without its journal"):
        window.journal.joined("run", None, 0, BEGAN_AT)
    window.journal.close()


def test_a_lost_log_and_a_lost_beginning_are_told(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.journal.joined("run", str(tmp_path / "none"), 0, BEGAN_AT)
    window.edit(Retitle("Evening"))
    (window.journal.folder / BEGINNING).unlink()
    found = recover(window.journal.folder, read_lines)
    assert found.document.title == "Evening"
    assert len(found.sentences) == 2
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found.sentences)
    window.journal.close()


def test_logs_are_read_as_engines_write_them(tmp_path: Path) -> None:
    log = tmp_path / "run.facts"
    told = [take_fact(1, (NOTE,), (NOTE,)), take_fact(2, (NOTE,), (NOTE,))]
    records = [LogHeader("run", BEGAN_AT, "1"), *told]
    log.write_bytes(b"".join(framed(msgspec.msgpack.encode(record)) for record in records) + b"\0\0")
    document = Document()
    journal = Journal.begin(tmp_path / "journals", document)
    journal.joined("run", str(log), 1, BEGAN_AT)
    found = recover(journal.folder)
    assert [take.id for take in found.document.takes] == ["run:2"]
    assert found.sentences == ()
    log.write_bytes(b"something else altogether")
    found = recover(journal.folder)
    assert len(found.sentences) == 1 and "is no log of cocomposer" in found.sentences[0]
    journal.close()


def test_damage_in_the_middle_keeps_what_came_before(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.edit(Retitle("Evening"))
    path = window.journal.folder / JOURNAL
    whole = path.read_bytes()
    window.edit(Retitle("Night"))
    window.journal.leave()
    damaged = whole + bytes(40) + b"\n" + whole.splitlines(keepends=True)[-1]
    path.write_bytes(damaged)
    journal, found = Journal.resume(path.parent, window.read)
    assert found.document.title == "Evening"
    assert len(found.sentences) == 1 and "damaged" in found.sentences[0]
    assert path.read_bytes() == whole
    assert (path.parent / "journal.damaged").read_bytes() == damaged
    journal.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no jam"),
        (b'{"type":"Began"', "holds no jam"),
        (b"nonsense\n", "holds no jam"),
        (b"\xff\xfe\n", "holds no jam"),
        (b'{"type":"Undone","position":0}\n', "holds no jam"),
        (b'{"type":"Began","version":3,"path":null}\n', "newer cocomposer; update"),
        (b'{"type":"Opened","version":3}\n', "newer cocomposer; update"),
    ],
)
def test_no_journal_is_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / JOURNAL).write_bytes(content)
    for use in (recover, Journal.resume):
        with pytest.raises(JournalError, match=sentence) as caught:
            use(tmp_path, read_lines)
        assert str(caught.value).endswith(".")
    assert (tmp_path / JOURNAL).read_bytes() == content
    with pytest.raises(JournalError, match="check"):
        recover(tmp_path / "none", read_lines)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_journal_or_a_sentence(noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        window = Window(Path(folder))
        window.edit(RenameTake("s:1", "x"))
        window.edit(ChangeSettings({"seed": 1}, {"seed": 2}))
        window.journal.leave()
        path = window.journal.folder / JOURNAL
        path.write_bytes(path.read_bytes() + noise)
        assert recover(path.parent, window.read).document.settings.seed == 2
        path.write_bytes(noise)
        with pytest.raises(JournalError):
            recover(path.parent, window.read)


def test_a_window_that_lives_keeps_its_journal(tmp_path: Path) -> None:
    first, second = Window(tmp_path), Window(tmp_path)
    assert left_behind(tmp_path) == []
    with pytest.raises(JournalError, match="Another window"):
        Journal.resume(first.journal.folder, first.read)
    second.edit(Retitle("x"))
    first.journal.leave()
    second.journal.leave()
    os.utime(first.journal.folder / JOURNAL, ns=(1, 1))
    assert left_behind(tmp_path) == [second.journal.folder, first.journal.folder]
    assert left_behind(tmp_path / "none") == []
    journal, _ = Journal.resume(first.journal.folder, first.read)
    assert left_behind(tmp_path) == [second.journal.folder]
    journal.close()


def test_no_place_for_a_journal(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(JournalError, match=r"cannot be written down as you go \(.*\); check"):
        Journal.begin(tmp_path / "file", Document())
