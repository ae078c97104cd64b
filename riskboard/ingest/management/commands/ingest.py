import time
from collections import defaultdict
from dataclasses import dataclass

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Min, Q
from django.utils import timezone

from riskboard.ingest.client import Client
from riskboard.ingest.holds import due_feeds
from riskboard.ingest.models import Feed, Run
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
class Count:
    feeds: int = 0
    seen: int = 0
    new: int = 0
    failed: int = 0


class Command(BaseCommand):
    requires_system_checks = [Tags.models]
    help = "Look at the feeds that are due, until stopped (Ctrl-C), or once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", metavar="S", help="Only this feed (its slug), or all of this connector.")
        parser.add_argument("--once", action="store_true", help="Look once at each feed that is due, and stop.")

    def handle(self, *_arguments: object, source: str | None, once: bool, **_options: object) -> None:
        chosen = _chosen(source)
        if once:
            self._sum_up(self._round(chosen), chosen)
            return
        try:
            while True:
                self._round(chosen)
                time.sleep(PAUSE)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _round(self, chosen: Q) -> dict[str, Count]:
        due = list(due_feeds(timezone.now()).filter(chosen))
        counts: dict[str, Count] = defaultdict(Count)
        for place, feed in enumerate(due, 1):
            self.stdout.write(f"[{place}/{len(due)}] {feed.name}: ", ending="")
            self.stdout.flush()
            run = poll(feed, timezone.now(), client=Client(now=timezone.now))
            self.stdout.write(WORDS[run.outcome].format(new=run.new, seen=run.seen, error=run.error))
            if run.outcome not in {"failed", "no_token"} and run.error:
                self.stdout.write(f"    {run.error}")
            _add(counts[feed.connector], run)
        return counts

    def _sum_up(self, counts: dict[str, Count], chosen: Q) -> None:
        if not counts:
            self.stdout.write(_nothing_due(chosen))
            return
        self.stdout.write(f"{'':20}{'feeds':>7}{'seen':>7}{'new':>7}{'failed':>8}")
        for connector, count in sorted(counts.items()):
            name = SOURCES[connector].name if connector in SOURCES else connector
            self.stdout.write(f"{name:20}{count.feeds:7}{count.seen:7}{count.new:7}{count.failed:8}")
        if all(count.failed == count.feeds for count in counts.values()):
            raise CommandError("No feed could be read.")


def _chosen(source: str | None) -> Q:
    if source is None:
        return Q()
    if source in SOURCES:
        return Q(connector=source)
    if Feed.objects.filter(slug=source).exists():
        return Q(slug=source)
    raise CommandError(
        f"There is no feed and no connector called {source!r}; connectors: {', '.join(sorted(SOURCES))}."
    )


def _add(count: Count, run: Run) -> None:
    count.feeds += 1
    count.seen += run.seen
    count.new += run.new
    count.failed += run.outcome == "failed"


def _nothing_due(chosen: Q) -> str:
    following = Feed.objects.filter(chosen, is_enabled=True).aggregate(at=Min("next_run_at"))["at"]
    if following is None:
        return "No feed is switched on; manage.py loadfeeds adds those that ship."
    return f"No feed is due before {following:%Y-%m-%d %H:%M} UTC."
