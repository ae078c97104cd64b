from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from riskboard.jobs import services
from riskboard.jobs.slots import Schedule, slot_key
from tests.jobs import ledger

EVERY_SECOND = Schedule("tick", timedelta(seconds=1))


@shared_task
def tick() -> None:
    """Asks for the job of this second, as the second scheduler does too."""
    now = timezone.now()
    key = slot_key(EVERY_SECOND, now)
    ledger.note_start("tick")
    services.enqueue(kind="append", key=key, payload={"entry": key, "pause": 0}, queue="work", now=now)
