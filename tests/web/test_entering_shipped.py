"""Entering by hand on the shipped evidence: the preview is what the score then does, and what pages cost."""

import html
import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from riskboard.catalog.models import Pledge, Signal
from riskboard.web import effects
from riskboard.web.access import Role
from scoring.kept import assessments
from tests.web.conftest import SCORED_ON
from tests.web.people import client_of
from tests.web.test_few_queries import forget_everything

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]


@pytest.fixture
def ann() -> Client:
    return client_of(Role.ANALYST)


def words(response: "Response") -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize("as_a_part", [True, False])
def test_the_preview_is_what_the_score_then_does(ann: Client, as_a_part: bool, settings: Settings) -> None:
    settings.SECOND_PERSON = False
    sent = {"vendor": "google", "family": "gemma", "kind": "monetization_shift", "occurred_on": "2026-11-20"}
    sent |= {"date_precision": "day", "direction": "weakens", "severity": "4", "summary": "Paid only from now on."}
    sent |= {"source_url": "https://news.example/paid", "source_reliability": "A", "info_credibility": "1"}
    sent |= {"confidence": "high"}
    url = "/enter/signal/preview/" if as_a_part else "/enter/signal/"
    shown = words(ann.post(url, {**sent, "do": "preview"}))
    moves = re.search(r"Gemma ([−+][\d.]+) points?", shown)
    assert moves, shown
    assert "though: severity 4. The record will say so." in shown
    before = assessments(SCORED_ON)["google-language"].durability
    assert ann.post("/enter/signal/", {**sent, "do": "save"}).status_code == 302
    assert Signal.objects.filter(summary="Paid only from now on.").exists()
    difference = assessments(SCORED_ON)["google-language"].durability - before
    assert difference < -0.1
    assert float(moves[1].replace("−", "-")) == pytest.approx(difference, abs=0.05)


def test_forms_and_previews_take_at_most_twelve_queries(
    ann: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sent = {"vendor": "", "family": "gemma", "kind": "layoffs", "occurred_on": "2026-11-20", "direction": "weakens"}
    sent |= {"date_precision": "day", "severity": "3", "summary": "Gemma staff is cut.", "confidence": "high"}
    sent |= {"source_url": "https://news.example/cut", "source_reliability": "A", "info_credibility": "1"}
    made = Pledge.objects.filter(vendor__slug="alibaba")[0]
    ann.get("/enter/")
    forget_everything()
    effects._shelf_of.cache_clear()
    with django_assert_max_num_queries(20):  # the rows that all scores stand on are read anew after every change
        ann.post("/enter/signal/preview/", sent)
    with django_assert_max_num_queries(12):
        shown = words(ann.post("/enter/signal/preview/", {**sent, "summary": "Gemma staff is cut by half."}))
    assert "Gemma −" in shown
    for kind in ("signal", "pledge", "license-change", "release"):
        forget_everything()
        with django_assert_max_num_queries(12, info=kind):
            assert ann.get(f"/enter/{kind}/").status_code == 200
    for address in ("/enter/", f"/pledges/{made.key}/rule/"):
        forget_everything()
        with django_assert_max_num_queries(12, info=address):
            assert ann.get(address).status_code == 200
