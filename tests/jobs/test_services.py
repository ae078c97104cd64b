from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from riskboard.jobs import bell, services
from riskboard.jobs.models import Job
from riskboard.jobs.services import LeaseLostError

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
Rung = list[tuple[int, str]]


def claim(job: Job, now: datetime) -> Job:
    claimed = services.claim(job.pk, worker="tester", now=now)
    assert claimed is not None
    return claimed


def use_up(job: Job, now: datetime) -> datetime:
    """Fails every attempt; when the last one ended."""
    while True:
        services.fail(claim(job, now), error="no", now=now)
        job.refresh_from_db()
        if job.state == Job.State.DEAD:
            return now
        now = job.run_at


def test_asking_twice_for_the_same_work_makes_one_job_and_rings_once(
    now: datetime, rung: Rung, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = services.enqueue(kind="note", key="same", payload={"text": "a"}, queue="work", now=now)
        second = services.enqueue(kind="note", key="same", payload={"text": "b"}, queue="work", now=now + MINUTE)
    assert first == second
    assert Job.objects.get().payload == {"text": "a"}
    assert rung == [(first.pk, "work")]


@pytest.mark.django_db(transaction=True)
def test_a_job_stands_or_falls_with_its_cause(now: datetime, rung: Rung) -> None:
    with transaction.atomic():
        services.enqueue(kind="note", key="gone", payload={}, now=now)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert rung == []


def test_work_for_later_rings_nobody_and_cannot_be_claimed_before(
    now: datetime, rung: Rung, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = services.enqueue(kind="note", key="later", payload={}, run_at=now + MINUTE, now=now)
    assert rung == []
    assert services.claim(job.pk, worker="tester", now=now) is None
    assert services.claim(job.pk, worker="tester", now=now + MINUTE) == job


@pytest.mark.parametrize(("kind", "queue"), [("unheard of", "work"), ("note", "unheard of")])
def test_work_that_nobody_would_do_is_refused(now: datetime, kind: str, queue: str) -> None:
    with pytest.raises(ValueError, match="'unheard of'"):
        services.enqueue(kind=kind, key="one", payload={}, queue=queue, now=now)


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(job: Job, now: datetime, settings: Settings) -> None:
    held = claim(job, now)
    assert (held.state, held.attempts, held.leased_by) == (Job.State.LEASED, 1, "tester")
    assert services.claim(job.pk, worker="another", now=now + settings.JOB_LEASE - timedelta(seconds=1)) is None
    taken = services.claim(job.pk, worker="another", now=now + settings.JOB_LEASE)
    assert taken is not None
    assert (taken.attempts, taken.leased_by) == (2, "another")


def test_a_renewed_lease_lasts_longer(job: Job, now: datetime, settings: Settings) -> None:
    services.renew(claim(job, now), lease=5 * MINUTE, now=now)
    assert services.claim(job.pk, worker="another", now=now + settings.JOB_LEASE) is None
    assert services.claim(job.pk, worker="another", now=now + 5 * MINUTE) is not None


def test_a_done_job_stays_done(job: Job, now: datetime) -> None:
    services.complete(claim(job, now), now=now)
    job.refresh_from_db()
    assert (job.state, job.finished_at, job.leased_until) == (Job.State.DONE, now, None)
    assert services.claim(job.pk, worker="another", now=now + 365 * 24 * 60 * MINUTE) is None


def test_who_lost_the_lease_can_neither_renew_complete_nor_fail(job: Job, now: datetime) -> None:
    lost = claim(job, now)
    claim(job, now + MINUTE)
    with pytest.raises(LeaseLostError):
        services.renew(lost, lease=MINUTE, now=now + MINUTE)
    with pytest.raises(LeaseLostError):
        services.complete(lost, now=now + MINUTE)
    services.fail(lost, error="too late", now=now + MINUTE)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (Job.State.LEASED, 2, "")


def test_pauses_double_and_the_third_failure_is_the_last(job: Job, now: datetime) -> None:
    services.fail(claim(job, now), error="first", now=now)
    job.refresh_from_db()
    assert (job.state, job.run_at, job.last_error) == (Job.State.QUEUED, now + timedelta(seconds=30), "first")
    services.fail(claim(job, job.run_at), error="second", now=job.run_at)
    before = job.run_at
    job.refresh_from_db()
    assert job.run_at == before + timedelta(seconds=60)
    services.fail(claim(job, job.run_at), error="third", now=job.run_at)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (Job.State.DEAD, 3, "third")
    assert services.claim(job.pk, worker="tester", now=now + 1000 * MINUTE) is None


def test_no_pause_is_longer_than_an_hour() -> None:
    assert [services.delay_after(n) for n in (1, 7, 8, 30000)] == [
        timedelta(seconds=30),
        timedelta(minutes=32),
        timedelta(hours=1),
        timedelta(hours=1),
    ]


def test_a_dead_letter_can_be_tried_again_by_a_person(
    job: Job, now: datetime, rung: Rung, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    later = use_up(job, now)
    analyst = get_user_model().objects.create_user("analyst")
    with django_capture_on_commit_callbacks(execute=True):
        assert services.retry(job, actor=analyst, now=later)
        assert not services.retry(job, actor=analyst, now=later)
    assert rung == [(job.pk, "fetch")]
    job.refresh_from_db()
    assert (job.state, job.finished_at, job.retried_by) == (Job.State.QUEUED, None, analyst)
    services.complete(claim(job, later), now=later)


def test_a_retried_dead_letter_has_three_attempts_and_is_dead_again(job: Job, now: datetime) -> None:
    later = use_up(job, now)
    services.retry(job, actor=get_user_model().objects.create_user("analyst"), now=later)
    use_up(job, later)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DEAD, 6)


def test_an_attempt_from_before_the_retry_cannot_complete_the_job(job: Job, now: datetime) -> None:
    stale = claim(job, now)
    job.refresh_from_db()
    later = use_up(job, now + MINUTE)
    services.retry(job, actor=get_user_model().objects.create_user("analyst"), now=later)
    claim(job, later)
    with pytest.raises(LeaseLostError):
        services.complete(stale, now=later)


@pytest.fixture
def topped_up(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    asked: dict[str, list[int]] = {}

    def top_up(queue: str, job_ids: list[int]) -> int:
        asked[queue] = job_ids
        return len(job_ids)

    monkeypatch.setattr(bell, "top_up", top_up)
    return asked


def test_the_sweep_sends_what_is_due_and_what_was_lost_and_nothing_else(
    now: datetime, topped_up: dict[str, list[int]]
) -> None:
    def enqueue(key: str, queue: str = "fetch", run_at: datetime | None = None) -> Job:
        return services.enqueue(kind="note", key=key, payload={}, queue=queue, run_at=run_at, now=now)

    due, other_queue, lost = enqueue("due"), enqueue("other queue", "work"), enqueue("lost", run_at=now - MINUTE)
    held, done = enqueue("held"), enqueue("done")
    enqueue("later", run_at=now + 10 * MINUTE)
    claim(lost, now - MINUTE)
    claim(held, now)
    services.complete(claim(done, now), now=now)
    assert services.sweep(now) == 3
    assert topped_up == {"fetch": [lost.pk, due.pk], "work": [other_queue.pk]}


def test_what_kills_its_worker_three_times_is_buried(
    job: Job, now: datetime, topped_up: dict[str, list[int]], settings: Settings
) -> None:
    for _attempt in range(3):
        claim(job, now)
        now += settings.JOB_LEASE
        services.sweep(now)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished_at) == (Job.State.DEAD, 3, now)
    assert job.last_error == "The worker was lost, or took longer than its lease."
    assert topped_up["fetch"] == []


def over(key: str, state: str, finished_at: datetime) -> Job:
    return Job.objects.create(key=key, kind="note", state=state, run_at=finished_at, finished_at=finished_at)


def test_a_dead_letter_that_is_dismissed_is_never_done(job: Job, now: datetime) -> None:
    assert not services.dismiss(job, now=now)
    later = use_up(job, now)
    assert services.dismiss(job, now=later)
    assert not services.dismiss(job, now=later)
    assert not services.retry(job, actor=get_user_model().objects.create_user("analyst"), now=later)
    assert services.claim(job.pk, worker="tester", now=later + 60 * MINUTE) is None


def test_what_is_over_is_forgotten_after_a_month_and_dead_letters_are_not(job: Job, now: datetime) -> None:
    month = timedelta(days=30)
    over("old", "done", now - month)
    over("dismissed", "dismissed", now - month)
    over("dead", "dead", now - 10 * month)
    over("young", "done", now - month + MINUTE)
    assert services.forget(now) == 2
    assert set(Job.objects.values_list("key", flat=True)) == {"one", "dead", "young"}


def test_what_is_over_is_forgotten_in_batches(
    now: datetime, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(services, "FORGET_BATCH", 2)
    monkeypatch.setattr(services, "FORGOTTEN_AT_ONCE", 2)
    for number in range(5):
        over(f"old {number}", "done", now - timedelta(days=31 + number))
    with django_assert_num_queries(4):
        assert services.forget(now) == 4
    assert Job.objects.get().key == "old 0"  # the youngest
    assert services.forget(now) == 1
