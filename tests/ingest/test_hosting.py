from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from riskboard.ingest.drafts import Catch, SeenOffer
from riskboard.ingest.hosting import keep_offers, offers
from riskboard.ingest.models import Feed, HostedOffer, HostedPrice
from riskboard.ingest.polling import poll
from tests.ingest.desk import client, connect, make_feed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HUB = "Qwen/Qwen3-32B"


def seen(host: str = "A", **fields: Any) -> SeenOffer:
    usual: dict[str, Any] = {"prompt": Decimal("0.0000004"), "completion": Decimal("0.0000012"), "status": "up"}
    return SeenOffer(**{"listing": "qwen/qwen3-32b", "host": host, "repository": HUB, **usual, **fields})


@pytest.fixture
def feed(db: None) -> Feed:
    return make_feed(connector="openrouter")


def test_the_same_price_is_kept_once_and_another_joins_the_history(feed: Feed) -> None:
    for day in range(3):
        keep_offers(feed, [seen()], NOW + day * DAY)
    keep_offers(feed, [seen(prompt=Decimal("0.0000005"))], NOW + 3 * DAY)
    [offer] = offers(HUB)
    assert [(price.since, price.prompt) for price in offer.prices] == [
        (date(2026, 11, 2), Decimal("0.4")),
        (date(2026, 11, 5), Decimal("0.5")),
    ]
    assert offer.is_tracked
    assert (offer.since, offer.seen_at) == (date(2026, 11, 2), NOW + 3 * DAY)


def test_a_price_with_many_digits_is_the_same_price_at_the_next_look(feed: Feed) -> None:
    odd = Decimal("0.00000039999999999999998")
    for day in range(2):
        keep_offers(feed, [seen(prompt=odd, completion=Decimal("123.456789012345678901"))], NOW + day * DAY)
    assert HostedPrice.objects.count() == 1


@pytest.mark.parametrize("price", [None, Decimal(10**9), Decimal("1e-40")])
def test_what_is_no_price_is_unknown_and_begins_no_history(feed: Feed, price: Decimal | None) -> None:
    keep_offers(feed, [seen(prompt=price, completion=price)], NOW)
    [offer] = offers(HUB)
    assert offer.price is None
    assert not offer.is_tracked


def test_a_price_that_is_not_said_any_more_is_unknown_since_then_and_no_move(feed: Feed) -> None:
    keep_offers(feed, [seen()], NOW)
    keep_offers(feed, [seen(prompt=None, completion=None)], NOW + DAY)
    [offer] = offers(HUB)
    assert offer.price is None
    assert not offer.is_tracked


def test_an_end_stays_the_day_it_was_and_a_return_takes_it_back(feed: Feed) -> None:
    keep_offers(feed, [seen(ends_on=date(2026, 12, 1))], NOW)
    assert offers(HUB)[0].ends_on == date(2026, 12, 1)
    for later in (date(2026, 11, 4), date(2026, 11, 9)):
        keep_offers(feed, [seen(ended_on=later)], NOW + 9 * DAY)
    [offer] = offers(HUB)
    assert offer.ended_on == date(2026, 11, 4)
    assert offer.seen_at == NOW, "an end is no sighting"
    assert offer.price is not None, "the last one stays"
    keep_offers(feed, [seen()], NOW + 20 * DAY)
    assert offers(HUB)[0].ended_on is None


def test_the_end_of_what_was_never_seen_is_not_kept(feed: Feed) -> None:
    keep_offers(feed, [seen(ended_on=date(2026, 11, 4))], NOW)
    assert not HostedOffer.objects.exists()


def test_hosts_that_stand_come_first_and_places_do_not_mix(feed: Feed) -> None:
    hub = make_feed(connector="hugging_face")
    keep_offers(feed, [seen("Ended"), seen("Z")], NOW)
    keep_offers(feed, [seen("Ended", ended_on=date(2026, 11, 5))], NOW)
    keep_offers(hub, [SeenOffer(HUB, "z", HUB, "live"), SeenOffer("Qwen/Other", "q", "Qwen/Other", "live")], NOW)
    found = offers(HUB.upper())
    assert [(offer.host, offer.via) for offer in found] == [
        ("z", "Hugging Face"),
        ("Z", "OpenRouter"),
        ("Ended", "OpenRouter"),
    ]
    assert offers("") == offers("Qwen/Nothing") == []


def test_a_thousand_offers_are_written_in_few_queries(
    feed: Feed, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = [seen(f"host-{number}") for number in range(1000)]
    for later in range(2):
        with django_assert_max_num_queries(20):
            keep_offers(feed, many, NOW + later * DAY)
    with django_assert_max_num_queries(1):
        assert len(offers(HUB)) == 1000


def test_a_look_keeps_the_offers_that_it_brings_home(monkeypatch: pytest.MonkeyPatch) -> None:
    connect(monkeypatch, Catch(offers=(seen(),)))
    assert poll(make_feed(), NOW, client=client(NOW)).outcome == "nothing_new"
    assert [offer.host for offer in offers(HUB)] == ["A"]
