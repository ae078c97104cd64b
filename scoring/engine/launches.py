"""Flagship launches: releases that came out together are one launch, judged by its top model (method section 4).

Who decides a launch can change as larger members are announced; every change is one row of the table, so that each day
sees only what had been announced by then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.engine.evidence import DayNumbers
from scoring.engine.facts import Release

NEVER = date.max.toordinal()

Flags = NDArray[np.bool_]


def opened_on(release: Release) -> int:
    """The day from which the weights count as out: not before the release was announced."""
    return NEVER if release.weights is None else max(release.weights, release.announced).toordinal()


def withdrawn_on(release: Release) -> int:
    return NEVER if release.withdrawn is None else release.withdrawn.toordinal()


def access_known(release: Release) -> bool:
    """Without a weights date a release is closed only when it is said to be; otherwise nobody knows."""
    return release.weights is not None or release.closed


def decider(members: Iterable[Release]) -> Release:
    """The largest member of known size; without any known size the first announced."""
    return min(members, key=lambda r: (-(r.size or 0.0), r.announced, r.id))


def group_launches(releases: Iterable[Release]) -> dict[str, list[Release]]:
    """Flagships of known access by launch, in the order of their announcement: what nobody knows decides nothing."""
    launches: dict[str, list[Release]] = defaultdict(list)
    for release in sorted(releases, key=lambda r: (r.announced, r.id)):
        if release.flagship and access_known(release):
            launches[release.launch].append(release)
    return launches


@dataclass(frozen=True, slots=True)
class LaunchTable:
    """One row for each stretch of days [start, end) in which one release decides its launch. Day numbers."""

    releases: tuple[Release, ...]
    start: DayNumbers
    end: DayNumbers
    announced: DayNumbers
    opened: DayNumbers
    withdrawn: DayNumbers

    def decides(self, days: DayNumbers) -> Flags:
        """[rows, days]: the release decides its launch on that day."""
        return (self.start[:, None] <= days) & (days < self.end[:, None])

    def has_opened(self, days: DayNumbers) -> Flags:
        return self.opened[:, None] <= days

    def is_withdrawn(self, days: DayNumbers) -> Flags:
        return self.withdrawn[:, None] <= days

    def is_open(self, days: DayNumbers) -> Flags:
        return self.has_opened(days) & ~self.is_withdrawn(days)


def tabulate(releases: Iterable[Release]) -> LaunchTable:
    stretches = [stretch for members in group_launches(releases).values() for stretch in _stretches(members)]
    stretches.sort(key=lambda stretch: (stretch[1], stretch[0].id))
    chosen = tuple(release for release, _, _ in stretches)
    return LaunchTable(
        releases=chosen,
        start=_numbers(start for _, start, _ in stretches),
        end=_numbers(end for _, _, end in stretches),
        announced=_numbers(release.announced.toordinal() for release in chosen),
        opened=_numbers(opened_on(release) for release in chosen),
        withdrawn=_numbers(withdrawn_on(release) for release in chosen),
    )


def _stretches(members: list[Release]) -> list[tuple[Release, int, int]]:
    days = sorted({member.announced for member in members})
    ends = [day.toordinal() for day in days[1:]] + [NEVER]
    return [
        (decider(m for m in members if m.announced <= day), day.toordinal(), end)
        for day, end in zip(days, ends, strict=True)
    ]


def _numbers(values: Iterable[int]) -> DayNumbers:
    return np.fromiter(values, dtype=np.int64)
