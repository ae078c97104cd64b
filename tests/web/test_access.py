"""Who gets in where, for every address there is: tests/web/access_matrix.csv says it, and has to be right."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

from riskboard.ingest.imports.models import Import
from riskboard.ingest.models import Contest, Feed, Proposal, Snapshot
from riskboard.jobs.models import Job
from riskboard.jobs.services import note_pulse
from riskboard.web.access import Role, role_of
from tests import cast
from tests.ingest.releases import make_difference
from tests.live import make_prediction
from tests.portfolio.making import make_acceptance, make_deployment, make_import
from tests.web.people import client_of, make_api_token, make_user, team_of_all

MATRIX = Path(__file__).with_name("access_matrix.csv")
ADMIN = "admin/*"  # one row for all of Django's own pages
ANSWERED = (200, 302, 422)  # the last: with what an empty form lacks
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM) (?!"?(django_session"|accounts_apicalls\b))')
API = "api/v1/"  # it reads no cookie: tests/web/api tells who gets in


def patterns(found: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        else:
            yield route, each


ROUTES = dict(patterns(get_resolver().url_patterns))
OURS = [route for route in ROUTES if not route.startswith("admin/")]
DJANGOS = [route for route in ROUTES if route.startswith("admin/")]


@pytest.fixture
def examples(db: None) -> dict[str, str]:
    """What stands in the place of each part of an address, by route or by name of the part."""
    note_pulse(timezone.now())
    keeper = cast.keeper()
    change = cast.make_license_change(keeper.family, cast.make_license("a"), cast.make_license("b"), NOW.date())
    pledge, signal = cast.make_pledge(keeper.vendor), cast.make_signal(keeper.vendor)
    prediction = make_prediction(keeper.line)
    feed = Feed.objects.create(slug="news", name="News", connector="feeds")
    proposal = Proposal.objects.create(key="one", table="signals", fields={"vendor": keeper.vendor.slug})
    job = Job.objects.create(kind="poll feed", key="one", state="dead", run_at=NOW, finished_at=NOW)
    draft = Import.objects.create(table="signals", content=b"id", sha256="0", created_at=NOW)
    release, digest = keeper.releases[0], sha256(b"You may.").hexdigest()
    deployment = make_deployment(team_of_all(), release)
    sent = make_import(team_of_all(), "acme/own")
    text = {"sha256": digest, "body": b"You may.", "cleaned": "You may."}
    Snapshot.objects.create(url="https://hub.example/LICENSE", fetched_at=NOW, status=200, **text)
    contest = Contest.objects.create(subject=f"pledge:{pledge.key}", reason="Not so.", opened_at=NOW)
    return {
        "lines/<key:slug>/": keeper.line.get_absolute_url(),
        "lines/<key:slug>/changes/": f"{keeper.line.get_absolute_url()}changes/",
        "lines/<key:slug>/what-if/": f"{keeper.line.get_absolute_url()}what-if/",
        "lines/<key:slug>/score.json": f"{keeper.line.get_absolute_url()}score.json",
        "models/<key:slug>/": keeper.family.get_absolute_url(),
        "models/<key:family>/<key:slug>/": release.get_absolute_url(),
        "changes/<key:key>/": change.get_absolute_url(),
        "models/<key:family>/<key:slug>/hosting/": f"{release.get_absolute_url()}hosting/",
        **{
            route: re.sub("<digest:[a-z]+>", digest, f"/{route}")
            for route in OURS
            if route.startswith("license-texts/")
        },
        "vendors/<key:slug>/": keeper.vendor.get_absolute_url(),
        "pledges/<key:key>/": pledge.get_absolute_url(),
        "track-record/predictions/<int:pk>/rule/": reverse("rule_prediction", args=[prediction.pk]),
        "pledges/<key:key>/rule/": reverse("rule", args=[pledge.key]),
        "enter/<key:kind>/": "/enter/signal/",
        "enter/<key:kind>/preview/": "/enter/signal/preview/",
        "enter/<int:pk>/undo/": reverse("undo_entry", args=[proposal.pk]),
        "method/versions/<key:before>/<key:after>/": "/method/versions/durability-0.2.0/durability-0.3.0/",
        "licenses/<key:key>/": cast.make_license("a").get_absolute_url(),
        "signals/<key:key>/": signal.get_absolute_url(),
        "sources/feeds/<int:pk>/": reverse("feed", args=[feed.pk]),
        **{
            route: f"/{route}".replace("<int:pk>", str(signal.source.pk))
            for route in OURS
            if route.startswith("sources/<int:pk>/")
        },
        **{
            route: f"/{route}".replace("<key:table>/<key:key>", f"signals/{signal.key}")
            for route in OURS
            if route.startswith("evidence/<key:table>/<key:key>/")
        },
        "account/tokens/<int:pk>/revoke/": reverse("revoke_token", args=[make_api_token().token.pk]),
        **{
            route: f"/{route}".replace("<key:slug>", keeper.line.slug).replace("<int:number>", "1")
            for route in OURS
            if is_api(route)
        },
        "contests/<int:pk>/close/": reverse("close_contest", args=[contest.pk]),
        "import/templates/<key:table>.csv": reverse("import_template", args=["signals"]),
        "import/rows/<key:table>.csv": reverse("import_rows", args=["signals"]),
        **{
            route: f"/{route}".replace("<int:pk>", str(draft.pk))
            for route in OURS
            if route.startswith("import/<int:pk>/")
        },
        "portfolio/acceptances/<int:pk>/withdraw/": reverse(
            "withdraw_acceptance", args=[make_acceptance(deployment, NOW.date()).pk]
        ),
        "portfolio/workflows/<int:pk>/": reverse("workflow", args=[deployment.workflow_id]),
        **{
            route: f"/{route}".replace("<int:pk>", str(deployment.pk))
            for route in OURS
            if route.startswith("portfolio/deployments/<int:pk>/")
        },
        **{
            route: f"/{route}".replace("<int:pk>", str(sent.pk))
            for route in OURS
            if route.startswith("portfolio/import/<int:pk>/")
        },
        "jobs/<int:pk>/retry/": reverse("retry_job", args=[job.pk]),
        "jobs/<int:pk>/dismiss/": reverse("dismiss_job", args=[job.pk]),
        "sources/releases/differences/<int:pk>/": reverse("decide_difference", args=[make_difference(signal).pk]),
        "histories/<key:slug>/": "/histories/terraform/",
        "track-record/bins/<int:number>/": reverse("record_bin", args=[1]),
        "track-record/predictions/<int:pk>/": reverse("prediction", args=[prediction.pk]),
        "export/<key:table>.csv": reverse("export", args=["signals"]),
        **{
            route: f"/{route}".replace("<int:pk>", str(proposal.pk))
            for route in OURS
            if route.startswith("inbox/<int:pk>/")
        },
    }


def is_api(route: str) -> bool:
    return route.startswith(API) and route != "api/v1/docs/"


def address(route: str, examples: dict[str, str]) -> str:
    if route in examples:
        return examples[route]
    named = route.replace("^", "").replace("$", "").replace("(?P<url>.*)", "x").replace("<path:object_id>", "1")
    named = re.sub(r"\(\?P<app_label>[^)]*\)", "auth", named)
    assert route in DJANGOS or "<" not in named, f"examples lacks an address for {route}"
    return "/" + re.sub(r"<(?:\w+:)?\w+>", "1", named)


def ask(client: Client, method: str, url: str, **options: Any) -> HttpResponseBase:
    """The answer; whatever it changed is undone."""
    with transaction.atomic():
        response: Any = client.generic(method, url, "", "application/x-www-form-urlencoded", **options)
        if response.streaming:
            response.getvalue()
        transaction.set_rollback(True)
    answer: HttpResponseBase = response
    return answer


def word(response: HttpResponseBase) -> str:
    if response.status_code == 302 and response.headers["Location"].startswith(reverse("sign_in") + "?next="):
        return "sign-in"
    return {403: "refused", **dict.fromkeys(ANSWERED, "yes")}.get(response.status_code, str(response.status_code))


def written() -> dict[tuple[str, str], list[str]]:
    with MATRIX.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["route", "method", *(role.label for role in Role)]
    return {(route, method): cells for route, method, *cells in rows[1:]}


def test_every_address_lets_in_whom_the_table_says(examples: dict[str, str]) -> None:
    found = {
        (route, method): [word(ask(client_of(role), method, address(route, examples))) for role in Role]
        for route in OURS
        for method in ("GET", "POST")
    }
    expected = {key: cells for key, cells in written().items() if key[0] != ADMIN}
    assert found == expected


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_admin_gets_to_an_admin_page(role: Role, examples: dict[str, str]) -> None:
    matrix, client = written(), client_of(role)
    for method in ("GET", "POST"):
        expected = matrix[ADMIN, method][role]
        found = {route: word(ask(client, method, address(route, examples))) for route in DJANGOS}
        assert found == dict.fromkeys(DJANGOS, expected)


def test_an_admin_gets_to_the_admin_pages_without_any_other_permission(db: None) -> None:
    client = client_of(Role.ADMIN)
    assert written()[ADMIN, "GET"][Role.ADMIN] == "yes"
    assert word(ask(client, "GET", "/admin/")) == "yes"
    for model in admin.site._registry:
        lists = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(lists).status_code == 200, lists
    assert client.get("/admin/auth/user/add/").status_code == 200


# Requests that other sites make browsers send ------------------------------------------------------


def with_token() -> tuple[Client, dict[str, str]]:
    """An admin, and what their own pages send along with a form."""
    client = client_of(Role.ADMIN, enforce_csrf_checks=True)
    client.get("/account/")
    return client, {"HTTP_X_CSRFTOKEN": client.cookies["csrftoken"].value}


def test_nothing_is_sent_without_a_token_or_from_elsewhere(examples: dict[str, str]) -> None:
    client, token = with_token()
    for route in ROUTES:
        if is_api(route):
            continue
        url = address(route, examples)
        assert ask(client, "POST", url).status_code == 403, route
        assert ask(client, "POST", url, HTTP_ORIGIN="https://elsewhere.example", **token).status_code == 403, route


def test_with_its_token_a_form_is_accepted(examples: dict[str, str]) -> None:
    for (route, method), cells in written().items():
        if method == "POST" and route != ADMIN and cells[Role.ADMIN] == "yes":
            client, token = with_token()  # one of the forms signs out
            assert word(ask(client, method, address(route, examples), **token)) == "yes", route


def test_looking_changes_nothing(examples: dict[str, str]) -> None:
    client = client_of(Role.ADMIN)
    for route in OURS:
        with CaptureQueriesContext(connection) as queries:
            ask(client, "GET", address(route, examples))
        assert [query["sql"] for query in queries if WRITES.match(query["sql"])] == [], route


def test_a_form_without_its_token_gets_our_page(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"name": "ada", "password": "x"})
    assert response.status_code == 403
    assert "reload the page and send it again" in response.content.decode()


# Roles --------------------------------------------------------------------------------------------


def test_the_highest_group_counts(db: None) -> None:
    user = make_user(Role.REVIEWER)
    user.groups.add(Group.objects.get(name="viewer"), Group.objects.create(name="something else"))
    assert role_of(user) is Role.REVIEWER


def test_an_account_without_a_group_reads_a_superuser_is_an_admin_and_who_left_is_a_stranger(db: None) -> None:
    assert role_of(User.objects.create_user("new")) is Role.VIEWER
    assert role_of(User.objects.create_superuser("root")) is Role.ADMIN
    assert role_of(User.objects.create_superuser("gone", is_active=False)) is Role.ANONYMOUS
    assert role_of(AnonymousUser()) is Role.ANONYMOUS


def test_being_staff_opens_nothing(db: None, client: Client) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get("/admin/").status_code == 403


def test_who_is_asked_to_sign_in_comes_back_to_the_same_place(client: Client, db: None) -> None:
    response = client.get("/jobs/?page=2")
    assert response.headers["Location"] == "/sign-in/?next=%2Fjobs%2F%3Fpage%3D2"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/vendors/?kind=lab"}
    response = client.get("/jobs/", headers=headers)
    assert response.headers["HX-Redirect"] == "/sign-in/?next=%2Fvendors%2F%3Fkind%3Dlab"
    headers["HX-Current-URL"] = "https://elsewhere.example/trap"
    assert client.get("/jobs/", headers=headers).headers["HX-Redirect"] == "/sign-in/?next=%2F"


def test_a_refusal_says_which_role_it_takes(db: None) -> None:
    page = client_of(Role.VIEWER).get("/jobs/").content.decode()
    assert "This is for the role analyst, and your role is viewer." in page


def test_what_a_stranger_sends_is_refused_with_a_way_back(client: Client, db: None) -> None:
    page = client.post("/account/second-factor/").content.decode()
    assert "You are signed out, and nothing was changed." in page
    assert 'href="/sign-in/"' in page


# Reading without an account ------------------------------------------------------------------------


def test_reading_can_be_for_accounts_only(examples: dict[str, str], settings: Settings) -> None:
    settings.ANONYMOUS_READING = False
    stranger, reader = Client(), client_of(Role.VIEWER)
    for route in OURS:
        url = address(route, examples)
        if url in {"/sign-in/", "/health/", "/health/progress/"}:
            assert ask(stranger, "GET", url).status_code == 200
        elif is_api(route):
            assert ask(stranger, "GET", url).status_code == 401, url
        elif url != "/sign-in/code/":
            assert word(ask(stranger, "GET", url)) == "sign-in", url
    assert word(ask(stranger, "GET", "/no/such/page/")) == "sign-in"
    assert ask(stranger, "GET", "/static/riskboard/app.css").status_code == 200
    assert ask(reader, "GET", "/").status_code == 200
