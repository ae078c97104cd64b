"""A worker that lost its job to another leaves nothing behind: what a job writes and its completion are one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from riskboard import celery_app
from riskboard.ingest import polling, rechecking, tasks
from riskboard.ingest.answers import Answer
from riskboard.ingest.client import BadAnswer, Client, Unreachable
from riskboard.ingest.drafts import Catch
from riskboard.ingest.holds import HOLD
from riskboard.ingest.models import Check, Feed, Item, Run
from riskboard.jobs import bell, running
from riskboard.jobs import services as jobs
from riskboard.jobs.models import Job
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=3)  # when the lease has ended


@pytest.fixture(autouse=True)
def _quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring", lambda _job_id, _queue: None)


def run(now: datetime, worker: str) -> None:
    running.run(Job.objects.get().pk, worker=worker, clock=lambda: now)


def is_claimed_by_another() -> None:
    assert jobs.claim(Job.objects.get().pk, worker="another", now=LATER)


def is_done_by_another() -> None:
    run(LATER, "another")


def interrupted(meanwhile: Callable[[], None], brings: Catch | Exception) -> Callable[[Client, Feed, datetime], Catch]:
    """Brings it at once to all but the first who asks, who is overtaken."""
    first = iter([meanwhile])

    def fetch(_client: Client, _feed: Feed, _now: datetime) -> Catch:
        next(first, lambda: None)()
        if isinstance(brings, Exception):
            raise brings
        return brings

    return fetch


@pytest.mark.parametrize(
    "brings",
    [Catch(seen=(desk.seen("One"), desk.seen("Two"))), Catch(), BadAnswer("Status 503.", status=503)],
    ids=["something new", "nothing new", "a failure"],
)
def test_a_look_whose_job_went_to_another_writes_nothing(
    brings: Catch | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.connect(monkeypatch, interrupted(is_claimed_by_another, brings))
    feed = desk.make_feed(next_run_at=NOW, cursor={"etag": "1"})
    before = Feed.objects.values().get()
    polling.enqueue_due(NOW)
    run(NOW, "slow")
    assert not Item.objects.exists()
    assert not Run.objects.exists()
    assert Feed.objects.values().get(pk=feed.pk) == before  # due as it was, and its health untouched
    job = Job.objects.get()
    assert (job.state, job.leased_by, job.attempts) == ("leased", "another", 2)


def test_a_look_that_another_repeated_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    brings = Catch(seen=(desk.seen("One"), desk.seen("Two")))
    desk.connect(monkeypatch, interrupted(is_done_by_another, brings))
    desk.make_feed(next_run_at=NOW)
    polling.enqueue_due(NOW)
    run(NOW, "slow")
    assert (Item.objects.count(), Run.objects.count()) == (2, 1)
    job = Job.objects.get()
    assert (job.state, job.finished_at) == ("done", LATER)
    assert job.leased_by == "another"


def test_what_a_look_brings_and_its_job_stand_or_fall_together(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(seen=(desk.seen("One"),)))
    desk.make_feed(next_run_at=NOW)
    polling.enqueue_due(NOW)

    def complete(_job: Job, *, now: datetime) -> None:
        assert Item.objects.exists()
        raise RuntimeError("The database is gone.")

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "complete", complete)
        run(NOW, "unlucky")
    assert not Item.objects.exists()
    assert Job.objects.get().state == "queued"


@pytest.fixture
def cited(db: None) -> None:
    cast.make_source("https://news.example/cited", "Cited")
    rechecking.enqueue_due(NOW)


def answering(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None], status: int | None) -> None:
    first = iter([meanwhile])

    def get(_client: Client, url: str) -> Answer:
        next(first, lambda: None)()
        if status is None:
            raise Unreachable("No such name.", "unknown_host")
        usual: dict[str, Any] = {"headers": {}, "body": b"words", "not_modified": False, "elapsed": 0.1}
        return Answer(url, status, **usual)

    monkeypatch.setattr(Client, "get", get)


@pytest.mark.parametrize("status", [200, 404, None])
@pytest.mark.usefixtures("cited")
def test_a_second_look_at_a_page_whose_job_went_to_another_writes_nothing(
    status: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, is_claimed_by_another, status)
    run(NOW, "slow")
    assert not Check.objects.exists()
    assert Job.objects.get().leased_by == "another"


@pytest.mark.usefixtures("cited")
def test_a_page_that_another_found_gone_is_not_counted_gone_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, is_done_by_another, 404)
    run(NOW, "slow")
    check = Check.objects.get()
    assert (check.checked_at, len(check.missing)) == (LATER, 1)
    assert Job.objects.get().state == "done"


@pytest.mark.usefixtures("cited")
def test_what_a_person_found_while_the_page_was_fetched_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_confirmed() -> None:
        Check.objects.create(source_id=Job.objects.get().payload["source"], last_verified_at=NOW, missing=[])

    answering(monkeypatch, is_confirmed, 404)
    run(NOW, "slow")
    assert Check.objects.get().last_verified_at == NOW


def test_what_a_killed_worker_left_is_taken_up_within_a_minute(settings: Settings) -> None:
    """C-50 as the product is set: the longest lease, and the sweep that comes after its end."""
    sweep = timedelta(seconds=celery_app.conf.beat_schedule["send jobs again"]["schedule"])
    assert max(settings.JOB_LEASE, tasks.LEASE, HOLD) + sweep < timedelta(seconds=60)
