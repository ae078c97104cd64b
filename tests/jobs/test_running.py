from collections.abc import Callable
from datetime import datetime

import pytest

from riskboard.jobs import running, services
from riskboard.jobs.models import Job, Pulse
from tests.jobs.doing import MARK

pytestmark = pytest.mark.django_db


def run(kind: str, now: datetime) -> Job:
    job = services.enqueue(kind=kind, key=kind, payload={}, now=now)
    clock: Callable[[], datetime] = lambda: now  # noqa: E731
    running.run(job.pk, worker="tester", clock=clock)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("kind", ["note", "note together"])
def test_a_handler_that_returns_has_done_its_job(kind: str, now: datetime) -> None:
    job = run(kind, now)
    assert (job.state, job.attempts, job.finished_at) == (Job.State.DONE, 1, now)
    assert Pulse.objects.get().finished_at == MARK


def test_a_second_message_for_a_done_job_does_nothing(now: datetime) -> None:
    job = run("note", now)
    Pulse.objects.all().delete()
    running.run(job.pk, worker="tester", clock=lambda: now)
    assert not Pulse.objects.exists()


def test_a_message_for_a_job_that_is_gone_does_nothing(now: datetime) -> None:
    running.run(999, worker="tester", clock=lambda: now)
    assert not Job.objects.exists()


def test_a_failure_says_why_and_is_tried_again(now: datetime) -> None:
    job = run("break", now)
    assert (job.state, job.attempts) == (Job.State.QUEUED, 1)
    assert job.run_at > now
    assert job.last_error == "ValueError: The page has no  date."


def test_a_handler_that_is_not_there_is_a_failure_like_any_other(now: datetime) -> None:
    assert "no_such_handler" in run("vanished", now).last_error


def test_what_is_written_after_the_lease_is_lost_is_undone(now: datetime) -> None:
    job = run("overstay", now)
    assert (job.state, job.leased_by) == (Job.State.LEASED, "another")
    assert not Pulse.objects.exists()
