"""Two versions of the method beside each other: which constants differ, and every line's score under both."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from riskboard.catalog.models import Line
from riskboard.catalog.queries import evidence_version
from scoring.board import board_lines
from scoring.engine.assessment import Assessment
from scoring.engine.metrics import rank_correlation
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric, rubric_file, rubric_names
from scoring.kept import assessments_under

NAMED = re.compile(r"durability-(\d+)\.(\d+)\.(\d+)")
KINDS_OF_VERSION = ("the scale or what counts as a failure", "weights", "a mistake mended")
NOT_CONSTANTS = {"name", "made_on", "fit"}


@dataclass(frozen=True, slots=True)
class Difference:
    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One rubric and how it differs from the one before; the first differs from nothing."""

    rubric: Rubric
    former: str
    kind: str
    differences: tuple[Difference, ...]
    in_force: bool


@dataclass(frozen=True, slots=True)
class LineUnder:
    """One live line under both; ranks count from 1 among the live lines with enough evidence."""

    line: Line
    before: Assessment
    after: Assessment
    rank_before: int | None
    rank_after: int | None

    @property
    def change(self) -> float:
        return self.after.durability - self.before.durability

    @property
    def climb(self) -> int:
        return (self.rank_before or 0) - (self.rank_after or 0)


@dataclass(frozen=True, slots=True)
class VersionsPage:
    before: Rubric
    after: Rubric
    as_of: date
    differences: tuple[Difference, ...]
    rows: tuple[LineUnder, ...]
    mean_change: float | None
    order_kept: float | None  # rank correlation of the rated lines
    shipped: str


def names() -> tuple[str, ...]:
    """Every rubric that can be run, oldest first."""
    return tuple(sorted(rubric_names(), key=_order))


def _order(name: str) -> tuple[int, ...]:
    matched = NAMED.fullmatch(name)
    return tuple(map(int, matched.groups())) if matched else ()


@lru_cache(maxsize=1)
def versions() -> tuple[Version, ...]:
    """Newest first."""
    known = names()
    found = [
        Version(load_rubric(name), former, _kind(former, name), differences(former, name), name == SHIPPED)
        for former, name in zip(("", *known), known, strict=False)
    ]
    return tuple(reversed(found))


def _kind(former: str, name: str) -> str:
    """MAJOR, MINOR or PATCH in words, by the first number that differs."""
    places = zip(KINDS_OF_VERSION, _order(former), _order(name), strict=True) if former else ()
    return next((what for what, old, new in places if old != new), "")


def differences(before: str, after: str) -> tuple[Difference, ...]:
    if not before:
        return ()
    old, new = (dict(_constants(_content(name))) for name in (before, after))
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    return tuple(Difference(path, old.get(path, "none"), new.get(path, "none")) for path in paths)


def _content(name: str) -> dict[str, Any]:
    content = tomllib.loads(rubric_file(name).decode())
    return {key: value for key, value in content.items() if key not in NOT_CONSTANTS}


def _constants(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _constants(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            yield from _constants(inner, f"{path}[{place}]")
    else:
        yield path, str(value)


def versions_page(before: str, after: str, as_of: date) -> VersionsPage | None:
    """None where either is no rubric that can be run."""
    if before == after or not {before, after} <= set(names()):
        return None
    old, new = (assessments_under(name, evidence_version(), as_of) for name in (before, after))
    lines = [line for line in board_lines() if new[line.slug].state.is_live]
    ranks_old, ranks_new = _ranks(old, lines), _ranks(new, lines)
    rows = [
        LineUnder(line, old[line.slug], new[line.slug], ranks_old.get(line.slug), ranks_new.get(line.slug))
        for line in lines
    ]
    rated = [row for row in rows if row.rank_before and row.rank_after]
    return VersionsPage(
        before=load_rubric(before),
        after=load_rubric(after),
        as_of=as_of,
        differences=differences(before, after),
        rows=tuple(sorted(rows, key=lambda row: (row.rank_after or len(rows), row.line.name))),
        mean_change=sum(row.change for row in rated) / len(rated) if rated else None,
        order_kept=_order_kept(rated),
        shipped=SHIPPED,
    )


def _ranks(found: dict[str, Assessment], lines: list[Line]) -> dict[str, int]:
    rated = [line.slug for line in lines if not found[line.slug].insufficient]
    ordered = sorted(rated, key=lambda slug: (-found[slug].raw, slug))
    return {slug: rank for rank, slug in enumerate(ordered, start=1)}


def _order_kept(rows: list[LineUnder]) -> float | None:
    """None for fewer than three."""
    if len(rows) < 3:
        return None
    before, after = (np.array([getattr(row, side).raw for row in rows]) for side in ("before", "after"))
    return rank_correlation(before, after)
