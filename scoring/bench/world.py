"""A made-up world of any size, drawn with a fixed seed: only for measuring, never shown or stored."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.engine.columns import EventColumns, Places
from scoring.engine.evidence import DayNumbers
from scoring.engine.facts import Direction, Dossier, Report
from scoring.engine.rubric import Rubric

SEED = 20261124
FIRST = date(2024, 1, 1).toordinal()
SIZES, SHARES = (1, 2, 3, 4, 5), (0.82, 0.09, 0.05, 0.03, 0.01)  # reports of an event; three in ten have company
LATEST = 60  # days from an event to a report
AHEAD, DENIED = 0.05, 0.1  # shares of events announced ahead, of reports that deny


@dataclass(frozen=True, slots=True)
class World:
    """``columns`` is what the panel reads; the grades are what a report of it would carry."""

    columns: EventColumns
    days: DayNumbers
    reliability: NDArray[np.str_]
    credibility: NDArray[np.str_]


def draw(rubric: Rubric, lines: int, days: int, reports: int) -> World:
    """So many reports spread evenly over lines and days; every kind that moves a score, in both directions."""
    random = np.random.default_rng(SEED)
    sizes = random.choice(SIZES, size=reports, p=SHARES)
    sizes = sizes[np.cumsum(sizes) <= reports]
    sizes = np.append(sizes, np.ones(reports - int(sizes.sum()), dtype=np.int64))
    event, events = np.repeat(np.arange(len(sizes)), sizes), len(sizes)
    moving = [place for place, kind in enumerate(rubric.kinds.values()) if kind.magnitude]
    occurred = FIRST + random.integers(0, days, events)
    reliability = random.choice(list(rubric.admiralty.reliability), reports)
    credibility = random.choice(list(rubric.admiralty.credibility), reports)
    columns = EventColumns(
        lines=lines,
        event=event,
        published=_published(random, occurred, event, FIRST + days - 1),
        ratio=_ratios(rubric, reliability, credibility),
        origin=random.integers(0, 8, reports),
        denies=random.random(reports) < DENIED,
        weight=np.where(random.random(events) < 0.2, rubric.inheritance.sibling, 1.0)[event],
        line=np.sort(random.integers(0, lines, events)),
        kind=random.choice(moving, events),
        sign=random.choice([-1, 1], events),
        severity=random.integers(0, len(rubric.severity.steps), events),
        occurred=occurred,
    )
    first = np.flatnonzero(np.diff(event, prepend=-1))
    columns.denies[first] = False  # the first says what happened
    return World(columns, np.arange(FIRST, FIRST + days), reliability, credibility)


def _published(random: np.random.Generator, occurred: DayNumbers, event: Places, last: int) -> DayNumbers:
    ahead = np.where(random.random(len(occurred)) < AHEAD, LATEST // 2, 0)
    published = np.minimum(occurred[event] - ahead[event] + random.integers(0, LATEST, len(event)), last)
    days: DayNumbers = published[np.lexsort((published, event))]
    return days


def _ratios(rubric: Rubric, reliability: NDArray[np.str_], credibility: NDArray[np.str_]) -> NDArray[np.float64]:
    admiralty = rubric.admiralty
    sums = np.zeros(len(reliability))
    for grades, table in ((reliability, admiralty.reliability), (credibility, admiralty.credibility)):
        for grade, ratio in table.items():
            sums[grades == grade] += ratio
    return admiralty.correlation * sums


def dossier(world: World, rubric: Rubric, line: int) -> Dossier:
    """The reports of one line as the board would hold them."""
    columns, kinds = world.columns, tuple(rubric.kinds)
    directions: dict[int, Direction] = {-1: "weakens", 1: "strengthens"}
    begin, end = np.searchsorted(columns.line[columns.event], [line, line + 1]).tolist()
    reports = []
    for row in range(begin, end):
        event = int(columns.event[row])
        report = Report(
            id=f"signal:{row}",
            event=f"{event:09d}",
            kind=kinds[columns.kind[event]],
            occurred=date.fromordinal(int(columns.occurred[event])),
            published=date.fromordinal(int(columns.published[row])),
            direction=directions[int(columns.sign[event])],
            severity=int(columns.severity[event]) + 1,
            reliability=str(world.reliability[row]),
            credibility=str(world.credibility[row]),
            origin=str(columns.origin[row]),
            weight=float(columns.weight[row]),
            denies=bool(columns.denies[row]),
        )
        reports.append(report)
    return Dossier(f"line-{line}", reports=tuple(reports))
