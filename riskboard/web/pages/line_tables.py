"""The promises and the releases of a line as its tables show them."""

from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import License, Pledge, Release
from riskboard.catalog.terms import terms_on
from riskboard.web.pages.line_rows import LineRows
from riskboard.web.pages.marks import OPEN_ACCESS, access_on, is_ruled_by, status_on
from scoring.engine.assessment import Assessment, PledgeReading


@dataclass(frozen=True, slots=True)
class PledgeRow:
    pledge: Pledge
    status: str
    status_code: str
    machine: PledgeReading | None
    shows_ruling: bool


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    release: Release
    license: License | None  # of the weights on the day: after a change to all versions another than it came with
    access: str
    is_open: bool
    weights_on: date | None
    lag_days: int | None  # from the first hosted offer to the weights
    withdrawn_on: date | None
    hosted_ended_on: date | None


def pledge_rows(pledges: tuple[Pledge, ...], assessment: Assessment) -> tuple[PledgeRow, ...]:
    machine = {reading.pledge: reading for reading in assessment.pledges}
    return tuple(
        PledgeRow(
            pledge=pledge,
            status=(status := status_on(pledge, assessment.as_of)).replace("_", " "),
            status_code=status if status in kinds.PledgeStatus.values else "unknown",
            machine=machine.get(f"pledge:{pledge.key}"),
            shows_ruling=is_ruled_by(pledge, assessment.as_of),
        )
        for pledge in pledges
    )


def release_rows(rows: LineRows, releases: tuple[Release, ...], day: date) -> tuple[ReleaseRow, ...]:
    def by_then(on: date | None) -> date | None:
        return on if on and on <= day else None

    changes, found = rows.own(rows.changes), []
    for release in sorted(releases, key=lambda release: (release.announced_on, release.slug), reverse=True):
        weights, api = by_then(release.weights_on), release.api_first_on
        found.append(
            ReleaseRow(
                release=release,
                license=terms_on(release, changes, day),
                access=(access := access_on(release, day)),
                is_open=access in OPEN_ACCESS,
                weights_on=weights,
                lag_days=(weights - api).days if weights and api and weights > api else None,
                withdrawn_on=by_then(release.withdrawn_on),
                hosted_ended_on=by_then(release.hosted_ended_on),
            )
        )
    return tuple(found)
