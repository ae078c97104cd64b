"""Who looks at a feed: the time at which it is due is moved ahead, and whoever moved it has the feed until then."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import F, Q, QuerySet

from riskboard.ingest.models import Feed

HOLD = timedelta(seconds=45)  # without a sign of life
SIGN_OF_LIFE = timedelta(seconds=15)

# A transaction, and perhaps more that stands or falls with it: the completion of a job.
Together = Callable[[], AbstractContextManager[None]]


class HoldLostError(Exception):
    """Our look stood still so long that somebody else has the feed now."""


def due_feeds(now: datetime) -> QuerySet[Feed]:
    is_due = Q(next_run_at__isnull=True) | Q(next_run_at__lte=now)
    return Feed.objects.filter(is_due, is_enabled=True).order_by(F("next_run_at").asc(nulls_first=True), "pk")


@dataclass(slots=True)
class Hold:
    feed: Feed
    until: datetime
    last_sign: datetime
    clock: Callable[[], datetime]
    alive: Callable[[], None]
    together: Together

    @classmethod
    def take(
        cls, feed: Feed, now: datetime, *, clock: Callable[[], datetime], alive: Callable[[], None], together: Together
    ) -> Self | None:
        """None when the feed is not due, or somebody else was first."""
        known = due_feeds(now).select_related("vendor").filter(pk=feed.pk).first()
        if known is None:
            return None
        mine = due_feeds(now).filter(pk=feed.pk, next_run_at=known.next_run_at).order_by()
        if not mine.update(next_run_at=now + HOLD):
            return None
        return cls(known, now + HOLD, now, clock, alive, together)

    def tick(self) -> datetime:
        """The time, for the client, which asks for it at every step: so each is a sign of life."""
        now = self.clock()
        if now - self.last_sign >= SIGN_OF_LIFE:
            self.alive()
            self.change(next_run_at=now + HOLD)
            self.until, self.last_sign = now + HOLD, now
        return now

    def change(self, **changes: Any) -> None:
        """Writes to the feed as long as it is ours. Raises HoldLostError."""
        if not Feed.objects.filter(pk=self.feed.pk, next_run_at=self.until).update(**changes):
            raise HoldLostError

    def give_back(self, due_at: datetime | None, **changes: Any) -> None:
        """Due again as it was, unless somebody else has it by now."""
        Feed.objects.filter(pk=self.feed.pk, next_run_at=self.until).update(next_run_at=due_at, **changes)
