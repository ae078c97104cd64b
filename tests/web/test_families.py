import html
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.loading import SHIPPED, load_evidence
from tests import cast

TODAY = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def hedger(db: None) -> cast.Player:
    return cast.rated_hedger()


def text_at(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


# A family ------------------------------------------------------------------------------------------


def test_a_family_shows_its_own_part_under_the_score_of_its_line(client: Client, hedger: cast.Player) -> None:
    other = cast.make_family(hedger.line, slug="hedger-vision", name="HedgerVision")
    stranger = cast.make_release(other, date(2024, 5, 1))
    named = cast.make_signal(hedger.vendor, "release_delay", family=hedger.family, summary="HedgerLM 3 is late.")
    cast.make_signal(hedger.vendor, "release_delay", family=other, summary="HedgerVision is late.")
    page = text_at(client, hedger.family.get_absolute_url())
    assert "mixed since 9 Jul 2025" in page
    for own in (*[release.name for release in hedger.releases], named.summary, "Community-1.0"):
        assert own in page
    assert stranger.name not in page
    assert "HedgerVision is late." not in page
    assert "HedgerVision" in page  # as another family of the line


def test_a_family_without_rows_says_so(client: Client, db: None) -> None:
    page = text_at(client, cast.make_family().get_absolute_url())
    assert "No release is on record." in page
    assert "No signal on record names this family." in page
    assert "No measurement of its reach is on record." in page


# A release -----------------------------------------------------------------------------------------


def test_a_release_says_your_copy_first_and_the_next_version_second(client: Client, hedger: cast.Player) -> None:
    page = text_at(client, hedger.releases[0].get_absolute_url())
    copy, following = page.index("Your copy"), page.index("The next version")
    assert copy < following
    assert "Stays yours. Apache-2.0 is irrevocable for the copy you hold." in page[copy:following]
    assert "No clause on record limits its use." in page[copy:following]
    assert "mixed since 9 Jul 2025" in page[following:]
    assert "No rate is given." in page[following:]


def test_the_clauses_that_could_bite_stand_in_the_first_line(client: Client, hedger: cast.Player) -> None:
    page = text_at(client, hedger.releases[1].get_absolute_url())
    first = page[page.index("Your copy") : page.index("The next version")]
    assert "What could bite:" in first
    assert "monthly active users above 100,000,000 a month: a separate license is needed" in first
    assert "Unknown: irrevocable." in first


def test_a_hosted_release_leaves_no_copy(client: Client, hedger: cast.Player) -> None:
    page = text_at(client, hedger.releases[2].get_absolute_url())
    assert "None to keep." in page
    assert "offered hosted only" in page


def test_a_withdrawn_release_keeps_its_dates_and_names(client: Client, db: None) -> None:
    release = cast.make_release(
        released_on=date(2025, 1, 15),
        api_first_on=date(2025, 1, 5),
        withdrawn_on=date(2025, 9, 1),
        hosted_ended_on=date(2025, 10, 1),
        hf_repo="acme/Acme-7B",
    )
    cast.make_revision(release)
    page = text_at(client, release.get_absolute_url())
    for part in (
        "First hosted 5 Jan 2025",
        "Weights 15 Jan 2025, 10 days after the API",
        "Withdrawn 1 Sep 2025",
        "Hosted until 1 Oct 2025",
        "acme/Acme-7B",
        "pkg:huggingface/acme/Acme-7B",
        "The vendor withdrew the weights on 1 Sep 2025: a copy already held stays under its license.",
    ):
        assert part in page
    assert release.revisions.get().commit_sha[:12] in page


def test_each_change_of_terms_says_whether_it_reached_the_release(client: Client, hedger: cast.Player) -> None:
    assert "Did not reach this release: only versions after it." in text_at(
        client, hedger.releases[0].get_absolute_url()
    )


def test_reach_is_shown_with_its_counter(client: Client, hedger: cast.Player) -> None:
    reach = cast.make_reach(hedger.vendor, hedger.family, measured_on=date(2026, 3, 1), value=1_625_149)
    page = text_at(client, hedger.releases[0].get_absolute_url())
    assert "1,625,149" in page
    assert reach.source.title in page


# Addresses -----------------------------------------------------------------------------------------


def test_a_release_stands_under_its_own_family_only(client: Client, hedger: cast.Player) -> None:
    other = cast.make_family()
    assert client.get(f"/models/{other.slug}/{hedger.releases[0].slug}/").status_code == 404
    assert client.get("/models/no-such-family/").status_code == 404
    assert client.get(f"/models/{hedger.family.slug}/no-such-release/").status_code == 404


def test_slugs_may_hold_dots(client: Client, db: None) -> None:
    family = cast.make_family(slug="acme-2.5")
    release = cast.make_release(family, slug="acme-2.5-7b", name="Acme 2.5 7B")
    assert client.get("/models/acme-2.5/").status_code == 200
    assert client.get(release.get_absolute_url()).status_code == 200


def test_unknown_parameters_are_refused(client: Client, hedger: cast.Player) -> None:
    for url in (hedger.family.get_absolute_url(), hedger.releases[0].get_absolute_url()):
        assert client.get(url + "?sort=name").status_code == 400


def test_a_hostile_name_stays_text(client: Client, hedger: cast.Player) -> None:
    cast.make_signal(hedger.vendor, family=hedger.family, summary="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(hedger.family.get_absolute_url()).content.decode()


def test_no_page_takes_more_than_twelve_queries(
    client: Client, db: None, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 24))
    load_evidence(SHIPPED, now=datetime(2026, 11, 24, tzinfo=UTC))
    for url in ("/models/qwen/", "/models/wan/", "/models/qwen/qwen3-32b/", "/models/llama/"):
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
