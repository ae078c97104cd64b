"""Handlers of the unit tests: what they do shows in the Pulse row, the one other table of this room."""

from datetime import UTC, datetime, timedelta
from typing import Any

from riskboard.jobs import services
from riskboard.jobs.leases import Lease
from riskboard.jobs.models import Job

MARK = datetime(2001, 1, 1, tzinfo=UTC)


def note(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    services.note_pulse(MARK)


def note_together(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    with renew.transaction():
        services.note_pulse(MARK)


def break_down(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    raise ValueError("The page has no \x00 date.")


def overstay(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    """Works past its lease, and meanwhile another worker claims the job."""
    assert services.claim(Job.objects.get().pk, worker="another", now=now + timedelta(hours=1))
    with renew.transaction():
        services.note_pulse(MARK)
