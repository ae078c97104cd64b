"""The rows behind an item of the sum, each with its day, its grade and its source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from riskboard.catalog import kinds
from riskboard.catalog.models import Evidence, License, LicenseChange, Pledge, Release, Signal, Source, VendorFact
from riskboard.ingest.selectors import Freshness
from riskboard.web.pages.fact import freshness_with, known_check
from riskboard.web.pages.line_rows import LineRows, Row, occurred_on, reference
from scoring.gathering.grades import UNVERIFIED, grade


@dataclass(frozen=True, slots=True)
class Cited:
    reference: str
    title: str
    on: date | None
    precision: str
    grade: str  # Admiralty, such as B2
    source: Source
    url: str  # its page on this board
    published_on: date | None
    published_is_derived: bool
    recorded_on: date
    on_timeline: bool
    freshness: Freshness

    @property
    def is_recalled(self) -> bool:
        return self.source.is_recalled


def citations(rows: LineRows, now: datetime) -> dict[str, Cited]:
    cited = [cite(row, now) for row in rows]
    cited += [_cite_fact(fact, now) for fact in rows.facts]
    cited += [_cite_license(license_, now) for license_ in _licenses(rows)]
    return {entry.reference: entry for entry in cited}


def _licenses(rows: LineRows) -> Iterator[License]:
    yield from (release.license for release in rows.releases if release.license is not None)
    for change in rows.changes:
        yield from (change.from_license, change.to_license)


def admiralty(row: Row) -> str:
    if not row.is_verified:
        return "".join(UNVERIFIED)
    return row.admiralty if isinstance(row, Signal) else "".join(grade(row))


def cite(row: Row, now: datetime) -> Cited:
    """``row`` comes with its source and the check of that."""
    return Cited(
        reference=reference(row),
        title=_title(row),
        on=occurred_on(row),
        precision=getattr(row, "date_precision", "day"),
        grade=admiralty(row),
        source=row.source,
        url=row.get_absolute_url(),
        published_on=row.published_on,
        published_is_derived=row.published_is_derived,
        recorded_on=row.recorded_at.date(),
        on_timeline=occurred_on(row) is not None,
        freshness=_freshness(row, now),
    )


def _title(row: Row) -> str:
    match row:
        case Release():
            return row.name
        case LicenseChange():
            return f"{row.asset}: {row.from_license.name} to {row.to_license.name}"
        case Pledge() | Signal():
            return row.summary


def _freshness(row: Evidence, now: datetime) -> Freshness:
    return freshness_with(row, known_check(row.source), now)


def _cite_fact(fact: VendorFact, now: datetime) -> Cited:
    value = fact.value.replace("_", " ")
    return Cited(
        reference=f"fact:{fact.pk}",
        title=f"{kinds.FactField(fact.field).label}: {value}".capitalize(),
        on=fact.valid_from,
        precision="day",
        grade="".join(grade(fact)),
        source=fact.source,
        url=f"{fact.vendor.get_absolute_url()}#facts",
        published_on=fact.published_on,
        published_is_derived=fact.published_is_derived,
        recorded_on=fact.recorded_at.date(),
        on_timeline=False,
        freshness=_freshness(fact, now),
    )


def _cite_license(license_: License, now: datetime) -> Cited:
    return Cited(
        reference=f"license:{license_.key}",
        title=license_.name,
        on=None,
        precision="day",
        grade="",
        source=license_.source,
        url=license_.get_absolute_url(),
        published_on=license_.published_on,
        published_is_derived=license_.published_is_derived,
        recorded_on=license_.recorded_at.date(),
        on_timeline=False,
        freshness=_freshness(license_, now),
    )


def sources(cited: Iterable[Cited]) -> list[Source]:
    """Every source the page stands on, by title; recalled rows last."""
    found = {entry.source.pk: entry.source for entry in cited}
    return sorted(found.values(), key=lambda source: (source.is_recalled, (source.title or source.url).lower()))
