"""A feed looked at again and again, with what a look brought home kept as the service keeps it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from riskboard.catalog.tables import TABLES
from riskboard.ingest.client import Client
from riskboard.ingest.drafts import Catch, Draft
from riskboard.ingest.hosting import keep_offers
from riskboard.ingest.models import Feed, Snapshot
from riskboard.ingest.sources import SOURCES

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
# What an analyst has to add, because nobody observed it.
LEFT_TO_ANALYSTS = {
    "family",
    "flagship",
    "license_key",
    "access",
    "modality",
    "direction",
    "from_license",
    "to_license",
}


@dataclass
class Watch:
    feed: Feed
    now: datetime = START
    catches: list[Catch] = field(default_factory=list)

    def client(self) -> Client:
        return Client(now=lambda: self.now, interval=timedelta(0), deadline=10.0, sleep=lambda seconds: None)

    def look(self, **later: float) -> Catch:
        """``later``: how much time passes first, as ``hours=6``."""
        self.now += timedelta(**later)
        catch = SOURCES[self.feed.connector].fetch(self.client(), self.feed, self.now)
        for capture in catch.captures:
            Snapshot.objects.create(
                url=capture.url,
                fetched_at=capture.fetched_at,
                status=capture.status,
                headers=dict(capture.headers),
                sha256=capture.sha256,
                body=capture.body,
                cleaned=capture.cleaned,
            )
        self.feed.cursor = catch.cursor
        self.feed.save()
        self.feed.refresh_from_db()
        keep_offers(self.feed, catch.offers, self.now)
        self.catches.append(catch)
        return catch


def of_table(catch: Catch, table: str) -> list[Draft]:
    return [draft for draft in catch.drafts if draft.table == table]


def only(catch: Catch, table: str) -> Draft:
    [draft] = of_table(catch, table)
    return draft


def assert_fits_its_table(draft: Draft) -> None:
    """Its columns are the table's, and every cell can be read, but for what is left to analysts."""
    if draft.table not in TABLES:
        return
    spec = TABLES[draft.table]
    assert set(draft.fields) == set(spec.header)
    for column in spec.columns:
        written = draft.fields[column.name]
        assert isinstance(written, str)
        if written or column.name not in LEFT_TO_ANALYSTS:
            column.parse(written)
