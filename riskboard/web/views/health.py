from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from riskboard.jobs.selectors import progress as jobs_progress
from riskboard.web.freshness import Freshness, freshness


@require_safe
@never_cache
def show(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    said = _evidence(freshness(timezone.localdate()))
    return HttpResponse(f"ok\n{said}\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def progress(_request: HttpRequest) -> HttpResponse:
    """Red when no heartbeat job finished of late, although every process may still live."""
    found = jobs_progress(timezone.now())
    when = "never" if found.finished_at is None else f"{found.finished_at:%Y-%m-%d %H:%M:%S} UTC"
    said = f"{'ok' if found.is_alive else 'no work gets done'}\nlast heartbeat: {when}\n"
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=200 if found.is_alive else 503)


def _evidence(found: Freshness) -> str:
    """For whoever watches: old evidence is no reason to restart anything."""
    if found.newest_on is None:
        return "evidence: none"
    state = "stale" if found.is_stale else "old" if found.is_old else "fresh"
    return f"evidence: {state}, newest {found.newest_on}, {found.age_days} days"
