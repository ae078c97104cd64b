"""How long a session lasts: it ends when nobody used it for a while, and in any case in the end."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

BEGAN, USED = "began_at", "used_at"
NOTED_EVERY = timedelta(minutes=10)  # a write for every page would be dear


def begin(session: SessionBase, now: datetime) -> None:
    session[BEGAN] = session[USED] = now.timestamp()


def is_over(session: SessionBase, now: datetime) -> bool:
    if BEGAN not in session:
        return False
    idle = timedelta(seconds=now.timestamp() - session[USED])
    age = timedelta(seconds=now.timestamp() - session[BEGAN])
    return idle > settings.SESSION_IDLE or age > settings.SESSION_LONGEST


def note_use(session: SessionBase, now: datetime) -> None:
    """One that began elsewhere than on our page counts from when it is first seen."""
    if BEGAN not in session:
        begin(session, now)
    elif now.timestamp() - session[USED] > NOTED_EVERY.total_seconds():
        session[USED] = now.timestamp()
