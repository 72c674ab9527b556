"""A window's journal when the disk is full, and when the window is killed: real processes, real limits."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cocomposer.adapters.journal import Journal, left_behind
from cocomposer.adapters.recovery import recover
from tests.fakes.editing_window import document_after, read_lines
from tests.fakes.jam_facts import same

ROOT = Path(__file__).resolve().parents[2]
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX systems")

FULL = """
import resource, signal, sys
from pathlib import Path
from cocomposer.adapters.journal import Journal
from cocomposer.document.document import Document
from cocomposer.document.edits import Retitle
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
document = Document()
journal = Journal.begin(Path(sys.argv[1]), document)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
for number in range(30):
    document.edit(Retitle(str(number)))
    journal.edited(Retitle(str(number)))
print(journal.trouble, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
document.edit(Retitle("last"))
journal.edited(Retitle("last"))
print(journal.trouble, flush=True)
"""


@posix_only
def test_a_full_disk_is_told_and_made_good(tmp_path: Path) -> None:
    """A limit on file size makes real writes fail in the middle of a line."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("Your changes cannot be written down (") and first.endswith("save the jam.")
    assert second == "None"
    (folder,) = left_behind(tmp_path)
    found = recover(folder, read_lines)
    assert found.document.title == "last"
    undone = 0
    while found.document.undo():
        undone += 1
    assert undone == 31, "no edit was lost meanwhile"


@posix_only
@pytest.mark.parametrize("steps", [1, 37, 200])
def test_a_killed_window_has_lost_nothing(tmp_path: Path, steps: int) -> None:
    log = tmp_path / "facts"
    log.touch()
    command = [sys.executable, "-m", "tests.fakes.editing_window", str(tmp_path / "journals"), str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        acknowledged = 0
        while acknowledged < steps:
            acknowledged = int(window.stdout.readline())
        assert left_behind(tmp_path / "journals") == [], "a living window's journal is not taken"
        window.send_signal(signal.SIGKILL)
        rest = window.stdout.read().split("\n")
    done = max([acknowledged, *(int(number) for number in rest[:-1])])
    (folder,) = left_behind(tmp_path / "journals")
    journal, found = Journal.resume(folder, read_lines)
    # One more may have been written and not yet told.
    assert any(same(found.document, document_after(number)) for number in (done, done + 1))
    assert found.unsaved and found.sentences == ()
    journal.close()
