"""What pages ask about feeds, proposals and the state of evidence. Nothing here writes."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum
from django.db.models.functions import Abs

from riskboard.catalog.models import Evidence
from riskboard.ingest import rows
from riskboard.ingest.models import Check, Contest, Feed, Item, Proposal
from riskboard.ingest.sources import SOURCES, Connector

logger = logging.getLogger(__name__)

MONTH = timedelta(days=30)
SEASON = timedelta(days=90)
FEW = 4  # a month: of fewer, a month says nothing
YEAR = timedelta(days=365)


# Feeds --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedHealth:
    feed: Feed
    connector: Connector | None
    seen_in_month: int
    is_quiet: bool  # answers, and says much less than it is used to
    lacks_token: str  # the variable that has to be set; blank: none

    @property
    def is_failing(self) -> bool:
        return self.feed.failing_since is not None

    @property
    def alarm(self) -> str:
        """In a sentence; blank: all is well."""
        name, feed = self.feed.name, self.feed
        if feed.failing_since is not None:
            return f"{name} has been failing since {feed.failing_since:%Y-%m-%d %H:%M} UTC: {feed.last_error}"
        if self.is_quiet:
            said = f"{self.seen_in_month} new in 30 days, {feed.expected_per_month} expected"
            return f"{name} is quieter than it is used to: {said}."
        return ""


def feed_health(now: datetime) -> list[FeedHealth]:
    """Of every feed, disabled ones too, by connector and name. One query."""
    counted = Feed.objects.select_related("vendor").annotate(
        seen_in_month=Sum("runs__new", filter=Q(runs__started_at__gt=now - MONTH), default=0),
        seen_in_season=Sum("runs__new", filter=Q(runs__started_at__gt=now - SEASON), default=0),
        watched_since=Min("runs__started_at"),
    )
    return [_health(feed, now) for feed in counted.order_by("connector", "name")]


def _health(feed: Any, now: datetime) -> FeedHealth:  # noqa: ANN401 - a feed with counts
    connector = SOURCES.get(feed.connector)
    lacks = connector is not None and connector.needs_token and not connector.has_token
    token = connector.token_env or "" if connector is not None and lacks else ""
    return FeedHealth(feed, connector, feed.seen_in_month, feed.is_enabled and _is_quiet(feed, now), token)


def _is_quiet(feed: Any, now: datetime) -> bool:  # noqa: ANN401 - a feed with counts
    """Less than a quarter of what is expected in 30 days; where that is hardly anything, nothing in 90."""
    expected, since = feed.expected_per_month, feed.watched_since
    if not expected or since is None:
        return False
    if expected >= FEW:
        return bool(since <= now - MONTH and feed.seen_in_month * 4 < expected)
    return bool(since <= now - SEASON and feed.seen_in_season == 0)


def log_alarms(now: datetime) -> int:
    alarms = [health.alarm for health in feed_health(now) if health.feed.is_enabled and health.alarm]
    for alarm in alarms:
        logger.warning("%s", alarm)
    return len(alarms)


# Proposals ----------------------------------------------------------------------------------------


def inbox() -> QuerySet[Proposal]:
    """What waits for a decision, most consequential first; what nobody measured yet comes last."""
    waiting = Proposal.objects.filter(state__in=["waiting", "second"])
    related = waiting.select_related("item__story", "feed", "vendor", "family", "decided_by")
    return related.order_by(Abs("effect").desc(nulls_last=True), "-created_at", "-pk")


def reports_of(proposal: Proposal) -> QuerySet[Item]:
    """Every report of what is proposed, first ones first."""
    item = proposal.item
    if item is None:
        return Item.objects.none()
    together = Q(story=item.story_id) if item.story_id else Q(pk=item.pk)
    return Item.objects.filter(together).select_related("feed").order_by("published_on", "pk")


# Evidence -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Freshness:
    last_verified_at: datetime
    last_changed_at: datetime
    is_faded: bool  # nobody re-checked it for a year


def open_contests() -> QuerySet[Contest]:
    return Contest.objects.filter(closed_at=None).select_related("opened_by").order_by("-opened_at")


def contested(subjects: Iterable[str]) -> dict[str, Contest]:
    """The open contest of each reference that has one."""
    return {contest.subject: contest for contest in open_contests().filter(subject__in=list(subjects))}


def recheck_queue() -> QuerySet[Check]:
    """Sources that are gone, moved or changed, those longest so first."""
    needy = Check.objects.exclude(status__in=[Check.Status.OK, Check.Status.UNKNOWN])
    return needy.select_related("source").order_by("checked_at", "pk")


def freshness(evidence: Iterable[Evidence], now: datetime) -> Mapping[str, Freshness]:
    """By reference. A fact was verified when it was recorded, and whenever its source was found so. One query."""
    listed = list(evidence)
    checks = Check.objects.filter(source__in={row.source_id for row in listed}, last_verified_at__isnull=False)
    verified = dict(checks.values_list("source", "last_verified_at"))
    return {rows.reference_of(row): _freshness(row, verified.get(row.source_id), now) for row in listed}


def _freshness(row: Evidence, verified_at: datetime | None, now: datetime) -> Freshness:
    last = max(row.recorded_at, verified_at or row.recorded_at)
    return Freshness(last, row.changed_at, now - last > YEAR)


def faded(model: type[Evidence], now: datetime) -> QuerySet[Any]:
    """Rows that nobody re-checked for a year, those longest so first."""
    verified = Q(source__check_up__last_verified_at__gte=now - YEAR)
    evidence: QuerySet[Any] = model._default_manager.filter(recorded_at__lt=now - YEAR).exclude(verified)
    return evidence.select_related("source").order_by("recorded_at", "pk")
