"""The project's own files held against the rules of the house."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules

ROOT = Path(__file__).resolve().parents[2]
TOP = ("cocomposer", "ui", "models", "tests", "packaging", ".ci", ".github")
TOP_FILES = ("README.md", "pyproject.toml", ".gitignore")
MADE_BY_TOOLS = {"__pycache__", "build", "dist", "out"}


def files() -> list[Path]:
    """Every file of the project, none that a tool made."""
    found = [ROOT / name for name in TOP_FILES]
    for top in TOP:
        found += [path for path in (ROOT / top).rglob("*") if path.is_file()]
    return [
        path
        for path in found
        if not any(part in MADE_BY_TOOLS or part.endswith("_cache") for part in path.relative_to(ROOT).parts)
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def sources() -> list[tuple[str, str]]:
    return [(name_of(path), path.read_text(encoding="utf-8")) for path in files() if path.suffix == ".py"]


def test_there_is_something_to_look_at() -> None:
    names = {name for name, _ in sources()}
    assert {"cocomposer/music/note.py", "tests/architecture/rules.py"} <= names


@pytest.mark.parametrize(
    "rule",
    [
        rules.import_faults,
        rules.purity_faults,
        rules.library_faults,
        rules.length_faults,
        rules.docstring_faults,
    ],
)
def test_sources(rule: Callable[[str, str], list[str]]) -> None:
    faults = [fault for name, source in sources() for fault in rule(name, source)]
    assert not faults, "\n".join(faults)


def test_no_place_of_one_machine_is_named() -> None:
    faults = []
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            faults += rules.machine_faults(name_of(path), content.decode(errors="replace"))
    assert not faults, "\n".join(faults)


def test_no_folder_hides_a_library() -> None:
    faults = [fault for path in files() for fault in rules.name_faults(name_of(path))]
    assert not faults, "\n".join(faults)


def test_the_packaging_library_is_found_from_the_root() -> None:
    """The folder packaging/ lies on the path of every command run from the root."""
    import packaging.version

    assert not Path(packaging.version.__file__).is_relative_to(ROOT / "packaging")
