"""What the schedule starts, and the work of jobs. The clock is read here."""

from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from riskboard.catalog.models import Source
from riskboard.ingest import polling, rechecking, selectors
from riskboard.ingest.client import Client
from riskboard.ingest.models import Feed
from riskboard.jobs.leases import Lease

LEASE = timedelta(minutes=2)


@shared_task(acks_late=True)
def poll_due() -> None:
    polling.enqueue_due(timezone.now())


@shared_task(acks_late=True)
def recheck_due() -> None:
    rechecking.enqueue_due(timezone.now())


@shared_task(acks_late=True)
def sound_alarms() -> None:
    selectors.log_alarms(timezone.now())


def poll_feed(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    feed = Feed.objects.filter(pk=payload["feed"]).first()
    if feed is None:  # deleted since
        return
    renew(LEASE)
    polling.poll(feed, now, client=Client(now=renew.clock), alive=lambda: renew(LEASE), together=renew.transaction)


def recheck_source(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    source = Source.objects.filter(pk=payload["source"]).first()
    if source is None:
        return
    renew(LEASE)
    rechecking.recheck(source, now, client=Client(now=renew.clock), together=renew.transaction)
