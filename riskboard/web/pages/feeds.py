"""The places where we look, and how looking goes."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

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
    def is_due(self) -> bool:
        return self.feed.next_run_at is None or self.feed.next_run_at <= self.now


@dataclass(frozen=True, slots=True)
class FeedsPage:
    form: FeedsForm
    rows: tuple[FeedRow, ...]
    pages: Pages
    total: int
    states: tuple[tuple[str, str, int], ...]  # of all: code, label, how many


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
    counted = Counter(row.state for row in everything)
    shown, pages = cut([row for row in everything if _passes(row, form)], form)
    states = tuple((code, label, counted[code]) for code, label in STATES if counted[code])
    return FeedsPage(form, tuple(shown), pages, len(everything), states)


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
    if health.lacks_token:
        return "token"
    if health.is_failing:
        return "failing"
    if feed.last_ok_at is None:
        return "new"
    return "quiet" if health.is_quiet else "fine"


def _urgency(row: FeedRow) -> tuple[int, str, str]:
    return ORDER.index(row.state), row.connector, row.feed.name.lower()


def _passes(row: FeedRow, form: FeedsForm) -> bool:
    has = {"connector": row.feed.connector, "state": row.state}
    return all(has[name] == asked for name, asked in form.filters.items())
