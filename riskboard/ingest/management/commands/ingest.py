import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Min, Q
from django.utils import timezone

from riskboard.ingest.client import Client
from riskboard.ingest.holds import HOLD, due_feeds
from riskboard.ingest.models import Feed, Proposal, Run
from riskboard.ingest.polling import poll
from riskboard.ingest.sources import SOURCES

PAUSE = 10.0  # seconds, between looks for feeds that fell due
WORDS = {
    "new": "{new} new of {seen}",
    "nothing_new": "nothing new of {seen}",
    "not_modified": "not modified",
    "not_due": "somebody else is looking",
    "put_off": "put off: {error}",
    "no_token": "{error}",
    "failed": "FAILED: {error}",
}


@dataclass
class Tally:
    feeds: int = 0
    seen: int = 0
    new: int = 0
    failed: int = 0

    def add(self, run: Run) -> None:
        self.feeds += 1
        self.seen += run.seen
        self.new += run.new
        self.failed += run.outcome == "failed"


class Command(BaseCommand):
    requires_system_checks = [Tags.models]
    help = "Look at the feeds that are due, until stopped (Ctrl-C), or once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", metavar="S", help="Only this feed (its slug), or all of this connector.")
        parser.add_argument("--once", action="store_true", help="Look once at each feed that is due, and stop.")
        parser.add_argument("--now", action="store_true", help="Do not wait until feeds are due.")

    def handle(
        self, *_arguments: object, source: str | None, once: bool, now: bool = False, **_options: object
    ) -> None:
        if not settings.INGEST_ENABLED:
            raise CommandError("Nothing is asked for outside here: INGEST_ENABLED is false.")
        chosen = _chosen(source)
        if now:
            _bring_forward(chosen, timezone.now())
        tallies: dict[str, Tally] = defaultdict(Tally)
        last = Proposal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        try:
            self._round(chosen, tallies)
            if not tallies:
                self.stdout.write(_nothing_due(chosen))
            while not once:
                time.sleep(PAUSE)
                self._round(chosen, tallies)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. What a look had not finished is looked at again.")
        if tallies:
            self._sum_up(tallies)
        self._say_what_was_proposed(chosen, last)
        if once and tallies and all(tally.failed == tally.feeds for tally in tallies.values()):
            raise CommandError("No feed could be read.")

    def _round(self, chosen: Q, tallies: dict[str, Tally]) -> None:
        due = list(due_feeds(timezone.now()).filter(chosen))
        for place, feed in enumerate(due, 1):
            self.stdout.write(f"[{place}/{len(due)}] {feed.name}: ", ending="")
            self.stdout.flush()
            run = poll(feed, timezone.now(), client=Client(now=timezone.now))
            self.stdout.write(WORDS[run.outcome].format(new=run.new, seen=run.seen, error=run.error))
            if run.outcome not in {"failed", "no_token", "put_off"} and run.error:
                self.stdout.write(f"    {run.error}")
            tallies[feed.connector].add(run)

    def _sum_up(self, tallies: dict[str, Tally]) -> None:
        self.stdout.write(f"{'':20}{'feeds':>7}{'seen':>7}{'new':>7}{'failed':>8}")
        for connector, tally in sorted(tallies.items()):
            name = SOURCES[connector].name if connector in SOURCES else connector
            self.stdout.write(f"{name:20}{tally.feeds:7}{tally.seen:7}{tally.new:7}{tally.failed:8}")

    def _say_what_was_proposed(self, chosen: Q, last: int) -> None:
        feeds = Feed.objects.filter(chosen)
        made = Proposal.objects.filter(pk__gt=last, feed__in=feeds).order_by("table").values_list("table")
        counts = [f"{count} {table.replace('_', ' ')}" for table, count in made.annotate(count=Count("pk"))]
        if counts:
            self.stdout.write(f"Proposed: {', '.join(counts)}.")


def _chosen(source: str | None) -> Q:
    if source is None:
        return Q()
    if source in SOURCES:
        return Q(connector=source)
    slugs = list(Feed.objects.order_by("slug").values_list("slug", flat=True))
    if source in slugs:
        return Q(slug=source)
    alike = get_close_matches(source, slugs, n=5, cutoff=0.5)
    raise CommandError(
        f"There is no feed and no connector called {source!r}; connectors: {', '.join(sorted(SOURCES))}"
        + (f"; feeds called alike: {', '.join(alike)}." if alike else "; feeds are listed at /sources/.")
    )


def _bring_forward(chosen: Q, now: datetime) -> None:
    """Those that somebody looks at this moment stay theirs. How hosts are treated stays as it is."""
    Feed.objects.filter(chosen, is_enabled=True, next_run_at__gt=now + HOLD).update(next_run_at=now)


def _nothing_due(chosen: Q) -> str:
    following = Feed.objects.filter(chosen, is_enabled=True).aggregate(at=Min("next_run_at"))["at"]
    if following is None:
        return "No feed is switched on; manage.py loadfeeds adds those that ship."
    return f"No feed is due before {following:%Y-%m-%d %H:%M} UTC; --now does not wait."
