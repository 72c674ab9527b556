"""Each rule of the house finds what it is there to find, and leaves good sources alone."""

import pytest

from tests.architecture import rules


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("cocomposer/music/note.py", "from cocomposer.playback import player"),
        ("cocomposer/music/note.py", "import cocomposer.playback.player"),
        ("cocomposer/music/note.py", "def f():\n    from cocomposer import ports"),
        ("cocomposer/music/note.py", "from ..playback import player"),
        ("cocomposer/__init__.py", "import cocomposer.music"),
        ("cocomposer/capture/keys.py", "from cocomposer.sync.clock import Clock"),
        ("cocomposer/adapters/disk.py", "from cocomposer.runtime import engine"),
        ("cocomposer/adapters/disk.py", "import cocomposer.generation"),
        ("cocomposer/runtime/engine.py", "import ui.app"),
        ("cocomposer/commands/jam.py", "from ui.app import main"),
        ("cocomposer/commands/window.py", "import models"),
        ("cocomposer/runtime/engine.py", "from models.training import network"),
        ("cocomposer/runtime/engine.py", "from tests.fakes import clock"),
        ("cocomposer/helpers/things.py", ""),
        ("ui/app.py", "from cocomposer.generation import composer"),
        ("ui/app.py", "from models.training import network"),
        ("models/training/train.py", "from cocomposer.runtime import engine"),
        ("models/training/train.py", "import ui"),
    ],
)
def test_forbidden_imports_are_found(path: str, source: str) -> None:
    assert rules.import_faults(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("cocomposer/music/note.py", "import math\nfrom cocomposer.music.ticks import TICKS_PER_BEAT"),
        ("cocomposer/generation/decode.py", "from cocomposer import ports\nfrom cocomposer.events.codec import rows"),
        ("cocomposer/runtime/engine.py", "from cocomposer.jam import state\nfrom cocomposer import __version__"),
        ("cocomposer/bench/notes.py", "from cocomposer.generation import decode"),
        ("cocomposer/__main__.py", "from cocomposer.bench import notes"),
        ("cocomposer/commands/window.py", "from ui.app import main"),
        ("ui/app.py", "from ui.widgets import roll\nfrom cocomposer.runtime import facade"),
        ("models/training/train.py", "from models.training import network\nfrom cocomposer.events import layout"),
        ("tests/training/test_network.py", "from models.training import network\nfrom ui import app"),
    ],
)
def test_allowed_imports_pass(path: str, source: str) -> None:
    assert rules.import_faults(path, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from time import perf_counter",
        "import threading as t",
        "def f():\n    import random",
        "import queue",
        "from multiprocessing.connection import Connection",
        "import asyncio",
        "import socket",
        "from pathlib import Path",
        "import os.path",
        "import rtmidi",
        "import onnxruntime",
        "import torch",
        "from PySide6 import QtCore",
        "import music21",
        "from mido import Message",
        "open('take.mid')",
        "print('note')",
    ],
)
@pytest.mark.parametrize("package", sorted(rules.PURE - {"export"}))
def test_the_world_is_found_in_pure_packages(package: str, source: str) -> None:
    assert rules.purity_faults(f"cocomposer/{package}/part.py", source)
    assert rules.purity_faults("cocomposer/runtime/loop.py", source) == []


def test_export_may_use_file_libraries_and_no_disk() -> None:
    assert rules.purity_faults("cocomposer/export/score.py", "import io\nimport mido\nimport music21") == []
    assert rules.purity_faults("cocomposer/export/score.py", "from pathlib import Path")
    assert rules.purity_faults("cocomposer/music/note.py", "import numpy")


def test_two_libraries_in_one_adapter() -> None:
    assert rules.library_faults("cocomposer/adapters/both.py", "import mido\nimport onnxruntime as ort")
    assert rules.library_faults("cocomposer/adapters/one.py", "import numpy\nimport onnxruntime as ort") == []
    assert rules.library_faults("cocomposer/runtime/wiring.py", "import mido\nimport onnxruntime") == []


def test_long_files() -> None:
    assert rules.length_faults("cocomposer/jam/state.py", "pass\n" * (rules.LONGEST_FILE + 1))
    assert rules.length_faults("cocomposer/jam/state.py", "pass\n" * rules.LONGEST_FILE) == []


def test_missing_docstring() -> None:
    assert rules.docstring_faults("cocomposer/jam/state.py", "import math\n")
    assert rules.docstring_faults("cocomposer/jam/state.py", '"""The state."""\nimport math\n') == []
    assert rules.docstring_faults("cocomposer/jam/__init__.py", "") == []


@pytest.mark.parametrize(
    "place",
    [
        "/" + "root/x",
        "see /" + "work/main",
        "'/" + "opt/dev/bin'",
        "/home" + "/anna",
        "/Users" + "/anna",
        "/tmp" + "/x",
        "https://pypi" + ".org/simple",
        "--extra-index" + "-url x",
    ],
)
def test_places_of_one_machine(place: str) -> None:
    assert rules.machine_faults("README.md", f"first line\n{place}\n")[0].startswith("README.md:2:")


@pytest.mark.parametrize(
    "text", ["your/wo" + "rk/folder", "~/Music", "/de" + "v/snd/seq", "/us" + "r/share", "sh packaging/run"]
)
def test_other_places(text: str) -> None:
    assert rules.machine_faults("README.md", text) == []


def test_packages_that_would_hide_others() -> None:
    assert rules.name_faults("packaging/__init__.py")
    assert rules.name_faults("models/__init__.py")
    assert rules.name_faults("models/training/__init__.py") == []
