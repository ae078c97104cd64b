import csv
import json
import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import Line
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.placing import placing_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
TWO = "/compare/?l=alibaba-language,meta-language"
SIX = "/compare/?l=alibaba-language,meta-language,deepseek-language,google-language,mistral-language,ai2-language"


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return unescape(response.content.decode())


def cells(page: str, label: str) -> list[str]:
    """The cells of one question, tags left out."""
    row = re.search(rf'<th scope="row">{re.escape(label)}.*?</tr>', page, re.DOTALL)
    assert row, f"{label} is not asked"
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<td.*?</td>", row[0], re.DOTALL)]


def points_of(client: Client, address: str) -> dict[str, object]:
    found = re.search(
        r'id="curves-points" type="application/json">(.*?)</script>', client.get(address).content.decode()
    )
    assert found
    points: dict[str, object] = json.loads(found[1])
    return points


# Side by side --------------------------------------------------------------------------------------


def test_the_same_questions_are_put_to_each(client: Client) -> None:
    page = text_of(client, SIX)
    labels = [
        "State",
        "Durability",
        "Next flagship, 12 months",
        "License of the newest open flagship",
        "Newest flagship",
    ]
    labels += ["From announcement to weights", "Promises"]
    labels += [dimension.label for key, dimension in load_rubric(SHIPPED).dimensions.items() if key != "legal"]
    for label in labels:
        found = cells(page, label)
        assert len(found) == 6
        assert all(found)


def test_a_place_is_the_same_wherever_it_is_told(client: Client) -> None:
    line = Line.objects.select_related("vendor").get(slug="alibaba-language")
    stored = placing_of(line)
    assert stored is not None
    first = cells(text_of(client, TWO), "Place among live lines")[0]
    assert first.startswith(f"{stored.place} of {stored.of} ")
    assert f"between {stored.best} and {stored.worst}; 1 is the most durable" in first
    (row,) = csv.DictReader(
        client.get("/export/scores.csv?vendor=alibaba&modality=language").getvalue().decode().splitlines()
    )
    told = [row["place"], row["place_shared_by"], row["place_best"], row["place_worst"]]
    assert told == [str(number) for number in (stored.place, stored.sharing, stored.best, stored.worst)]
    mark = "=" if stored.is_shared else ""
    assert f"place {mark}{stored.place} of {stored.of}" in text_of(client, line.vendor.get_absolute_url())


def test_counts_stand_where_percentages_are_not_earned(client: Client) -> None:
    said = cells(text_of(client, "/compare/?l=deepseek-language,mistral-language"), "Next flagship, 12 months")
    assert all(re.fullmatch(r"\d+ of \d+ comparable +\d+ of \d+ over all lines", cell) for cell in said)


def test_a_closed_line_gets_no_likelihood(client: Client) -> None:
    page = text_of(client, "/compare/?l=alibaba-language,alibaba-video")
    assert cells(page, "Durability")[1].startswith("no forecast")
    assert cells(page, "Next flagship, 12 months")[1].startswith("no forecast")


def test_differences_are_marked_in_words(client: Client) -> None:
    page = text_of(client, TWO)
    countries = page[page.index(">Country") :]
    assert "differs" in countries[: countries.index("</tr>")]
    same = text_of(client, "/compare/?l=alibaba-language,deepseek-language")
    countries = same[same.index(">Country") :]
    assert "differs" not in countries[: countries.index("</tr>")]


def test_the_chart_holds_what_the_table_holds(client: Client) -> None:
    points, page = points_of(client, TWO), text_of(client, TWO)
    days, lines = points["days"], points["lines"]
    assert isinstance(days, list)
    assert isinstance(lines, list)
    assert [line["name"] for line in lines] == ["Qwen", "Llama"]
    assert days[-1] == "2026-11-24"
    assert page.count('<tr><th scope="row">') == len(days)
    newest = re.search(r'<tr><th scope="row">24 Nov 2026</th>(.*?)</tr>', page)
    assert newest
    assert re.findall(r">([\d.]+)<", newest[1]) == [f"{line['values'][-1]:.1f}" for line in lines]


def test_a_range_is_an_address(client: Client) -> None:
    spans = [len(points_of(client, f"{TWO}&range={key}")["days"]) for key in ("1y", "3y")]  # type: ignore[arg-type]
    assert spans == [53, 157]
    assert points_of(client, f"{TWO}&range=all")["days"][0] < "2023-01-01"  # type: ignore[index]
    assert 'aria-current="true">1 y</a>' in text_of(client, f"{TWO}&range=1y")


def test_a_line_younger_than_the_others_has_no_value_before(client: Client) -> None:
    page = text_of(client, "/compare/?l=openai-language,poolside-code&range=all")
    assert '<td class="num">–</td>' in page


def test_a_past_day_is_compared_as_of_that_day(client: Client) -> None:
    page = text_of(client, f"{TWO}&as_of=2025-03-01")
    assert "what the evidence public on that day says" in page
    assert cells(page, "Durability") != cells(text_of(client, TWO), "Durability")
    assert points_of(client, f"{TWO}&as_of=2025-03-01")["days"][-1] == "2025-03-01"  # type: ignore[index]
    assert "2026" not in "".join(cells(page, "Newest flagship"))


# Choosing ------------------------------------------------------------------------------------------


def test_without_lines_two_can_be_chosen(client: Client) -> None:
    page = text_of(client, "/compare/")
    assert page.count('<select name="l">') == 2
    assert page.count('<option value="alibaba-language">') == 2
    assert "<canvas" not in page


def test_one_line_asks_for_another(client: Client) -> None:
    page = text_of(client, "/compare/?l=alibaba-language")
    assert "Add at least one more line to compare Qwen with" in page
    assert '<option value="alibaba-language">' not in page


def test_what_the_form_sends_becomes_one_address(client: Client) -> None:
    response = client.get("/compare/?l=alibaba-language,meta-language&l=deepseek-language&as_of=&range=1y")
    assert response.status_code == 302
    assert response.headers["Location"] == "/compare/?l=alibaba-language,meta-language,deepseek-language&range=1y"


def test_each_line_can_be_removed_and_the_rest_stays(client: Client) -> None:
    page = text_of(client, f"{TWO}&as_of=2025-03-01")
    assert 'href="/compare/?l=meta-language&range=3y&as_of=2025-03-01" aria-label="Remove Qwen (Alibaba' in page


def test_six_are_the_most(client: Client) -> None:
    page = text_of(client, SIX)
    assert '<select name="l">' not in page
    response = client.get(f"{SIX},xai-language")
    assert response.status_code == 400
    assert "Compare at most 6 lines; this address names 7." in response.content.decode()


def test_a_line_named_twice_is_compared_once(client: Client) -> None:
    assert len(cells(text_of(client, f"{TWO},meta-language, alibaba-language"), "State")) == 2


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("l=alibaba-language,nobody-language", "No line is called “nobody-language”"),
        ("l=nobody", "No line is called “nobody”"),
        ("l=<script>", "No line is called “<script>”"),
        ("l=%00,alibaba-language", "No line is called"),
        ("lines=alibaba-language", "does not know the parameter “lines”"),
        ("l=alibaba-language,meta-language&range=5y", "range: "),
        ("l=alibaba-language,meta-language&as_of=tomorrow", "as_of: Write a day that exists"),
    ],
)
def test_what_it_cannot_compare_is_refused_with_a_sentence(client: Client, query: str, sentence: str) -> None:
    response = client.get(f"/compare/?{query}")
    assert response.status_code == 400
    assert "<script>”" not in response.content.decode()
    assert sentence in unescape(response.content.decode())


def test_six_lines_take_no_more_than_twelve_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(SIX)  # the evidence of one version is gathered once
    with django_assert_max_num_queries(12):
        assert client.get(SIX).status_code == 200
