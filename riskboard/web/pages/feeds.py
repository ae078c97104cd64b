"""The places where we look, and how looking goes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from riskboard.ingest.models import Feed, Run
from riskboard.ingest.selectors import FeedHealth, feed_health
from riskboard.web.forms_feeds import STATES, FeedsForm, PageForm
from riskboard.web.pages.listing import Pages, cut

LABELS = dict(STATES)
ORDER = [code for code, _ in STATES]  # what needs somebody comes first
OUTCOMES = {
    "new": "something new",
    "nothing_new": "nothing new",
    "not_modified": "unchanged",
    "failed": "failed",
    "put_off": "put off",
    "no_token": "not asked",
}


@dataclass(frozen=True, slots=True)
class FeedRow:
    health: FeedHealth
    state: str
    now: datetime

    @property
    def feed(self) -> Feed:
        return self.health.feed

    @property
    def label(self) -> str:
        return LABELS[self.state]

    @property
    def connector(self) -> str:
        return self.health.connector.name if self.health.connector else self.feed.connector

    @property
    def works_without(self) -> str:
        """The variable of a token that would only widen the limits."""
        connector = self.health.connector
        if connector is None or connector.needs_token or connector.has_token:
            return ""
        return connector.token_env or ""

    @property
    def asks_for(self) -> str:
        """An organization, a query, a company's number; blank for what is an address, which may hold a key."""
        return "" if "://" in self.feed.address else self.feed.address

    @property
    def is_polled(self) -> bool:
        return self.feed.is_enabled and settings.INGEST_ENABLED

    @property
    def is_due(self) -> bool:
        return self.feed.next_run_at is None or self.feed.next_run_at <= self.now


@dataclass(frozen=True, slots=True)
class KindRow:
    """All places of one kind together."""

    code: str
    name: str
    total: int
    states: tuple[tuple[str, str, int], ...]  # code, label, how many
    seen_in_month: int
    last_ok_at: datetime | None
    works_without: str  # the variable of a token that would only widen the limits


@dataclass(frozen=True, slots=True)
class FeedsPage:
    form: FeedsForm
    rows: tuple[FeedRow, ...]
    pages: Pages
    total: int
    states: tuple[tuple[str, str, int], ...]  # of all: code, label, how many
    kinds: tuple[KindRow, ...]
    is_cut_off: bool  # all that were asked fail, and lately none answered
    is_enabled: bool
    has_contact: bool  # hosts are told how to reach whoever runs this


@dataclass(frozen=True, slots=True)
class RunRow:
    run: Run

    @property
    def outcome(self) -> str:
        return OUTCOMES.get(self.run.outcome, self.run.outcome.replace("_", " ") or "under way")


@dataclass(frozen=True, slots=True)
class FeedPage:
    row: FeedRow
    runs: tuple[RunRow, ...]
    pages: Pages


def feeds_page(form: FeedsForm, now: datetime) -> FeedsPage:
    everything = sorted((feed_row(health, now) for health in feed_health(now)), key=_urgency)
    shown, pages = cut([row for row in everything if _passes(row, form)], form)
    return FeedsPage(
        form=form,
        rows=tuple(shown),
        pages=pages,
        total=len(everything),
        states=_states(everything),
        kinds=_kinds(everything),
        is_cut_off=_is_cut_off(everything),
        is_enabled=settings.INGEST_ENABLED,
        has_contact=bool(settings.INGEST_USER_AGENT_CONTACT),
    )


def _states(rows: Iterable[FeedRow]) -> tuple[tuple[str, str, int], ...]:
    counted = Counter(row.state for row in rows)
    return tuple((code, label, counted[code]) for code, label in STATES if counted[code])


def _kinds(rows: Iterable[FeedRow]) -> tuple[KindRow, ...]:
    by_kind: dict[str, list[FeedRow]] = {}
    for row in rows:
        by_kind.setdefault(row.feed.connector, []).append(row)
    found = [
        KindRow(
            code=code,
            name=alike[0].connector,
            total=len(alike),
            states=_states(alike),
            seen_in_month=sum(row.health.seen_in_month for row in alike),
            works_without=alike[0].works_without,
            last_ok_at=max((row.feed.last_ok_at for row in alike if row.feed.last_ok_at), default=None),
        )
        for code, alike in by_kind.items()
    ]
    return tuple(sorted(found, key=lambda kind: kind.name.lower()))


def _is_cut_off(rows: Iterable[FeedRow]) -> bool:
    """Not one place, but this machine: hosts of several kinds fail, and none is well."""
    failing = {row.feed.connector for row in rows if row.state == "failing"}
    return len(failing) > 1 and not any(row.state in {"fine", "quiet"} for row in rows)


def feed_page(feed: Feed, form: PageForm, now: datetime) -> FeedPage:
    health = next(health for health in feed_health(now) if health.feed.pk == feed.pk)
    runs, pages = cut(Run.objects.filter(feed=feed).order_by("-started_at", "-pk"), form)
    return FeedPage(feed_row(health, now), tuple(RunRow(run) for run in runs), pages)


def feed_row(health: FeedHealth, now: datetime) -> FeedRow:
    return FeedRow(health, _state(health), now)


def _state(health: FeedHealth) -> str:
    feed = health.feed
    if not feed.is_enabled:
        return "off"
    if health.lacks:
        return "token"
    if health.is_failing:
        return "failing"
    if feed.last_ok_at is None:
        return "new"
    return "quiet" if health.is_quiet else "fine"


def _urgency(row: FeedRow) -> tuple[int, str, str]:
    return ORDER.index(row.state), row.connector, row.feed.name.lower()


def _passes(row: FeedRow, form: FeedsForm) -> bool:
    vendor = row.feed.vendor.slug if row.feed.vendor else ""
    has = {"connector": row.feed.connector, "state": row.state, "vendor": vendor}
    return all(has[name] == asked for name, asked in form.filters.items())
