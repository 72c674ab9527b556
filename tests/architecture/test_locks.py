"""The lock files hold what pyproject.toml asks for, on every system that we name."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("run", "test", "package")
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_machine": "x86_64"},
    "Linux on ARM": {"sys_platform": "linux", "platform_machine": "aarch64"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64"},
    "macOS": {"sys_platform": "darwin", "platform_machine": "arm64"},
}
PYTHONS = {"3.11": "3.11.2", "3.12": "3.12.1"}


def wanted(*groups: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += project["dependency-groups"][group]
    return [Requirement(line) for line in lines]


def locked(lock: str) -> list[Requirement]:
    text = (ROOT / "packaging" / f"{lock}.lock").read_text(encoding="utf-8")
    return [Requirement(line.removesuffix("\\").strip()) for line in text.splitlines() if re.match(r"\w", line)]


def chosen(requirements: list[Requirement], system: str, python: str) -> dict[str, Requirement]:
    """Name → requirement of those that apply there."""
    environment = {
        **SYSTEMS[system],
        "python_version": python,
        "python_full_version": PYTHONS[python],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    return {
        canonicalize_name(requirement.name): requirement
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate(environment)
    }


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("lock", "groups"),
    [("run", ("build",)), ("test", ("build", "test", "training")), ("package", ("build", "package"))],
)
def test_every_dependency_is_locked_at_a_version_that_fits(
    lock: str, groups: tuple[str, ...], system: str, python: str
) -> None:
    pins = chosen(locked(lock), system, python)
    for name, requirement in chosen(wanted(*groups), system, python).items():
        version = str(pins[name].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{name} {version} is not {requirement.specifier}"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("lock", LOCKS)
def test_one_onnxruntime_and_no_torch(lock: str, system: str, python: str) -> None:
    names = set(chosen(locked(lock), system, python))
    assert len(names & {"onnxruntime", "onnxruntime-gpu"}) == 1
    assert "torch" not in names


@pytest.mark.parametrize("lock", ["test", "package"])
def test_larger_locks_hold_the_smaller_one(lock: str) -> None:
    assert {str(pin) for pin in locked("run")} <= {str(pin) for pin in locked(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_line_names_a_host(lock: str) -> None:
    text = (ROOT / "packaging" / f"{lock}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    for pin in text.split("\n\n")[0].replace("\\\n", " ").splitlines():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", pin), pin
