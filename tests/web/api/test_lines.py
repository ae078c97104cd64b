"""What is said of a line is what its page and the exports say of it."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.selectors import assessments
from tests.web.api.conftest import Program
from tests.web.conftest import SCORED_ON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
PAST = date(2025, 6, 1)


def exported(client: Client, query: str = "") -> dict[str, dict[str, str]]:
    response: Any = client.get(f"/export/scores.csv{query}")
    return {row["line"]: row for row in csv.DictReader(StringIO(response.getvalue().decode()))}


@pytest.mark.parametrize("day", [None, PAST])
def test_a_score_is_the_one_that_is_exported(day: date | None, client: Client, stranger: Program) -> None:
    query = f"?as_of={day}" if day else ""
    rows, told = exported(client, query), {row["slug"]: row for row in stranger.walk(f"lines{query}", 50)}
    assert told.keys() == rows.keys()
    for slug, row in rows.items():
        score, state = told[slug]["score"], told[slug]["state"]
        assert state["code"] == row["state"]
        assert score["basis"] == "reconstructed"
        assert score["insufficient"] == [code for code in row["insufficient"].split(";") if code]
        for name in ("durability", "low", "high"):
            assert (f"{score[name]:.2f}" if score[name] is not None else "") == row[name], slug
        for name in ("p12", "p24", "p24_withdrawn", "p24_restricted", "p24_closed_next", "p24_held"):
            assert (f"{score['chances'][name]:.4f}" if score["chances"] else "") == row[name], slug
        alike = score["alike"] or {"failed": "", "comparable": ""}
        assert (str(alike["failed"]), str(alike["comparable"])) == (row["alike_failed"], row["alike"])
        assert "grade" not in score, "the rubric has not earned grades"


def test_the_items_of_a_line_sum_to_its_score(stranger: Program) -> None:
    told = stranger.read("lines/alibaba-language")
    found = assessments(SCORED_ON)["alibaba-language"]
    assert sum(item["points"] for item in told["contributions"]) == pytest.approx(found.durability, abs=1e-9)
    assert (told["rubric"], told["rubric_sha256"]) == (SHIPPED, load_rubric(SHIPPED).sha256)
    assert told["as_of"] == str(SCORED_ON)
    cited = {row["reference"]: row for row in stranger.walk("lines/alibaba-language/evidence", 100)}
    named = {reference for item in told["contributions"] for reference in item["evidence"]}
    assert named <= cited.keys()
    assert {reference for reference, row in cited.items() if row["counts"]} == named
    assert all(row["url"].startswith("/") for row in cited.values())


def test_a_line_of_no_name_is_a_404_in_json(stranger: Program) -> None:
    for path in ("lines/nobody", "lines/nobody/timeline", "lines/nobody/evidence", "lines/a%00b"):
        response = stranger.ask(path)
        assert response.status_code == 404
        assert stranger.json(response)["detail"]


# Of a past day, nothing that came later -------------------------------------------------------------


def test_no_row_of_a_past_day_became_public_later(stranger: Program) -> None:
    for path in ("releases", "license-changes", "pledges", "signals"):
        rows = list(stranger.walk(f"{path}?as_of={PAST}", 200))
        assert rows
        for row in rows:
            days = (row.get("published_on"), row.get("announced_on"), row.get("made_on"), row.get("status_on"))
            assert max(day for day in days if day) <= str(PAST), row
    for row in stranger.walk(f"releases?as_of={PAST}", 200):
        assert all((row[name] or "") <= str(PAST) for name in ("weights_on", "withdrawn_on", "hosted_ended_on"))


def test_the_past_of_a_line_knows_nothing_later(stranger: Program) -> None:
    told = stranger.read(f"lines/alibaba-language?as_of={PAST}")
    assert told["score"]["newest_on"] <= str(PAST)
    assert told["score"]["alike"] is None, "such counts were learnt from what came after"
    cited = list(stranger.walk(f"lines/alibaba-language/evidence?as_of={PAST}", 200))
    assert max(row["published_on"] for row in cited if row["published_on"]) <= str(PAST)
    entries = list(stranger.walk(f"lines/alibaba-language/timeline?as_of={PAST}", 200))
    assert entries[-1]["day"] <= str(PAST)
    now = list(stranger.walk("lines/alibaba-language/timeline", 200))
    assert entries == now[: len(entries)], "the past did not change"


def test_a_line_of_which_nothing_was_public_is_not_there(stranger: Program) -> None:
    slugs = {row["slug"] for row in stranger.walk("lines?as_of=2020-01-01", 200)}
    assert "alibaba-language" not in slugs
    assert stranger.ask("lines/alibaba-language?as_of=2020-01-01").status_code == 404
