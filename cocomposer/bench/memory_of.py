"""How much memory processes have, read from Linux' /proc. Elsewhere nothing is said."""

import sys
from collections.abc import Iterable
from pathlib import Path


def _fields(pid: int, file: str) -> dict[str, int]:
    """kB of each line of a /proc file."""
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    pairs = (line.partition(":") for line in lines if line.endswith("kB"))
    return {name: int(rest.split()[0]) for name, _, rest in pairs}


def resident_mb(pids: Iterable[int | None]) -> float | None:
    """Resident memory (RSS) of all of them added; pages that they share count for each. None where it cannot be had."""
    return _sum("status", "VmRSS", pids)


def proportional_mb(pids: Iterable[int | None]) -> float | None:
    """Proportional memory (PSS): shared pages are divided among those who share them. None where it cannot be had."""
    return _sum("smaps_rollup", "Pss", pids)


def _sum(file: str, field: str, pids: Iterable[int | None]) -> float | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return sum(_fields(pid, file)[field] for pid in pids if pid is not None) / 1024
    except (OSError, KeyError):
        return None
