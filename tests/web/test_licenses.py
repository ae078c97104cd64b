import html
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from riskboard.catalog.terms import threshold_sentence
from riskboard.web.pages.clauses import sheet, side_by_side
from tests import cast

UNREAD: dict[str, object] = {
    "text_read": False,
    "commercial_use": "",
    "osi_approved": None,
    "use_restrictions": None,
    "output_training_restriction": None,
    "naming_obligation": None,
    "terminable": None,
    "irrevocable": None,
}


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def test_an_unread_license_is_unknown_clause_by_clause(client: Client, db: None) -> None:
    license_ = cast.make_license("unread-1.0", **UNREAD)
    clauses = sheet(license_, [])
    assert [clause.name for clause in clauses if clause.is_known] == ["Category"]
    assert {clause.text for clause in clauses if not clause.is_known} == {"unknown: text not read"}
    page = get(client, license_.get_absolute_url())
    assert page.count("unknown: text not read") == 10
    assert "10 of 11 clauses unknown" in page


def test_a_blank_is_none_only_in_a_text_that_was_read(db: None) -> None:
    read = {clause.name: clause.text for clause in sheet(cast.make_license(), [])}
    assert read["Territory left out"] == "none"
    assert read["Thresholds"] == "none"
    unread = cast.make_license("unread-1.0", **UNREAD, termination="Not read")
    told = {clause.name: clause for clause in sheet(unread, [])}
    assert not told["Territory left out"].is_known
    assert not told["When the grant ends"].is_known


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Above 100,000,000 monthly active users: a separate license is needed"),
        (
            {"metric": "revenue", "amount": Decimal(20_000_000), "currency": "USD", "period": "year", "who": "hosts"},
            "Above USD 20,000,000 of revenue a year, for hosts: a separate license is needed",
        ),
        (
            {"metric": "revenue", "amount": None},
            "Above a limit of revenue that is unknown: a separate license is needed",
        ),
        (
            {"metric": "any_commercial_use", "amount": None, "consequence": "registration"},
            "For any commercial use: registration is needed",
        ),
    ],
)
def test_thresholds_read_as_sentences(db: None, fields: dict[str, object], sentence: str) -> None:
    threshold = cast.make_threshold(cast.make_license(), **fields)
    threshold.refresh_from_db()
    assert threshold_sentence(threshold) == sentence


def test_side_by_side_an_unknown_clause_neither_differs_nor_agrees(db: None) -> None:
    before, after = cast.make_license(), cast.make_license("unread-1.0", **{**UNREAD, "category": "noncommercial"})
    pairs = {pair.name: pair.differs for pair in side_by_side(before, after, [])}
    assert pairs["Category"] is True
    assert all(differs is None for name, differs in pairs.items() if name != "Category")
    community = cast.make_community_license()
    pairs = {pair.name: pair.differs for pair in side_by_side(before, community, community.thresholds.all())}
    assert pairs["Thresholds"] is True
    assert pairs["The model must be named"] is False


def test_filters_sorting_and_counts(client: Client, db: None) -> None:
    cast.make_release(license=cast.make_license())
    cast.make_community_license()
    cast.make_license("unread-1.0", **UNREAD)
    assert "1 license<" in get(client, "/licenses/?category=restricted_open_weights")
    unknown = get(client, "/licenses/?commercial_use=unknown&text_read=no")
    assert "Unread-1.0" in unknown
    assert "Apache-2.0" not in unknown.split("<tbody>")[1]
    assert 'href="/export/licenses.csv?commercial_use=unknown&text_read=no"' in unknown
    most_used = get(client, "/licenses/?sort=-releases").split("<tbody>")[1]
    assert most_used.index("Apache-2.0") < most_used.index("Community-1.0")


@pytest.mark.parametrize(
    "address",
    [
        "/licenses/?sort=secret",
        "/licenses/?text_read=maybe",
        "/license-changes/?year=20x6",
        "/license-changes/?scope=all",
    ],
)
def test_what_a_list_does_not_know_is_refused(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/licenses/nothing/", "/licenses/?page=2", "/license-changes/?page=9"])
def test_what_is_not_there_is_not_found(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/licenses/", "/license-changes/"])
def test_a_swap_gets_the_list_alone(client: Client, db: None, address: str) -> None:
    cast.hedger()
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]
    assert "<tbody>" in part.content.decode()


def test_a_license_names_its_releases_and_changes(client: Client, db: None) -> None:
    hedger = cast.hedger()
    page = get(client, "/licenses/community-1.0/")
    assert hedger.releases[1].name in page
    assert hedger.releases[0].name not in page
    assert "HedgerLM weights" in page
    assert "Above 100,000,000 monthly active users" in page


def test_the_stream_says_tighter_and_looser_in_words(client: Client, db: None) -> None:
    hedger = cast.hedger()
    community, apache = cast.make_community_license(), cast.make_license()
    cast.make_license_change(
        hedger.family, community, apache, date(2026, 1, 1), direction="loosening", asset="Back again"
    )
    page = get(client, "/license-changes/")
    assert page.index("Back again") < page.index("HedgerLM weights")
    assert ">tighter<" in page
    assert ">looser<" in page
    assert ">looser<" not in get(client, "/license-changes/?direction=tightening").split("<tbody>")[1]
    assert "Back again" not in get(client, "/license-changes/?year=2025")
    assert 'href="/export/license_changes.csv?vendor=hedger&year=2026"' in get(
        client, "/license-changes/?vendor=hedger&year=2026"
    )


def test_a_recalled_license_says_so(client: Client, db: None) -> None:
    license_ = cast.make_license("recalled-1.0", source=cast.make_source("", "recalled"))
    assert "recalled, unverified" in get(client, license_.get_absolute_url())
