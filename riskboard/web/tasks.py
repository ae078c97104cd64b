"""What the schedule starts for the pages. The clock is read here."""

from celery import shared_task
from django.utils import timezone

from riskboard.web import measuring


@shared_task(acks_late=True)
def measure_waiting() -> None:
    measuring.measure_waiting(timezone.localdate())
