import html
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from riskboard.web.pages.flagships import flagship_row, rhythms, year_chart
from riskboard.web.pages.tally import tally
from riskboard.web.pages.vendors import vendor_page
from scoring.services import rescore
from tests import cast

TODAY = date(2026, 4, 20)
NOW = datetime(2026, 4, 20, 6, tzinfo=UTC)


def get(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/vendors/[^"]+">([^<]+)</a>', page)


@pytest.fixture
def players(db: None) -> dict[str, cast.Player]:
    players = {"keeper": cast.keeper(), "hedger": cast.hedger(), "breaker": cast.breaker()}
    rescore(as_of=TODAY, now=NOW)
    return players


def test_the_list_says_state_before_number(client: Client, players: dict[str, cast.Player]) -> None:
    row = get(client, "/vendors/?country=CN").split("<tbody>")[1]
    assert row.index("Mixed") < row.index("rated")


def test_a_closed_line_gets_no_number(client: Client, players: dict[str, cast.Player]) -> None:
    row = get(client, "/vendors/?country=US").split("<tbody>")[1]
    assert row.index("Closed") < row.index("no forecast")
    assert 'rated"' not in row
    assert "no forecast: its page says what remains" in get(client, "/vendors/breaker/")


def test_filters_and_sorting_are_addresses(client: Client, players: dict[str, cast.Player]) -> None:
    assert names(get(client, "/vendors/")) == ["Breaker", "Hedger", "Keeper"]
    assert names(get(client, "/vendors/?sort=-name")) == ["Keeper", "Hedger", "Breaker"]
    assert names(get(client, "/vendors/?country=CN&kind=company")) == ["Hedger"]
    page = get(client, "/vendors/?country=CN&sort=newest")
    assert 'href="/export/vendors.csv?country=CN"' in page
    assert 'aria-sort="ascending"' in page
    assert "?country=CN&sort=-newest" in page


@pytest.mark.parametrize("query", ["sort=secret", "country=XX", "kind=cartel", "nonsense=1", "page=0", "page=x"])
def test_what_the_list_does_not_know_is_refused(client: Client, players: dict[str, cast.Player], query: str) -> None:
    response = client.get(f"/vendors/?{query}")
    assert response.status_code == 400
    assert query.split("=", maxsplit=1)[0] in response.content.decode()


def test_pages_beyond_the_last_are_not_found(client: Client, players: dict[str, cast.Player]) -> None:
    assert client.get("/vendors/?page=2").status_code == 404


def test_a_swap_gets_the_list_alone_and_a_clean_address(client: Client, players: dict[str, cast.Player]) -> None:
    whole = client.get("/vendors/?country=CN&kind=")
    part = client.get("/vendors/?country=CN&kind=", headers={"HX-Request": "true"})
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert names(part.content.decode()) == ["Hedger"]
    assert part["HX-Push-Url"] == "/vendors/?country=CN"
    boosted = client.get("/vendors/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" in boosted.content.decode()


def test_a_vendor_nobody_examined_never_looks_safe(client: Client, db: None) -> None:
    line = cast.make_line(cast.make_vendor("quiet"))
    assert "nobody looked" in get(client, "/vendors/")
    page = get(client, line.vendor.get_absolute_url())
    assert "Do not read that as safe" in page
    assert "unknown" in page
    cast.make_vendor("lineless")
    assert "not examined" in get(client, "/vendors/")


def test_unknown_vendors_are_not_found(client: Client, db: None) -> None:
    assert client.get("/vendors/nobody/").status_code == 404
    vendor = cast.make_vendor("known")
    assert client.get(f"{vendor.get_absolute_url()}?day=1").status_code == 400
    assert client.post(vendor.get_absolute_url()).status_code == 405


def test_the_page_holds_what_is_known(client: Client, players: dict[str, cast.Player]) -> None:
    page = get(client, "/vendors/breaker/")
    assert "Closed since 3 Jun 2025" in page
    assert "Funding: public" in page
    assert "Leadership departure at Breaker." in page
    assert "broken 1" in page
    assert "never part of a ratio" in page
    assert 'href="/models/breaker-lm/"' in page


def test_signals_about_the_whole_vendor_come_first(players: dict[str, cast.Player]) -> None:
    signals = vendor_page(players["breaker"].vendor, timezone.now()).signals
    about_family = [signal.family_id is not None for signal in signals]
    assert about_family == sorted(about_family)
    assert about_family[-1]


def test_promises_without_a_date_are_no_part_of_the_ratio() -> None:
    counted = tally([("kept", True, 3), ("broken", True, 1), ("kept", False, 9), ("superseded", False, 2)])
    assert (counted.dated_total, counted.undated_total) == (4, 11)
    assert sum(count.number for count in counted.dated) == counted.dated_total
    assert [(count.status, count.number) for count in counted.dated] == [("kept", 3), ("broken", 1)]


def test_flagships_are_counted_by_year_and_access(players: dict[str, cast.Player]) -> None:
    chart = year_chart([flagship_row(release) for release in players["breaker"].releases])
    assert [(year.year, year.open, year.hosted) for year in chart.years] == [(2023, 1, 0), (2024, 1, 0), (2025, 0, 2)]
    bars = chart.years[-1].segments
    assert [bar.kind for bar in bars] == ["hosted"]
    assert bars[0].y + bars[0].height == pytest.approx(chart.base)


def test_the_chart_has_a_table_with_the_same_numbers(client: Client, players: dict[str, cast.Player]) -> None:
    page = get(client, "/vendors/breaker/")
    numbers = r'</th><td class="num">0</td><td class="num">0</td><td class="num">2</td><td class="num">0</td>'
    assert re.search(r'<th scope="row">2025' + numbers, page)


def test_the_delay_of_weights_is_counted_where_both_days_are_known(db: None) -> None:
    family = cast.make_family()
    days = [(date(2024, 1, 1), date(2024, 1, 1)), (date(2024, 6, 1), date(2024, 7, 1)), (date(2025, 1, 1), None)]
    rows = [flagship_row(cast.make_release(family, first, weights_on=weights)) for first, weights in days]
    (rhythm,) = rhythms([family.line], rows)
    assert (rhythm.lags, rhythm.lag, rhythm.hosted_first) == ((0, 30), 15, 1)
    assert rhythm.gaps == (152, 214)
    assert rhythm.last_open_on == date(2024, 7, 1)


def test_recalled_facts_say_so(client: Client, db: None) -> None:
    vendor = cast.make_vendor("rumored")
    cast.make_fact(vendor, source=cast.make_source("", "recalled"))
    assert "recalled, unverified" in get(client, vendor.get_absolute_url())


def test_names_and_addresses_from_outside_stay_text(client: Client, db: None) -> None:
    vendor = cast.make_vendor("evil", name='<script>alert("v")</script>', parent="<img src=x>")
    source = cast.make_source("https://evil.example/?a=1&b='><script>", "<script>alert(1)</script>")
    cast.make_signal(vendor, summary="<script>alert(2)</script>", source=source)
    for address in ("/vendors/", vendor.get_absolute_url(), "/signals/"):
        raw = client.get(address).content.decode()
        assert "<script>alert" not in raw
        assert "<img src=x>" not in raw
        assert "'><script>" not in raw
