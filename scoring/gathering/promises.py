"""Pledge rows to the engine's pledges and to the acts that broke them."""

from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import Pledge
from scoring.engine import facts
from scoring.gathering.shelf import Folder


def pledges(folder: Folder) -> tuple[facts.Pledge, ...]:
    """Promises of the line and of its vendor; without a day on which it was made a promise cannot be tested."""
    return tuple(_pledge(row, made) for row in folder.own(folder.pledges) if (made := made_on(row)))


def made_on(row: Pledge) -> date | None:
    """The day the pledge was made, or became public when that was later."""
    return row.made_on and max(row.made_on, row.published_on or row.made_on)


def _pledge(row: Pledge, made: date) -> facts.Pledge:
    superseded = row.status == kinds.PledgeStatus.SUPERSEDED
    return facts.Pledge(
        id=f"pledge:{row.key}",
        made=made,
        specificity=row.specificity,
        channel=row.channel,
        label=row.summary,
        due=row.due_on,
        expires=row.status_on if superseded else None,
        verified=row.is_verified,
    )


def breaches(folder: Folder) -> tuple[facts.Breach, ...]:
    return tuple(
        facts.Breach(id=f"pledge:{row.key}", on=row.status_on, known=row.status_on, pledge=f"pledge:{row.key}")
        for row in folder.own(folder.pledges)
        if row.status == kinds.PledgeStatus.BROKEN and row.status_on and row.is_verified and made_on(row)
    )
