"""What the schedule starts, and the work of jobs. The clock is read here; INGEST_ENABLED off keeps us inside."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from riskboard.catalog.models import Source
from riskboard.ingest import keeping, polling, rechecking, selectors
from riskboard.ingest.client import Client
from riskboard.ingest.holds import HOLD
from riskboard.ingest.models import Feed
from riskboard.jobs import services as jobs
from riskboard.jobs.leases import Lease

LEASE = HOLD


@shared_task(acks_late=True)
def poll_due() -> None:
    if settings.INGEST_ENABLED:
        polling.enqueue_due(timezone.now())


@shared_task(acks_late=True)
def recheck_due() -> None:
    if settings.INGEST_ENABLED:
        rechecking.enqueue_due(timezone.now())


@shared_task(acks_late=True)
def sound_alarms() -> None:
    if settings.INGEST_ENABLED:
        selectors.log_alarms(timezone.now())


@shared_task(acks_late=True)
def tidy() -> None:
    keeping.forget_idle_looks(timezone.now())
    jobs.forget_done(timezone.now())


def poll_feed(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    feed = Feed.objects.filter(pk=payload["feed"]).first()
    if feed is None or not settings.INGEST_ENABLED:  # deleted or switched off since
        return
    renew(LEASE)
    polling.poll(feed, now, client=Client(now=renew.clock), alive=lambda: renew(LEASE), together=renew.transaction)


def recheck_source(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    source = Source.objects.filter(pk=payload["source"]).first()
    if source is None or not settings.INGEST_ENABLED:
        return
    renew(LEASE)
    rechecking.recheck(source, now, client=Client(now=renew.clock), together=renew.transaction)
