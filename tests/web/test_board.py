import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import Pledge
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.selectors import assessments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]


def text_of(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.content[:400]
    return unescape(response.content.decode())


def lines_in(page: str) -> list[str]:
    """Slugs of the lines shown, from the top down."""
    return re.findall(r'<tr id="([^"]+)"', page)


def row_of(page: str, slug: str) -> str:
    found = re.search(rf'<tr id="{slug}".*?</tr>', page, re.DOTALL)
    assert found, f"{slug} is not shown"
    return found[0]


# What it says first --------------------------------------------------------------------------------


def test_it_says_what_the_number_means_and_how_fresh_it_is(client: Client) -> None:
    page = text_of(client, "/")
    assert "Commitment durability, 0–100, higher is more durable" in page
    assert "as of 24 Nov 2026" in page
    assert "10 points fewer = twice the rate: 60 = 20 %, 50 = 36 %, 40 = 59 % in 24 months; 60 is an anchor" in page
    assert "80 lines of 57 vendors" in page


def test_counts_link_to_lists_that_hold_as_many(client: Client) -> None:
    page = text_of(client, "/")
    counts = re.findall(r'<a class="card kpi" href="([^"]+)"><strong>(\d+)</strong>', page)
    assert [address.partition("?")[0] for address, _ in counts] == ["/", "/pledges/", "#changes", "/"]
    for address, number in (counts[0], counts[3]):
        assert f"{number} of 80</span>" in text_of(client, address.partition("#")[0])
    assert counts[1][1] == str(Pledge.objects.filter(status="at_risk").count())
    changes = page[page.index('id="changes"') :]
    assert changes.count("<time ") == int(counts[2][1])


def test_states_are_counted_and_each_count_opens_its_lines(client: Client) -> None:
    page = text_of(client, "/")
    counts = re.findall(r'<a href="/\?state=(\w+)" class="tag \w+">[^<]*?(\d+)</a>', page)
    assert sum(int(number) for _, number in counts) == 80
    for state, number in counts:
        assert f"{number} of 80</span>" in text_of(client, f"/?state={state}")


# A row ---------------------------------------------------------------------------------------------


def test_a_row_tells_state_number_change_cause_and_evidence(client: Client) -> None:
    row = row_of(text_of(client, "/?vendor=alibaba"), "alibaba-language")
    assert re.search(r'href="/lines/alibaba-language/">Qwen</a>', row)
    assert row.index("Reopened") < row.index('class="big"'), "the state stands before the number"
    assert re.search(r'class="big">\d+</span><small>\d+–\d+</small>', row)
    assert re.search(r"[−+]\d+\.\d</span>", row), "the cause carries its points"
    assert re.search(r"\d+ origins", row)
    assert "from " in row[row.index("visually-hidden") :], "the sparkline is told in words"


def test_lines_that_are_closed_or_dormant_get_no_number(client: Client) -> None:
    row = row_of(text_of(client, "/?state=closed"), "alibaba-video")
    assert "no forecast" in row
    assert 'class="big"' not in row


def test_thin_evidence_is_grey_and_says_what_it_lacks(client: Client) -> None:
    page = text_of(client, "/?show=thin")
    assert lines_in(page)
    assert all("too thin to rate: " in row_of(page, slug) for slug in lines_in(page))
    assert 'class="big"' not in page


def test_a_line_of_thin_evidence_stands_where_it_ranks_and_not_on_top(client: Client) -> None:
    """What speaks for it counts as far as it was examined; it never stands above its own score."""
    pages = text_of(client, "/?sort=-durability") + text_of(client, "/?sort=-durability&page=2")
    live = [slug for slug in lines_in(pages) if "no forecast" not in row_of(pages, slug)]
    shown = [int(re.findall(r'class="(?:big|thin)">(\d+)</span>', row_of(pages, slug))[0]) for slug in live]
    assert shown == sorted(shown, reverse=True)
    rubric, found = load_rubric(SHIPPED), assessments(date(2026, 11, 24))
    thin = [slug for slug in live if found[slug].insufficient]
    assert thin
    for slug in thin:
        assert round(found[slug].ranked) == shown[live.index(slug)]
        unknown_part = (1 - found[slug].examined) * max(0.0, found[slug].raw - rubric.scale.base)
        assert found[slug].ranked == pytest.approx(found[slug].durability - unknown_part)


def test_places_run_from_the_most_durable_and_carry_their_range(client: Client) -> None:
    page = text_of(client, "/?sort=place")
    places = [
        (int(place), int(best or place), int(worst or place))
        for place, best, worst in re.findall(r'class="place">=?(\d+)</span><small>(?:firm|(\d+)–(\d+))</small>', page)
    ]
    assert len(places) > 30
    assert [place for place, _, _ in places] == sorted(place for place, _, _ in places)
    assert places[0][0] == 1
    assert all(best <= worst for _, best, worst in places)
    assert any(page.count(f'class="place">={place}</span>') > 1 for place, _, _ in places)
    assert "= marks a place shared because the order cannot be told" in page
    closed = row_of(text_of(client, "/?state=closed"), "alibaba-video")
    assert 'class="place"' not in closed


def test_a_past_day_has_places_of_its_own(client: Client) -> None:
    page = text_of(client, "/?as_of=2025-03-01&sort=place")
    assert re.search(r'class="place">=?1</span>', page)


# Order, filters, day -------------------------------------------------------------------------------


def test_the_most_exposed_live_line_comes_first_and_what_has_no_forecast_last(client: Client) -> None:
    pages = [text_of(client, "/"), text_of(client, "/?page=2")]
    numbers = [int(number) for number in re.findall(r'class="big">(\d+)</span>', "".join(pages))]
    assert len(numbers) > 10
    assert numbers == sorted(numbers)
    assert "no forecast" not in pages[0][: pages[0].rindex('class="big"')]
    assert len({slug for page in pages for slug in lines_in(page)}) == 80


@pytest.mark.parametrize("key", ["line", "state", "durability", "place", "years", "change", "mover", "evidence"])
def test_every_column_sorts_both_ways(client: Client, key: str) -> None:
    up, down = text_of(client, f"/?sort={key}"), text_of(client, f"/?sort=-{key}")
    assert up.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down
    assert lines_in(up) != lines_in(down)


def test_filters_narrow_the_table_and_its_csv_alike(client: Client) -> None:
    page = text_of(client, "/?vendor=alibaba&as_of=2026-06-01")
    assert set(lines_in(page)) == {"alibaba-language", "alibaba-code", "alibaba-image", "alibaba-video"}
    export = re.search(r'href="(/export/scores.csv[^"]*)"', page)
    assert export
    content = client.get(export[1]).getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert {row["line"] for row in rows} == set(lines_in(page))
    assert {row["as_of"] for row in rows} == {"2026-06-01"}


@pytest.mark.parametrize(
    "query", ["modality=video", "license=permissive", "license=unknown", "state=mixed", "country=FR", "show=thin"]
)
def test_each_filter_leaves_some_lines_out(client: Client, query: str) -> None:
    page = text_of(client, f"/?{query}")
    assert 0 < len(lines_in(page)) < 50


def test_no_line_left_says_which_filter_to_drop(client: Client) -> None:
    page = text_of(client, "/?vendor=alibaba&modality=science&as_of=2026-01-01")
    assert "No line passes all of these filters" in page
    assert 'href="/?modality=science&as_of=2026-01-01">Drop Vendor: Alibaba (Qwen / Wan / Tongyi)</a>' in page
    assert 'href="/?vendor=alibaba&as_of=2026-01-01">Drop Modality: Science</a><small>4 lines then' in page


def test_a_past_day_lists_no_line_of_which_nothing_was_public(client: Client) -> None:
    page = text_of(client, "/?as_of=2025-03-01")
    assert "61 lines of " in page
    shown = lines_in(page) + lines_in(text_of(client, "/?as_of=2025-03-01&page=2"))
    assert len(shown) == 61
    assert "mistral-audio" not in shown, "its first model came in July"
    assert "moonshot-language" not in shown, "only its vendor was known"
    assert "thinking-machines-language" in shown, "it had promised open models, and has none yet"
    exported = client.get("/export/scores.csv?as_of=2025-03-01")
    rows = list(csv.DictReader(io.StringIO(exported.getvalue().decode())))
    assert {row["line"] for row in rows} == set(shown)


def test_a_vendor_that_had_no_line_yet_is_no_wrong_filter(client: Client) -> None:
    page = text_of(client, "/?vendor=moonshot&as_of=2025-03-01")
    assert "No line passes all of these filters" in page
    assert "61 lines then" in page


def test_a_past_day_is_computed_from_what_was_public_then(client: Client) -> None:
    then = row_of(text_of(client, "/?vendor=alibaba&as_of=2025-06-01"), "alibaba-language")
    now = row_of(text_of(client, "/?vendor=alibaba"), "alibaba-language")
    number = [int(re.search(r'class="big">(\d+)<', row)[1]) for row in (then, now)]  # type: ignore[index]
    assert number[0] > number[1] + 5
    assert "This is what the evidence public on that day says" in text_of(client, "/?as_of=2025-06-01")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("nonsense=1", "does not know the parameter “nonsense”"),
        ("sort=price", "sort: This list sorts by line"),
        ("vendor=nobody", "vendor: "),
        ("state=broken", "state: "),
        ("show=all", "show: "),
        ("as_of=2026-02-31", "as_of: Write a day that exists"),
        ("as_of=2031-01-01", "as_of: 2031-01-01 is in the future"),
        ("as_of=1999-01-01", "as_of: The histories begin"),
        ("page=0", "page: "),
        ("grade=A", "does not know the parameter “grade”"),
        ("vendor=%00", "vendor: "),
    ],
)
def test_what_it_cannot_answer_is_refused_with_a_sentence(client: Client, query: str, sentence: str) -> None:
    response = client.get(f"/?{query}")
    assert response.status_code == 400
    assert sentence in unescape(response.content.decode())


def test_a_page_beyond_the_last_is_not_found(client: Client) -> None:
    assert client.get("/?page=3").status_code == 404


# Parts, queries, emptiness -------------------------------------------------------------------------


def test_htmx_gets_the_table_alone_under_the_address_of_the_whole(client: Client) -> None:
    whole = client.get("/?vendor=alibaba&sort=")
    part = client.get("/?vendor=alibaba&sort=", headers={"HX-Request": "true"})
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]
    assert part.headers["HX-Push-Url"] == "/?vendor=alibaba"
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert lines_in(part.content.decode()) == lines_in(whole.content.decode())


@pytest.mark.parametrize("address", ["/", "/?sort=-mover&license=permissive", "/?as_of=2025-03-01"])
def test_no_board_takes_more_than_twelve_queries(
    client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/?as_of=2025-03-01")  # the evidence of one version is gathered once
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


def test_the_whole_board_is_a_light_page(client: Client) -> None:
    assert len(client.get("/").content) < 200_000


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/").status_code == 405
