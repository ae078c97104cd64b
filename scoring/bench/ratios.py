"""What was measured, held against what was asked for."""

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Ratio:
    """``value`` passes when it is not above ``target``; without one it is only reported."""

    id: str
    what: str
    value: float
    target: float | None = None
    stretch: float | None = None
    details: dict[str, float] = field(default_factory=dict)

    @property
    def passes(self) -> bool | None:
        return None if self.target is None else self.value <= self.target

    def row(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "what": self.what,
            "value": self.value,
            "target": self.target,
            "stretch": self.stretch,
            "pass": self.passes,
            "details": self.details,
        }


def medians(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Seconds of each. Rounds take turns among them, so that a busy moment of the machine falls on all."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - begun)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def load() -> list[float]:
    return [round(value, 2) for value in os.getloadavg()]


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "load": load(),
    }


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    rows = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [row.partition(":")[2].strip() for row in rows if row.startswith("model name")]
    return names[0] if names else platform.machine()
