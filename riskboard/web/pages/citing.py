"""The rows behind an item of the sum, each with its day, its grade and its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import License, LicenseChange, Pledge, Release, Signal, Source, VendorFact
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

    @property
    def is_recalled(self) -> bool:
        return self.source.is_recalled


def citations(rows: LineRows) -> dict[str, Cited]:
    cited = [cite(row) for row in rows]
    cited += [_cite_fact(fact) for fact in rows.facts]
    cited += [_cite_license(license_) for license_ in _licenses(rows)]
    return {entry.reference: entry for entry in cited}


def _licenses(rows: LineRows) -> Iterator[License]:
    yield from (release.license for release in rows.releases if release.license is not None)
    for change in rows.changes:
        yield from (change.from_license, change.to_license)


def admiralty(row: Row) -> str:
    if not row.is_verified:
        return "".join(UNVERIFIED)
    return row.admiralty if isinstance(row, Signal) else "".join(grade(row))


def cite(row: Row) -> Cited:
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
    )


def _title(row: Row) -> str:
    match row:
        case Release():
            return row.name
        case LicenseChange():
            return f"{row.asset}: {row.from_license.name} to {row.to_license.name}"
        case Pledge() | Signal():
            return row.summary


def _cite_fact(fact: VendorFact) -> Cited:
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
    )


def _cite_license(license_: License) -> Cited:
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
    )


def sources(rows: LineRows) -> list[Source]:
    """Every source the page stands on, by title; recalled rows last."""
    cited = {entry.source.pk: entry.source for entry in citations(rows).values()}
    return sorted(cited.values(), key=lambda source: (source.is_recalled, (source.title or source.url).lower()))
