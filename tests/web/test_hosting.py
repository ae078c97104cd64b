"""Who hosts a release: on its page, on one of its own, and on the page of its family."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from riskboard.catalog.models import Release
from riskboard.ingest.drafts import SeenOffer
from riskboard.ingest.hosting import keep_offers
from riskboard.ingest.models import Feed
from riskboard.web.templatetags.board import dollars
from tests import cast
from tests.ingest.desk import make_feed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def release(db: None) -> Release:
    return cast.make_release(cast.make_family(slug="oak"), slug="oak-7b", name="Oak 7B", hf_repo="acorn/Oak-7B")


@pytest.fixture
def router(db: None) -> Feed:
    return make_feed("openrouter", connector="openrouter")


def offer(
    host: str, prompt: str | None = "0.0000004", completion: str | None = "0.0000012", **fields: Any
) -> SeenOffer:
    prices = {"prompt": prompt and Decimal(prompt), "completion": completion and Decimal(completion)}
    return SeenOffer("acorn/oak-7b", host, "Acorn/OAK-7B", **{"status": "up", **prices, **fields})


def text_at(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def hosting(release: Release) -> str:
    return f"{release.get_absolute_url()}hosting/"


def test_a_host_shows_status_price_and_announced_end(client: Client, release: Release, router: Feed) -> None:
    keep_offers(router, [offer("Novita", status="down", ends_on=date(2026, 12, 24))], NOW)
    page = text_at(client, hosting(release))
    for said in ("Novita via OpenRouter down $0.40 $1.20 not tracked announced for 24 Dec 2026", "20 Nov 2026"):
        assert said in page


def test_a_trend_is_not_tracked_until_a_second_price_was_seen(client: Client, release: Release, router: Feed) -> None:
    for later in range(2):
        keep_offers(router, [offer("Novita")], NOW - 2 * MONTH + later * MONTH)
    assert "$1.20 not tracked" in text_at(client, hosting(release))
    keep_offers(router, [offer("Novita", completion="0.000002")], NOW)
    assert "$2.00 up since 20 Nov 2026; before: $0.40 read, $1.20 written" in text_at(client, hosting(release))


@pytest.mark.parametrize(
    ("prompt", "completion", "trend"),
    [("0.0000003", "0.0000012", "down"), ("0.0000003", "0.0000013", "mixed"), ("0.0000005", "0.0000013", "up")],
)
def test_the_trend_is_that_of_both_prices(
    client: Client, release: Release, router: Feed, prompt: str, completion: str, trend: str
) -> None:
    keep_offers(router, [offer("Novita")], NOW - MONTH)
    keep_offers(router, [offer("Novita", prompt, completion)], NOW)
    assert f"{trend} since 20 Nov 2026" in text_at(client, hosting(release))


def test_a_price_that_is_not_known_is_not_nothing_and_nothing_is_free(
    client: Client, release: Release, router: Feed
) -> None:
    keep_offers(router, [offer("Silent", None, None), offer("Gift", "0", "0")], NOW)
    page = text_at(client, hosting(release))
    assert "Silent via OpenRouter up unknown unknown not tracked" in page
    assert "Gift via OpenRouter up free free" in page


def test_the_end_of_hosted_access_is_called_that_and_no_withdrawal(
    client: Client, release: Release, router: Feed
) -> None:
    keep_offers(router, [offer("A"), offer("B")], NOW - MONTH)
    keep_offers(router, [offer("A", ended_on=date(2026, 11, 3))], NOW)
    page = text_at(client, hosting(release))
    assert "hosted access ended, 3 Nov 2026" in page
    assert "1 offer seen" in page, "one still stands"
    keep_offers(router, [offer("B", ended_on=date(2026, 11, 9))], NOW)
    page = text_at(client, hosting(release))
    assert "Every host that we saw stopped, the last on 9 Nov 2026." in page
    assert "not a withdrawal" in page
    assert "withdrawn" not in page
    own = text_at(client, release.get_absolute_url())
    assert "Hosted access ended, as far as we see" in own
    assert "Withdrawn not on record" in own


def test_an_end_that_has_passed_and_a_host_long_unseen_say_so(client: Client, release: Release, router: Feed) -> None:
    keep_offers(router, [offer("Due", ends_on=date(2026, 11, 21)), offer("Later", ends_on=TODAY)], NOW)
    keep_offers(router, [offer("Old")], NOW - 2 * MONTH)
    page = text_at(client, hosting(release))
    assert page.count("passed") == 1
    assert page.count("not seen since") == 1


def test_where_no_host_was_seen_the_page_says_who_watches(client: Client, release: Release, router: Feed) -> None:
    for url in (hosting(release), release.get_absolute_url(), release.family.get_absolute_url()):
        response = client.get(url)
        assert "No host seen yet" in response.content.decode()
        assert '<a href="/sources/">sources</a>' in response.content.decode()
    nowhere = cast.make_release(release.family, access="api_only")
    assert "No host seen yet" in text_at(client, hosting(nowhere))


def test_the_release_loads_its_hosts_from_their_own_page(client: Client, release: Release, router: Feed) -> None:
    keep_offers(router, [offer("Novita"), offer("Other")], NOW)
    page = client.get(release.get_absolute_url()).content.decode()
    assert f'hx-get="{hosting(release)}"' in page
    assert f'<a href="{hosting(release)}">' in page, "and without scripts"
    assert "2 offers seen" in page
    whole, part = client.get(hosting(release)), client.get(hosting(release), headers={"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    assert part.content.decode().strip().startswith('<section class="card" id="hosting"')
    assert "HX-Request" in part.headers["Vary"]


def test_a_family_names_the_hosts_of_each_release(client: Client, release: Release, router: Feed) -> None:
    cast.make_release(release.family, name="Unseen")
    gone = cast.make_release(release.family, name="Gone 1", hf_repo="acorn/gone")
    keep_offers(router, [offer("Dear", completion="0.000009"), offer("Cheap", ends_on=date(2026, 12, 24))], NOW)
    over = SeenOffer("x", "Past", gone.hf_repo)
    keep_offers(router, [over], NOW)
    keep_offers(router, [SeenOffer("x", "Past", gone.hf_repo, ended_on=date(2026, 11, 1))], NOW)
    page = text_at(client, release.family.get_absolute_url())
    table = page[page.index("Hosted by") :]
    assert "Oak 7B Cheap, Dear $1.20 –$9.00".replace(" –", "–") in table
    assert "first announced end 24 Dec 2026" in table
    assert "Gone 1 hosted access ended 1 ended" in table


def test_a_hostile_host_is_shown_as_the_words_it_is(client: Client, release: Release, router: Feed) -> None:
    keep_offers(router, [offer("<script>alert(1)</script>", status="<b>up</b>")], NOW)
    for url in (hosting(release), release.family.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_odd_addresses(client: Client, release: Release) -> None:
    assert client.get("/models/oak/none/hosting/").status_code == 404
    assert client.get("/models/elsewhere/oak-7b/hosting/").status_code == 404
    response = client.get(f"{hosting(release)}?sort=price")
    assert response.status_code == 400
    assert "sort" in response.content.decode()


@pytest.mark.parametrize(
    ("price", "written"),
    [
        (None, "unknown"),
        ("", "unknown"),
        (Decimal(0), "free"),
        (Decimal("0.4"), "$0.40"),
        (Decimal("12.3456"), "$12.35"),
        (Decimal("0.0375"), "$0.0375"),
        (Decimal("0.05"), "$0.05"),
        (Decimal("0.00012345"), "$0.000123"),
    ],
)
def test_prices_are_written_as_people_read_them(price: object, written: str) -> None:
    assert dollars(price) == written
