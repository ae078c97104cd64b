"""Lists: every row once, whatever the size of the pages; filters; cursors that nobody makes up."""

from urllib.parse import quote

import pytest

from riskboard.catalog.models import Family, License, LicenseChange, Line, Pledge, Release, Signal, Vendor
from scoring.pastcases import past_cases
from tests.web.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
TABLES = {
    "vendors": (Vendor, "slug"),
    "families": (Family, "slug"),
    "releases": (Release, "slug"),
    "licenses": (License, "key"),
    "license-changes": (LicenseChange, "key"),
    "pledges": (Pledge, "key"),
    "signals": (Signal, "key"),
    "lines": (Line, "slug"),
}


@pytest.mark.parametrize("limit", [23, 200])
@pytest.mark.parametrize("path", TABLES)
def test_walking_all_pages_gives_every_row_once(path: str, limit: int, stranger: Program) -> None:
    model, key = TABLES[path]
    found = [row[key] for row in stranger.walk(path, limit)]
    assert len(found) == len(set(found))
    assert set(found) == set(model._default_manager.values_list(key, flat=True))


def test_histories_timelines_and_evidence_are_walked_too(stranger: Program) -> None:
    slugs = [row["slug"] for row in stranger.walk("histories", 40)]
    assert sorted(slugs) == sorted(case.slug for case in past_cases())
    days = [row["day"] for row in stranger.walk("lines/alibaba-language/timeline", 9)]
    assert days == sorted(set(days))
    assert (
        days == [row["day"] for row in stranger.read("lines/alibaba-language/timeline?limit=200")["items"]][: len(days)]
    )
    references = [row["reference"] for row in stranger.walk("lines/alibaba-language/evidence", 9)]
    assert len(references) == len(set(references)) > 50


def test_signals_come_newest_first(stranger: Program) -> None:
    days = [row["occurred_on"] for row in stranger.walk("signals", 50)]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("lines?vendor=alibaba", "vendor", "alibaba"),
        ("lines?modality=image", "modality", "image"),
        ("families?line=alibaba-language", "line", "alibaba-language"),
        ("releases?vendor=meta", "vendor", "meta"),
        ("releases?hub_id=qwen/qwen3-32b", "hub_id", "Qwen/Qwen3-32B"),
        ("licenses?category=permissive", "category", "permissive"),
        ("license-changes?direction=loosening", "direction", "loosening"),
        ("pledges?status=broken", "status", "broken"),
        ("signals?kind=layoffs", "kind", "layoffs"),
        ("vendors?country=FR", "country", "FR"),
        ("histories?domain=database", "domain", "database"),
    ],
)
def test_a_filter_leaves_what_it_names(path: str, field: str, value: str, stranger: Program) -> None:
    found = stranger.read(path)["items"]
    assert found
    assert {row[field] for row in found} == {value}


def test_a_state_filters_by_the_state_of_the_day(stranger: Program) -> None:
    found = list(stranger.walk("lines?state=closed", 5))
    assert found
    assert {row["state"]["code"] for row in found} == {"closed"}


@pytest.mark.parametrize("spoil", ["x{}", "{}x", "{}%00", "", "WzFd:e30", "%F0%9F%A6%99:", "a:b:c:d"])
def test_a_cursor_that_somebody_made_up_is_refused(spoil: str, stranger: Program) -> None:
    cursor = quote(stranger.read("vendors?limit=1")["next"])
    response = stranger.ask(f"vendors?after={spoil.format(cursor)}")
    assert response.status_code == 400
    assert stranger.json(response)["field"] == "after"


def test_a_cursor_of_another_list_is_refused(stranger: Program) -> None:
    cursor = quote(stranger.read("vendors?limit=1")["next"])
    assert stranger.ask(f"families?after={cursor}").status_code == 400


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=-99999999999999999999", "limit"),
        ("limit=many", "limit"),
        ("vendor=nobody", "vendor"),
        ("vendor=a%00b", "vendor"),
        ("vendor=" + "a" * 10_000, "vendor"),
        ("vendor=%27%20OR%201=1", "vendor"),
        ("kind=everything", "kind"),
        ("kind__in=layoffs", "kind__in"),
        ("order_by=source__title", "order_by"),
        ("as_of=2026-02-30", "as_of"),
        ("as_of=2018-12-31", "as_of"),
        ("as_of=2026-11-25", "as_of"),
        ("as_of=1700000000", "as_of"),
        ("as_of=2025-01-01T00:00:00", "as_of"),
        ("as_of=", "as_of"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(query: str, field: str, stranger: Program) -> None:
    response = stranger.ask(f"signals?{query}")
    assert response.status_code == 400
    said = stranger.json(response)
    assert said["field"] == field
    assert said["detail"].startswith(f"{field}: ")
    assert len(said["detail"]) < 600, "it does not say again what was sent"


def test_what_takes_nothing_refuses_everything(stranger: Program) -> None:
    assert stranger.json(stranger.ask("method?as_of=2025-01-01"))["field"] == "as_of"
