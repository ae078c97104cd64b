"""The Celery app and the whole schedule of periodic work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")

app = Celery("riskboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

EVERY_TEN_MINUTES = 10 * 60.0

app.conf.beat_schedule = {
    "rescore stale lines": {
        "task": "scoring.tasks.rescore_stale",
        "schedule": EVERY_TEN_MINUTES,
        # A sweep that could not run before the next one is due has nothing left to add.
        "options": {"expires": EVERY_TEN_MINUTES},
    },
}
