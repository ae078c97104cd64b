"""Contested facts carry a mark, and lines tell their scores with and without them."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from riskboard.audit.selectors import public_log
from riskboard.catalog.models import License, LicenseChange, Line, Release
from riskboard.catalog.services import remove
from riskboard.ingest import services
from riskboard.ingest.models import Contest
from riskboard.ingest.rows import find
from riskboard.web.access import Role
from riskboard.web.disputes import open_disputes
from scoring import kept
from scoring.engine.assess import assess
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import gather
from tests import cast
from tests.web.conftest import SCORED_ON
from tests.web.people import client_of, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = SCORED_ON
LINE = "alibaba-language"
TOLD = re.compile(r"Score ([\d.]+) with, ([\d.]+) without")


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


def contest(*references: str) -> None:
    for reference in references:
        services.contest(reference, reason="The paper took it back.", now=NOW)


# With and without ---------------------------------------------------------------------------------


def durability() -> float:
    line = Line.objects.get(slug=LINE)
    return assess(gather(line), load_rubric(SHIPPED), TODAY).durability


def gone(reference: str) -> None:
    row = find(reference)
    assert row is not None
    remove(row, by=None, why="to see")


def counted(kind: str) -> list[str]:
    """References of that kind behind items of today's score, heaviest first."""
    items = sorted(kept.assessments(TODAY)[LINE].contributions, key=lambda item: -abs(item.points))
    named = (reference for item in items for reference in item.evidence if reference.startswith(f"{kind}:"))
    return list(dict.fromkeys(named))


def removed(reference: str) -> float:
    with transaction.atomic():
        gone(reference)
        after = durability()
        transaction.set_rollback(True)
    return after


@pytest.mark.usefixtures("scored", "on_that_day")
@pytest.mark.parametrize("kind", ["signal", "license-change", "fact"])
def test_the_score_without_a_contested_fact_is_the_one_of_evidence_without_it(client: Client, kind: str) -> None:
    reference = next(one for one in counted(kind) if abs(removed(one) - durability()) >= 0.1)
    expected = removed(reference)
    contest(reference)
    told = TOLD.search(page(client, f"/lines/{LINE}/"))
    assert told is not None
    assert (float(told[1]), float(told[2])) == (round(durability(), 1), round(expected, 1))


@pytest.mark.usefixtures("scored", "on_that_day")
def test_several_are_left_out_one_by_one_and_together(client: Client) -> None:
    first, second = counted("signal")[:2]
    alone = [removed(reference) for reference in (first, second)]
    with transaction.atomic():
        gone(first)
        gone(second)
        together = durability()
        transaction.set_rollback(True)
    contest(first, second)
    told = page(client, f"/lines/{LINE}/")
    assert f"Score {durability():.1f} with, {together:.1f} without the 2 contested facts." in told
    for score in alone:
        assert f"{score:.1f} without it alone" in told


@pytest.mark.usefixtures("scored", "on_that_day")
def test_without_a_contested_license_nobody_knows_the_terms(client: Client) -> None:
    key = "apache-2.0"
    with transaction.atomic():
        license_ = License.objects.get(key=key)
        for change in LicenseChange.objects.filter(Q(from_license=license_) | Q(to_license=license_)):
            remove(change, by=None, why="to see")
        Release.objects.filter(license=license_).update(license=None)
        expected = durability()
        transaction.set_rollback(True)
    contest(f"license:{key}")
    told = TOLD.search(page(client, f"/lines/{LINE}/"))
    assert told is not None
    assert float(told[2]) == round(expected, 1)


@pytest.mark.usefixtures("scored", "on_that_day")
def test_contests_cost_no_query_more(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    release = Release.objects.filter(family__line__slug=LINE).order_by("-released_on")[0]
    contest(*counted("signal")[:3], f"release:{release.slug}")
    for address in (f"/lines/{LINE}/", release.get_absolute_url(), "/signals/?vendor=alibaba", "/"):
        cache.clear()
        for keeping in (kept.shelf_of, kept.folders_of, kept.dossiers_of, kept.assessments_of):
            keeping.cache_clear()
        with django_assert_max_num_queries(12, info=address):
            assert client.get(address).status_code == 200


@pytest.mark.usefixtures("scored", "on_that_day")
def test_a_settled_contest_and_another_line_tell_nothing(client: Client) -> None:
    (reference, *_) = counted("signal")
    contest(reference)
    assert TOLD.search(page(client, "/lines/meta-language/")) is None
    opened = Contest.objects.get()
    services.close_contest(opened, outcome="It stands.", by=make_user(Role.REVIEWER), now=NOW)
    assert TOLD.search(page(client, f"/lines/{LINE}/")) is None


# The mark -----------------------------------------------------------------------------------------


@pytest.fixture
def hedger(db: None) -> cast.Player:
    return cast.hedger()


def test_what_is_contested_is_marked_wherever_it_is_listed(client: Client, hedger: cast.Player) -> None:
    signal, license_ = hedger.vendor.signals.all()[0], cast.make_license("b", name="0")  # first in its list
    change = cast.make_license_change(hedger.family, cast.make_license("a"), license_, TODAY)
    release, fact = hedger.releases[0], cast.make_fact(hedger.vendor)
    vendor, line, of = hedger.vendor.get_absolute_url(), hedger.line.get_absolute_url(), f"?vendor={hedger.vendor.slug}"
    lists = {
        f"signal:{signal.key}": (f"/signals/{of}", signal.get_absolute_url(), vendor),
        f"pledge:{hedger.pledge.key}": (f"/pledges/{of}", hedger.pledge.get_absolute_url(), line),
        f"license-change:{change.key}": (
            f"/license-changes/{of}",
            change.get_absolute_url(),
            license_.get_absolute_url(),
        ),
        f"release:{release.slug}": (release.get_absolute_url(), line),
        f"license:{license_.key}": ("/licenses/", license_.get_absolute_url()),
        f"fact:{fact.pk}": (vendor, f"/evidence/vendor_facts/{fact.pk}/history/"),
    }
    mark = '<span class="tag contested">contested</span>'
    for reference, addresses in lists.items():
        for address in addresses:
            assert mark not in client.get(address).content.decode(), address
        contest(reference)
        for address in addresses:
            assert mark in client.get(address).content.decode(), address
        Contest.objects.all().delete()


def test_the_page_of_a_contested_fact_says_why_and_escapes_it(client: Client, hedger: cast.Player) -> None:
    signal = hedger.vendor.signals.all()[0]
    services.contest(
        f"signal:{signal.key}", reason="<script>alert(1)</script>", url="https://keeper.example/denial", now=NOW
    )
    body = client.get(signal.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert(1)" not in body
    assert 'href="https://keeper.example/denial" rel="noopener noreferrer nofollow"' in body


# Opening and settling -----------------------------------------------------------------------------


@pytest.fixture
def address(hedger: cast.Player) -> str:
    return f"/evidence/signals/{hedger.vendor.signals.all()[0].key}/contest/"


def test_who_has_an_account_contests_a_fact(address: str, hedger: cast.Player) -> None:
    viewer, signal = client_of(Role.VIEWER), hedger.vendor.signals.all()[0]
    assert "Contest a fact" in page(viewer, address)
    response = viewer.post(address, {"reason": "We deny it.", "url": "https://keeper.example/denial"})
    assert (response.status_code, response.headers["Location"]) == (302, signal.get_absolute_url())
    (dispute,) = open_disputes().values()
    assert (dispute.subject, dispute.reason) == (f"signal:{signal.key}", "We deny it.")
    assert dispute.opened_by == Contest.objects.get().opened_by_id
    assert public_log().get().action == "contested"
    assert "contested already" in page(viewer, address)
    again = viewer.post(address, {"reason": "Once more."})
    assert again.status_code == 422
    assert "This is contested already." in again.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": " "}, "A contest says why."),
        ({"reason": "No", "url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"reason": "x" * 501}, "500"),
    ],
)
def test_a_contest_that_says_nothing_comes_back_as_it_was_typed(address: str, sent: dict[str, str], said: str) -> None:
    response = client_of(Role.VIEWER).post(address, sent)
    body = response.content.decode()
    assert response.status_code == 422
    assert said in body
    assert sent.get("url", "") in body
    assert not Contest.objects.exists()


def test_nobody_contests_a_whole_board_in_an_hour(hedger: cast.Player) -> None:
    viewer = client_of(Role.VIEWER)
    signals = [cast.make_signal(hedger.vendor) for _ in range(11)]
    answers = [viewer.post(f"/evidence/signals/{each.key}/contest/", {"reason": "No"}).status_code for each in signals]
    assert answers == [302] * 10 + [429]
    assert Contest.objects.count() == 10


@pytest.mark.parametrize("wrong", ["/evidence/signals/none/contest/", "/evidence/nothing/x/contest/"])
def test_what_is_not_on_record_cannot_be_contested(wrong: str, db: None) -> None:
    assert client_of(Role.VIEWER).get(wrong).status_code == 404


def opened_by(role: Role, hedger: cast.Player) -> tuple[Client, Contest]:
    client = client_of(role)
    client.post(f"/evidence/signals/{hedger.vendor.signals.all()[0].key}/contest/", {"reason": "We deny it."})
    return client, Contest.objects.get()


def test_a_reviewer_settles_what_others_contest(client: Client, hedger: cast.Player) -> None:
    analyst, opened = opened_by(Role.ANALYST, hedger)
    assert "Settle it" not in page(analyst, "/contests/")
    assert analyst.post(f"/contests/{opened.pk}/close/", {"outcome": "Fine."}).status_code == 403
    reviewer = client_of(Role.REVIEWER)
    assert "Settle it" in page(reviewer, "/contests/")
    empty = reviewer.post(f"/contests/{opened.pk}/close/", {"outcome": ""})
    assert (empty.status_code, "Say how it was settled." in empty.content.decode()) == (422, True)
    assert reviewer.post(f"/contests/{opened.pk}/close/", {"outcome": "The filing confirms it."}).status_code == 302
    told = page(client, "/contests/?state=settled")
    assert "Settled: The filing confirms it." in told
    assert "by analyst" in told
    assert "by reviewer" in told
    assert "the-reviewer" not in told
    assert not open_disputes()
    assert reviewer.post(f"/contests/{opened.pk}/close/", {"outcome": "No."}).status_code == 422


def test_nobody_settles_their_own_contest(hedger: cast.Player, settings: Settings) -> None:
    reviewer, opened = opened_by(Role.REVIEWER, hedger)
    refused = reviewer.post(f"/contests/{opened.pk}/close/", {"outcome": "I was <wrong>."})
    assert refused.status_code == 422
    assert "somebody else has to settle it" in refused.content.decode()
    assert "I was &lt;wrong&gt;." in refused.content.decode()
    settings.SECOND_PERSON = False
    assert reviewer.post(f"/contests/{opened.pk}/close/", {"outcome": "I was wrong."}).status_code == 302
    entry = public_log()[0]
    assert (entry.action, entry.after) == (
        "contest closed",
        {"contest": opened.pk, "second_person": "none: switched off"},
    )


def test_the_list_of_contests_is_empty_refuses_and_has_pages(client: Client, hedger: cast.Player) -> None:
    assert "Nothing was contested yet." in page(client, "/contests/")
    assert client.get("/contests/?state=odd").status_code == 400
    assert client.get("/contests/?q=1").status_code == 400
    contest(*(f"signal:{cast.make_signal(hedger.vendor).key}" for _ in range(51)))
    assert "51 contests" in page(client, "/contests/")
    assert client.get("/contests/?page=2").status_code == 200
    assert client.get("/contests/?page=3").status_code == 404


def test_a_contest_of_what_was_withdrawn_still_reads(client: Client, hedger: cast.Player) -> None:
    signal = hedger.vendor.signals.all()[0]
    contest(f"signal:{signal.key}")
    services.withdraw(
        signal, by=make_user(Role.ANALYST), reason="A hoax.", now=NOW, version=services.version_of(signal)
    )
    assert signal.key in page(client, "/contests/")
    assert f"/evidence/signals/{signal.key}/history/" in client.get("/contests/").content.decode()
