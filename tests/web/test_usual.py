"""What may be said of the next flagship follows from what the record permits."""

from dataclasses import asdict, replace
from datetime import date

import pytest
from django.test import Client

from riskboard.catalog.models import Line
from riskboard.web.pages.answers import likelihoods
from riskboard.web.pages.board_rows import board_row
from riskboard.web.pages.lines import line_page
from riskboard.web.pages.usual import Usual, shows_scores, usual, why_no_rate
from scoring.engine.comparator import load_comparator
from scoring.engine.facts import Release
from scoring.engine.outcomes import OffRisk, off_risk
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.models import History
from scoring.placing import with_timelines
from scoring.rates import Rate, rates
from scoring.selectors import assessments, board, dossiers
from tests.web.test_lines import NOTHING_ASKED

TODAY = date(2026, 11, 24)
RUBRIC = load_rubric(SHIPPED)
RATE = Rate(failed=3, comparable=8, hit=5, total=20, failed_before=True, launches=1, band="")


def test_counts_alone_where_the_record_does_not_tell_lines_apart() -> None:
    said = Usual(RATE)
    assert said.sentence.startswith("3 of 8 times a line at risk whose vendor had failed before closed a flagship")
    assert "5 of 20 times over all lines" in said.sentence
    assert "1 flagship in 24 months" in said.reasons
    assert "neither" in said.reasons
    assert not said.is_told


def test_a_side_once_the_record_tells_lines_apart() -> None:
    said = Usual(replace(RATE, band="above", failed_before=False))
    assert said.sentence.startswith("Above the usual: 3 of 8 times a line at risk whose vendor had not failed before")
    assert said.is_told
    assert "neither" not in said.reasons
    assert not Usual(replace(RATE, band="near")).is_told


def test_what_is_stored_reads_back() -> None:
    assert usual(asdict(RATE)) == Usual(RATE)
    assert usual(None) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("scored")
def test_rates_are_kept_for_the_lines_at_risk_alone() -> None:
    told = rates(dossiers(), TODAY)
    assert told
    kept = {row.line.slug: row.rate for row in History.objects.select_related("line") if row.rate}
    assert kept == {slug: asdict(rate) for slug, rate in told.items()}
    comparator = load_comparator()
    for rate in told.values():
        alike, others = (comparator.alike(before) for before in (rate.failed_before, not rate.failed_before))
        assert (rate.failed, rate.comparable) == (alike.failed, alike.comparable)
        assert (rate.hit, rate.total) == (alike.failed + others.failed, alike.comparable + others.comparable)
        assert bool(rate.band) == (comparator.permits == "bands")


@pytest.mark.django_db
@pytest.mark.usefixtures("scored", "on_that_day")
def test_a_page_obeys_the_rubric(client: Client) -> None:
    slug = next(iter(rates(dossiers(), TODAY)))
    line = with_timelines(Line.objects.select_related("vendor")).get(slug=slug)
    page = line_page(line, NOTHING_ASKED, TODAY)
    assert page.header.usual
    assert page.header.usual.sentence in client.get(line.get_absolute_url()).content.decode().replace("&#x27;", "'")
    past = line_page(line, NOTHING_ASKED | {"as_of": date(2026, 1, 1)}, TODAY)
    assert past.header.usual is None
    assert "learnt from what came after" in str(past.answers)


@pytest.mark.django_db
@pytest.mark.usefixtures("scored", "on_that_day")
def test_a_line_off_risk_says_why(client: Client) -> None:
    """Qwen failed in 2025, and what opened in August 2026 has not been open for 180 days."""
    said = client.get("/lines/alibaba-language/").content.decode()
    assert "No rate is given. It failed with" in said
    assert "no flagship has been open for 180 days since" in said
    reasons = {found.reason for one in dossiers().values() if (found := off_risk(one, RUBRIC, TODAY))}
    assert {"none_open", "inactive", "failed"} <= reasons
    assert why_no_rate(OffRisk("none_open")) == "No flagship of it is open."
    launch = Release("r", "Next", date(2026, 10, 1), None, "l", closed=True)
    assert why_no_rate(OffRisk("under_way", launch)).startswith("Next, announced 1 Oct 2026, is closed")


@pytest.mark.django_db
@pytest.mark.usefixtures("scored")
def test_percentages_and_numbers_wait_until_they_are_earned() -> None:
    found = next(one for one in assessments(TODAY).values() if one.state.is_live and not one.insufficient)
    assert likelihoods(found, RUBRIC) == ()
    assert [one.months for one in likelihoods(found, replace(RUBRIC, precision="grades"))] == [12, 24]
    row = next(one for one in board() if one.line.slug == found.subject)
    assert board_row(row, RUBRIC, TODAY).durability == row.durability
    unproven = replace(RUBRIC, precision="facts")
    assert board_row(row, unproven, TODAY).durability is None
    assert not shows_scores(unproven)
