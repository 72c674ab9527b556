"""Saving: all or nothing, on disks that are really full and folders that are really missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cocomposer.adapters.disk import SaveError, save_bytes

posix_only = pytest.mark.skipif(os.name != "posix", reason="limits and permissions of POSIX systems")


def test_new_file_and_replaced_file(tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    save_bytes(path, b"first")
    assert path.read_bytes() == b"first"
    save_bytes(str(path), b"second, and longer")
    assert path.read_bytes() == b"second, and longer"
    assert os.listdir(tmp_path) == ["take.mid"]


@posix_only
def test_permissions_are_those_of_the_old_file_or_of_any_new_one(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.write_bytes(b"")
    save_bytes(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == usual.stat().st_mode
    usual.chmod(0o640)
    save_bytes(usual, b"x")
    assert usual.stat().st_mode & 0o777 == 0o640


@posix_only
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.mid").symlink_to(tmp_path / "real" / "take.mid")
    save_bytes(tmp_path / "link.mid", b"x")
    assert (tmp_path / "link.mid").is_symlink()
    assert (tmp_path / "real" / "take.mid").read_bytes() == b"x"


FILL = """
import resource, signal, sys
from cocomposer.adapters.disk import SaveError, save_bytes
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    save_bytes(sys.argv[1], bytes(100_000))
except SaveError as error:
    print(error)
    sys.exit(3)
"""


@posix_only
def test_a_file_that_the_system_cuts_off_leaves_the_old_one(tmp_path: Path) -> None:
    """A limit on file size makes a real write fail in the middle, for any user and on any disk."""
    path = tmp_path / "take.mid"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", FILL, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    sentence = (
        "could not be saved because it is larger than this system lets a file be; save it elsewhere or save less."
    )
    assert done.stdout == f"{str(path)!r} {sentence}\n"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["take.mid"]


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root"
)
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        path = disk / "take.mid"
        save_bytes(path, b"old")
        with pytest.raises(SaveError, match=r"the disk is full; free some space or choose another disk\.$"):
            save_bytes(path, bytes(200_000))
        assert path.read_bytes() == b"old"
        assert os.listdir(disk) == ["take.mid"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_no_folder_a_file_as_folder_and_a_folder_as_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path, sentence in [
        (tmp_path / "none" / "take.mid", "its folder does not exist; create the folder or choose another"),
        (tmp_path / "file" / "take.mid", "its folder is a file; choose another folder"),
        (tmp_path, "it is the name of a folder; choose another name"),
        (tmp_path / ("x" * 300), "its name is too long; choose a shorter name"),
        (tmp_path / "nul\0byte", "check the name"),
    ]:
        with pytest.raises(SaveError) as caught:
            save_bytes(path, b"x")
        assert sentence in str(caught.value)
        assert "\n" not in str(caught.value)
    assert os.listdir(tmp_path) == ["file"]


@posix_only
def test_no_right_to_write(tmp_path: Path) -> None:
    """Root may write everywhere but on /proc, where nobody can create a file."""
    if os.geteuid() == 0:
        path = Path("/proc/take.mid")
    else:
        tmp_path.chmod(0o500)
        path = tmp_path / "take.mid"
    with pytest.raises(SaveError, match="could not be saved because"):
        save_bytes(path, b"x")
    tmp_path.chmod(0o700)
