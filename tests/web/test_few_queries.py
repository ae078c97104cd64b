"""No page takes more than twelve queries, not even the first one of a new process or after a change of the evidence."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Count, Model, QuerySet
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import (
    Family,
    License,
    LicenseChange,
    Line,
    Pledge,
    Release,
    Signal,
    Source,
    Vendor,
    VendorFact,
)
from riskboard.ingest import amending, corrections
from riskboard.ingest.corrections import version_of
from riskboard.ingest.drafts import SeenOffer
from riskboard.ingest.hosting import keep_offers
from riskboard.ingest.imports import applying
from riskboard.ingest.imports.models import Import
from riskboard.ingest.licensetext import clean
from riskboard.ingest.models import Feed, Proposal, Run, Snapshot, Story
from riskboard.ingest.rows import reference_of
from riskboard.ingest.seeding import load_feeds
from riskboard.jobs.services import note_pulse
from riskboard.portfolio import plans
from riskboard.portfolio.models import Deployment
from riskboard.urls import urlpatterns
from riskboard.web import import_effects
from riskboard.web.access import Role
from riskboard.web.pages.fact import address_of
from riskboard.web.pages.redline import redline_url
from riskboard.web.pages.release_changes import release_changes
from scoring import kept, placing
from scoring.models import Prediction
from tests import cast
from tests.ingest import desk
from tests.live import make_prediction, make_resolution
from tests.portfolio.making import make_deployment, make_import, make_workflow
from tests.web.people import client_of, make_user, team_of_all
from tests.web.redlining import APACHE, RESEARCH
from tests.web.test_access import MATRIX

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
DAY = timedelta(days=1)
RULED = "https://news.example/renamed"
SIX = "alibaba-language,meta-language,mistral-language,google-language,openai-language,deepseek-language"
LISTS = {
    "board": ("/", "/?state=open&sort=-change", "/?as_of=2025-06-01", "/?as_of=2025-06-01&country=CN"),
    "search": (
        "/search/",
        "/search/?q=qwe",
        "/search/?q=Qwen/Qwen3-32B",
        "/search/?q=nobody/nothing",
        "/search/?q=quen",
    ),
    "vendors": ("/vendors/", "/vendors/?country=CN"),
    "pledges": ("/pledges/", "/pledges/?status=kept"),
    "licenses": ("/licenses/",),
    "license_changes": ("/license-changes/", "/license-changes/?direction=tightening"),
    "signals": ("/signals/", "/signals/?vendor=alibaba"),
    "compare": ("/compare/", f"/compare/?l={SIX}", f"/compare/?l={SIX}&as_of=2025-06-01&range=all"),
    "histories": ("/histories/", "/histories/?by=domain&among=all&recalled=out&q=apache"),
    "export_histories": ("/export/histories.csv",),
    "track_record": ("/track-record/", "/track-record/?forecast=full&domain=database&recalled=exclude"),
    "record_bin": ("/track-record/bins/5/", "/track-record/bins/1/?governance=foundation&page=2"),
    "method": ("/method/",),
    "rubric": ("/method/rubric.toml",),
    "versions": ("/method/versions/durability-0.2.0/durability-0.3.0/",),
    "data": ("/data/",),
    "api_docs": ("/api/v1/docs/",),
    "health": ("/health/",),
    "corrections": ("/corrections/",),
    "contests": ("/contests/", "/contests/?state=open"),
    "recheck_queue": ("/sources/recheck/", "/sources/recheck/?list=unchecked"),
    "sign_in": ("/sign-in/",),
}
# Asked for by who works there.
AT_THE_DESK = {
    "progress": ("/health/progress/",),
    "feeds": ("/sources/", "/sources/?connector=hugging_face"),
    "inbox": ("/inbox/", "/inbox/?vendor=alibaba"),
    "evidence_releases": ("/sources/releases/",),
    "imports": ("/import/",),
    "import_template": ("/import/templates/signals.csv",),
    "import_rows": ("/import/rows/signals.csv",),
    "enter": ("/enter/",),
    "entry": ("/enter/signal/", "/enter/pledge/", "/enter/license-change/", "/enter/release/?family=qwen"),
    "jobs": ("/jobs/",),
    "account": ("/account/",),
    "portfolio": ("/portfolio/", "/portfolio/?show=all"),
    "portfolio_csv": ("/portfolio/portfolio.csv",),
    "team": ("/portfolio/team/",),
    "company": ("/portfolio/company/",),
    "deployments": ("/portfolio/deployments/", "/portfolio/deployments/?vendor=alibaba&matched=yes"),
    "deployments_csv": ("/portfolio/deployments.csv",),
    "exit_plans_csv": ("/portfolio/exit-plans.csv",),
    "portfolio_imports": ("/portfolio/import/",),
    "new_deployment": (
        "/portfolio/deployments/new/",
        "/portfolio/deployments/new/?q=qwe",
        "/portfolio/deployments/new/?q=nobody/nothing",
        "/portfolio/deployments/new/?release=qwen3-32b",
        "/portfolio/deployments/new/?by=hand",
    ),
    "tokens": ("/account/tokens/",),
}
# Streamed, one query a table; steps of a form, which show no rows.
UNCOUNTED = ("bundle", "export", "sign_in_code", "password")


def busiest(model: type[Model], rows: str) -> list[str]:
    """Addresses of the two with most to show."""
    counted: QuerySet[Any, Any] = model._default_manager.annotate(number=Count(rows))
    return addresses(counted.order_by("-number", "pk")[:2])


def addresses(rows: Iterable[Any]) -> list[str]:
    return [row.get_absolute_url() for row in rows]


def lines() -> list[str]:
    asked = ("", "?as_of=2025-06-01", "?day=2026-01-15", "?from=2025-01-01&to=2026-01-01")
    return [line + query for line in busiest(Line, "families__releases") for query in asked]


def busiest_with(place: str, *queries: str) -> list[str]:
    return [line + place + query for line in busiest(Line, "families__releases") for query in queries]


def changes() -> Iterator[str]:
    """One told by each kind of row, about a family and about a whole vendor."""
    for about in ({"family__isnull": True}, {"family__isnull": False}):
        yield from (row.get_absolute_url() for row in LicenseChange.objects.filter(**about)[:1])
        for kind in ("gating", "withdrawal", "api_deprecation"):
            yield from (f"/changes/{row.key}/" for row in Signal.objects.filter(kind=kind, **about)[:1])
    told = Signal.objects.filter(kind="api_deprecation").exclude(event_id="")
    yield from (f"/changes/{row.key}/" for row in told[:1])
    for fields in ({"access": "api_only"}, {"withdrawn_on__isnull": False}, {"hosted_ended_on__isnull": False}):
        for release in Release.objects.filter(flagship=True, **fields)[:1]:
            yield from (url for _, url in release_changes(release))


def hosted() -> list[str]:
    """Two releases that hosts were seen to offer."""
    feed = Feed.objects.get_or_create(slug="openrouter", defaults={"connector": "openrouter"})[0]
    releases = Release.objects.exclude(hf_repo="").order_by("-released_on")[:2]
    for release in releases:
        offered = [SeenOffer("m", f"host {each}", release.hf_repo, "up", Decimal(each)) for each in range(20)]
        keep_offers(feed, offered, NOW)
    return addresses(releases)


def texts() -> list[str]:
    """The hashes of two license texts, of which one became the other at a release."""
    hashes = [sha256(text.encode()).hexdigest() for text in (APACHE, RESEARCH)]
    for digest, text in zip(hashes, (APACHE, RESEARCH), strict=True):
        usual = {"url": "https://hub.example/LICENSE", "fetched_at": NOW, "status": 200, "cleaned": clean(text)}
        Snapshot.objects.get_or_create(sha256=digest, defaults={**usual, "body": text.encode()})
    return hashes


def with_revisions() -> list[str]:
    release = Release.objects.exclude(hf_repo="").order_by("-released_on")[0]
    for number, digest in enumerate(texts()):
        if not release.revisions.filter(license_text_sha256=digest).exists():
            cast.make_revision(release, license_text_sha256=digest, captured_on=NOW.date() + number * DAY)
    return [release.get_absolute_url()]


def forecast_that_failed() -> Prediction:
    """One with a story: the rules, then a reviewer."""
    prediction = make_prediction(Line.objects.get(slug="alibaba-language"))
    make_resolution(prediction, "failed", evidence=[f"signal:{Signal.objects.order_by('pk')[0].key}", "release:gone"])
    make_resolution(prediction, "void", ruled_by=make_user(Role.REVIEWER, "ruler"), reason="Renamed.", source_url=RULED)
    return prediction


DETAILS: dict[str, Callable[[], Iterable[str]]] = {
    "line": lines,
    "ledger": lambda: busiest_with("changes/", "", "?from=2025-01-01&to=2026-11-24"),
    "what_if": lambda: busiest_with("what-if/", "", "?add=hosted_next&add=pledge.binding.contract&as_of=2026-06-01"),
    "score_file": lambda: [f"{line}score.json" for line in busiest(Line, "families__releases")],
    "family": lambda: busiest(Family, "releases"),
    "release": lambda: [*hosted(), *with_revisions()],
    "hosting": lambda: [f"{address}hosting/" for address in hosted()],
    "redline": lambda: [redline_url(*texts())],
    "license_text": lambda: [reverse("license_text", args=texts()[:1])],
    "cleaned_license_text": lambda: [reverse("cleaned_license_text", args=texts()[:1])],
    "change": changes,
    "vendor": lambda: busiest(Vendor, "signals"),
    "pledge": lambda: addresses(Pledge.objects.filter(vendor__slug="alibaba").order_by("family", "pk")[::5]),
    "license": lambda: busiest(License, "releases"),
    "prediction": lambda: [f"/track-record/predictions/{forecast_that_failed().pk}/"],
    "history": lambda: ["/histories/terraform/", "/histories/airflow/"],
    "signal": lambda: addresses(Signal.objects.filter(vendor__slug="alibaba")[:2]),
    "source": lambda: addresses(Source.objects.all()[:2]),
}


def addresses_of(name: str, rows: Iterable[Model]) -> list[str]:
    return [reverse(name, kwargs={"pk": row.pk}) for row in rows]


def facts(name: str) -> list[str]:
    """The page ``name`` of a row of each table that a score stands on."""
    rows = (model._default_manager.order_by("pk")[0] for model in (Signal, Pledge, LicenseChange, Release, License))
    return [address_of(name, reference_of(row)) for row in (*rows, VendorFact.objects.order_by("pk")[0])]


def deployed(name: str) -> list[str]:
    """The page ``name`` of a deployment that is matched, and of one that is not."""
    ours = Deployment.objects.of(team_of_all())
    matched = [ours.filter(release__isnull=is_unknown).first() for is_unknown in (False, True)]
    return addresses_of(name, [each for each in matched if each])


DETAILS_AT_THE_DESK: dict[str, Callable[[], Iterable[str]]] = {
    "deployment": lambda: deployed("deployment"),
    "edit_deployment": lambda: deployed("edit_deployment"),
    "exit_plan": lambda: deployed("exit_plan"),
    "accept_risk": lambda: deployed("accept_risk"),
    "alternatives": lambda: deployed("alternatives"),
    "portfolio_import": lambda: addresses_of("portfolio_import", team_of_all().imports.all()),
    "workflow": lambda: addresses_of(
        "workflow", team_of_all().workflows.annotate(n=Count("deployments")).order_by("-n")[:1]
    ),
    "row_history": lambda: facts("row_history"),
    "correct": lambda: facts("correct"),
    "contest": lambda: facts("contest"),
    "import": lambda: addresses_of("import", Import.objects.all()),
    "feed": lambda: addresses_of("feed", Feed.objects.filter(connector="feeds")[:2]),
    "rule": lambda: [f"/pledges/{row.key}/rule/" for row in Pledge.objects.filter(vendor__slug="alibaba")[:2]],
    "rule_prediction": lambda: addresses_of("rule_prediction", [make_prediction(Line.objects.all()[0])]),
    "proposal": lambda: [
        *addresses_of("proposal", Proposal.objects.filter(deed="").order_by("pk")[:2]),
        *addresses_of("proposal", Proposal.objects.exclude(deed="")),
    ],
}


@pytest.fixture
def busy_desk(scored: None) -> None:
    """Every feed, and more proposals than one page holds, with reports that belong together."""
    note_pulse(timezone.now())
    load_feeds()
    vendor = Vendor.objects.get(slug="alibaba")
    family = vendor.lines.all()[0].families.all()[0]
    feed = Feed.objects.filter(connector="feeds")[0]
    Run.objects.create(feed=feed, started_at=NOW, finished_at=NOW, outcome="new", seen=5, new=5)
    story = Story.objects.create(title="Lab chief leaves")
    for number in range(60):
        texts = {"vendor": vendor.slug, "family": family.slug, "kind": "layoffs", "summary": "Staff is cut"}
        texts |= {"id": f"cut-{number}", "occurred_on": "2026-11-01", "direction": "weakens", "severity": "2"}
        item = desk.make_item(feed, f"Lab chief leaves {number}", story=story if number % 3 == 0 else None)
        desk.make_proposal(texts, item=item, vendor=vendor, family=family, words=["leaves"], confidence=0.6)
    ask_of_rows()
    run_a_lot()
    content = "\r\n".join(["id,vendor,summary", *(f"cut-{number},alibaba,Cut" for number in range(60))])
    applying.prepare("signals", content.encode(), by=None, now=NOW, measure=import_effects.measure(NOW.date()))


def run_a_lot() -> None:
    """A portfolio over many vendors and licenses, in few workflows, some of it not matched."""
    team = team_of_all()
    workflows = [make_workflow(team, name) for name in ("Chat", "Search", "Triage")]
    releases = Release.objects.exclude(hf_repo="").order_by("-released_on", "slug")[:80]
    for number, release in enumerate(releases):
        plan = plans.begun(make_deployment(team, release, workflow=workflows[number % 3]))
        for other in releases[:3]:
            plan.alternatives.create(release=other)
    for number in range(5):
        make_deployment(team, workflow=workflows[0], reference=f"acme/own-{number}")
    make_import(team, *[release.hf_repo for release in releases], "acme/own-0")


def ask_of_rows() -> None:
    """Corrections and withdrawals of rows of several tables that wait for a second person; some rows changed since."""
    asker = make_user(Role.ANALYST, "asker")
    for model in (Signal, Pledge, LicenseChange, Release, License, VendorFact):
        for number, row in enumerate(model._default_manager.order_by("pk")[:2]):
            said: dict[str, Any] = {"by": asker, "reason": "Read again.", "now": NOW, "version": version_of(row)}
            if number:
                amending.withdraw(row, effect=lambda *_: 9.0, **said) if model is Signal else None
            else:
                name = "name" if model in (Release, License) else "source_title"
                waiting = amending.correct(row, {name: "Another"}, effect=lambda *_: 9.0, **said).waiting
                assert waiting is not None
                corrections.correct(row, {name: "As somebody else read it"}, **said)


def forget_everything() -> None:
    """As a process that has just begun."""
    cache.clear()
    for keeping in (kept.shelf_of, kept.folders_of, kept.dossiers_of, kept.assessments_of):
        keeping.cache_clear()
    placing.placings_on.cache_clear()


@pytest.mark.parametrize("kind", [*LISTS, *DETAILS])
@pytest.mark.parametrize("is_changed", [False, True], ids=["new process", "changed evidence"])
def test_the_first_page_takes_at_most_twelve_queries(
    client: Client, kind: str, is_changed: bool, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = list(LISTS[kind] if kind in LISTS else DETAILS[kind]())
    assert asked
    if is_changed:
        Signal.objects.filter(vendor__slug="alibaba").update(severity=5)
    for address in asked:
        forget_everything()
        with django_assert_max_num_queries(12, info=address):
            assert client.get(address).status_code in {200, 302}, address


@pytest.mark.usefixtures("busy_desk")
@pytest.mark.parametrize("kind", [*AT_THE_DESK, *DETAILS_AT_THE_DESK])
def test_a_page_of_the_desk_takes_at_most_twelve_queries(
    kind: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(Role.REVIEWER)
    client.get("/account/")  # the first request of a session notes it, whatever page it is for
    asked = list(AT_THE_DESK[kind] if kind in AT_THE_DESK else DETAILS_AT_THE_DESK[kind]())
    assert asked
    for address in asked:
        forget_everything()
        with django_assert_max_num_queries(12, info=address):
            assert client.get(address).status_code == 200, address


def test_every_page_of_the_site_map_is_counted() -> None:
    with MATRIX.open(newline="", encoding="utf-8") as file:
        pages = {row["route"] for row in csv.DictReader(file) if row["method"] == "GET" and row["admin"] != "405"}
    named = {each.name for each in urlpatterns if isinstance(each, URLPattern) and str(each.pattern) in pages}
    assert named == {*LISTS, *DETAILS, *AT_THE_DESK, *DETAILS_AT_THE_DESK, *UNCOUNTED}
