"""Handlers that leave a trace: `started` counts beginnings, `ledger` what was done. Neither refuses a second row."""

import os
import signal
import time
from datetime import datetime
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection

from riskboard.jobs.leases import Lease

LONG = 600
PARTS = 3  # of a batch


def append(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    note_start(payload["entry"])
    time.sleep(payload["pause"])
    with renew.transaction():
        note_done(payload["entry"])


def append_batch(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    """Takes its time between the rows of one transaction, so that kills strike in the middle of it."""
    note_start(payload["entry"])
    with renew.transaction():
        for part in range(PARTS):
            note_done(f"{payload['entry']}/{part}")
            time.sleep(payload["pause"] / PARTS)


def append_and_die_once(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    """The first time it dies with its effect written and not yet committed."""
    beginnings = note_start(payload["entry"])
    with renew.transaction():
        note_done(payload["entry"])
        if beginnings == 1:
            os.kill(os.getpid(), signal.SIGKILL)


def hang_once(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    if note_start(payload["entry"]) == 1:
        time.sleep(LONG)
    with renew.transaction():
        note_done(payload["entry"])


def hang(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    note_start(payload["entry"])
    time.sleep(LONG)


def ignore_limits(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    note_start(payload["entry"])
    while True:
        try:
            time.sleep(LONG)
        except SoftTimeLimitExceeded:
            continue


def die(payload: dict[str, Any], now: datetime, renew: Lease) -> None:
    """As when the kernel ends it for want of memory."""
    note_start(payload["entry"])
    os.kill(os.getpid(), signal.SIGKILL)


def note_start(entry: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO started (entry) VALUES (%s)", [entry])
        cursor.execute("SELECT count(*) FROM started WHERE entry = %s", [entry])
        return int(cursor.fetchone()[0])


def note_done(entry: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger (entry) VALUES (%s)", [entry])
