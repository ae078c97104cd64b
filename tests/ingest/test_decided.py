"""What analysts accept and dismiss in the inbox is learned from by ``trainclassifier --decided``."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from riskboard.ingest.models import Feed, Item, Proposal
from riskboard.ingest.training import evaluating, rows
from riskboard.ingest.training.decided import decided_rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 1, tzinfo=UTC)
PRICIER = {"vendor": "moonshot", "family": "kimi", "kind": "price_increase", "direction": "weakens", "severity": "3"}


@pytest.fixture
def feed() -> Feed:
    return Feed.objects.create(slug="wire", name="Wire", connector="rss")


def proposed(feed: Feed, by: object, title: str, state: str, reason: str = "", **fields: str) -> Proposal:
    item = Item.objects.create(feed=feed, identity=title, title=title, publisher="Wire", seen_at=NOW)
    return Proposal.objects.create(
        key=title,
        item=item,
        table="signals",
        fields=fields,
        state=state,
        reason=reason,
        decided_at=None if state == "waiting" else NOW,
        decided_by=None if state == "waiting" else by,  # type: ignore[misc]
    )


def test_accepted_and_irrelevant_items_become_rows(feed: Feed, admin_user: object) -> None:
    proposed(feed, admin_user, "Kimi gets pricier", "accepted", **PRICIER)
    proposed(feed, admin_user, "Llama wool fair opens", "dismissed", "Not relevant: the animal", **PRICIER)
    proposed(feed, admin_user, "Kimi gets pricier again", "dismissed", "A copy of last week's", **PRICIER)
    proposed(feed, admin_user, "Kimi waits for a reader", "waiting", **PRICIER)
    said = [(row.title, row.relevant, row.vendor, row.kind, row.severity, row.origin) for row in decided_rows()]
    assert said == [
        ("Kimi gets pricier", True, "moonshot", "price_increase", 3, "decision"),
        ("Llama wool fair opens", False, "", "", None, "decision"),
    ]


def test_what_machines_decided_is_not_learned(feed: Feed) -> None:
    proposed(feed, None, "Kimi weights observed", "accepted", **PRICIER)
    assert list(decided_rows()) == []


def test_an_item_dismissed_once_and_accepted_once_counts_as_accepted(feed: Feed, admin_user: object) -> None:
    dismissed = proposed(feed, admin_user, "Kimi gets pricier", "dismissed", "irrelevant", **PRICIER)
    Proposal.objects.create(
        key="second",
        item=dismissed.item,
        table="signals",
        fields=PRICIER,
        state="accepted",
        decided_at=NOW,
        decided_by=admin_user,  # type: ignore[misc]
    )
    assert [row.relevant for row in decided_rows()] == [True]


def test_the_command_trains_on_decisions(
    feed: Feed, admin_user: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        proposed(feed, admin_user, f"Zorbulated Kimi number {number}", "accepted", **PRICIER)
    few = list(rows.labeled_rows(rows.HEADLINES))[::8]
    monkeypatch.setattr(rows, "training_rows", lambda _decisions: few)
    monkeypatch.setattr(evaluating, "cross_validate", lambda _examples: {})  # it only reports
    learned, said = {}, StringIO()
    for name, flags in (("without", []), ("with", ["--decided"])):
        path = tmp_path / f"{name}.json"
        call_command("trainclassifier", *flags, output=path, stdout=said)
        learned[name] = json.loads(path.read_text(encoding="utf-8"))
    assert "3 decided by analysts" in said.getvalue()
    assert "zorbulat" not in json.dumps(learned["without"])
    assert "zorbulat" in json.dumps(learned["with"])
