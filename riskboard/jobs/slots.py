"""Slots of a schedule: however often and by however many its time is noticed, each slot is one key, so one job."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    name: str
    every: timedelta


def slot_start(schedule: Schedule, now: datetime) -> datetime:
    """The latest multiple of the cadence, counted in UTC from 1970: no clock change of a zone can shift it."""
    return EPOCH + (now - EPOCH) // schedule.every * schedule.every


def slot_key(schedule: Schedule, now: datetime) -> str:
    return f"{schedule.name}@{slot_start(schedule, now):%Y-%m-%dT%H:%M:%SZ}"
