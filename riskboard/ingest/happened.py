"""Days that have to have come before a row can tell of them. Terms in force, dues and retirements may lie ahead."""

from collections.abc import Mapping
from datetime import date, timedelta

from riskboard.catalog.cells import Value
from riskboard.catalog.kinds import Precision

HAPPENED = {
    "signals": ("occurred_on", "published_on"),
    "releases": ("released_on", "api_first_on", "weights_on"),
    "license_changes": ("announced_on",),
    "pledges": ("made_on", "status_on"),
    "reach": ("measured_on",),
}
BY_PRECISION = {"occurred_on", "released_on"}
EAST = timedelta(days=1)  # it is tomorrow already where many vendors publish
AHEAD = "Has not come yet: only what has happened is recorded."


def ahead(table: str, values: Mapping[str, Value], today: date) -> dict[str, str]:
    """What is wrong with days that have come nowhere yet when it is ``today`` in UTC, by column."""
    precision = str(values.get("date_precision", ""))
    days = {name: values.get(name) for name in HAPPENED.get(table, ())}
    return {
        name: AHEAD
        for name, day in days.items()
        if isinstance(day, date) and _first(day, precision if name in BY_PRECISION else "") > today + EAST
    }


def _first(day: date, precision: str) -> date:
    """The first day that it can mean: the rest of a coarse date is filler."""
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == Precision.MONTH else day
