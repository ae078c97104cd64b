"""Release rows to the engine's releases, launches and withdrawals."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from riskboard.catalog import kinds
from riskboard.catalog.models import Release
from riskboard.catalog.models.evidence import last_day
from scoring.engine import facts
from scoring.gathering.clocks import SAME_THING, near
from scoring.gathering.grades import grade, origin
from scoring.gathering.shelf import Folder

LAUNCH_DAYS = timedelta(days=90)
WITHDRAWAL_SEVERITY = 4


def announced_on(release: Release) -> date:
    """The day the release became known: the last day that its stated precision allows."""
    assert release.published_on is not None
    return release.published_on


def weights_on(release: Release) -> date | None:
    """The day the weights were out, as far as known; a day repeated from the release is no more precise than that."""
    if release.weights_on is None:
        return None
    same = release.weights_on == release.released_on
    day = last_day(release.weights_on, release.date_precision) if same else release.weights_on
    return max(day, announced_on(release))


def withdrawn_on(release: Release) -> date | None:
    return release.withdrawn_on and max(release.withdrawn_on, announced_on(release))


def by_size(release: Release) -> tuple[float, str]:
    """Sorts the top model of several first; one of unknown size never comes before one of known size."""
    return (-float(release.params_total_b or 0), release.slug)


def release_facts(folder: Folder) -> tuple[facts.Release, ...]:
    rows = folder.own(folder.releases)
    launches = _launches(rows)
    return tuple(_fact(row, launches[row.pk]) for row in sorted(rows, key=lambda row: (announced_on(row), row.slug)))


def _fact(row: Release, launch: str) -> facts.Release:
    return facts.Release(
        id=f"release:{row.slug}",
        name=row.name,
        announced=announced_on(row),
        weights=weights_on(row),
        launch=launch,
        flagship=row.flagship,
        closed=row.access == kinds.Access.API_ONLY,
        size=None if row.params_total_b is None else float(row.params_total_b),
        withdrawn=withdrawn_on(row),
        verified=row.is_verified,
    )


def _launches(rows: Iterable[Release]) -> dict[int, str]:
    """Launch of each release: flagships within 90 days of the first of them share one."""
    names: dict[int, str] = {}
    first: date | None = None
    for row in sorted(rows, key=lambda row: (announced_on(row), row.slug)):
        if not row.flagship:
            names[row.pk] = f"release:{row.slug}"
            continue
        if first is None or announced_on(row) - first > LAUNCH_DAYS:
            first = announced_on(row)
        names[row.pk] = f"launch:{first}"
    return names


def withdrawal_reports(folder: Folder) -> list[facts.Report]:
    """A withdrawal that no timely signal tells, one event for all releases of the line that left on one day."""
    gone: dict[date, list[Release]] = defaultdict(list)
    for row in folder.own(folder.releases):
        if (day := withdrawn_on(row)) and not told_by_signal(folder, day):
            gone[day].append(row)
    return [_withdrawal(day, row, f"withdrawal:{folder.line.slug}:{day}") for day, rows in gone.items() for row in rows]


def told_by_signal(folder: Folder, day: date) -> bool:
    return any(
        signal.kind == kinds.SignalKind.WITHDRAWAL
        and near(day, signal.occurred_on, signal.date_precision)
        and signal.published_on is not None
        and signal.published_on <= day + SAME_THING
        for signal in folder.own(folder.signals)
    )


def _withdrawal(day: date, row: Release, event: str) -> facts.Report:
    reliability, credibility = grade(row)
    return facts.Report(
        id=f"release:{row.slug}",
        event=event,
        kind=kinds.SignalKind.WITHDRAWAL,
        occurred=day,
        published=day + SAME_THING,
        direction="weakens",
        severity=WITHDRAWAL_SEVERITY,
        reliability=reliability,
        credibility=credibility,
        origin=origin(row.source),
        label=f"{row.name} withdrawn",
        verified=row.is_verified,
    )
