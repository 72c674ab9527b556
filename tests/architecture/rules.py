"""The rules of the house as functions from a source to what is wrong with it: who may import whom, and what is pure.

Knows where no file lies; `test_architecture` gives the project's own sources, `test_rules` gives bad ones.
"""

import ast
import re
from collections.abc import Iterator

EVERYTHING = frozenset({"*"})

MAY_IMPORT: dict[str, frozenset[str]] = {
    "": frozenset(),
    "music": frozenset(),
    "ports": frozenset({"music"}),
    "capture": frozenset({"music"}),
    "sync": frozenset({"music"}),
    "harmony": frozenset({"music"}),
    "events": frozenset({"music"}),
    "playback": frozenset({"music"}),
    "export": frozenset({"music", "harmony"}),
    "originality": frozenset({"music", "events"}),
    "memory": frozenset({"music", "events"}),
    "generation": frozenset({"music", "events", "originality", "memory", "harmony", "ports"}),
    "document": frozenset({"music", "harmony", "jam"}),
    "sound": frozenset({"music"}),
    "accompaniment": frozenset({"music", "harmony"}),
    "jam": frozenset({"music", "capture", "sync", "harmony", "playback", "generation", "events", "accompaniment"}),
    "adapters": frozenset({"music", "ports", "events", "document", "jam", "sound", "originality"}),
    "runtime": EVERYTHING,
    "bench": EVERYTHING,
    "commands": EVERYTHING,
    "__main__": EVERYTHING,
}
"""Package of cocomposer (or module at its top) → the other packages of cocomposer that it may import."""

OUTSIDE_MAY_IMPORT: dict[str, frozenset[str]] = {
    # Its benchmarks (ui/bench) measure with the same means as those of the engine.
    "ui": frozenset({"runtime", "jam", "music", "harmony", "document", "export", "adapters", "bench"}),
    # Training reads MIDI files and holds its export against the released model, both with the adapters that the
    # product itself uses; evaluation plays as the product does, with its composer and a musician's settings.
    "models": frozenset(
        {"music", "events", "originality", "memory", "adapters", "harmony", "ports", "generation", "jam"}
    ),
    "tests": EVERYTHING,
}
"""Other top-level folder → the packages of cocomposer that it may import."""

BENCH_OF_THE_WINDOW = "ui/bench/"
"""Measures the window; the only part of `ui` that may import `cocomposer.bench`."""
OPENS_THE_WINDOW = "cocomposer/commands/window.py"
"""The only file outside `ui` (and tests) that may import it."""

PURE = frozenset(
    "music capture sync harmony events playback export jam generation originality memory document sound"
    " accompaniment".split()
)
_IMPURE_STANDARD_LIBRARY = frozenset(
    # clocks and threads
    "time threading queue multiprocessing asyncio concurrent signal sched "
    # the world
    "socket select selectors subprocess ctypes os sys pathlib shutil tempfile glob "
    # chance that no argument gives
    "random secrets uuid".split()
)
_LIBRARIES_OF_PURE: dict[str, frozenset[str]] = {
    "music": frozenset(),
    "export": frozenset({"numpy", "msgspec", "mido", "music21"}),
}
_LIBRARIES_OF_PURE_USUALLY = frozenset({"numpy", "msgspec"})
"""Arrays, and values that cross from one process to another."""
_LIBRARIES = frozenset(
    "mido rtmidi onnxruntime onnx onnxscript music21 msgspec platformdirs PySide6 torch jack numpy scipy soundfile"
    " miniaudio aalink link".split()
)
_BESIDE_ONE_LIBRARY = frozenset({"numpy"})

LONGEST_FILE = 400
MAY_BE_LONGER: frozenset[str] = frozenset()
"""Paths of files that may exceed LONGEST_FILE lines, each with its reason beside it."""


def imports_of(source: str) -> Iterator[str]:
    """Dotted names of all that `source` imports, wherever in it; `from a import b` gives "a.b"."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "." * node.level + (node.module or "")
            else:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def package_of(path: str) -> tuple[str, str]:
    """(top-level folder, package in cocomposer or "") of a path such as cocomposer/jam/state.py."""
    parts = path.removesuffix(".py").split("/")
    if parts[0] != "cocomposer":
        return parts[0], ""
    return "cocomposer", "" if parts[1] == "__init__" else parts[1]


def import_faults(path: str, source: str) -> list[str]:
    """Imports in the file at `path` (from the root, with /) that the tables do not allow."""
    top, package = package_of(path)
    if top == "cocomposer":
        if package not in MAY_IMPORT:
            return [f"{path}: the package {package!r} has no row in the table of who may import whom"]
        allowed = MAY_IMPORT[package] | {package}
    else:
        allowed = OUTSIDE_MAY_IMPORT.get(top, frozenset())
    faults = []
    for name in imports_of(source):
        parts = name.split(".")
        if name.startswith("."):
            faults.append(f"{path}: imports {name} by a relative name; write it out")
        elif parts[0] == "cocomposer":
            imported = parts[1] if len(parts) > 1 else ""
            if imported in {"", "__version__"} or imported in allowed or "*" in allowed:
                continue
            if imported == "bench" and path.startswith(BENCH_OF_THE_WINDOW):
                continue
            faults.append(f"{path}: {package or top} may not import cocomposer.{imported}")
        elif parts[0] in {"ui", "models", "tests"} and parts[0] != top and top != "tests":
            if (path, parts[0]) == (OPENS_THE_WINDOW, "ui"):
                continue
            faults.append(f"{path}: nobody may import {parts[0]}")
    return faults


def purity_faults(path: str, source: str) -> list[str]:
    """What a file of a pure package does that only the world's edge may: clocks, threads, files, libraries."""
    top, package = package_of(path)
    if top != "cocomposer" or package not in PURE:
        return []
    libraries = _LIBRARIES_OF_PURE.get(package, _LIBRARIES_OF_PURE_USUALLY)
    faults = []
    for name in imports_of(source):
        first = name.split(".")[0]
        if first in _IMPURE_STANDARD_LIBRARY or (first in _LIBRARIES and first not in libraries):
            faults.append(f"{path}: {package} is pure and may not import {first}")
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for called in calls:
        if isinstance(called, ast.Name) and called.id in {"open", "print", "input"}:
            faults.append(f"{path}: {package} is pure and may not call {called.id}()")
    return faults


def library_faults(path: str, source: str) -> list[str]:
    """Third-party libraries of an adapter beyond the one that it is for."""
    top, package = package_of(path)
    if (top, package) != ("cocomposer", "adapters"):
        return []
    used = {name.split(".")[0] for name in imports_of(source)} & _LIBRARIES - _BESIDE_ONE_LIBRARY
    return [f"{path}: an adapter is for one library, not for {', '.join(sorted(used))}"] if len(used) > 1 else []


def length_faults(path: str, source: str) -> list[str]:
    """A file too long to have only one reason to exist."""
    lines = source.count("\n")
    if lines <= LONGEST_FILE or path in MAY_BE_LONGER:
        return []
    return [f"{path}: {lines} lines; more than {LONGEST_FILE} is two files"]


def docstring_faults(path: str, source: str) -> list[str]:
    """A module that does not say why it exists. Tests say it too; an empty file need not."""
    if not source.strip() or ast.get_docstring(ast.parse(source)):
        return []
    return [f"{path}: has no module docstring"]


# Written in two pieces, or this file would be a fault itself.
_MACHINE = re.compile(
    r"(?<![\w.])/(?:ro" + r"ot|wo" + r"rk|op" + r"t)/|/ho" + r"me/\w|/Us" + r"ers/\w|/tm" + r"p/\w"
    r"|[A-Z]:\\Us" + r"ers|py" + r"pi\.org|files\.python" + r"hosted|--extra-in" + r"dex-url|--find-li" + r"nks"
)


def machine_faults(path: str, text: str) -> list[str]:
    """Places of one machine, or hosts of a registry, in a text file."""
    return [
        f"{path}:{number}: names a place of one machine: {found.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        for found in _MACHINE.finditer(line)
    ]


def name_faults(path: str) -> list[str]:
    """Files that must not exist: they would turn a folder into a package that hides another."""
    if path == "packaging/__init__.py":
        return [f"{path}: hides the library `packaging`, and then mido cannot be imported"]
    if path == "models/__init__.py":
        return [f"{path}: models/ is no package; its name is too generic to be installed"]
    return []
