"""The state of a line in words, from dated rows alone (method section 2).

The rubric's table gives order, labels and limits; here stands the test for each row. Recalled releases count: a state
is said with its sources beside it, it is not a forecast. A release whose access is unknown is neither open nor closed.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from scoring.engine.assessment import LineState
from scoring.engine.facts import Dossier, Release
from scoring.engine.history import LineHistory
from scoring.engine.launches import opened_on, withdrawn_on
from scoring.engine.months import add_months
from scoring.engine.rubric import Rubric


class Finding(NamedTuple):
    since: date | None
    evidence: tuple[str, ...]


class StateSpan(NamedTuple):
    """``state`` as it was said on ``first``; the same code held until ``last``, both days included."""

    state: LineState
    first: date
    last: date


def line_state(dossier: Dossier, rubric: Rubric, as_of: date) -> LineState:
    """The first row of the rubric's table that holds on ``as_of``."""
    history = LineHistory(dossier, rubric.state_limits, as_of)
    for row in rubric.states:
        if (finding := RULES[row.code](history)) is not None:
            pending = tuple(launch.top.name for launch in history.pending)
            return LineState(row.code, finding.since, pending, finding.evidence)
    raise AssertionError("the last row of the table always holds")


def state_spans(dossier: Dossier, rubric: Rubric, first: date, last: date) -> tuple[StateSpan, ...]:
    """The states of a line from ``first`` to ``last``, neighbors with the same code joined."""
    spans: list[StateSpan] = []
    for day in (first, *(d for d in _turning_points(dossier, rubric) if first < d <= last)):
        state = line_state(dossier, rubric, day)
        if spans and spans[-1].state.code == state.code:
            continue
        if spans:
            spans[-1] = spans[-1]._replace(last=day - timedelta(days=1))
        spans.append(StateSpan(state, day, last))
    return tuple(spans)


def _turning_points(dossier: Dossier, rubric: Rubric) -> list[date]:
    """Every day on which the state can change, in order."""
    limits = rubric.state_limits
    grace = timedelta(days=limits.closed_days)
    days: set[date] = set()
    for release in dossier.releases:
        known = [day for day in (release.announced, release.weights, release.withdrawn) if day is not None]
        days.update(max(day, release.announced) for day in known)
        days.update(max(day, release.announced) + grace for day in known)
    for tightened in dossier.tightenings:
        days.update((tightened, add_months(tightened, limits.tightened_months)))
    asleep = (LineHistory(dossier, limits, day).dormant_from for day in sorted(days))
    return sorted(days | {day for day in asleep if day is not None})


def _no_open_model(history: LineHistory) -> Finding | None:
    return None if history.opened else Finding(None, ())


def _withdrawn(history: LineHistory) -> Finding | None:
    if history.still_open:
        return None
    return Finding(date.fromordinal(max(map(withdrawn_on, history.opened))), _ids(history.opened))


def _reopened(history: LineHistory) -> Finding | None:
    closure = history.last_closure()
    if closure is None or not history.settled[-1].is_open:
        return None
    after = [launch.top for launch in history.settled if launch.is_open and opened_on(launch.top) > closure.toordinal()]
    if not after:
        return None
    first = min(after, key=lambda release: (opened_on(release), release.id))
    return Finding(date.fromordinal(opened_on(first)), (first.id,))


def _closed(history: LineHistory) -> Finding | None:
    """A line that still opens smaller models than those it closed is mixed, not closed."""
    if not history.is_closed:
        return None
    closed = history.closed_flagships()
    since = history.closed_since(closed[0])
    if since is None or any(opened_on(release) >= since.toordinal() for release in history.still_open):
        return None
    return Finding(since, _ids(closed))


def _mixed(history: LineHistory) -> Finding | None:
    closed = history.closed_flagships()
    if not closed:
        return None
    newest = history.settled[-1]
    return Finding(history.closed_since(closed[0]), _ids([*closed, newest.top] if newest.is_open else closed))


def _dormant(history: LineHistory) -> Finding | None:
    since = history.dormant_from
    if since is None or history.day < since:
        return None
    return Finding(since, (history.last_opened().id,))


def _tightened(history: LineHistory) -> Finding | None:
    since = max(history.tightenings, default=None)
    if since is None or history.day >= add_months(since, history.limits.tightened_months):
        return None
    return Finding(since, ())


def _open(history: LineHistory) -> Finding | None:
    """Open without a break: counted from the first open flagship after the last launch that stayed closed."""
    closed = max((launch.announced.toordinal() for launch in history.settled if not launch.is_open), default=0)
    flagships = history.open_flagships()
    since = [release for release in flagships if opened_on(release) > closed] or flagships
    first = min(since, key=lambda release: (opened_on(release), release.id))
    return Finding(date.fromordinal(opened_on(first)), (first.id,))


def _ids(releases: Iterable[Release]) -> tuple[str, ...]:
    return tuple(release.id for release in releases)


RULES: dict[str, Callable[[LineHistory], Finding | None]] = {
    "no_open_model": _no_open_model,
    "withdrawn": _withdrawn,
    "reopened": _reopened,
    "closed": _closed,
    "mixed": _mixed,
    "dormant": _dormant,
    "tightened": _tightened,
    "open": _open,
}
