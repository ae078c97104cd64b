"""When a row could be known, and how far its stated precision reaches."""

import calendar
from datetime import date, timedelta

from riskboard.catalog import kinds

# Two rows whose days lie so close tell the same thing.
SAME_THING = timedelta(days=14)


def last_day(day: date, precision: str) -> date:
    """The last day that the stated precision allows."""
    if precision == kinds.Precision.YEAR:
        return date(day.year, 12, 31)
    if precision == kinds.Precision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def first_day(day: date, precision: str) -> date:
    if precision == kinds.Precision.YEAR:
        return date(day.year, 1, 1)
    return day.replace(day=1) if precision == kinds.Precision.MONTH else day


def near(day: date, occurred: date, precision: str) -> bool:
    """Does ``day`` lie within fourteen days of the stated period?"""
    return first_day(occurred, precision) - SAME_THING <= day <= last_day(occurred, precision) + SAME_THING
