"""Background work: thin, idempotent, and the database is the truth."""

from celery import shared_task
from django.utils import timezone

from scoring import predictions, services


@shared_task(acks_late=True)
def rescore_stale() -> None:
    now = timezone.now()
    services.refresh(as_of=now.date(), now=now)
    predictions.keep_record(as_of=now.date(), now=now)
