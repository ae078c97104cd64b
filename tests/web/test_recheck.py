"""Cited pages that need another look: what was found, what cites them, and what a person does about it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from riskboard.audit.selectors import history_of, public_log
from riskboard.catalog.models import Pledge, Source
from riskboard.celery import app
from riskboard.ingest.models import Check
from riskboard.ingest.rechecking import AT_ONCE, RECHECK
from riskboard.ingest.tasks import recheck_due
from riskboard.jobs import bell, handlers
from riskboard.jobs.models import Job
from riskboard.web.access import Role
from tests import cast
from tests.web.people import client_of

pytestmark = pytest.mark.django_db
QUEUE, UNCHECKED = "/sources/recheck/", "/sources/recheck/?list=unchecked"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEW = "https://news.example/moved"


@pytest.fixture(autouse=True)
def _quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring", lambda _job_id, _queue: None)


@pytest.fixture
def source(db: None) -> Source:
    """Of a signal and a pledge, and of the ruling on that."""
    page = cast.make_source("https://news.example/layoffs")
    vendor = cast.make_vendor()
    cast.make_signal(vendor, key="layoffs", source=page, summary="A fifth <leaves>")
    cast.make_pledge(vendor, key="open", source=page, summary="Stays open", status_source=page)
    return page


@pytest.fixture
def analyst(db: None) -> Client:
    return client_of(Role.ANALYST)


def found(source: Source, status: str, **fields: Any) -> Check:
    return Check.objects.create(source=source, status=status, checked_at=NOW, **fields)


def text(client: Client, address: str = QUEUE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


# The lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "fields", "said"),
    [
        ("dead", {"note": "The page answers with status 404."}, "The page answers with status 404."),
        ("moved", {"moved_to": NEW}, f"It leads to {NEW} now."),
        ("changed", {"found_sha256": "b" * 64}, "are not what they were"),
    ],
)
def test_the_queue_says_what_was_found_and_what_cites_it(
    client: Client, source: Source, status: str, fields: dict[str, str], said: str
) -> None:
    found(source, status, last_verified_at=NOW - timedelta(days=100), **fields)
    page = text(client)
    assert "1 needs a person" in page
    assert said in page
    assert "last verified 16 Aug 2026" in page
    for cited in ("A fifth <leaves> (signal)", "Stays open (pledge)", "Stays open (status of a pledge)"):
        assert cited in page
    assert "It still says so" not in page


def test_where_nobody_looked_it_says_never(client: Client, source: Source) -> None:
    assert "Nothing waits. That says little: 1 cited page" in text(client)
    page = text(client, UNCHECKED)
    assert "Never checked." in page
    assert "never verified since its rows were recorded" in page
    assert "Never checked since its rows were recorded." in text(client, source.get_absolute_url())
    Check.objects.create(source=source, status="ok", checked_at=timezone.now(), last_verified_at=timezone.now())
    assert "Every cited page was found as cited within a year." in text(client, UNCHECKED)
    Check.objects.update(last_verified_at=timezone.now() - timedelta(days=400))
    assert "1 never found as cited, or not for a year" in text(client, UNCHECKED)


def test_what_nothing_cites_and_what_was_recalled_is_not_listed(client: Client) -> None:
    found(cast.make_source("https://news.example/old"), "dead")
    recalled = cast.make_source("", "recalled")
    cast.make_signal(cast.make_vendor(), source=recalled)
    assert "Nothing waits." in text(client)
    assert "Every cited page was found" in text(client, UNCHECKED)


def test_a_long_list_has_pages_and_odd_questions_are_refused(client: Client) -> None:
    vendor = cast.make_vendor()
    for number in range(51):
        cast.make_signal(vendor, source=cast.make_source(f"https://news.example/{number}"))
    assert "51 never found as cited" in text(client, UNCHECKED)
    assert client.get(f"{UNCHECKED}&page=2").status_code == 200
    assert client.get(f"{UNCHECKED}&page=3").status_code == 404
    assert client.get(f"{QUEUE}?list=odd").status_code == 400
    assert client.get(f"{QUEUE}?q=1").status_code == 400


def test_the_page_of_a_fact_says_that_its_source_is_gone(client: Client, source: Source) -> None:
    check = found(source, "dead")
    body = client.get("/signals/layoffs/").content.decode()
    assert f'<a href="/sources/recheck/#check-{check.pk}">its source is gone</a>' in body


# What a person does -------------------------------------------------------------------------------


def test_a_person_confirms_that_it_still_says_so(analyst: Client, source: Source) -> None:
    found(source, "changed", sha256="a" * 64, found_sha256="b" * 64)
    assert "It still says so" in text(analyst)
    assert analyst.post(f"/sources/{source.pk}/confirm/").status_code == 302
    check = Check.objects.get()
    assert (check.status, check.sha256, check.found_sha256) == ("ok", "b" * 64, "")
    assert check.last_verified_at is not None
    assert history_of(f"source:{source.pk}")[0].action == "verified"
    assert "Nothing waits." in text(analyst)


def test_what_was_never_looked_at_can_be_confirmed(analyst: Client, source: Source) -> None:
    analyst.post(f"/sources/{source.pk}/confirm/")
    assert "Every cited page was found as cited within a year." in text(analyst, UNCHECKED)


def test_a_new_address_corrects_every_row_that_cites_the_page(analyst: Client, source: Source) -> None:
    found(source, "moved", moved_to=NEW)
    assert f'value="{NEW}"' in analyst.get(QUEUE).content.decode()
    response = analyst.post(f"/sources/{source.pk}/address/", {"url": NEW, "reason": "It moved."})
    assert response.status_code == 302
    pledge = Pledge.objects.get()
    assert pledge.source.url == NEW
    assert pledge.status_source is not None
    assert pledge.status_source.url == NEW
    assert pledge.vendor.signals.get().source.url == NEW
    entries = public_log()
    assert {entry.subject for entry in entries} == {"signal:layoffs", "pledge:open"}
    assert {(entry.action, entry.reason) for entry in entries} == {("corrected", "It moved.")}
    assert "Nothing waits." in text(analyst)
    assert "Every cited page was found as cited within a year." in text(analyst, UNCHECKED)
    assert analyst.get(source.get_absolute_url()).status_code == 200


def test_an_archived_copy_is_an_address_too(analyst: Client, source: Source) -> None:
    found(source, "dead")
    assert f"https://web.archive.org/web/*/{source.url}" in analyst.get(QUEUE).content.decode()
    copy = f"https://web.archive.org/web/2026/{source.url}"
    analyst.post(f"/sources/{source.pk}/address/", {"url": copy, "reason": "The page is gone."})
    assert Pledge.objects.get().source.url == copy


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"url": "javascript:alert(1)", "reason": "It moved."}, "Enter a valid URL"),
        ({"url": "https://news.example/layoffs", "reason": "It moved."}, "That is the address it has."),
        ({"url": NEW, "reason": " "}, "A correction says why."),
        ({"url": "", "reason": "It <moved>."}, "Write the new address."),
    ],
)
def test_a_wrong_address_comes_back_as_it_was_typed_and_changes_nothing(
    analyst: Client, source: Source, sent: dict[str, str], said: str
) -> None:
    found(source, "dead")
    response = analyst.post(f"/sources/{source.pk}/address/", sent)
    assert response.status_code == 422
    body = unescape(response.content.decode())
    assert said in body
    assert f'value="{sent["url"]}"' in body
    assert Pledge.objects.get().source == source
    assert not public_log().exists()


def test_a_row_whose_key_holds_its_address_moves_too(analyst: Client) -> None:
    reach = cast.make_reach(cast.make_vendor(), source=cast.make_source("https://hub.example/old"))
    found(reach.source, "moved", moved_to=NEW)
    analyst.post(f"/sources/{reach.source.pk}/address/", {"url": NEW, "reason": "It moved."})
    reach.refresh_from_db()
    assert reach.source.url == NEW


# Looking again ------------------------------------------------------------------------------------


def test_a_look_out_of_turn_is_one_job_an_hour(analyst: Client, source: Source) -> None:
    for _ in range(3):
        assert analyst.post(f"/sources/{source.pk}/recheck/").status_code == 302
    job = Job.objects.get()
    assert (job.kind, job.payload) == (RECHECK, {"source": source.pk})


def test_what_was_recalled_cannot_be_looked_at(analyst: Client) -> None:
    recalled = cast.make_source("", "recalled")
    assert (
        "There is no page to look at" in analyst.post(f"/sources/{recalled.pk}/recheck/", follow=True).content.decode()
    )
    assert not Job.objects.exists()


def test_the_schedule_looks_again_at_a_bounded_number_an_hour() -> None:
    (entry,) = (each for each in app.conf.beat_schedule.values() if each["task"] == recheck_due.name)
    assert entry["schedule"] == 3600
    vendor = cast.make_vendor()
    for number in range(AT_ONCE + 5):
        cast.make_signal(vendor, source=cast.make_source(f"https://news.example/{number}"))
    recheck_due()
    assert Job.objects.filter(kind=RECHECK).count() == AT_ONCE
    for _ in range(2):  # of a host that keeps us waiting, the first do not stand in the way of the others
        recheck_due()
        assert Job.objects.filter(kind=RECHECK).count() == AT_ONCE + 5
    assert callable(handlers.find(RECHECK))
