"""The queue alone, in a hurry: what the processes of the tests that kill run with."""

import os
from datetime import timedelta

from riskboard.settings import *  # noqa: F403

INSTALLED_APPS = ["riskboard.jobs", "django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = []
ROOT_URLCONF = "tests.jobs.stack_urls"  # the product's would want the other rooms
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
JOB_HANDLERS = {
    name: f"tests.jobs.ledger.{name}"
    for name in ("append", "append_batch", "append_and_die_once", "hang_once", "hang", "ignore_limits", "die")
}
JOB_LEASE = timedelta(seconds=2)
JOB_RETRY_DELAY = timedelta(milliseconds=100)
if limit := os.environ.get("STACK_TIME_LIMIT"):
    CELERY_TASK_TIME_LIMIT = int(limit)
    CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT - 1
