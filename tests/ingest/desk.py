"""What tests of proposals and decisions stand on: feeds, connectors that bring what a test gives them, proposals."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User

from riskboard.audit.models import Entry
from riskboard.ingest.client import Client
from riskboard.ingest.drafts import Catch, Draft, Seen
from riskboard.ingest.models import Feed, Item, Proposal
from riskboard.ingest.sources import SOURCES, Connector
from tests import cast

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
_numbers = count(1)

Brings = Catch | Exception | Callable[[Client, Feed, datetime], Catch]


def client(now: datetime = NOW) -> Client:
    return Client(now=lambda: now)


def make_feed(slug: str = "", **fields: Any) -> Feed:
    slug = slug or f"feed-{next(_numbers)}"
    return Feed.objects.create(
        **{"slug": slug, "name": slug.title(), "connector": "desk", "reliability": "B", **fields}
    )


def connect(monkeypatch: pytest.MonkeyPatch, brings: Brings, **options: Any) -> list[Feed]:
    """The connector "desk" brings (or raises) this; the feeds that it was asked for."""
    asked: list[Feed] = []

    def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
        asked.append(feed)
        if isinstance(brings, Exception):
            raise brings
        return brings if isinstance(brings, Catch) else brings(client, feed, now)

    monkeypatch.setitem(SOURCES, "desk", Connector(fetch, "Desk", every_minutes=60, **options))
    return asked


def seen(title: str, identity: str = "", **fields: Any) -> Seen:
    usual: dict[str, Any] = {"publisher": "Example News", "published_on": date(2026, 5, 30)}
    return Seen(identity or f"guid:{title}", title, **{**usual, **fields})


def make_item(feed: Feed, title: str, **fields: Any) -> Item:
    usual: dict[str, Any] = {"identity": f"guid:{next(_numbers)}", "publisher": "Example News", "seen_at": NOW}
    return Item.objects.create(feed=feed, title=title, **{"published_on": date(2026, 5, 30), **usual, **fields})


def signal_texts(player: cast.Player, **columns: str) -> dict[str, str]:
    """A layoff of severity 3 that nobody would doubt."""
    return {
        "id": f"{player.vendor.slug}-layoffs-{next(_numbers)}",
        "event_id": "",
        "vendor": player.vendor.slug,
        "family": player.family.slug,
        "kind": "layoffs",
        "occurred_on": "2026-05-29",
        "date_precision": "day",
        "published_on": "2026-05-30",
        "direction": "weakens",
        "severity": "3",
        "summary": "A fifth of the staff leaves.",
        "source_url": f"https://news.example/layoffs-{next(_numbers)}",
        "source_title": "Layoffs",
        "publisher": "Example News",
        "source_reliability": "B",
        "info_credibility": "3",
        "confidence": "medium",
        **columns,
    }


def make_proposal(texts: dict[str, str], table: str = "signals", **fields: Any) -> Proposal:
    return Proposal.objects.create(key=f"test:{next(_numbers)}", table=table, fields=texts, **fields)


def draft(key: str, table: str, texts: dict[str, str], *, is_machine_verified: bool = True) -> Draft:
    return Draft(key, table, texts, ("seen by a test",), is_machine_verified, texts.get("source_url", ""))


def people(*names: str) -> Iterable[User]:
    return [User.objects.create_user(name) for name in names]


def before(entry: Entry) -> dict[str, Any]:
    return dict(entry.before or {})


def after(entry: Entry) -> dict[str, Any]:
    return dict(entry.after or {})
