"""The data page: everything that can be taken away, and how to have it corrected."""

import html
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from riskboard.web.exports import EVIDENCE, EXPORTS, LIVE_RECORD
from tests import cast


@pytest.fixture
def players(db: None) -> list[cast.Player]:
    return [cast.keeper(), cast.hedger(), cast.breaker()]


def page_of(client: Client) -> str:
    response = client.get("/data/")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def section(page: str, name: str) -> str:
    return page[page.index(f'<section id="{name}"') :].split("</section>", maxsplit=1)[0]


def test_every_table_is_offered_with_its_columns_explained(client: Client, players: list[cast.Player]) -> None:
    page = page_of(client)
    for name, export in EXPORTS.items():
        card = page[page.index(f'id="table-{name}"') :].split("</article>")[0]
        assert f"/export/{name}.csv" in card
        for column in export.columns:
            assert f"<code>{column.name}</code></th><td>{column.meaning}</td><td>{column.doc}" in card


def test_evidence_says_how_many_rows_it_has(client: Client, players: list[cast.Player]) -> None:
    page = page_of(client)
    assert {name: rows_said(page, name) for name in ("vendors", "releases", "reach")} == {
        "vendors": "3 rows",
        "releases": "10 rows",
        "reach": "0 rows",
    }


def rows_said(page: str, name: str) -> str:
    found = re.search(rf'id="table-{name}".*?<span class="fine">(\d+ rows?)</span>', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_every_download_it_links_works(client: Client, players: list[cast.Player]) -> None:
    links = re.findall(r'href="(/export/[^"]+)"', page_of(client))
    assert len(links) == len(EVIDENCE) + len(LIVE_RECORD) + len(("evidence.zip", "histories.csv"))
    for link in links:
        response = client.get(link)
        assert response.status_code == 200, link
        assert response.getvalue()


def test_a_form_names_the_line_and_the_day(client: Client, players: list[cast.Player]) -> None:
    scores = section(page_of(client), "scores")
    assert scores.count('<option value="hedger-language">') == 3
    address = "/export/timeline.csv?line=hedger-language&from=&to="
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_mistakes_are_reported_to_the_repository_unless_told_otherwise(client: Client) -> None:
    words = section(page_of(client), "corrections")
    assert "Open an issue" in words
    assert "SECURITY.md" in words
    assert "public role" in words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("corrections@example.org", 'href="mailto:corrections@example.org"'),
        ("https://example.org/corrections", 'href="https://example.org/corrections"'),
    ],
)
def test_an_operator_can_name_a_contact(client: Client, settings: Settings, contact: str, link: str) -> None:
    settings.CORRECTIONS_CONTACT = contact
    assert link in section(page_of(client), "corrections")


@pytest.mark.django_db
def test_a_contact_never_becomes_a_script(client: Client, settings: Settings) -> None:
    settings.CORRECTIONS_CONTACT = "javascript:alert(1)"
    assert "href" not in section(page_of(client), "corrections").split("</p>")[0]


@pytest.mark.django_db
def test_the_footer_of_every_page_leads_to_corrections(client: Client) -> None:
    page = page_of(client)
    assert 'href="/data/#corrections"' in page
    assert "CC-BY-4.0" in section(page, "license")
    assert "not legal, financial or procurement advice" in section(page, "advice")


def test_the_page_needs_few_queries(
    client: Client, players: list[cast.Player], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        page_of(client)


@pytest.mark.django_db
def test_unknown_parameters_are_refused(client: Client) -> None:
    assert client.get("/data/?table=signals").status_code == 400
