"""A lock is one process's at a time, and is free again however its holder ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from cocomposer.adapters.file_lock import FileLock, mark_used, remove_unused

HOLDER = """
import sys
from pathlib import Path
from cocomposer.adapters.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_one_at_a_time_and_free_again_when_the_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "True\n"
        ours = FileLock(path)
        assert not ours.take()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        assert ours.take() and ours.take()
        assert not FileLock(path).take()
        ours.release()
        ours.release()
        assert FileLock(path).take()


def test_a_file_in_use_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR)
    mark_used(descriptor)
    assert not remove_unused(path) and path.exists()
    os.close(descriptor)
    assert remove_unused(path) and not path.exists()
    assert remove_unused(path), "what is not there is gone"
