"""What stands beside every fact: when it was last verified and changed, whether it is contested, what may be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse

from riskboard.catalog.models import Evidence, Source
from riskboard.ingest.models import Check
from riskboard.ingest.rows import PREFIXES, TABLE_OF, reference_of, spec_of
from riskboard.ingest.selectors import Freshness, freshness_of
from riskboard.web.disputes import Dispute, open_disputes


@dataclass(frozen=True, slots=True)
class Fact:
    reference: str
    table: str
    key: str  # in the addresses of its pages
    freshness: Freshness | None  # None: rows that cite nothing
    check: Check | None
    dispute: Dispute | None

    @property
    def needs_look(self) -> bool:
        """Its source is gone, moved or changed, and nobody settled that yet."""
        return self.check is not None and self.check.status in {"dead", "moved", "changed"}


def fact_of(row: Model, now: datetime) -> Fact:
    """One query, none where the row came with the check of its source."""
    reference = reference_of(row)
    check = check_of(row.source) if isinstance(row, Evidence) else None
    return Fact(
        reference=reference,
        table=spec_of(row).name,
        key=reference.partition(":")[2],
        freshness=freshness_with(row, check, now) if isinstance(row, Evidence) else None,
        check=check,
        dispute=open_disputes().get(reference),
    )


def freshness_with(row: Evidence, check: Check | None, now: datetime) -> Freshness:
    return freshness_of(row, check.last_verified_at if check else None, now)


def check_of(source: Source) -> Check | None:
    """As it came with the source; rows that are kept in memory come without, and it is never kept with those."""
    if "check_up" in source._state.fields_cache:
        return known_check(source)
    return Check.objects.filter(source=source).first()


def known_check(source: Source) -> Check | None:
    """Of a source that came with it; else None, without a query."""
    found: Check | None = source._state.fields_cache.get("check_up")
    return found


def address_of(name: str, reference: str) -> str:
    """Of the page ``name`` ("row_history", "correct", ...) of a fact."""
    prefix, _, key = reference.partition(":")
    return reverse(name, args=[TABLE_OF[prefix], key])


def page_of(row: Any) -> str:  # noqa: ANN401 - any model
    """Where a row is told: its own page, the one of its vendor, else its history."""
    if hasattr(row, "get_absolute_url"):
        return str(row.get_absolute_url())
    return address_of("row_history", reference_of(row))


def reference_in(table: str, key: str) -> str:
    """Raises KeyError for a table that there is not."""
    return f"{PREFIXES[table]}:{key}"
