"""The reports of many lines as arrays: what a panel reads (method section 9)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.evidence import DayNumbers, Event, Floats, log_likelihood_ratio
from scoring.engine.rubric import Rubric

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events in the order of their lines, reports in the order of their events and in each as they became public.

    ``kind`` is the place in ``rubric.kinds``, ``severity`` the place in the rubric's steps, ``ratio`` the
    log-likelihood ratio of a report; ``origin`` need only tell the origins of one event apart.
    """

    lines: int
    # one entry per report
    event: Places
    published: DayNumbers
    ratio: Floats
    origin: Places
    denies: NDArray[np.bool_]
    weight: Floats
    # one entry per event
    line: Places
    kind: Places
    sign: Places
    severity: Places
    occurred: DayNumbers

    def of_lines(self, lines: slice) -> "EventColumns":
        """Some lines in a row, counted anew from 0."""
        first, end, _ = lines.indices(self.lines)
        events = slice(*np.searchsorted(self.line, [first, end]).tolist())
        reports = slice(*np.searchsorted(self.event, [events.start, events.stop]).tolist())
        return EventColumns(
            lines=end - first,
            event=self.event[reports] - events.start,
            published=self.published[reports],
            ratio=self.ratio[reports],
            origin=self.origin[reports],
            denies=self.denies[reports],
            weight=self.weight[reports],
            line=self.line[events] - first,
            kind=self.kind[events],
            sign=self.sign[events],
            severity=self.severity[events],
            occurred=self.occurred[events],
        )


def columns_of(lines: Sequence[Sequence[Event]], rubric: Rubric) -> EventColumns:
    """The events of each line, as ``group_events`` gives them."""
    kinds = {name: place for place, name in enumerate(rubric.kinds)}
    origins: dict[str, int] = {}
    events = [
        (line, kinds[e.head.kind], e.sign, e.head.severity - 1, e.head.occurred.toordinal())
        for line, of_line in enumerate(lines)
        for e in of_line
    ]
    reports = [
        (number, r.published.toordinal(), origins.setdefault(r.origin, len(origins)), r.denies)
        for number, event in enumerate(event for of_line in lines for event in of_line)
        for r in event.reports
    ]
    said = [r for of_line in lines for event in of_line for r in event.reports]
    event, published, origin, denies = np.array(reports, dtype=np.int64).reshape(-1, 4).T
    line, kind, sign, severity, occurred = np.array(events, dtype=np.int64).reshape(-1, 5).T
    return EventColumns(
        lines=len(lines),
        event=event,
        published=published,
        ratio=np.array([log_likelihood_ratio(r, rubric.admiralty) for r in said], dtype=np.float64),
        origin=origin,
        denies=denies.astype(np.bool_),
        weight=np.array([r.weight for r in said], dtype=np.float64),
        line=line,
        kind=kind,
        sign=sign,
        severity=severity,
        occurred=occurred,
    )
