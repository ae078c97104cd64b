"""Reviewers rule on how a forecast came out; the live record can be taken as CSV."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.web.access import Role
from scoring.models import Prediction, Resolution
from tests import cast
from tests.live import make_prediction, make_resolution
from tests.web.people import client_of

pytestmark = pytest.mark.django_db
MADE = date(2026, 10, 1)
RULING = {
    "outcome": "void",
    "event_on": "",
    "mode": "",
    "source_url": "https://news.example/renamed",
    "reason": "The repository was only renamed.",
    "version": "none",
}


@pytest.fixture
def prediction() -> Prediction:
    return make_prediction(cast.keeper().line, MADE)


def address(prediction: Prediction) -> str:
    return f"/track-record/predictions/{prediction.pk}/rule/"


def text_of(response: object) -> str:
    content: bytes = getattr(response, "content")  # noqa: B009 -- a response of the test client
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", content.decode())))


def test_the_page_says_what_is_asked_and_what_is_on_record(
    prediction: Prediction, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(Role.REVIEWER)
    with django_assert_max_num_queries(12):
        page = text_of(client.get(address(prediction)))
    assert "the 12 months up to 1 Oct 2027" in page
    assert "the forecast is open" in page


def test_a_ruling_is_recorded_and_shown(prediction: Prediction) -> None:
    client = client_of(Role.REVIEWER)
    response = client.post(address(prediction), RULING, follow=True)
    assert response.redirect_chain == [(f"/track-record/predictions/{prediction.pk}/", 302)]
    resolution = Resolution.objects.get()
    assert (resolution.outcome, resolution.by, resolution.reason) == ("void", "the-reviewer", RULING["reason"])
    page = text_of(response)
    assert "Ruled." in page
    assert "The repository was only renamed." in page
    assert 'href="https://news.example/renamed"' in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"outcome": ""}, "Say how it came out."),
        ({"outcome": "won"}, "Select a valid choice."),
        ({"outcome": "kept"}, "It is due on 2027-10-01"),
        ({"outcome": "failed", "event_on": "2026-02-31"}, "Write a day that exists as YYYY-MM-DD."),
        ({"outcome": "failed", "mode": "restricted"}, "A failure has a day."),
        ({"reason": " "}, "A ruling says why."),
        ({"reason": "x" * 501}, "at most 500 characters"),
        ({"source_url": ""}, "A ruling cites where its reason can be read."),
        ({"source_url": "javascript:alert(1)"}, "Write an address that begins with https://"),
        ({"version": ""}, "load the page anew"),
    ],
)
def test_bad_input_comes_back_with_what_is_wrong(prediction: Prediction, sent: dict[str, str], sentence: str) -> None:
    response = client_of(Role.REVIEWER).post(address(prediction), RULING | sent)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Resolution.objects.exists()


def test_a_ruling_over_another_one_is_a_conflict_and_keeps_what_was_typed(prediction: Prediction) -> None:
    client = client_of(Role.REVIEWER)
    other = make_resolution(prediction, "void")
    response = client.post(address(prediction), RULING)
    assert response.status_code == 409
    assert "Nothing was overwritten" in text_of(response)
    assert RULING["reason"] in text_of(response)
    again = RULING | {"version": str(other.pk), "outcome": "open"}
    assert client.post(address(prediction), again).status_code == 302
    assert Resolution.objects.in_force().get().outcome == "open"


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.VIEWER, Role.ANALYST])
def test_only_reviewers_rule(prediction: Prediction, role: Role) -> None:
    assert client_of(role).post(address(prediction), RULING).status_code == 403
    assert not Resolution.objects.exists()


def test_without_its_token_the_form_does_nothing(prediction: Prediction) -> None:
    client = client_of(Role.REVIEWER, enforce_csrf_checks=True)
    assert client.post(address(prediction), RULING).status_code == 403
    assert not Resolution.objects.exists()


def test_no_such_forecast_and_unknown_parameters_are_refused(prediction: Prediction) -> None:
    client = client_of(Role.REVIEWER)
    assert client.get("/track-record/predictions/999999/rule/").status_code == 404
    assert client.get(address(prediction) + "?sort=x").status_code == 400


# Exports ------------------------------------------------------------------------------------------


def rows_of(client: Client, table: str, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/export/{table}.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def test_every_forecast_is_exported_with_its_outcome(client: Client, prediction: Prediction) -> None:
    judged = make_prediction(cast.make_line(), date(2026, 7, 1), engine=0.1)
    make_resolution(judged, "failed")
    first, second = rows_of(client, "predictions")
    assert (first["line"], first["round"], first["outcome"]) == (judged.line.slug, "2026-Q3", "failed")
    assert (first["event_on"], float(first["engine"])) == ("2026-09-29", 0.1)
    assert (second["line"], second["outcome"], second["event_on"]) == (prediction.line.slug, "", "")
    assert rows_of(client, "predictions", "?round=2026-Q4") == [second]
    assert rows_of(client, "predictions", f"?line={judged.line.slug}") == [first]


def test_all_that_was_said_is_exported_in_its_order(client: Client, prediction: Prediction) -> None:
    make_resolution(prediction, "failed", evidence=["release:a", "release:b"])
    make_resolution(prediction, "kept", reason='=HYPERLINK("https://evil.example")')
    rows = rows_of(client, "resolutions")
    assert [(row["number"], row["outcome"], row["by"]) for row in rows] == [
        ("1", "failed", "machine"),
        ("2", "kept", "machine"),
    ]
    assert rows[0]["evidence"] == "release:a;release:b"
    assert rows[1]["reason"].startswith("'=HYPERLINK")


def test_who_ruled_is_exported_by_role_alone(client: Client, prediction: Prediction) -> None:
    client_of(Role.REVIEWER).post(address(prediction), RULING)
    (row,) = rows_of(client, "resolutions")
    assert (row["by"], row["source_url"]) == ("reviewer", RULING["source_url"])
    assert "the-reviewer" not in str(row)


@pytest.mark.parametrize("query", ["?round=2026", "?round=2026-Q5", "?line=nobody", "?as_of=2026-01-01"])
@pytest.mark.parametrize("table", ["predictions", "resolutions"])
def test_a_bad_export_is_a_400(client: Client, db: None, table: str, query: str) -> None:
    assert client.get(f"/export/{table}.csv{query}").status_code == 400
