"""One more report on a line, without reading the others again (method section 9).

Sums over events grow by what the event is with the report, less what it was without: the rest of the line stays.
"""

from dataclasses import dataclass, replace

import numpy as np

from scoring.engine.columns import columns_of
from scoring.engine.evidence import DayNumbers, Event, Floats, group_events, read_events
from scoring.engine.facts import Dossier, Report
from scoring.engine.layout import Layout, layout
from scoring.engine.panel import Backgrounds, Panel, backgrounds, fold
from scoring.engine.recurrence import walk
from scoring.engine.rubric import Rubric
from scoring.engine.totals import EventTotals, saturated


@dataclass(frozen=True, slots=True)
class Lane:
    """One line over days, kept so that reports can be added."""

    dossier: Dossier
    rubric: Rubric
    plan: Layout
    days: DayNumbers
    sums: Floats  # [2, days, slots, 1], before saturation
    totals: EventTotals
    known: Backgrounds

    def scores(self) -> Panel:
        return fold((self.dossier.subject,), self.totals, self.known, self.rubric, self.days)

    def with_report(self, report: Report) -> "Lane":
        """The lane of the line with that report too. Raises ValueError for a kind or severity that the rubric does not
        know."""
        known = tuple(row for row in self.dossier.reports if row.event == report.event)
        before, after = (group_events(rows, self.rubric) for rows in (known, (*known, report)))
        sums = self.sums.copy()
        for sign, events in ((-1.0, before), (1.0, after)):
            for event in events:
                own = sums[:, :, self.plan.slot(event.kind.dimension, event.sign), 0]
                own += sign * _of_event(event, self.rubric, self.days)
        dossier = replace(self.dossier, reports=(*self.dossier.reports, report))
        moved = {event.kind.dimension for event in (*before, *after)}
        if moved & {self.rubric.interaction.pressure, self.rubric.interaction.reach}:
            return _lane(dossier, self.rubric, self.plan, self.days, sums)
        return replace(self, dossier=dossier, sums=sums, totals=_totals(sums, self.rubric, self.plan))


def lane(dossier: Dossier, rubric: Rubric, days: DayNumbers) -> Lane:
    """``days`` are ordinals in rising order, one or more."""
    plan = layout(rubric)
    sums = np.empty((2, len(days), len(plan.slots), 1))
    for block in walk(columns_of([group_events(dossier.reports, rubric)], rubric), rubric, plan, days):
        sums[:, block.days] = block.values
    return _lane(dossier, rubric, plan, days, sums)


def _lane(dossier: Dossier, rubric: Rubric, plan: Layout, days: DayNumbers, sums: Floats) -> Lane:
    totals = _totals(sums, rubric, plan)
    # Only pledges look at single events, at days of their own.
    events = group_events(dossier.reports, rubric) if dossier.pledges else ()
    return Lane(dossier, rubric, plan, days, sums, totals, backgrounds([dossier], [events], totals, rubric, days))


def _totals(sums: Floats, rubric: Rubric, plan: Layout) -> EventTotals:
    found = saturated(sums, rubric, plan)
    return EventTotals(found.points.T, found.variance.T, found.pressure.T, found.interaction.T)


def _of_event(event: Event, rubric: Rubric, days: DayNumbers) -> Floats:
    """[2, days]: points, unsigned, and variance before saturation."""
    read = read_events((event,), rubric, days)
    belief = read.credence[0]
    certain = np.abs(read.full[0])
    unsure = belief * (rubric.interval.item_share**2 * belief + 1.0 - belief)
    return np.stack([certain * belief, certain**2 * unsure])
