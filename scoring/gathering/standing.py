"""Dated facts about a vendor to the facts in force for one of its lines."""

from collections.abc import Iterator
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import VendorFact
from scoring.engine import facts
from scoring.gathering.releases import announced_on, by_size
from scoring.gathering.shelf import Folder

UNKNOWN = "unknown"


def vendor_facts(folder: Folder) -> Iterator[facts.StateFact]:
    """For each field the row in force: that of the newest flagship's family, else the vendor's."""
    flagships = _newest_flagships(folder)
    for field in kinds.FactField:
        rows = [row for row in folder.own(folder.facts) if row.field == field]
        ends = {row.valid_to for row in rows if row.valid_to}
        days = sorted({_start(row) for row in rows} | ends | {day for day, _ in flagships})
        deciding = [_deciding(rows, flagships, day) for day in days]
        yield from _spells(deciding, days)


def _start(row: VendorFact) -> date:
    return max(row.valid_from, row.published_on or row.valid_from)


def _newest_flagships(folder: Folder) -> list[tuple[date, int]]:
    """(day, family) from each day on which another flagship became the newest, in order."""
    rows = sorted(
        (row for row in folder.own(folder.releases) if row.flagship), key=lambda row: (announced_on(row), by_size(row))
    )
    newest: dict[date, int] = {}
    for row in rows:
        newest.setdefault(announced_on(row), row.family_id)
    return sorted(newest.items())


def _deciding(rows: list[VendorFact], flagships: list[tuple[date, int]], day: date) -> VendorFact | None:
    family = next((family for since, family in reversed(flagships) if since <= day), None)
    current = [
        row
        for row in rows
        if row.family_id in {None, family} and _start(row) <= day and (row.valid_to is None or day < row.valid_to)
    ]
    return max(current, key=lambda row: (row.family_id is not None, row.valid_from, row.pk), default=None)


def _spells(deciding: list[VendorFact | None], days: list[date]) -> Iterator[facts.StateFact]:
    start = 0
    for end in range(1, len(days) + 1):
        if end < len(days) and deciding[end] == deciding[start]:
            continue
        row = deciding[start]
        if row is not None and row.value != UNKNOWN:
            yield _fact(row, days[start], days[end] if end < len(days) else None)
        start = end


def _fact(row: VendorFact, start: date, end: date | None) -> facts.StateFact:
    return facts.StateFact(
        id=f"fact:{row.pk}",
        name=row.field,
        value=row.value,
        valid_from=start,
        known=start,
        valid_to=end,
        label=f"{kinds.FactField(row.field).label}: {row.value.replace('_', ' ')}".capitalize(),
        verified=row.is_verified,
    )
