"""What stands beside the board's table: promises that fall due, and terms and access that changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import TypeVar

from django.urls import reverse

from riskboard.catalog import kinds
from riskboard.catalog.models import Evidence, LicenseChange, Pledge, Release, Signal
from riskboard.web.pages.marks import status_on, with_rulings
from riskboard.web.pages.release_changes import CLOSED, HOSTED_ENDED, WITHDRAWN
from scoring.gathering.clocks import near
from scoring.kept import shelf

E = TypeVar("E", bound=Evidence)

QUARTER = timedelta(days=90)
DUE_SOON = timedelta(days=90)
ACCESS_KINDS = (kinds.SignalKind.GATING, kinds.SignalKind.WITHDRAWAL, kinds.SignalKind.API_DEPRECATION)
# The kind of signal that reports the same as a release's own date.
TOLD_BY = {WITHDRAWN: kinds.SignalKind.WITHDRAWAL, HOSTED_ENDED: kinds.SignalKind.API_DEPRECATION}


@dataclass(frozen=True, slots=True)
class DuePledge:
    summary: str
    url: str
    vendor: str
    status: str
    status_label: str
    due_on: date | None
    days_late: int  # negative while it is not due yet


@dataclass(frozen=True, slots=True)
class AccessChange:
    on: date
    precision: str
    text: str
    what: str
    tone: str  # weak or strong
    url: str
    is_recalled: bool


def pledges_at_risk_or_due(as_of: date | None, today: date) -> tuple[DuePledge, ...]:
    """Those at risk first, then open ones that are overdue or due within 90 days; each by its due day."""
    day = as_of or today
    rows = with_rulings(_public(shelf().pledges, as_of, today), day)
    due = [pledge for row in rows if (pledge := _due(row, day)) is not None]
    return tuple(sorted(due, key=lambda pledge: (pledge.status != "at_risk", pledge.due_on or date.max, pledge.url)))


def _due(row: Pledge, day: date) -> DuePledge | None:
    status = status_on(row, day)
    undecided = status not in {"kept", "partly_kept", "broken", "superseded"}
    soon = row.due_on is not None and row.due_on <= day + DUE_SOON
    if status != "at_risk" and not (undecided and soon):
        return None
    label = "at risk" if status == "at_risk" else "open"
    late = (day - row.due_on).days if row.due_on else 0
    return DuePledge(row.summary, row.get_absolute_url(), row.vendor.name, status, label, row.due_on, late)


def access_changes(as_of: date | None, today: date) -> tuple[AccessChange, ...]:
    """Terms that changed, weights withdrawn or gated, hosted access ended, flagships without weights; newest first."""
    day = as_of or today
    kept, begin = shelf(), day - QUARTER
    reports = [row for row in _public(kept.signals, as_of, today) if begin < row.occurred_on <= day]
    found = chain(
        _terms(_public(kept.changes, as_of, today)),
        _releases(_public(kept.releases, as_of, today), reports),
        _signals(reports),
    )
    recent = (change for change in found if begin < change.on <= day)
    return tuple(sorted(recent, key=lambda change: (-change.on.toordinal(), change.url)))


def _public(rows: Iterable[E], as_of: date | None, today: date) -> list[E]:
    """What was public on the day; today also rows whose day of publication nobody knows."""
    day = as_of or today
    return [row for row in rows if (row.published_on <= day if row.published_on else as_of is None)]


def _terms(rows: Iterable[LicenseChange]) -> Iterator[AccessChange]:
    for row in rows:
        tone = "weak" if row.direction == kinds.ChangeDirection.TIGHTENING else "strong"
        text = f"{row.asset}: {row.from_license.name} to {row.to_license.name}"
        yield _change(row, row.announced_on, text, row.direction, tone, row.key)


def _releases(rows: Iterable[Release], reports: Sequence[Signal]) -> Iterator[AccessChange]:
    """``reports`` of the same end, which may name many releases, stand for them."""
    for row in rows:
        closed_on = row.released_on if row.flagship and row.access == kinds.Access.API_ONLY else None
        told = (
            (WITHDRAWN, "weights withdrawn", row.withdrawn_on),
            (HOSTED_ENDED, "hosted access ended", row.hosted_ended_on),
            (CLOSED, "flagship without weights", closed_on),
        )
        for prefix, what, on in told:
            if on and not any(_tells(report, TOLD_BY.get(prefix), row, on) for report in reports):
                yield _change(row, on, row.name, what, "weak", f"{prefix}{row.slug}")


def _tells(report: Signal, kind: str | None, release: Release, on: date) -> bool:
    line = release.family.line
    is_about_it = report.family.line_id == line.pk if report.family else report.vendor_id == line.vendor_id
    return report.kind == kind and is_about_it and near(on, report.occurred_on, report.date_precision)


def _signals(rows: Iterable[Signal]) -> Iterator[AccessChange]:
    for row in rows:
        if row.kind in ACCESS_KINDS:
            tone = "strong" if row.direction == kinds.Direction.STRENGTHENS else "weak"
            yield _change(row, row.occurred_on, row.summary, kinds.SignalKind(row.kind).label, tone, row.key)


def _change(row: LicenseChange | Release | Signal, on: date, text: str, what: str, tone: str, key: str) -> AccessChange:
    precision = getattr(row, "date_precision", "day")
    return AccessChange(on, precision, text, what, tone, reverse("change", args=[key]), row.source.is_recalled)
