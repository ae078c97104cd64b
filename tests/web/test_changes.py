import html
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from riskboard.catalog.models import Release
from riskboard.web.pages.changes import change_page, change_url, find_change, is_own_channel, report_kind
from riskboard.web.pages.release_changes import release_changes
from scoring.services import refresh
from tests import cast

TODAY = date(2026, 4, 20)
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


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def get(client: Client, address: str | None) -> str:
    assert address is not None
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def test_a_license_change_is_told_clause_by_clause(client: Client, db: None) -> None:
    hedger = cast.hedger()
    change = hedger.family.license_changes.get()
    page = get(client, change_url(change))
    assert "License tightened" in page
    assert "Versions that were already out keep the terms they came with." in page
    keep = page.split("Keep the old terms")[1]
    new = page.split("Under the new terms")[1].split("Keep the old terms")[0]
    assert hedger.releases[0].name in keep
    assert hedger.releases[1].name in new
    assert hedger.releases[0].name not in new


def test_a_change_for_all_versions_says_that_it_reaches_back(client: Client, db: None) -> None:
    hedger = cast.hedger()
    community, apache = cast.make_community_license(), cast.make_license()
    change = cast.make_license_change(
        hedger.family, community, apache, date(2026, 1, 1), applies_to="all_versions", direction="loosening"
    )
    page = get(client, change.get_absolute_url())
    assert "the change is said to reach them" in page
    assert "Keep the old terms" not in page


def test_unknown_clauses_stay_unknown(client: Client, db: None) -> None:
    family = cast.make_family()
    unread = cast.make_license("unread-1.0", **UNREAD)
    change = cast.make_license_change(family, cast.make_license(), unread, date(2026, 1, 1))
    page = get(client, change.get_absolute_url())
    assert "unknown: text not read" in page
    assert "cannot be compared, because a side is unknown" in page


def test_a_closed_flagship_has_a_page_and_an_open_one_has_none(client: Client, db: None) -> None:
    breaker = cast.breaker()
    first_closed = breaker.releases[2]
    assert change_url(breaker.releases[0]) is None
    assert change_url(first_closed) == f"/changes/closed-{first_closed.slug}/"
    page = get(client, change_url(first_closed))
    assert f"The last flagship with weights before it: {breaker.releases[1].name}" in page
    stay = page.split("Stay to download")[1]
    assert breaker.releases[1].name in stay
    assert client.get(f"/changes/closed-{breaker.releases[0].slug}/").status_code == 404


def test_a_withdrawal_keeps_what_is_unknown_of_it(client: Client, db: None) -> None:
    family = cast.make_family()
    gone = cast.make_release(family, date(2024, 1, 1), withdrawn_on=date(2025, 5, 5), access="withdrawn")
    left = cast.make_release(family, date(2024, 2, 1))
    page = get(client, f"/changes/withdrawn-{gone.slug}/")
    assert "offered since 1 Jan 2024" in page
    assert left.name in page.split("Still offered by the vendor")[1]
    details = page.split("From when, and who says so")[1]
    assert "<dt>Announced</dt><dd>unknown</dd>" in details
    assert "<dt>Public since</dt><dd>unknown</dd>" in details
    assert client.get(f"/changes/withdrawn-{left.slug}/").status_code == 404


def test_the_end_of_hosting_is_no_withdrawal(client: Client, db: None) -> None:
    release = cast.make_release(hosted_ended_on=date(2025, 5, 5))
    assert "The weights stay to download." in get(client, change_url(release))
    closed = cast.make_release(access="api_only", hosted_ended_on=date(2025, 5, 5))
    assert [label for label, _ in release_changes(closed)] == ["Flagship without weights", "Hosted access ended"]


@pytest.mark.parametrize("kind", ["gating", "withdrawal", "api_deprecation"])
def test_a_signal_that_changes_access_claims_no_terms(client: Client, db: None, kind: str) -> None:
    signal = cast.make_signal(cast.make_line().vendor, kind, summary="Quota cut to 100 requests a day.")
    page = get(client, change_url(signal))
    assert "Quota cut to 100 requests a day." in page
    assert "This row records the report, not the terms." in page


def test_other_signals_have_no_change_page(client: Client, db: None) -> None:
    signal = cast.make_signal(cast.make_vendor(), "layoffs")
    assert change_url(signal) is None
    assert client.get(f"/changes/{signal.key}/").status_code == 404


@pytest.mark.parametrize("key", ["nothing", "closed-", "closed-nothing", "withdrawn-nothing", "hosted-ended-x"])
def test_unknown_keys_are_not_found(client: Client, db: None, key: str) -> None:
    assert client.get(f"/changes/{key}/").status_code == 404


@pytest.mark.parametrize(
    ("url", "confidence", "said"),
    [
        ("https://huggingface.co/acme/model/blob/main/LICENSE", "high", "primary text"),
        ("https://docs.acme.example/terms", "high", "primary text"),
        ("https://github.com/somebody/else", "high", "press"),
        ("https://wiki.example/acme", "high", "press"),
        ("https://huggingface.co/acme/model", "medium", "press"),
        ("https://blog.example/gossip", "low", "rumor"),
        ("", "high", "recalled, unverified"),
    ],
)
def test_the_kind_of_report_follows_from_grade_and_page(db: None, url: str, confidence: str, said: str) -> None:
    vendor = cast.make_vendor("acme", hf_org="Acme", website="https://www.acme.example/")
    family = cast.make_family(cast.make_line(vendor))
    source = cast.make_source(url, "" if url else "recalled")
    row = cast.make_license_change(
        family,
        cast.make_license(),
        cast.make_community_license(),
        date(2026, 1, 1),
        source=source,
        confidence=confidence,
    )
    change = find_change(row.key)
    assert change is not None
    assert report_kind(change) == said


@pytest.mark.parametrize(
    ("grade", "said"), [("A1", "primary text"), ("A3", "press"), ("B2", "press"), ("D2", "rumor"), ("B4", "rumor")]
)
def test_a_signal_is_judged_by_its_own_grade(db: None, grade: str, said: str) -> None:
    signal = cast.make_signal(cast.make_vendor(), "gating", source_reliability=grade[0], info_credibility=grade[1])
    change = find_change(signal.key)
    assert change is not None
    assert report_kind(change) == said


def test_a_look_alike_of_a_site_is_not_the_vendors_own(db: None) -> None:
    vendor = cast.make_vendor("acme", website="https://acme.example")
    assert is_own_channel("https://acme.example/news", vendor)
    assert not is_own_channel("https://not-acme.example/news", vendor)
    assert not is_own_channel("https://huggingface.co/acme/model", vendor)


def test_the_board_tells_what_it_said_before_and_since(client: Client, db: None) -> None:
    breaker = cast.breaker()
    refresh(as_of=TODAY, now=datetime(2026, 4, 20, tzinfo=UTC))
    change = find_change(f"closed-{breaker.releases[2].slug}")
    assert change is not None
    (told,) = change_page(change, TODAY).told
    assert [moment.label for moment in told.moments] == ["90 days before", "The day before", "90 days after", "Today"]
    assert [moment.on for moment in told.moments][:2] == [date(2025, 3, 5), date(2025, 6, 2)]
    assert [moment.code for moment in told.moments][-1] == "closed"
    eve, now = told.moments[1].durability, told.moments[-1].durability
    assert eve is not None
    assert now is not None
    assert now < eve
    assert told.difference == pytest.approx(now - eve)
    page = get(client, f"/changes/{change.key}/")
    assert f"?from=2025-06-02&to={TODAY}" in page


def test_a_line_that_was_not_there_yet_has_no_history(client: Client, db: None) -> None:
    release = cast.make_release(released_on=date(2026, 4, 1), access="api_only")
    cast.make_release(release.family, date(2026, 4, 2))
    refresh(as_of=TODAY, now=datetime(2026, 4, 20, tzinfo=UTC))
    assert "No history yet" in get(client, change_url(Release.objects.get(pk=release.pk)))
