"""The track record: limits first, live and reconstructed apart, and every figure down to its cases."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from riskboard.web.access import Role
from riskboard.web.forms_record import narrowed
from riskboard.web.pages import track_record
from riskboard.web.pages.criteria import MET, MISSED, OPEN, alarms, criteria
from riskboard.web.pages.record import LABELS
from riskboard.web.pages.record_lines import LABELS as LINE_LABELS
from riskboard.web.pages.track_record import LEVELS
from scoring.engine.backtest import ENGINE
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.linerecord import load_line_record
from scoring.record import METHODS, STATES, figures, load_record
from tests import cast
from tests.live import make_prediction, make_resolution
from tests.web.people import client_of, make_user

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.content.decode())


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def live_part(page: str) -> str:
    return page[page.index('<section id="live"') : page.index('<section id="lines"')]


def test_limits_come_first_and_the_parts_stand_apart(client: Client) -> None:
    page = read(client, "/track-record/")
    sections = re.findall(r'<section id="([a-z-]+)"', page)
    assert sections == ["limits", "permits", "live", "lines", "reference"]
    for anchor in re.findall(r'href="#([a-z-]+)"', page):
        assert f'id="{anchor}"' in page


def test_without_live_forecasts_nothing_looks_like_success(client: Client) -> None:
    page = read(client, "/track-record/")
    assert "No forecast of this board has come out yet, so nothing here is proven." in page
    live = words_of(live_part(page))
    assert "No forecast has been recorded here yet." in live
    assert "it would come due on" in live
    assert "Log score" not in live


def test_live_forecasts_are_listed_by_round_and_judged_when_they_came_out(client: Client) -> None:
    keeper, hedger = cast.keeper(), cast.hedger()
    waiting = make_prediction(keeper.line, date(2026, 10, 1), engine=0.123)
    failed = make_prediction(hedger.line, date(2025, 4, 1), engine=0.4, band="above")
    page = words_of(read(client, "/track-record/"))
    assert "nothing can be said of how good they are" in page
    make_resolution(failed, "failed")
    page = read(client, "/track-record/")
    text = words_of(page)
    assert "1 live forecast of this board came out so far, 1 of them as failures." in text
    assert "2026-Q4" in text
    assert "24 of 116 failed" in text
    assert "above usual" in text
    assert f'href="/track-record/predictions/{waiting.pk}/"' in page
    live = live_part(page)
    assert "Log score" in live
    assert "−.9163" in live  # ln .4: what the engine gave to what came
    assert ".123" not in live  # no percentages while they are not earned


def test_what_is_permitted_is_what_the_rubric_says(client: Client) -> None:
    level = load_rubric(SHIPPED).precision
    page = words_of(read(client, "/track-record/"))
    assert f"The level in force is {level} : {LEVELS[level]}" in page


def test_the_figures_are_those_of_the_stored_forecasts(client: Client) -> None:
    page = read(client, "/track-record/")
    rows = load_record().rows
    for name, metrics in figures(rows).items():
        row = re.search(rf'<th scope="row">{re.escape(LABELS[name])}</th>(.*?)</tr>', page, re.DOTALL)
        assert row is not None
        cells = re.findall(r'class="num">([^<]+)', row[1])
        assert [float(cell) for cell in cells[:2]] == [round(metrics.brier or 0, 4), round(metrics.log_loss or 0, 4)]
    order = [page.index(f'<th scope="row">{LABELS[name]}</th>') for name in METHODS]
    assert order == sorted(order)  # states alone first


@pytest.mark.parametrize(
    "query", ["recalled=exclude", "governance=single_vendor", "domain=database", "domain=database&recalled=exclude"]
)
def test_filters_compute_everything_again(client: Client, query: str) -> None:
    page = words_of(read(client, f"/track-record/?{query}&forecast=full"))
    part = narrowed(**dict(pair.split("=") for pair in query.split("&")))
    assert f"{len(part)} forecasts of {len(set(part.case))} commitments" in page
    assert 0 < len(part) < len(load_record().rows)
    if "recalled" in query:
        assert "are about recalled cases" not in page


def test_nothing_left_says_so(client: Client) -> None:
    assert not len(narrowed(domain="game_engine", governance="academic"))
    page = words_of(read(client, "/track-record/?domain=game_engine&governance=academic"))
    assert "No forecast passes these filters." in page
    assert "Probes" in page
    assert client.get("/track-record/bins/1/?domain=game_engine&governance=academic").status_code == 404


@pytest.mark.parametrize("query", ["domain=nope", "forecast=best", "recalled=yes", "governance=king", "page=0", "x=1"])
def test_unknown_values_are_refused_with_their_name(client: Client, query: str) -> None:
    for address in ("/track-record/", "/track-record/bins/2/"):
        assert query.partition("=")[0] in read(client, f"{address}?{query}", 400)


def test_the_criteria_say_what_was_missed(client: Client) -> None:
    order, *_, loss = criteria()
    found = figures(load_record().rows)
    assert [order.verdicts[0].value, order.verdicts[1].value] == [
        f"{found[name].auc24:.3f}".removeprefix("0") for name in (STATES, ENGINE)
    ]
    assert all((each.verdict == MET) == (float(each.value) >= 0.8) for each in order.verdicts)
    assert {each.verdict for each in loss.verdicts} <= {MET, OPEN, MISSED}
    page = words_of(read(client, "/track-record/"))
    for each in criteria():
        assert f"{each.name} , {each.aim}. States alone: {each.told}." in page or each.all_met


def test_alarms_ring_where_the_probes_say_so() -> None:
    head = load_record().head
    leak, count, cut, permuted = alarms(head)
    assert not leak.rings
    assert not cut.rings
    assert not permuted.rings
    assert count.rings == (head.probes["count_only"].auc24 > 0.6)


def test_bins_hold_every_forecast_once(client: Client) -> None:
    query, seen, hits = "domain=database&recalled=exclude", 0, 0
    for number in range(1, 6):
        lead = words_of(read(client, f"/track-record/bins/{number}/?{query}"))
        found = re.search(r"(\d+) of (\d+) came true: a share of", lead)
        assert found is not None
        hits, seen = hits + int(found[1]), seen + int(found[2])
    part = narrowed(domain="database", recalled="exclude")
    assert (seen, hits) == (len(part), int(part.hit.sum()))
    assert client.get(f"/track-record/bins/6/?{query}").status_code == 404
    assert client.get(f"/track-record/bins/1/?{query}&page=99").status_code == 404


def test_a_bin_leads_to_its_cases_and_marks_what_was_recalled(client: Client) -> None:
    page = read(client, "/track-record/bins/1/?governance=foundation")
    slugs = re.findall(r'href="/histories/([^/"]+)/"', page)
    part = narrowed(governance="foundation")
    assert slugs
    assert set(slugs) <= set(part.case)
    recalled = set(part.case[part.recalled])
    assert len(re.findall("recalled, unverified", page)) == sum(slug in recalled for slug in slugs)
    assert "held" in page


def test_charts_have_what_the_tables_say(client: Client) -> None:
    page = read(client, "/track-record/?forecast=full")
    assert "/track-record/bins/1/?forecast=full" in page
    for name in ("reliability-data", "years-data"):
        assert f'id="{name}" type="application/json"' in page
    assert "style=" not in page


def test_a_forecast_tells_what_was_said_and_how_it_came_out(client: Client) -> None:
    line = cast.keeper().line
    prediction = make_prediction(line, date(2026, 3, 2), engine=0.31, comparator=0.22, input_digest="abc123")
    page = words_of(read(client, f"/track-record/predictions/{prediction.pk}/"))
    assert f"Will {line.name} fail its commitment within 12 months of 2 Mar 2026?" in page
    for said in (".310", ".220", ".200", "abc123", "24 of 116 comparable", "2 Mar 2027", "Nothing yet"):
        assert said in page
    reviewer = make_user(Role.REVIEWER, "secret-name")
    make_resolution(prediction, "failed", evidence=["release:gone"])
    make_resolution(prediction, "void", ruled_by=reviewer, reason=HOSTILE, source_url="https://news.example/renamed")
    raw = client.get(f"/track-record/predictions/{prediction.pk}/").content.decode()
    assert HOSTILE not in raw
    assert "secret-name" not in raw
    text = words_of(unescape(raw))
    assert "It came out: void" in text
    assert "release:gone (no longer in the evidence)" in text
    assert text.index("next version closed") < text.index("a reviewer")
    assert client.get(f"/track-record/predictions/{prediction.pk + 1}/").status_code == 404
    assert client.get(f"/track-record/predictions/{prediction.pk}/?x=1").status_code == 400


def test_only_reviewers_are_led_to_the_ruling(client: Client) -> None:
    address = f"/track-record/predictions/{make_prediction(cast.keeper().line).pk}/"
    assert "Rule on it" not in read(client, address)
    assert "Rule on it" in read(client_of(Role.REVIEWER), address)


def test_the_csv_has_every_forecast_that_passes(client: Client) -> None:
    response = client.get("/export/track-record.csv?domain=database")
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(content)))
    part = narrowed(domain="database")
    assert len(rows) == len(part)
    assert {row["case"] for row in rows} == set(part.case)
    assert sum(row["hit"] == "yes" for row in rows) == part.hit.sum()
    assert [float(row["engine"]) for row in rows] == part.chances[ENGINE].tolist()
    assert client.get("/export/track-record.csv?domain=nope").status_code == 400


def test_the_csv_neutralizes_formulas(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = load_record().rows
    one = rows.where(rows.case == rows.case[0])
    one.vendor[:] = "=1+1"
    monkeypatch.setattr("riskboard.web.forms_record.narrowed", lambda **_: one)
    response = client.get("/export/track-record.csv")
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=1+1" in content
    assert ",=1+1" not in content


def test_model_lines_stand_apart_as_development_data(client: Client) -> None:
    page = read(client, "/track-record/")
    record = load_line_record()
    lines = words_of(page[page.index('<section id="lines"') : page.index('<section id="reference"')])
    assert "Development data." in lines
    outcomes = record.outcomes
    assert f"{outcomes.n} forecasts at {outcomes.vendors} vendors, of which {outcomes.failed} failed" in lines
    for name, label in LINE_LABELS.items():
        assert f"{label} −{abs(record.methods[name].log_score):.3f}".replace("−0.", "−.") in lines
    for bands in record.bands.values():
        assert f"{bands.alarms.per_vendor_year:.2f} for each of" in lines
    assert all(miss.line in lines for miss in record.misses["comparator"])  # no such line is on this board


def test_misses_lead_to_their_lines(client: Client) -> None:
    missed = load_line_record().misses["engine"][0].line
    line = cast.make_line(slug=missed, name="A line that was missed")
    assert f'<a href="{line.get_absolute_url()}">A line that was missed</a>' in read(client, "/track-record/")


def test_where_lines_permit_facts_alone_the_page_says_so(client: Client) -> None:
    page = words_of(read(client, "/track-record/"))
    assert ("counts with denominators, and never that it lies" in page) == (load_line_record().permits == "facts")
    assert "claims more than the record" not in page


def test_a_rubric_that_claims_too_much_is_called_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track_record, "of_scores", lambda: "facts")
    assert "claims more than the record of past commitments permits" in words_of(read(client, "/track-record/"))
