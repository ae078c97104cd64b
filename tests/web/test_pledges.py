import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from riskboard.catalog.models import Ruling
from riskboard.web.pages.pledges import group_of, pledge_page
from scoring.services import rescore
from tests import cast

TODAY = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def groups(page: str) -> list[str]:
    return re.findall(r'<section class="card" id="([a-z_]+)"', page)


@pytest.mark.parametrize(
    ("status", "due_in", "group"),
    [
        ("open", 90, "due_soon"),
        ("open", 91, "open"),
        ("open", -30, "due_soon"),
        ("open", None, "open"),
        ("at_risk", 10, "at_risk"),
        ("kept", 10, "kept"),
    ],
)
def test_promises_stand_by_status_and_those_due_apart(db: None, status: str, due_in: int | None, group: str) -> None:
    due_on = None if due_in is None else TODAY + timedelta(days=due_in)
    ruled_on = None if status == "open" else TODAY
    pledge = cast.make_pledge(cast.make_vendor(), made_on=None, status=status, status_on=ruled_on, due_on=due_on)
    assert group_of(pledge, TODAY) == group


def test_groups_stand_in_order_of_urgency(client: Client, db: None) -> None:
    vendor = cast.make_vendor()
    for status in ("superseded", "broken", "partly_kept", "kept", "open", "at_risk"):
        cast.make_pledge(vendor, status=status, status_on=TODAY)
    cast.make_pledge(vendor, due_on=TODAY)
    page = get(client, "/pledges/")
    assert groups(page) == ["at_risk", "due_soon", "open", "kept", "partly_kept", "broken", "superseded"]
    assert "open 1</strong> of 1 promise with a due date" in page
    assert "6 more without a due date" in page


def test_filters_narrow_and_the_csv_keeps_them(client: Client, db: None) -> None:
    keeper, breaker = cast.keeper(), cast.breaker()
    page = get(client, "/pledges/?vendor=breaker")
    assert breaker.pledge.summary in page
    assert keeper.pledge.summary not in page
    assert 'href="/export/pledges.csv?vendor=breaker"' in page
    assert groups(get(client, "/pledges/?status=kept")) == ["kept"]
    assert "No promise passes these filters" in get(client, "/pledges/?channel=contract")


def test_a_long_group_goes_on_under_its_status(client: Client, db: None) -> None:
    vendor = cast.make_vendor()
    for _ in range(51):
        cast.make_pledge(vendor, status="kept", status_on=TODAY)
    assert 'href="/pledges/?status=kept">All of these' in get(client, "/pledges/")
    assert "1–50 of 51" in get(client, "/pledges/?status=kept")
    assert "51–51 of 51" in get(client, "/pledges/?status=kept&page=2")
    assert client.get("/pledges/?status=kept&page=3").status_code == 404


@pytest.mark.parametrize("query", ["status=perhaps", "vendor=nobody", "sort=name", "specificity=1"])
def test_what_the_list_does_not_know_is_refused(client: Client, db: None, query: str) -> None:
    assert client.get(f"/pledges/?{query}").status_code == 400


def test_a_swap_gets_the_list_alone(client: Client, db: None) -> None:
    cast.keeper()
    part = client.get("/pledges/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]
    assert groups(part.content.decode()) == ["kept"]


def test_the_rules_read_a_pledge_beside_what_is_recorded(client: Client, db: None) -> None:
    breaker = cast.breaker()
    rescore(as_of=TODAY, now=datetime(2026, 4, 20, tzinfo=UTC))
    page = pledge_page(breaker.pledge, TODAY)
    (row,) = page.readings
    assert row.reading is not None
    assert page.agrees is (row.reading.status == "broken")
    text = get(client, breaker.pledge.get_absolute_url())
    assert row.reading.reason in text
    assert "The next flagship came without weights." in text


def test_every_line_of_the_vendor_reads_a_promise_about_no_family(db: None) -> None:
    vendor = cast.make_vendor()
    for modality in ("language", "image"):
        cast.make_release(cast.make_family(cast.make_line(vendor, modality)))
    pledge = cast.make_pledge(vendor)
    rescore(as_of=TODAY, now=datetime(2026, 4, 20, tzinfo=UTC))
    assert [row.line.modality for row in pledge_page(pledge, TODAY).readings] == ["image", "language"]


def test_a_promise_of_unknown_day_is_not_judged(client: Client, db: None) -> None:
    family = cast.make_family()
    cast.make_release(family)
    pledge = cast.make_pledge(family.line.vendor, family, made_on=None)
    rescore(as_of=TODAY, now=datetime(2026, 4, 20, tzinfo=UTC))
    page = get(client, pledge.get_absolute_url())
    assert "not judged" in page
    assert "unknown: no score uses it" in page


def test_pressure_is_what_weakened_since_it_was_made(db: None) -> None:
    family = cast.make_family()
    vendor = family.line.vendor
    pledge = cast.make_pledge(vendor, family, date(2025, 1, 1))
    since = cast.make_signal(vendor, "layoffs", date(2025, 2, 1))
    cast.make_signal(vendor, "layoffs", date(2024, 2, 1))  # before
    cast.make_signal(vendor, "security_incident", date(2025, 3, 1))  # no commercial pressure
    cast.make_signal(vendor, "ipo", date(2025, 3, 1), direction="neutral")
    other = cast.make_family(cast.make_line(vendor, "image"))
    cast.make_signal(vendor, "restructuring", date(2025, 3, 1), family=other)  # another line
    assert [signal.key for signal in pledge_page(pledge, TODAY).pressures] == [since.key]


def test_rulings_are_told_newest_first_with_their_reasons(client: Client, db: None) -> None:
    keeper = cast.keeper()
    source = cast.make_source("https://news.example/ruling", "Court of opinion")
    Ruling.objects.create(
        pledge=keeper.pledge, status="partly_kept", ruled_on=date(2026, 1, 1), reason="Only half.", source=source
    )
    rulings = get(client, keeper.pledge.get_absolute_url()).split("<h2>Rulings</h2>")[1]
    assert rulings.index("Only half.") < rulings.index("The next flagship came out open in time.")
    assert "Court of opinion" in rulings


def test_an_overdue_promise_says_so(client: Client, db: None) -> None:
    pledge = cast.make_pledge(cast.make_vendor(), due_on=TODAY - timedelta(days=12))
    assert "overdue by 12 days" in get(client, pledge.get_absolute_url())


def test_unknown_pledges_are_not_found(client: Client, db: None) -> None:
    assert client.get("/pledges/nothing/").status_code == 404
