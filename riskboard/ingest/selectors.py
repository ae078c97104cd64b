"""What pages ask about feeds, proposals and the state of evidence. Nothing here writes."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Abs, Coalesce

from riskboard.catalog.models import Evidence
from riskboard.ingest import rows
from riskboard.ingest.models import Check, Contest, Feed, Item, Proposal, Run
from riskboard.ingest.sources import SOURCES, Connector

logger = logging.getLogger(__name__)

MONTH = timedelta(days=30)
SEASON = timedelta(days=90)
FEW = 4  # a month: of fewer, a month says nothing
YEAR = timedelta(days=365)
MOST_ALARMS = 20  # in the log at once: a board without a network has as many as feeds


# Feeds --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedHealth:
    feed: Feed
    connector: Connector | None
    seen_in_month: int
    expected: int | None  # in a month: as the operator says, or else as it used to be; None: nobody can say
    is_quiet: bool  # answers, and says much less than it is used to
    lacks: tuple[str, ...]  # the variables that have to be set before it is asked

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
            said = f"{self.seen_in_month} new in 30 days, {self.expected} expected"
            return f"{name} is quieter than it is used to: {said}."
        return ""


def feed_health(now: datetime) -> list[FeedHealth]:
    """Of every feed, disabled ones too, by connector and name. One query."""
    looks = Run.objects.filter(feed=OuterRef("pk")).order_by()
    brought = looks.filter(new__gt=0)
    # A first look finds what piled up before: it says nothing about a month.
    before = brought.filter(started_at__gt=OuterRef("watched_since"), started_at__lte=now - MONTH)
    counted = Feed.objects.select_related("vendor").annotate(
        watched_since=Subquery(looks.order_by("started_at").values("started_at")[:1]),
        seen_in_month=_total(brought.filter(started_at__gt=now - MONTH)),
        seen_in_season=_total(brought.filter(started_at__gt=now - SEASON)),
        seen_before=_total(before),
        lively_until=Subquery(before.order_by("-started_at").values("started_at")[:1]),
    )
    return [_health(feed, now) for feed in counted.order_by("connector", "name")]


def _total(runs: QuerySet[Run]) -> Coalesce:
    return Coalesce(Subquery(runs.values("feed").annotate(total=Sum("new")).values("total")), 0)


def _health(feed: Any, now: datetime) -> FeedHealth:  # noqa: ANN401 - a feed with counts
    connector = SOURCES.get(feed.connector)
    expected = _as_it_used_to(feed, now) if feed.expected_per_month is None else feed.expected_per_month
    is_quiet = feed.is_enabled and _is_quiet(feed, expected, now)
    return FeedHealth(feed, connector, feed.seen_in_month, expected, is_quiet, connector.lacks if connector else ())


def _as_it_used_to(feed: Any, now: datetime) -> int | None:  # noqa: ANN401 - a feed with counts
    """New things in a month, from its first look to the last one before this month that found some.

    What came after that is the silence to be judged, however long it lasts. Less than a month tells nothing.
    """
    if feed.watched_since is None or feed.watched_since > now - 2 * MONTH:
        return None
    if feed.lively_until is None:
        return 0
    span: timedelta = max(feed.lively_until - feed.watched_since, MONTH)
    before: int = feed.seen_before
    return round(before * (MONTH / span))


def _is_quiet(feed: Any, expected: int | None, now: datetime) -> bool:  # noqa: ANN401 - a feed with counts
    """Less than a quarter of what is expected in 30 days; where that is hardly anything, nothing in 90."""
    since = feed.watched_since
    if not expected or since is None:
        return False
    if expected >= FEW:
        return bool(since <= now - MONTH and feed.seen_in_month * 4 < expected)
    return bool(since <= now - SEASON and feed.seen_in_season == 0)


def log_alarms(now: datetime) -> int:
    """A line for each, up to what somebody would read; how many there are."""
    alarms = [health.alarm for health in feed_health(now) if health.feed.is_enabled and health.alarm]
    for alarm in alarms[:MOST_ALARMS]:
        logger.warning("%s", alarm)
    if len(alarms) > MOST_ALARMS:
        logger.warning("%s more feeds fail or fell silent: /sources/ lists them.", len(alarms) - MOST_ALARMS)
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
    is_rechecked: bool = False  # by somebody or a machine, since it was recorded


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
    return {rows.reference_of(row): freshness_of(row, verified.get(row.source_id), now) for row in listed}


def freshness_of(row: Evidence, verified_at: datetime | None, now: datetime) -> Freshness:
    """``verified_at``: when its source was last found so."""
    last = max(row.recorded_at, verified_at or row.recorded_at)
    return Freshness(last, row.changed_at, now - last > YEAR, is_rechecked=last > row.recorded_at)


def faded(model: type[Evidence], now: datetime) -> QuerySet[Any]:
    """Rows that nobody re-checked for a year, those longest so first."""
    verified = Q(source__check_up__last_verified_at__gte=now - YEAR)
    evidence: QuerySet[Any] = model._default_manager.filter(recorded_at__lt=now - YEAR).exclude(verified)
    return evidence.select_related("source").order_by("recorded_at", "pk")
