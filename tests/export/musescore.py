"""MuseScore as a test opens files with it. Knows nothing of what is in them."""

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

PROGRAM = shutil.which("mscore3") or shutil.which("musescore3") or shutil.which("mscore")
needs_musescore = pytest.mark.skipif(
    PROGRAM is None and not os.environ.get("CI"), reason="MuseScore (Debian's musescore3) is not installed"
)


def opened_file(source: Path, folder: Path) -> ElementTree.Element:
    """The score in MuseScore's own format."""
    assert PROGRAM is not None, "MuseScore is not installed; packaging/test installs musescore3"
    target = folder / f"{source.stem}.mscx"
    places = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [PROGRAM, "-o", str(target), str(source)], env={**os.environ, **places}, capture_output=True, timeout=300
    )
    assert done.returncode == 0 and target.exists(), done.stderr.decode(errors="replace")
    return ElementTree.parse(target).getroot()
