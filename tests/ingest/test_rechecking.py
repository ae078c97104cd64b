"""Cited pages are looked at again; what a machine cannot tell waits for a person; nothing in the evidence changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from riskboard.audit.models import Entry
from riskboard.catalog.models import Signal, Source
from riskboard.catalog.queries import evidence_version
from riskboard.ingest import services
from riskboard.ingest.answers import Answer
from riskboard.ingest.client import BadAnswer, Client, FetchError, HostBusy, TooSlow, Unreachable
from riskboard.ingest.models import Check, Feed
from riskboard.ingest.rechecking import due, enqueue_due, fingerprint, recheck
from riskboard.ingest.selectors import faded, freshness, recheck_queue
from riskboard.jobs import bell
from riskboard.jobs.models import Job
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import HOUR, NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = b"<html><head><title>Layoffs at Keeper</title></head><body><h1>Layoffs</h1><p>%b</p></body></html>"


@pytest.fixture(autouse=True)
def _quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring", lambda _job_id, _queue: None)


@pytest.fixture
def source(db: None) -> Source:
    return cast.make_source("https://news.example/layoffs", "Layoffs")


def answer(body: bytes = PAGE, status: int = 200, **fields: Any) -> Answer:
    usual: dict[str, Any] = {
        "headers": {"content-type": "text/html; charset=utf-8"},
        "not_modified": False,
        "elapsed": 0.1,
    }
    return Answer("https://news.example/layoffs", status, body=body, **{**usual, **fields})


def look(source: Source, says: Answer | FetchError, monkeypatch: pytest.MonkeyPatch, *, days: float = 0) -> Check:
    def get(_client: Client, _url: str) -> Answer:
        if isinstance(says, FetchError):
            raise says
        return says

    monkeypatch.setattr(Client, "get", get)
    now = NOW + days * DAY
    return recheck(source, now, client=Client(now=lambda: now))


def test_a_page_that_says_the_same_is_verified(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    first = look(source, answer(PAGE % b"advertisement 1"), monkeypatch)
    assert (first.status, first.last_verified_at) == ("ok", NOW)
    again = look(source, answer((PAGE % b"advertisement 2").upper()), monkeypatch, days=90)
    assert (again.status, again.last_verified_at, again.checked_at) == ("ok", NOW + 90 * DAY, NOW + 90 * DAY)
    assert not recheck_queue().exists()


def test_a_page_with_another_headline_has_changed_and_is_no_longer_verified(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(source, answer(), monkeypatch)
    changed = look(source, answer(PAGE.replace(b"Layoffs", b"No layoffs")), monkeypatch, days=90)
    assert (changed.status, changed.last_verified_at) == ("changed", NOW)
    assert list(recheck_queue()) == [changed]
    back = look(source, answer(), monkeypatch, days=91)
    assert (back.status, back.found_sha256) == ("ok", "")


def test_of_what_is_no_page_every_byte_counts() -> None:
    plain: dict[str, Any] = {"headers": {"content-type": "text/plain"}}
    assert fingerprint(answer(b"License 1", **plain)) != fingerprint(answer(b"License 2", **plain))
    assert fingerprint(answer(PAGE % b"1", **plain)) != fingerprint(answer(PAGE % b"2", **plain))
    assert fingerprint(answer(PAGE % b"1")) == fingerprint(answer(PAGE % b"2"))


@pytest.mark.parametrize("gone", [answer(status=404), answer(status=410)], ids=["404", "410"])
def test_a_page_is_gone_only_after_three_looks_over_two_days(
    source: Source, monkeypatch: pytest.MonkeyPatch, gone: Answer | FetchError
) -> None:
    look(source, answer(), monkeypatch)
    statuses = [look(source, gone, monkeypatch, days=days).status for days in (90, 91, 92)]
    assert statuses == ["ok", "ok", "dead"]
    assert [check.source for check in recheck_queue()] == [source]
    assert recheck_queue()[0].last_verified_at == NOW


NO_NAME = Unreachable("No such name.", "unknown_host")


def test_a_host_without_a_name_is_gone_while_other_hosts_answer(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cast.make_source("https://other.example/", "Another page")
    statuses = []
    for days in (0, 1.5, 3):
        look(other, answer(), monkeypatch, days=days - 0.1)
        statuses.append(look(source, NO_NAME, monkeypatch, days=days).status)
    assert statuses == ["unknown", "unknown", "dead"]


def test_to_a_machine_without_a_network_no_page_is_gone(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    other = cast.make_source("https://other.example/", "Another page")
    for page in (source, other):
        look(page, answer(), monkeypatch)
    desk.make_feed(last_ok_at=NOW)
    for days in (90, 92, 94, 96):
        statuses = [look(page, NO_NAME, monkeypatch, days=days).status for page in (source, other)]
        assert statuses == ["ok", "ok"]
    Feed.objects.update(last_ok_at=NOW + 97 * DAY)
    assert len(look(source, NO_NAME, monkeypatch, days=97.5).missing) == 1


def test_three_looks_within_a_day_are_not_enough(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = [look(source, answer(status=404), monkeypatch, days=days).status for days in (0, 0.2, 0.5)]
    assert statuses == ["unknown"] * 3


def test_a_page_that_comes_back_was_never_gone(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (0, 1):
        look(source, answer(status=404), monkeypatch, days=days)
    assert look(source, answer(), monkeypatch, days=2).missing == []
    assert look(source, answer(status=404), monkeypatch, days=3).status == "ok"


@pytest.mark.parametrize(
    "unclear",
    [
        answer(status=403),
        answer(status=429),
        answer(status=451),
        TooSlow("Slow."),
        BadAnswer("Status 503.", status=503),
    ],
    ids=["403", "429", "451", "slow", "503"],
)
def test_a_refusal_or_a_fault_says_nothing_about_the_page(
    source: Source, monkeypatch: pytest.MonkeyPatch, unclear: Answer | FetchError
) -> None:
    look(source, answer(), monkeypatch)
    for days in (90, 93, 96, 99):
        check = look(source, unclear, monkeypatch, days=days)
    assert (check.status, check.last_verified_at, bool(check.note)) == ("ok", NOW, True)


def test_a_host_that_is_busy_is_asked_another_time(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    check = look(source, HostBusy("Later.", not_before=NOW + HOUR), monkeypatch)
    assert check.checked_at is None
    assert source in due(NOW, 10)


@pytest.mark.parametrize(
    ("moved_to", "status"),
    [
        ("https://other.example/layoffs", "moved"),
        ("https://news.example/", "moved"),
        ("https://www.news.example/layoffs/", "ok"),
        ("", "ok"),
    ],
)
def test_a_page_that_moved_for_good_is_queued_with_its_new_address(
    source: Source, monkeypatch: pytest.MonkeyPatch, moved_to: str, status: str
) -> None:
    check = look(source, answer(moved_to=moved_to), monkeypatch)
    assert (check.status, check.moved_to) == (status, moved_to if status == "moved" else "")


def test_a_look_never_changes_evidence(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.make_signal(cast.keeper().vendor, source=source)
    before = evidence_version(), list(Signal.objects.values()), list(Source.objects.values())
    look(source, answer(), monkeypatch)
    for days in (1, 2, 4):
        look(source, answer(status=404), monkeypatch, days=days)
    look(source, answer(b"other"), monkeypatch, days=5)
    assert (evidence_version(), list(Signal.objects.values()), list(Source.objects.values())) == before


def test_a_person_can_say_that_it_still_says_so(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = User.objects.create_user("ann")
    look(source, answer(), monkeypatch)
    changed = look(source, answer(PAGE.replace(b"Layoffs", b"Cuts")), monkeypatch, days=90)
    confirmed = services.confirm(changed, by=ann, now=NOW + 91 * DAY, reason="Only the headline is new.")
    assert (confirmed.status, confirmed.last_verified_at) == ("ok", NOW + 91 * DAY)
    entry = Entry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (ann, "verified", f"source:{source.pk}")
    assert look(source, answer(PAGE.replace(b"Layoffs", b"Cuts")), monkeypatch, days=181).status == "ok"


def test_due_are_sources_never_looked_at_then_those_looked_at_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    never, long_ago, lately, missing = (cast.make_source(f"https://news.example/{n}", str(n)) for n in range(4))
    cast.make_source("", "recalled")
    look(long_ago, answer(), monkeypatch, days=-91)
    look(lately, answer(), monkeypatch, days=-89)
    look(missing, answer(status=404), monkeypatch, days=-2)
    assert set(due(NOW, 10)) == {never, long_ago, missing}
    assert len(due(NOW, 2)) == 2


def test_a_source_is_one_job_a_day(source: Source) -> None:
    for _ in range(2):
        enqueue_due(NOW)
    assert [job.payload for job in Job.objects.all()] == [{"source": source.pk}]


def test_a_fact_nobody_rechecked_for_a_year_fades(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    signal = cast.make_signal(cast.keeper().vendor, key="old", source=source)
    recorded = NOW - 400 * DAY
    Signal.objects.filter(pk=signal.pk).update(recorded_at=recorded, changed_at=NOW - 10 * DAY)
    signal.refresh_from_db()
    old = freshness([signal], NOW)["signal:old"]
    assert (old.last_verified_at, old.last_changed_at, old.is_faded) == (recorded, NOW - 10 * DAY, True)
    assert list(faded(Signal, NOW)) == [signal]
    look(source, answer(), monkeypatch, days=-30)
    fresh = freshness([signal], NOW)["signal:old"]
    assert (fresh.last_verified_at, fresh.is_faded) == (NOW - 30 * DAY, False)
    assert not faded(Signal, NOW).exists()
