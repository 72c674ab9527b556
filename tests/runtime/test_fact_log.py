"""The fact log: what was told can be read again, while it is written, after a kill, and after a full disk."""

import os
import resource
import threading
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.adapters.fact_files import SUFFIX, FactLogError, framed, read_facts
from cocomposer.document.document import Fact
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from cocomposer.runtime import fact_log
from cocomposer.runtime.fact_log import FactLog, remove_old

PATIENCE = 20.0
FACTS: list[Fact] = [
    outputs.SettingsChanged(Settings(seed=7)),
    outputs.Heard(1.0, 60, 80, 0, 12.5),
    outputs.Released(1.5, 60, 0, 30.0),
    outputs.Play(1, 1, Note(48, 64, 24, 90), 2.0, 2.5),
    outputs.Take(1, (Note(0, 60, 24, 80),), (Note(48, 64, 24, 90),), 120.0, True, 0, 4, 1, False),
]


def no_failure(sentence: str) -> None:
    raise AssertionError(sentence)


def write(log: FactLog, *facts: Fact) -> None:
    for fact in facts:
        log.write(msgspec.msgpack.encode(fact))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    log = FactLog(tmp_path, "one", "2026-01-01T00:00:00+00:00", no_failure)
    write(log, *FACTS)
    log.close()
    return tmp_path / f"one{SUFFIX}"


def test_what_is_written_is_read_again(written: Path) -> None:
    header, facts = read_facts(written)
    assert (header.session, header.began_at) == ("one", "2026-01-01T00:00:00+00:00")
    assert facts == FACTS
    assert read_facts(written, 3, 1)[1] == FACTS[1:3]
    assert written.stat().st_mode & 0o077 == 0, "what somebody played is nobody else's business"


@given(st.data())
def test_a_log_torn_anywhere_gives_all_whole_facts_before_it(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    log = FactLog(folder, "one", "", no_failure)
    write(log, *FACTS)
    log.close()
    path = folder / f"one{SUFFIX}"
    whole = path.read_bytes()
    ends = [len(whole)]
    for fact in reversed(FACTS):
        ends.insert(0, ends[0] - len(framed(msgspec.msgpack.encode(fact))))
    cut = data.draw(st.integers(ends[0], len(whole)))
    # What a power cut leaves behind may be anything.
    rest = data.draw(st.sampled_from([b"", bytes(16), b"\xff" * 16, framed(b"\xc1")]))
    path.write_bytes(whole[:cut] + (rest if cut in ends else b""))
    facts = read_facts(path, patience_seconds=0.0)[1]
    assert facts == FACTS[: sum(end <= cut for end in ends[1:])]


@pytest.mark.parametrize("content", [b"", b"MThd", framed(b"no header"), bytes(64)])
def test_what_is_no_log_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    with pytest.raises(FactLogError, match="cannot be read"):
        read_facts(path, patience_seconds=0.0)
    path.write_bytes(content)
    with pytest.raises(FactLogError, match="no log of cocomposer"):
        read_facts(path, patience_seconds=0.0)


def test_facts_that_were_told_but_not_written_yet_are_waited_for(tmp_path: Path) -> None:
    log = FactLog(tmp_path, "one", "", no_failure)
    path = Path(log.path or "")
    found: list[list[Fact]] = []
    reader = threading.Thread(target=lambda: found.append(read_facts(path, 5, patience_seconds=PATIENCE)[1]))
    write(log, *FACTS[:2])
    reader.start()
    write(log, *FACTS[2:], FACTS[1])
    reader.join(PATIENCE)
    assert found == [FACTS]
    begun = time.monotonic()
    assert len(read_facts(path, 99, patience_seconds=0.05)[1]) == 6
    assert time.monotonic() - begun < PATIENCE / 2
    log.close()


def test_a_full_disk_is_said_once_and_nothing_is_lost_when_there_is_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fact_log, "RETRY_SECONDS", 0.02)
    failures: list[str] = []
    failed = threading.Event()

    def fail(sentence: str) -> None:
        failures.append(sentence)
        failed.set()

    log = FactLog(tmp_path, "one", "", fail)
    path = Path(log.path or "")
    write(log, *FACTS)
    assert read_facts(path, len(FACTS), patience_seconds=PATIENCE)[1] == FACTS
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        # No file may grow beyond this: what is written is torn in the middle.
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 5, before[1]))
        write(log, *FACTS)
        assert failed.wait(PATIENCE)
        write(log, *FACTS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert read_facts(path, 3 * len(FACTS), patience_seconds=PATIENCE)[1] == 3 * FACTS
    log.close()
    assert len(failures) == 1 and "cannot be written down" in failures[0]


def test_a_folder_that_cannot_be_had_is_said_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    failures: list[str] = []
    log = FactLog(tmp_path / "file", "one", "", failures.append)
    write(log, *FACTS)
    log.close()
    assert log.path is None and len(failures) == 1


def test_only_old_logs_that_nobody_uses_are_removed_and_only_when_there_are_too_many(tmp_path: Path) -> None:
    day = 24 * 3600.0
    used = FactLog(tmp_path, "used", "", no_failure)
    write(used, *FACTS)
    read_facts(used.path or "", len(FACTS), patience_seconds=PATIENCE)
    for name, days in (("oldest", 50), ("older", 40), ("young", 10)):
        (tmp_path / f"{name}{SUFFIX}").write_bytes(bytes(1000))
        os.utime(tmp_path / f"{name}{SUFFIX}", (time.time() - days * day,) * 2)
    os.utime(used.path or "", (time.time() - 60 * day,) * 2)

    def left() -> set[str]:
        return {path.stem for path in tmp_path.iterdir()}

    remove_old(tmp_path, keep_bytes=1 << 20)
    assert left() == {"used", "oldest", "older", "young"}
    remove_old(tmp_path, keep_bytes=2500 + Path(used.path or "").stat().st_size)
    assert left() == {"used", "older", "young"}
    remove_old(tmp_path, keep_bytes=0)
    assert left() == {"used", "young"}
    used.close()
