"""How often a token or an address may ask within a minute. The database counts, for all processes together."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from riskboard.web.accounts.addresses import client_address
from riskboard.web.accounts.models import ApiCalls, ApiToken

WINDOW = timedelta(minutes=1)
KEPT = timedelta(hours=1)
# One statement, so that calls at once all count.
COUNT = """
INSERT INTO {table} (digest, began_at, calls) VALUES (%s, %s, 1)
ON CONFLICT (digest, began_at) DO UPDATE SET calls = {table}.calls + 1 RETURNING calls
"""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    calls: int  # in this window, with this one
    limit: int
    seconds_left: int  # of the window

    @property
    def is_used_up(self) -> bool:
        return self.calls > self.limit


def count_call(request: HttpRequest, token: ApiToken | None, now: datetime) -> Allowance:
    """A count that cannot be written keeps nobody from reading."""
    began = datetime.fromtimestamp(now.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), UTC)
    limit = settings.API_CALLS_A_MINUTE if token is None else settings.API_CALLS_A_MINUTE_WITH_TOKEN
    who = f"address:{client_address(request)}" if token is None else f"token:{token.pk}"
    try:
        calls = _count(salted_hmac("riskboard.api-calls", who, algorithm="sha256").hexdigest(), began)
    except DatabaseError as error:
        logger.warning("A call of the API could not be counted: %s", error)
        calls = 0
    return Allowance(calls, limit, max(1, int((began + WINDOW - now).total_seconds())))


def _count(digest: str, began: datetime) -> int:
    table, at = ApiCalls._meta.db_table, connection.ops.adapt_datetimefield_value(began)
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(table=table), [digest, at])
        calls = int(cursor.fetchone()[0])
    if calls == 1:
        ApiCalls.objects.filter(began_at__lt=began - KEPT).delete()
    return calls
