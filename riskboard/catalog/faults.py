"""What is wrong with evidence that was offered, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """One thing wrong. ``line`` and ``column`` are 0 and blank when the whole file is at fault."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = [self.file]
        if self.line:
            where.append(f"line {self.line}")
        if self.column:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.reason}"


def shown(found: Sequence[object], what: str = " faults") -> list[str]:
    """A line for each, up to what somebody would read."""
    lines = [str(one) for one in found[:SHOWN]]
    return lines if len(found) <= SHOWN else [*lines, f"... and {len(found) - SHOWN} more{what}."]


def titled(title: str, lines: Sequence[str]) -> list[str]:
    """What a command says of what it lists: of nothing, nothing."""
    return [title, *(f"  {line}" for line in shown(lines, ""))] if lines else []


class EvidenceError(Exception):
    """Nothing was loaded. ``faults`` holds every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column)))
        super().__init__(f"{len(self.faults)} faults")

    def lines(self) -> list[str]:
        return shown(self.faults)
