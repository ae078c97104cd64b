import html
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from riskboard.catalog import kinds
from riskboard.web.definitions import CREDIBILITY, RELIABILITY, SIGNAL_KINDS, spelled_grade
from riskboard.web.pages.signals import signal_page
from scoring.services import rescore
from tests import cast


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def summaries(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/signals/[^"]+">([^<]+)</a>', page)


def test_every_kind_and_grade_has_a_definition() -> None:
    assert set(SIGNAL_KINDS) == set(kinds.SignalKind.values)
    assert set(RELIABILITY) == set(kinds.Reliability.values)
    assert set(CREDIBILITY) == set(kinds.Credibility.values)
    assert spelled_grade("B", "2") == "B2: the source is usually reliable; the report is probably true"
    assert "cannot be judged" in spelled_grade("F", "6")


@pytest.fixture
def stream(db: None) -> None:
    acme, zeta = cast.make_vendor("acme"), cast.make_vendor("zeta")
    cast.make_signal(acme, "layoffs", date(2024, 1, 1), summary="old", severity=2)
    cast.make_signal(acme, "ipo", date(2025, 1, 1), summary="grave", severity=5, direction="neutral")
    cast.make_signal(zeta, "layoffs", date(2026, 1, 1), summary="weak", severity=3, source_reliability="E")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["weak", "grave", "old"]),
        ("vendor=acme", ["grave", "old"]),
        ("kind=layoffs", ["weak", "old"]),
        ("direction=neutral", ["grave"]),
        ("severity=3", ["weak", "grave"]),
        ("reliability=E", ["weak"]),
        ("year=2024", ["old"]),
        ("vendor=zeta&kind=ipo", []),
    ],
)
def test_filters_narrow_the_stream_and_its_csv(client: Client, stream: None, query: str, shown: list[str]) -> None:
    page = get(client, f"/signals/?{query}")
    assert summaries(page) == shown
    assert f'href="/export/signals.csv{"?" + query if query else ""}"' in page


def test_the_csv_has_the_rows_that_are_shown(client: Client, stream: None) -> None:
    response = client.get("/export/signals.csv?kind=layoffs&year=2026")
    text = b"".join(response).decode()
    assert "weak" in text
    assert "old" not in text


@pytest.mark.parametrize(
    "query", ["kind=gossip", "severity=6", "severity=x", "year=1066", "direction=up", "page=-1", "sort=severity", "x=1"]
)
def test_what_the_stream_does_not_know_is_refused(client: Client, stream: None, query: str) -> None:
    assert client.get(f"/signals/?{query}").status_code == 400


def test_a_long_stream_has_pages_that_keep_the_filters(client: Client, db: None) -> None:
    vendor = cast.make_vendor("acme")
    for _ in range(51):
        cast.make_signal(vendor)
    first = get(client, "/signals/?vendor=acme")
    assert len(summaries(first)) == 50
    assert 'rel="next" href="/signals/?vendor=acme&page=2"' in first
    last = get(client, "/signals/?vendor=acme&page=2")
    assert len(summaries(last)) == 1
    assert 'rel="prev" href="/signals/?vendor=acme"' in last
    assert client.get("/signals/?vendor=acme&page=3").status_code == 404


def test_a_swap_gets_the_list_alone(client: Client, stream: None) -> None:
    part = client.get("/signals/?kind=ipo&year=", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]
    assert part["HX-Push-Url"] == "/signals/?kind=ipo"
    assert summaries(part.content.decode()) == ["grave"]


def test_a_signal_says_what_it_counts_for_in_each_line(client: Client, db: None) -> None:
    breaker = cast.breaker()
    sibling = cast.make_line(breaker.vendor, "image")
    cast.make_release(cast.make_family(sibling))
    signal = breaker.vendor.signals.get(kind="monetization_shift")
    rescore(as_of=date(2026, 4, 20), now=datetime(2026, 4, 20, tzinfo=UTC))
    effects = signal_page(signal).effects
    assert [(effect.line, effect.is_sibling) for effect in effects] == [(breaker.line, False), (sibling, True)]
    own, inherited = (effect.points for effect in effects)
    assert own is not None
    assert inherited is not None
    assert own < inherited < 0
    page = get(client, signal.get_absolute_url())
    assert f"We count this as −{-own:.1f} of" in page
    assert "not what its removal would give" in page


def test_a_recalled_signal_counts_for_nothing_and_says_so(client: Client, db: None) -> None:
    family = cast.make_family()
    cast.make_release(family)
    signal = cast.make_signal(
        family.line.vendor, source=cast.make_source("", "recalled"), source_reliability="F", info_credibility="6"
    )
    rescore(as_of=date(2026, 4, 20), now=datetime(2026, 4, 20, tzinfo=UTC))
    page = get(client, signal.get_absolute_url())
    assert "recalled, unverified" in page
    assert "We count this as" not in page


def test_reports_of_one_event_name_each_other(client: Client, db: None) -> None:
    vendor = cast.make_vendor()
    first = cast.make_signal(vendor, event_id="split", summary="First report")
    cast.make_signal(vendor, event_id="split", summary="Second report")
    cast.make_signal(vendor, summary="Another event")
    others = get(client, first.get_absolute_url()).split("Other reports of the same event")[1]
    assert "Second report" in others
    assert "Another event" not in others


def test_dates_are_as_precise_as_known(client: Client, db: None) -> None:
    signal = cast.make_signal(cast.make_vendor(), occurred_on=date(2025, 3, 1), date_precision="month")
    page = get(client, signal.get_absolute_url())
    assert "known to the month" in page
    assert "1 Mar 2025</dd>" not in page.split("<dt>Occurred</dt>")[1].split("<dt>Published</dt>")[0]


def test_unknown_signals_are_not_found(client: Client, db: None) -> None:
    assert client.get("/signals/nothing/").status_code == 404
