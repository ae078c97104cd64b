"""The histories: figures with their counts, a list to search, one page each, and honest marks on what was recalled."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client

from riskboard.catalog.kinds import SignalKind
from riskboard.web.forms_histories import ORDERS, HistoriesExport
from riskboard.web.history_export import COLUMNS, history_chunks
from riskboard.web.pages.history_curves import FEWEST_VENDORS, curves_of
from riskboard.web.pages.past_case import past_case_page
from riskboard.web.templatetags.histories import hundredths, whole
from scoring import historytables
from scoring.pastcases import CHECKLIST, CaseSource, Dated, PastCase, past_case, past_cases
from scoring.pastwords import AGREEMENT, CHECKED, DOMAINS, ENDINGS, FUNDING, GOVERNANCE

pytestmark = pytest.mark.django_db


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/histories/([^"/]+)/">', page)


def known(slug: str) -> PastCase:
    case = past_case(slug)
    assert case is not None
    return case


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    text = b"".join(client.get(f"/export/histories.csv{query}")).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_every_word_of_the_class_has_a_reading() -> None:
    assert set(DOMAINS) == set(historytables.DOMAINS)
    assert set(ENDINGS) == set(historytables.FAILURES)
    assert set(GOVERNANCE) == set(historytables.GOVERNANCE)
    assert set(FUNDING) == set(historytables.FUNDING)
    assert set(AGREEMENT) | {"unknown"} == set(historytables.AGREEMENT)
    assert set(CHECKED) == set(CHECKLIST)
    assert {signal.kind for case in past_cases() for signal in case.signals} <= set(SignalKind.values)


def test_the_figures_come_first_with_their_counts_and_caveats(client: Client) -> None:
    page = get(client, "/histories/")
    cases = past_cases()
    assert f"{sum(case.failed for case in cases)} of {len(cases)}</strong>" in page
    assert page.index("Median notice") < page.index("How long they stood") < page.index('id="list"')
    assert "how the class was built, not a rate" in page
    assert "Wilson’s 90 % interval" in page


def test_recalled_rows_can_be_left_out_everywhere(client: Client) -> None:
    page = get(client, "/histories/?recalled=out")
    checked = [case for case in past_cases() if not case.is_recalled]
    assert f"{sum(case.failed for case in checked)} of {len(checked)}</strong>" in page
    assert f"<h2>{len(checked)} histories</h2>" in page
    assert "recalled as standing" not in page.split('id="list"')[1]
    assert len(rows_of(client, "?recalled=out")) == len(checked)


def test_curves_by_each_state_hold_every_commitment_once() -> None:
    for by in ("governance", "funding", "domain"):
        curves = curves_of(past_cases(), by)
        assert sum(group.curve.units for group in curves.groups) == len(past_cases())
        for group, drawn in zip(curves.drawn, curves.for_chart, strict=True):
            assert group.curve.clusters >= FEWEST_VENDORS
            points = drawn["steps"]
            assert isinstance(points, list)
            assert points[0][:2] == [0.0, 100.0]
            assert [point[0] for point in points] == sorted(point[0] for point in points)
            assert points[-1][0] == pytest.approx(group.until, abs=0.001)


def test_the_chart_and_its_table_say_the_same(client: Client) -> None:
    page = get(client, "/histories/?by=funding")
    assert "survival-points" in page
    for group in curves_of(past_cases(), "funding").groups:
        row = page.split(f"?funding={group.code}&by=funding#list")[1].split("</tr>")[0]
        assert f">{group.curve.units}</td>" in row
        for standing in group.standing:
            if standing.is_known and standing.step is not None and standing.step.share < 0.99:
                assert f"{100 * standing.step.share:.0f} %" in row


def test_choices_keep_each_other(client: Client) -> None:
    page = get(client, "/histories/?by=domain&among=all&q=apache")
    assert 'href="/histories/?q=apache&by=funding&among=all#survival"' in page
    assert 'href="/histories/?q=apache&by=domain#rates"' in page
    assert '<input type="hidden" name="by" value="domain">' in page


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ("domain=ai_model", lambda case: case.domain == "ai_model"),
        ("governance=foundation", lambda case: case.governance == "foundation"),
        ("funding=vc", lambda case: case.funding == "vc"),
        ("ended=no", lambda case: not case.failed),
        ("ended=yes", lambda case: case.failed),
        ("ended=withdrawn", lambda case: case.event == "withdrawn"),
        ("confidence=medium", lambda case: case.confidence == "medium"),
        ("q=HASHICORP+busl", lambda case: case.vendor == "HashiCorp" and "BUSL" in case.terms_after),
    ],
)
def test_filters_narrow_the_list_and_its_csv(client: Client, query: str, keeps: object) -> None:
    assert callable(keeps)
    expected = {case.slug for case in past_cases() if keeps(case)}
    assert 0 < len(expected) < len(past_cases())
    page = get(client, f"/histories/?{query}")
    assert f"<h2>{len(expected)} histor" in page
    assert set(listed(page)) <= expected
    assert {row["id"] for row in rows_of(client, f"?{query}")} == expected


def test_every_page_of_the_list_is_an_address(client: Client) -> None:
    seen: list[str] = []
    for number in range(1, 7):
        seen += listed(get(client, f"/histories/?page={number}"))
    assert sorted(seen) == sorted(case.slug for case in past_cases())
    assert client.get("/histories/?page=7").status_code == 404
    assert 'rel="next" href="/histories/?page=2"' in get(client, "/histories/")


@pytest.mark.parametrize("key", ORDERS)
def test_columns_sort_both_ways(client: Client, key: str) -> None:
    values = [ORDERS[key](known(slug)) for slug in listed(get(client, f"/histories/?sort={key}"))]
    assert values == sorted(values)
    turned = [ORDERS[key](known(slug)) for slug in listed(get(client, f"/histories/?sort=-{key}"))]
    assert turned == sorted(turned, reverse=True)


def test_a_search_that_finds_nothing_says_so(client: Client) -> None:
    assert "No history passes these filters." in get(client, "/histories/?q=zzzz")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/histories/?domain=x", "domain"),
        ("/histories/?by=cla", "by"),
        ("/histories/?among=me", "among"),
        ("/histories/?recalled=in", "recalled"),
        ("/histories/?sort=vendor", "sort"),
        ("/histories/?page=0", "page"),
        ("/histories/?q=" + "x" * 101, "q"),
        ("/histories/?color=red", "color"),
        ("/histories/terraform/?x=1", "x"),
        ("/export/histories.csv?page=2", "page"),
    ],
)
def test_bad_questions_are_refused_by_name(client: Client, address: str, name: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert name in response.content.decode()


def test_a_swap_gets_the_list_alone(client: Client) -> None:
    part = client.get("/histories/?domain=os&q=", headers={"HX-Request": "true"})
    text = part.content.decode()
    assert "<html" not in text
    assert "HX-Request" in part["Vary"]
    assert part["HX-Push-Url"] == "/histories/?domain=os"
    assert {known(slug).domain for slug in listed(text)} == {"os"}


def test_the_csv_guards_what_a_spreadsheet_could_run(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = replace(known("terraform"), subject="=HYPERLINK(1)", terms_after="@x")
    monkeypatch.setattr("riskboard.web.history_export.past_cases", lambda: (evil,))
    form = HistoriesExport({})
    assert form.is_valid()
    header, row = csv.reader(io.StringIO("".join(history_chunks(form))))
    told = dict(zip(header, row, strict=True))
    assert tuple(header) == tuple(column.name for column in COLUMNS)
    assert (told["subject"], told["terms_after"]) == ("'=HYPERLINK(1)", "'@x")


def test_a_failure_shows_terms_notice_reversal_and_sources(client: Client) -> None:
    page, case = get(client, "/histories/oracle-jdk/"), known("oracle-jdk")
    assert case.terms_before in page
    assert case.terms_after in page
    assert f"{case.notice_days} days" in page
    assert "29 months later" in page
    assert f'href="{case.source.url}"' in page
    assert "recalled as standing" not in page.split("Others of")[0]


def test_a_survivor_is_followed_until_and_has_neither_notice_nor_end(client: Client) -> None:
    slug = next(case.slug for case in past_cases() if not case.failed and not case.is_recalled)
    page = get(client, f"/histories/{slug}/")
    assert "Still stood when last followed" in page
    assert "What was promised, and stood" in page
    assert "What it became" not in page
    assert "Notice given" not in page


def test_a_recalled_history_is_marked_and_never_a_fact(client: Client) -> None:
    page = get(client, "/histories/jenkins/")
    assert "Nobody looked this history up." in page
    assert "recalled as standing" in page
    assert "What was promised, as recalled" in page
    assert "Still stood when last followed" not in page
    assert "None: recalled, not looked up." in page


def test_a_date_that_may_be_filler_is_shown_as_less(client: Client) -> None:
    assert known("reddit-api").effect == Dated(date(2023, 7, 1))
    page = get(client, "/histories/reddit-api/")
    assert ">Jul 2023</time>" in page
    assert "1 Jul 2023" not in page
    assert "about 74 days" in page
    itext = get(client, "/histories/itext/")
    assert "Both dates are known to the same month only." in itext
    assert "Announced and in force the same month" in itext
    assert "at once" not in itext


def test_the_timeline_stands_in_order_with_the_end_marked() -> None:
    for case in past_cases():
        moments = past_case_page(case).moments
        days = [moment.on for moment in moments]
        assert days == sorted(days)
        assert any(moment.tone == "end" for moment in moments) == case.failed
        assert len(moments) >= 2 + len(case.signals)


def test_what_was_foretold_ends_with_the_commitment() -> None:
    page = past_case_page(known("terraform"))
    assert page.foretold
    assert all(each.year <= page.case.ended.day.year for each in page.foretold)
    assert [each.came for each in page.foretold][-1]
    assert len({case.vendor for case in page.siblings}) == 1


def test_checked_and_not_checked_are_told_apart(client: Client) -> None:
    page = get(client, "/histories/airbyte/").split("What was looked for")[1]
    assert re.search(r"Stock market listing</span> <span class=\"nowrap\">nothing found", page)
    assert re.search(r"brought in or dropped</span> <span class=\"nowrap\">not checked", page)


def test_text_of_the_class_is_escaped_and_only_web_addresses_are_links() -> None:
    hostile = replace(known("terraform"), subject="<script>x</script>", source=CaseSource("javascript:alert(1)", "t"))
    text = render_to_string("histories/show.html", {"page": past_case_page(hostile)})
    assert "<script>x" not in text
    assert "javascript:" not in text


def test_unknown_histories_are_not_found(client: Client) -> None:
    assert client.get("/histories/qwen/").status_code == 404


def test_figures_round_half_up() -> None:
    assert [whole(value) for value in (0.0, 0.5, 2.4, -0.9, None)] == ["0", "1", "2", "-1", "unknown"]
    assert hundredths(0.123) == "12"


def test_the_header_leads_there(client: Client) -> None:
    assert '<a href="/histories/" aria-current="page">Histories</a>' in get(client, "/histories/terraform/")


def test_a_search_names_histories_apart_from_what_is_scored(client: Client) -> None:
    page = get(client, "/search/?q=terraform")
    assert 'href="/histories/terraform/"' in page
    assert "they have no score" in page
    assert "they have no score" not in get(client, "/search/?q=no-such-thing-at-all")
