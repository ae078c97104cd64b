from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import Settings

from riskboard.ingest.client import BadAnswer, FetchError
from riskboard.ingest.failures import NotConfigured
from riskboard.ingest.models import Feed
from riskboard.ingest.polling import poll
from tests.ingest.sources.outages import OUTAGES
from tests.ingest.stand_ins.edgar import Edgar, filing
from tests.ingest.stand_ins.serving import Reply, serving
from tests.ingest.watching import Watch

pytestmark = pytest.mark.django_db

CONTACT = "+https://board.example.org/about; mailto:operator@board.example.org"


@pytest.fixture
def edgar(settings: Settings) -> Iterator[Edgar]:
    with serving(Edgar()) as stand_in:
        settings.SEC_DATA_URL = settings.SEC_SEARCH_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        settings.INGEST_USER_AGENT_CONTACT = CONTACT
        yield stand_in


@pytest.fixture
def watch(edgar: Edgar) -> Watch:
    return Watch(Feed.objects.create(slug="acorn", name="Acorn", connector="sec_edgar", address="CIK0001234567"))


@pytest.fixture
def search(edgar: Edgar) -> Watch:
    return Watch(Feed.objects.create(slug="search", name="Filings", connector="sec_edgar", address='"open weights"'))


def test_the_items_of_a_filing_say_what_it_is_about(edgar: Edgar, watch: Watch) -> None:
    edgar.recent = [filing(7, "2026-10-30", "8-K", "2.05,5.02,9.01")]
    catch = watch.look()
    [seen] = catch.seen
    assert seen.title == (
        "Acorn, Inc. files 8-K: restructuring, exit or layoff costs (2.05); "
        "departure or appointment of directors or officers (5.02)"
    )
    assert seen.url == "https://www.sec.gov/Archives/edgar/data/1234567/000100000026000007/acorn-7.htm"
    assert (seen.identity, seen.published_on) == ("edgar:0001000000-26-000007", date(2026, 10, 30))
    assert catch.drafts == ()


def test_only_telling_forms_are_seen_amendments_included(edgar: Edgar, watch: Watch) -> None:
    forms = ["4", "8-K", "SC 13G/A", "6-K", "20-F/A", "CORRESP", "10-K"]
    edgar.recent = [filing(n, "2026-10-30", form) for n, form in enumerate(forms)]
    titles = [seen.title for seen in watch.look().seen]
    assert [title.split(":")[0].split()[-1] for title in titles] == ["8-K", "6-K", "20-F/A", "10-K"]


def test_other_forms_can_be_asked_for(edgar: Edgar, watch: Watch) -> None:
    watch.feed.options = {"forms": ["SC 13G"]}
    edgar.recent = [filing(1, "2026-10-30", "8-K"), filing(2, "2026-10-30", "SC 13G/A")]
    assert [seen.identity for seen in watch.look().seen] == ["edgar:0001000000-26-000002"]


def test_older_pages_are_read_as_far_back_as_the_first_look_goes(edgar: Edgar, watch: Watch) -> None:
    watch.feed.options = {"first_look_days": 1000}
    edgar.recent = [filing(2, "2026-10-30")]
    edgar.older = [filing(1, "2025-03-02"), filing(0, "2009-03-02")]
    assert [seen.published_on for seen in watch.look().seen] == [date(2026, 10, 30), date(2025, 3, 2)]


def test_older_pages_are_left_alone_otherwise(edgar: Edgar, watch: Watch) -> None:
    edgar.recent = [filing(2, "2026-10-30")]
    edgar.older = [filing(1, "2019-03-02")]
    watch.look()
    assert edgar.paths() == ["/submissions/CIK0001234567.json"]


def test_an_older_page_with_a_foreign_name_is_not_followed(edgar: Edgar, watch: Watch) -> None:
    files = [{"name": "../../../private.json", "filingFrom": "2026-01-01", "filingTo": "2026-10-01"}]
    edgar.outage = Reply.json({"name": "Acorn", "filings": {"recent": {}, "files": files}})
    watch.look()
    assert len(edgar.asked) == 1


def test_nothing_new_is_not_read_again_and_new_filings_are(edgar: Edgar, watch: Watch) -> None:
    edgar.recent = [filing(1, "2026-03-02"), filing(2, "2026-10-30")]
    watch.look()
    assert watch.look(hours=4).not_modified
    edgar.recent.insert(0, filing(3, "2026-11-03"))
    assert [seen.published_on for seen in watch.look(days=1).seen] == [date(2026, 11, 3), date(2026, 10, 30)]


@pytest.mark.parametrize("contact", ["", "+https://board.example.org/about"])
def test_without_a_way_to_reach_us_nobody_is_asked(
    edgar: Edgar, watch: Watch, settings: Settings, contact: str
) -> None:
    settings.INGEST_USER_AGENT_CONTACT = contact
    with pytest.raises(NotConfigured, match="INGEST_USER_AGENT_CONTACT"):
        watch.look()
    assert edgar.asked == []


def test_a_feed_that_is_not_configured_is_not_failing(edgar: Edgar, watch: Watch, settings: Settings) -> None:
    settings.INGEST_USER_AGENT_CONTACT = ""
    assert poll(watch.feed, watch.now, client=watch.client()).outcome == "no_token"
    watch.feed.refresh_from_db()
    assert (watch.feed.failures, watch.feed.failing_since) == (0, None)
    assert "INGEST_USER_AGENT_CONTACT" in watch.feed.last_error


def test_it_says_who_asks(edgar: Edgar, watch: Watch) -> None:
    watch.look()
    assert CONTACT in edgar.asked[0].headers["user-agent"]


def test_a_company_that_does_not_exist_is_told(edgar: Edgar, watch: Watch) -> None:
    watch.feed.address = "99"
    with pytest.raises(BadAnswer, match="no company with the CIK 99"):
        watch.look()


@pytest.mark.parametrize(
    "column", ["items", "form", "filingDate", "accessionNumber", "primaryDocument", "primaryDocDescription"]
)
@pytest.mark.parametrize("value", [None, "x", 5, [], {}, [None, 5], ["\0", [], True]])
def test_columns_that_are_short_or_of_another_kind_are_no_trouble(
    edgar: Edgar, watch: Watch, column: str, value: object
) -> None:
    columns: dict[str, object] = {
        name: [each[name] for each in [filing(1, "2026-10-30"), filing(2, "2026-10-29")]]
        for name in filing(1, "2026-10-30")
    }
    edgar.outage = Reply.json({"name": "Acorn", "filings": {"recent": columns | {column: value}, "files": 7}})
    assert all(seen.published_on for seen in watch.look().seen)


# Search -----------------------------------------------------------------------------------------


def test_a_search_finds_filings_by_what_they_say(edgar: Edgar, search: Watch) -> None:
    edgar.recent = [filing(1, "2026-10-30", "6-K"), filing(2, "2026-10-29", "6-K")]
    edgar.texts = {"0001000000-26-000001": "We will no longer publish open weights."}
    [seen] = search.look().seen
    assert seen.title == "Acorn, Inc. (ACRN) files 6-K: report of a foreign issuer"
    assert seen.url == "https://www.sec.gov/Archives/edgar/data/1234567/000100000026000001/acorn-1.htm"
    assert seen.published_on == date(2026, 10, 30)


def test_a_search_turns_pages_and_counts_a_filing_once(edgar: Edgar, search: Watch) -> None:
    filings = [filing(n, "2026-10-15", "6-K") for n in range(240)]
    edgar.recent = [*filings, filings[0] | {"primaryDocument": "exhibit.htm"}]
    edgar.texts = {each["accessionNumber"]: "open weights" for each in filings}
    assert len(search.look().seen) == 240
    assert [asked.first("from") for asked in edgar.asked] == ["0", "100", "200"]


def test_a_search_with_too_many_finds_is_cut_into_shorter_periods(edgar: Edgar, search: Watch) -> None:
    edgar.recent = [filing(n, f"2026-{1 + n % 10:02}-{1 + n % 28:02}", "6-K") for n in range(1500)]
    edgar.texts = {each["accessionNumber"]: "open weights" for each in edgar.recent}
    found = {seen.identity for seen in search.look().seen}
    assert len(found | {seen.identity for seen in search.look(hours=4).seen}) == 1500


def test_a_search_can_be_about_some_companies(edgar: Edgar, search: Watch) -> None:
    search.feed.options = {"ciks": ["1234567", 5]}
    search.look()
    assert edgar.asked[0].first("ciks") == "0001234567"


@OUTAGES
@pytest.mark.parametrize("address", ["1234567", '"open weights"'])
def test_an_outage_changes_nothing(edgar: Edgar, watch: Watch, outage: Reply, address: str) -> None:
    watch.feed.address = address
    edgar.outage = outage
    with pytest.raises(FetchError):
        watch.look()
    assert watch.feed.cursor == {}


def test_a_refusal_is_told(edgar: Edgar, watch: Watch) -> None:
    edgar.outage = Reply(403, b"<html>Undeclared Automated Tool</html>")
    with pytest.raises(BadAnswer, match="wants to know who asks"):
        watch.look()


@pytest.mark.parametrize("value", [None, "x", 5, [], {}, ["x"], [5], "\0"])
@pytest.mark.parametrize("name", ["_id", "_source", "adsh", "form", "ciks", "display_names", "file_date", "items"])
def test_a_find_of_any_other_kind_is_no_trouble(edgar: Edgar, search: Watch, name: str, value: object) -> None:
    edgar.recent = [filing(1, "2026-10-30", "6-K")]
    hit = edgar._hit(edgar.recent[0])
    (hit if name in hit else hit["_source"])[name] = value
    edgar.outage = Reply.json({"hits": {"total": {"value": 1}, "hits": [hit, 5, None]}})
    assert all(seen.identity == "edgar:0001000000-26-000001" for seen in search.look().seen)
