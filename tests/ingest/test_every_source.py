"""A stand-in of every source, read on the real path: schedule, job, look, proposal. ``-s`` shows the counts."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client as Browser
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.catalog.models import LicenseChange, Reach, Release, Revision, Signal
from riskboard.ingest import politeness
from riskboard.ingest.models import Feed, Item, Proposal, Run, Snapshot
from riskboard.ingest.polling import enqueue_due
from riskboard.ingest.selectors import feed_health, log_alarms
from riskboard.ingest.sources import SOURCES
from riskboard.jobs import bell, running
from riskboard.jobs.models import Job
from tests import cast
from tests.ingest.stand_ins.everywhere import ENVIRONMENT, Everywhere, everywhere
from tests.ingest.stand_ins.serving import Reply
from tests.ingest.watching import START

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EVIDENCE: tuple[type[Model], ...] = (Item, Proposal, Snapshot, Signal, Release, LicenseChange, Reach, Revision, Entry)


@pytest.fixture
def town(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Everywhere]:
    monkeypatch.setattr(bell, "ring", lambda _job_id, _queue: None)
    monkeypatch.setattr(politeness, "INTERVAL", timedelta(0))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with everywhere(START) as opened:
        for name, setting in opened.settings.items():
            setattr(settings, name, setting)
        yield opened


@pytest.fixture
def board(town: Everywhere) -> "Board":
    """A catalog that knows the vendor, and one feed of each connector."""
    vendor = cast.make_vendor("mistral", name="Mistral AI", hf_org="mistralai")
    line = cast.make_line(vendor)
    cast.make_license("apache-2.0", spdx_id="Apache-2.0")
    cast.make_license("mistral-research", name="Mistral Research License", category="noncommercial")
    for slug, name in (("mistral-large", "Mistral-Large-3"), ("mistral-small", "Mistral-Small-4")):
        family = cast.make_family(line, slug)
        cast.make_release(family, slug=name.lower(), name=name, hf_repo=f"mistralai/{name}")
    for connector, address in town.feeds.items():
        Feed.objects.create(
            slug=connector,
            name=SOURCES[connector].name,
            connector=connector,
            address=address,
            vendor=None if connector == "openrouter" else vendor,
            reliability="B",
            every_minutes=SOURCES[connector].every_minutes,
        )
    return Board()


@dataclass(frozen=True)
class Line:
    """What one source brought on one day."""

    outcome: str
    seen: int
    new: int
    proposed: Counter[str]  # by table
    by_machine: int  # of these, what was recorded at once


@dataclass
class Board:
    now: datetime = START
    days: dict[str, Mapping[str, Line]] = field(default_factory=dict)

    def day(self, title: str, after: timedelta = DAY) -> Mapping[str, Line]:
        """The schedule notices what is due, and a worker does the jobs."""
        self.now += after
        known = set(Proposal.objects.values_list("pk", flat=True))
        assert enqueue_due(self.now) == len(SOURCES)
        for job in Job.objects.filter(state="queued").order_by("pk"):
            running.run(job.pk, worker="test", clock=lambda: self.now)
        assert not Job.objects.exclude(state="done").exists()
        made = list(Proposal.objects.exclude(pk__in=known).select_related("feed"))
        self.days[title] = {
            run.feed.connector: Line(
                run.outcome,
                run.seen,
                run.new,
                Counter(each.table for each in made if each.feed_id == run.feed_id),
                sum(each.state == "accepted" for each in made if each.feed_id == run.feed_id),
            )
            for run in Run.objects.filter(started_at=self.now).select_related("feed")
        }
        return self.days[title]

    def table(self) -> str:
        rows = [f"\n{'':20}{'outcome':13}{'seen':>5}{'new':>5}{'at once':>9}  proposed"]
        for title, lines in self.days.items():
            rows.append(title)
            for connector in SOURCES:
                line = lines[connector]
                proposed = ", ".join(f"{table} {count}" for table, count in sorted(line.proposed.items()))
                counts = f"{line.outcome:13}{line.seen:5}{line.new:5}{line.by_machine:9}"
                rows.append(f"  {SOURCES[connector].name:18}{counts}  {proposed}".rstrip())
            total = sum((line.proposed for line in lines.values()), Counter[str]())
            sums = f"{sum(line.seen for line in lines.values()):18}{sum(line.new for line in lines.values()):5}"
            rows.append(
                f"  {'all':18}{sums}{sum(line.by_machine for line in lines.values()):9}  {total.total()} in all"
            )
        return "\n".join(rows) + "\n"


def everything() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in EVIDENCE}


def test_every_source_is_read_from_its_first_look_to_a_withdrawal(
    town: Everywhere, board: Board, client: Browser
) -> None:
    assert set(town.feeds) == set(SOURCES), "a connector without a stand-in here is not proven"
    try:
        the_first_look_finds_what_is_there(board)
        the_same_again_brings_nothing(board)
        what_changed_is_proposed_once(town, board)
        an_outage_touches_health_alone(town, board, client)
        after_it_all_goes_on_and_repeated_absence_is_a_withdrawal(town, board)
    finally:
        sys.stdout.write(board.table())


def the_first_look_finds_what_is_there(board: Board) -> None:
    lines = board.day("First look", timedelta(0))
    seen = {connector: line.seen for connector, line in lines.items() if line.seen}
    news = {"github": 1, "feeds": 2, "hacker_news": 1, "reddit": 1, "bluesky": 1, "gdelt": 1, "sec_edgar": 1}
    assert news.items() <= seen.items()
    assert lines["hugging_face"].proposed["releases"] == 0, "what was there is where we start from, and no news"
    assert lines["hugging_face"].proposed["revisions"] == 2
    assert {line.outcome for line in lines.values()} <= {"new", "nothing_new"}
    assert Item.objects.count() == sum(news.values())


def the_same_again_brings_nothing(board: Board) -> None:
    before = everything()
    lines = board.day("The same again")
    assert {line.outcome for line in lines.values()} <= {"nothing_new", "not_modified"}
    assert sum(line.new for line in lines.values()) == 0
    assert everything() == before


def what_changed_is_proposed_once(town: Everywhere, board: Board) -> None:
    town.change(board.now + DAY)
    lines = board.day("Something happens everywhere")
    assert {line.outcome for line in lines.values()} == {"new"}
    kinds = {
        proposal.feed.connector: proposal.fields["kind"]
        for proposal in Proposal.objects.filter(table="signals").select_related("feed")
        if proposal.feed is not None and proposal.item is not None
    }
    assert kinds == {
        "feeds": "license_tightening",
        "hacker_news": "price_increase",
        "reddit": "withdrawal",
        "bluesky": "public_pledge",
        "gdelt": "layoffs",
        "sec_edgar": "leadership_departure",
    }
    assert lines["hugging_face"].proposed == {"releases": 1, "license_changes": 1, "signals": 1, "revisions": 1}
    assert lines["github"].proposed == {"signals": 1}
    assert lines["openrouter"].proposed == {"signals": 1}
    before = everything()
    assert sum(line.new for line in board.day("The change again").values()) == 0
    assert everything() == before


def an_outage_touches_health_alone(town: Everywhere, board: Board, client: Browser) -> None:
    before, cursors = everything(), list(Feed.objects.order_by("pk").values_list("cursor", flat=True))
    town.fall_out(Reply(500, b"Internal Server Error"))
    lines = board.day("Every place fails")
    assert {line.outcome for line in lines.values()} == {"failed"}
    town.fall_out(Reply.page())
    assert {line.outcome for line in board.day("Every place shows a sign-in page").values()} == {"failed"}
    assert everything() == before
    assert list(Feed.objects.order_by("pk").values_list("cursor", flat=True)) == cursors
    assert [health.feed.failures for health in feed_health(board.now)] == [2] * len(SOURCES)
    assert log_alarms(board.now) == len(SOURCES)
    assert "No place can be reached" in client.get("/sources/").content.decode()


def after_it_all_goes_on_and_repeated_absence_is_a_withdrawal(town: Everywhere, board: Board) -> None:
    town.fall_out(None)
    lines = board.day("All answer again", 2 * DAY)
    assert not {line.outcome for line in lines.values()} & {"failed", "put_off"}
    assert log_alarms(board.now) == 0
    [withdrawal] = Proposal.objects.filter(table="signals", item=None, fields__kind="withdrawal")
    assert withdrawal.feed == Feed.objects.get(slug="hugging_face")
    assert (withdrawal.state, withdrawal.is_machine_verified) == ("waiting", False)
    assert "mistralai/Mistral-Small-4" in withdrawal.fields["summary"]
    assert Release.objects.filter(name="Mistral-Small-4", withdrawn_on=None).exists(), "nobody accepted it yet"
    board.day("And once more")
    assert Proposal.objects.filter(table="signals", item=None, fields__kind="withdrawal").count() == 1
