"""One more report on a line, without reading the others again (method section 9).

Sums over events grow by what the event is with the report, less what it was without: the rest of the line stays.
"""

from dataclasses import dataclass, replace

import numpy as np

from scoring.engine.columns import columns_of
from scoring.engine.evidence import DayNumbers, Event, Floats, believed, group_events
from scoring.engine.facts import Dossier, Report
from scoring.engine.layout import Layout, layout
from scoring.engine.panel import Backgrounds, Panel, backgrounds, fold, nothing_known
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
    sums: Floats  # [2, 1, slots, days], before saturation: days last, which is faster for one line
    totals: EventTotals
    known: Backgrounds

    def scores(self) -> Panel:
        return fold((self.dossier.subject,), self.totals, self.known, self.rubric, self.days)

    def with_report(self, report: Report) -> "Lane":
        """The lane of the line with that report too. Raises ValueError for a kind or severity that the rubric does not
        know."""
        rubric, plan = self.rubric, self.plan
        known = [row for row in self.dossier.reports if row.event == report.event]
        before, after = group_events(known, rubric), group_events([*known, report], rubric)
        since = slice(int(np.searchsorted(self.days, report.published.toordinal())), None)
        sums = self.sums.copy()
        for event, change in zip((*before, *after), _changes(before, after, rubric, self.days[since]), strict=True):
            moved = sums[:, 0, plan.slot(event.kind.dimension, event.sign), since]
            moved += change
        dossier = replace(self.dossier, reports=(*self.dossier.reports, report))
        totals = _copied(self.totals)
        later = saturated(sums[..., since], rubric, plan)
        for name in EventTotals.__slots__:
            getattr(totals, name)[:, since] = getattr(later, name)
        grown = replace(self, dossier=dossier, sums=sums, totals=totals)
        pressing = {rubric.interaction.pressure, rubric.interaction.reach}
        return grown.settled() if any(event.kind.dimension in pressing for event in (*before, *after)) else grown

    def settled(self) -> "Lane":
        """With all else as the pressure of its events makes it."""
        # Only pledges look at single events, at days of their own.
        events = group_events(self.dossier.reports, self.rubric) if self.dossier.pledges else ()
        return replace(self, known=backgrounds([self.dossier], [events], self.totals, self.rubric, self.days))


def lane(dossier: Dossier, rubric: Rubric, days: DayNumbers) -> Lane:
    """``days`` are ordinals in rising order, one or more."""
    plan = layout(rubric)
    sums = np.empty((2, 1, len(plan.slots), len(days)))
    for block in walk(columns_of([group_events(dossier.reports, rubric)], rubric), rubric, plan, days):
        sums[..., block.days] = block.values.transpose(0, 3, 2, 1)
    totals = saturated(sums, rubric, plan)
    return Lane(dossier, rubric, plan, days, sums, totals, nothing_known(totals, rubric)).settled()


def _changes(before: tuple[Event, ...], after: tuple[Event, ...], rubric: Rubric, days: DayNumbers) -> Floats:
    """[events, 2, days]: points, unsigned, and variance before saturation; less for what was, more for what is."""
    full, belief = believed((*before, *after), rubric, days)
    certain = np.abs(full)
    unsure = belief * (rubric.interval.item_share**2 * belief + 1.0 - belief)
    sign = np.array([-1.0] * len(before) + [1.0] * len(after)).reshape(-1, 1, 1)
    return sign * np.stack([certain * belief, certain**2 * unsure], axis=1)


def _copied(totals: EventTotals) -> EventTotals:
    return EventTotals(*(getattr(totals, name).copy() for name in EventTotals.__slots__))
