import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import Line
from riskboard.web.pages.like import like_card, reopening_card
from riskboard.web.pages.lines import judged
from scoring.historytables import FAILURES
from scoring.kept import assessments, dossiers
from scoring.like import VALUES, cases_like
from scoring.pastwords import AGREEMENT, ENDINGS, FUNDING, GOVERNANCE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
QWEN = "/lines/alibaba-language/"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def section(text: str, name: str) -> str:
    found = re.search(rf'<section class="card {name}".*?</section>', text, re.DOTALL)
    return " ".join(found.group().split()) if found else ""


def test_a_line_shows_its_nearest_cases_with_the_rule(client: Client, on_that_day: date) -> None:
    card = section(page(client, QWEN), "like")
    line = Line.objects.select_related("vendor").get(slug="alibaba-language")
    found = cases_like(dossiers()[line.slug], on_that_day, vendor=line.vendor.name)
    links = re.findall(r'href="/histories/([^/]+)/"', card)
    assert links == [case.past.slug for case in found.cases]
    assert f"<b>{found.ended} of the {found.counted}</b>" in card
    assert "Not a rate" in card
    assert card.count("<tr><td>") == 14
    for case in found.cases:
        assert f"{case.weighed.agreeing} of {case.weighed.asked}" in card


def test_recalled_cases_are_marked_and_can_be_left_out(client: Client) -> None:
    lines = ("ai2-language", "meta-language", "eleutherai-language")
    marked = [slug for slug in lines if "recalled, unverified" in section(page(client, f"/lines/{slug}/"), "like")]
    assert marked
    without = section(page(client, f"/lines/{marked[0]}/?recalled=without"), "like")
    assert "recalled, unverified" not in without
    assert "Show recalled cases too" in without


def test_an_unknown_choice_is_refused(client: Client) -> None:
    answer = client.get(QWEN + "?recalled=maybe")
    assert answer.status_code == 400
    assert "recalled" in answer.content.decode()


def test_an_earlier_day_shows_no_end_that_lay_ahead(client: Client) -> None:
    card = section(page(client, QWEN + "?as_of=2024-06-01"), "like")
    years = {int(year) for year in re.findall(r"\b(20\d\d), (?:\d+ months?|within)", card)}
    assert all(year <= 2024 for year in years)
    assert re.findall(r"on 1 J(?:an|ul) (\d{4})", card)


@pytest.mark.parametrize("address", ["/models/qwen/", "/models/qwen/qwen-7b/"])
def test_model_pages_show_the_nearest_and_lead_to_the_list(client: Client, address: str) -> None:
    card = section(page(client, address), "like")
    assert card.count('href="/histories/') == 3
    assert f'href="{QWEN}#like"' in card


def test_what_remains_and_whether_it_comes_back(client: Client, on_that_day: date) -> None:
    text = page(client, "/lines/alibaba-video/")
    card = section(text, "reopening")
    assert assessments(on_that_day)["alibaba-video"].state.code == "closed"
    assert "What remains" in card
    assert re.search(r"<b>\d+ of \d+</b> past failures? of this kind \(closed\)", card)
    assert "Apache License 2.0" in card
    assert re.search(r"closed for \d+ months", card)


def test_nothing_remains_of_a_line_that_was_withdrawn(client: Client) -> None:
    assert "No release of this line is offered for download" in section(
        page(client, "/lines/runway-image/"), "reopening"
    )


def test_an_open_line_has_nothing_to_reopen(client: Client, on_that_day: date) -> None:
    slug = next(slug for slug, found in assessments(on_that_day).items() if found.state.code == "open")
    assert section(page(client, f"/lines/{slug}/"), "reopening") == ""


def test_a_line_that_opened_nothing_is_like_nothing(client: Client, on_that_day: date) -> None:
    slug = next(slug for slug, found in assessments(on_that_day).items() if found.state.code == "no_open_model")
    assert section(page(client, f"/lines/{slug}/"), "like") == ""


def test_cases_cost_no_query(on_that_day: date, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    line = Line.objects.select_related("vendor").get(slug="meta-language")
    found = judged(line, None, on_that_day)
    with django_assert_num_queries(0):
        assert like_card(line, found.dossier, found.assessment)
        assert reopening_card(found.rows, found.assessment, "mixed")


def test_the_words_are_those_of_the_histories() -> None:
    assert set(ENDINGS) == set(FAILURES)
    for words in (GOVERNANCE, FUNDING, AGREEMENT):
        assert {value: VALUES.get(value, value) for value in words} == words
