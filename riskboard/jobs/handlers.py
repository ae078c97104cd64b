"""Which function does which kind of job: ``JOB_HANDLERS`` names them, so that this room imports none of the others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from riskboard.jobs.leases import Lease

# payload, now, renew. It may be called again after a crash, so doing it twice must be the same as doing it once.
Handler = Callable[[dict[str, Any], datetime, Lease], None]


def find(kind: str) -> Handler:
    """Raises KeyError for a kind that no handler does, ImportError for a handler that is not there."""
    handler: Handler = import_string(settings.JOB_HANDLERS[kind])
    return handler
