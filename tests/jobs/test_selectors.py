from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from riskboard.jobs import selectors, services
from riskboard.jobs.models import Job, Pulse
from riskboard.jobs.selectors import Progress, QueueCount

pytestmark = pytest.mark.django_db


def bury(key: str, now: datetime) -> Job:
    job = services.enqueue(kind="note", key=key, payload={}, now=now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DEAD, finished_at=now)
    return job


def test_dead_letters_come_newest_first_and_nothing_else_does(now: datetime, job: Job) -> None:
    old, new = bury("old", now), bury("new", now + timedelta(hours=1))
    assert list(selectors.dead_letters()) == [new, old]


def test_queues_are_counted_empty_ones_and_forgotten_ones_too(now: datetime, job: Job) -> None:
    bury("dead", now)
    held = services.enqueue(kind="note", key="held", payload={}, now=now)
    services.claim(held.pk, worker="tester", now=now)
    Job.objects.filter(pk=bury("of a queue that is no more", now).pk).update(queue="attic")
    assert selectors.queue_counts() == [
        QueueCount("attic", queued=0, leased=0, dead=1),
        QueueCount("fetch", queued=1, leased=1, dead=1),
        QueueCount("work", queued=0, leased=0, dead=0),
    ]


def test_without_any_heartbeat_there_is_no_progress(now: datetime) -> None:
    assert selectors.progress(now) == Progress(None, is_alive=False)


def test_progress_is_judged_by_the_last_heartbeat_that_finished(now: datetime) -> None:
    services.note_pulse(now - timedelta(hours=1))
    services.note_pulse(now)
    assert selectors.progress(now + timedelta(minutes=2)) == Progress(now, is_alive=True)
    assert selectors.progress(now + timedelta(minutes=2, seconds=1)) == Progress(now, is_alive=False)


def test_there_is_one_pulse(now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Pulse.objects.create(pk=2, finished_at=now)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": Job.State.LEASED, "leased_until": None},
        {"state": Job.State.DONE, "finished_at": None},
        {"attempts": 4},
    ],
)
def test_the_database_refuses_a_job_that_contradicts_itself(job: Job, broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**broken)
