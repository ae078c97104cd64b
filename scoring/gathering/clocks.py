"""Which days tell the same thing."""

from datetime import date, timedelta

from riskboard.catalog import kinds
from riskboard.catalog.models.evidence import last_day

# Two rows whose days lie so close tell the same thing.
SAME_THING = timedelta(days=14)


def first_day(day: date, precision: str) -> date:
    if precision == kinds.Precision.YEAR:
        return date(day.year, 1, 1)
    return day.replace(day=1) if precision == kinds.Precision.MONTH else day


def near(day: date, occurred: date, precision: str) -> bool:
    """Does ``day`` lie within fourteen days of the stated period?"""
    return first_day(occurred, precision) - SAME_THING <= day <= last_day(occurred, precision) + SAME_THING
