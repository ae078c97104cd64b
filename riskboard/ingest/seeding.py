"""The feeds that ship, into the database. What was changed or switched off here stays so."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

from riskboard.catalog.models import Vendor
from riskboard.catalog.services import writing
from riskboard.ingest.models import Feed
from riskboard.ingest.sources import SOURCES

SHIPPED = Path(__file__).parent / "feeds.csv"


@dataclass
class Seeded:
    added: int = 0
    there: int = 0
    skipped: list[str] = field(default_factory=list)  # in sentences


def load_feeds(path: Path = SHIPPED) -> Seeded:
    """Adds what is not there by its slug. Raises OSError, and ValueError for a file that is no list of feeds."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    seeded = Seeded()
    with writing():
        vendors = {vendor.slug: vendor for vendor in Vendor.objects.all()}
        there = set(Feed.objects.values_list("slug", flat=True))
        for row in rows:
            _seed(row, vendors, there, seeded)
    return seeded


def _seed(row: dict[str, str], vendors: dict[str, Vendor], there: set[str], seeded: Seeded) -> None:
    slug, connector = row["slug"], SOURCES.get(row["connector"])
    if slug in there:
        seeded.there += 1
    elif connector is None:
        seeded.skipped.append(f"{slug}: there is no connector called {row['connector']!r}.")
    elif row["vendor"] and row["vendor"] not in vendors:
        seeded.skipped.append(f"{slug}: there is no vendor {row['vendor']!r}; load the evidence first.")
    else:
        Feed.objects.create(
            slug=slug,
            name=row["name"],
            connector=row["connector"],
            address=row["address"],
            vendor=vendors.get(row["vendor"]),
            options=json.loads(row["options"] or "{}"),
            every_minutes=connector.every_minutes,
            reliability=row["reliability"],
            note=connector.terms[:300],
            expected_per_month=int(row["expected_per_month"]) if row["expected_per_month"] else None,
        )
        seeded.added += 1
