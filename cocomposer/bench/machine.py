"""On what machine and with what model the figures were measured."""

import os
import platform
from pathlib import Path
from typing import Any

import onnxruntime

from cocomposer import __version__
from cocomposer.adapters.bundle import open_bundle
from cocomposer.adapters.providers import choose
from cocomposer.bench.subject import Subject


def measure(subject: Subject) -> dict[str, Any]:
    """Words and numbers, nothing that names the machine or its user."""
    bundle = open_bundle(subject.bundle)
    return {
        "cpu": cpu_words(),
        "cores": usable_cores(),
        "load_1min": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "onnxruntime": onnxruntime.__version__,
        "provider": choose(subject.provider).provider.word,
        "bundle": bundle.name,
        "weights": bundle.weights,
        "cocomposer": __version__,
        "quick": subject.quick,
    }


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_words(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = cpuinfo.read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
