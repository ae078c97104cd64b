"""The method page says what the rubric and the engine do, limits first."""

import hashlib
import html
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.web.pages.method import grade_rows, scale_rows, single_credence
from scoring.engine.rubric import SHIPPED, load_rubric, rubric_file
from scoring.gathering.rules import RULES
from tests import cast

RUBRIC = load_rubric(SHIPPED)


@pytest.fixture
def page(client: Client, db: None) -> str:
    cast.hedger()
    response = client.get("/method/")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_limits_come_before_everything_else(page: str) -> None:
    first = re.search(r'<section id="([a-z-]+)"', page)
    assert first is not None
    assert first[1] == "limits"
    assert "No proven skill yet" in page
    assert "Not advice" in page


def test_the_contents_lead_to_every_section(page: str) -> None:
    sections = re.findall(r'<section id="([a-z-]+)"', page)
    contents = page[page.index('class="contents"') : page.index("</nav>", page.index('class="contents"'))]
    assert re.findall(r'href="#([a-z-]+)"', contents) == sections


def test_every_kind_of_event_is_listed_with_its_constants(page: str) -> None:
    for code, kind in RUBRIC.kinds.items():
        row = re.search(rf'<tr id="kind-{code}">(.*?)</tr>', page, re.DOTALL)
        assert row is not None, code
        numbers = re.findall(r'class="num">([\d.]+)<', row[1])
        assert [float(number) for number in numbers[:2]] == [kind.magnitude, kind.half_life]


def test_states_facts_rules_and_words_are_those_of_the_engine(page: str) -> None:
    assert all(row.rule in page for row in RUBRIC.states)
    assert all(rule.text in page for rule in RULES)
    assert all(band.words in page for band in RUBRIC.likelihood)
    assert RUBRIC.words.failure in page
    assert "FEW_SOURCES" in page


def test_the_scale_is_computed_from_the_rubric() -> None:
    rows = {row.score: row for row in scale_rows(RUBRIC)}
    assert rows[60].within_24 == pytest.approx(0.20)
    assert [round(rows[score].within_24, 2) for score in (70, 50, 40)] == [0.11, 0.36, 0.59]
    assert (rows[40].rate, rows[60].rate, rows[80].rate) == ("4 times", "the anchor", "1/4")


def test_belief_and_grades_are_computed_from_the_rubric() -> None:
    assert single_credence(RUBRIC, "B", "2") == pytest.approx(0.88, abs=0.005)
    assert single_credence(RUBRIC, "F", "6") == 0.5
    assert [round(row.above_score or 0, 1) for row in grade_rows(RUBRIC)] == [81.2, 60.0, 45.8, 31.5, 0]


def test_the_example_sums_to_its_score(page: str) -> None:
    example = page[page.index('id="example"') :]
    rows = re.findall(r'class="num (?:up|down|flat)">([+−]?[\d.]+)<', example)
    total = re.search(r'<tfoot>.*class="num">([\d.]+)<', example)
    assert total is not None
    points = [float(row.replace("−", "-")) for row in rows]
    assert points[0] == RUBRIC.scale.base
    assert sum(points) == pytest.approx(float(total[1]), abs=0.005 * (len(points) + 1))
    assert "/export/contributions.csv?line=hedger-language" in example


@pytest.mark.django_db
def test_without_evidence_there_is_no_example(client: Client) -> None:
    assert "nothing to work out yet" in client.get("/method/").content.decode()


def test_the_page_needs_few_queries(
    client: Client, db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cast.hedger()
    client.get("/method/")  # the first page after a change of the evidence gathers it for all others
    with django_assert_max_num_queries(12):
        client.get("/method/")


def test_the_rubric_is_downloaded_as_it_was_hashed(client: Client) -> None:
    response = client.get("/method/rubric.toml")
    assert hashlib.sha256(response.content).hexdigest() == RUBRIC.sha256
    assert response["Content-Disposition"] == f'attachment; filename="{SHIPPED}.toml"'
    assert rubric_file(SHIPPED) == response.content


def test_the_rubric_in_use_is_in_the_list_of_versions(page: str) -> None:
    assert f"<strong>{SHIPPED}</strong>" in page[page.index("<h3>Versions</h3>") :]


@pytest.mark.django_db
def test_unknown_parameters_are_refused(client: Client) -> None:
    assert client.get("/method/?as_of=2026-01-01").status_code == 400
    assert client.get("/method/rubric.toml?name=x").status_code == 400


@pytest.mark.django_db
def test_two_versions_differ_in_constants_even_without_evidence(client: Client) -> None:
    page = client.get("/method/versions/durability-0.2.0/durability-0.3.0/").content.decode()
    assert "No live line" in page
    assert "scale.base" in page
