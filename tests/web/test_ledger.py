import csv
import html
import io
import math
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client

from riskboard.catalog.models import Line, Signal
from riskboard.web.pages.ledger import LedgerPage, ledger_page
from scoring import selectors
from scoring.engine.assess import assess
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.gather import gather
from scoring.models import Score
from scoring.services import build_score
from tests import cast

TODAY, FIRST = date(2026, 4, 20), date(2026, 1, 10)
FORMER = load_rubric("durability-0.2.0")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def hedger(db: None) -> cast.Player:
    return cast.rated_hedger()


def say(line: Line, day: date = FIRST, under: Rubric | None = None, *, later: int = 0, **fields: object) -> Score:
    """What the board stored about ``day`` on that day, or so many days later, from the record of now."""
    rubric = under or load_rubric(SHIPPED)
    dossier = gather(line, rubric)
    now = datetime.combine(day + timedelta(days=later), time(6), UTC)
    score = build_score(line, dossier, assess(dossier, rubric, day), rubric, now)
    score.cause = "request" if later else "first"
    score.follows = Score.objects.filter(line=line).order_by("-pk").first()
    for name, value in fields.items():
        setattr(score, name, value)
    score.save()
    return score


def correct(player: cast.Player) -> Signal:
    """A row is found to have been graded too mildly."""
    (signal,) = Signal.objects.filter(vendor=player.vendor, kind="monetization_shift")
    signal.severity = 5
    signal.save()
    return signal


def page_of(line: Line, first: date = FIRST, last: date = TODAY) -> LedgerPage:
    page = ledger_page(line, {"from": first, "to": last}, TODAY)
    difference = page.found.after.durability - page.found.before.durability
    assert page.total == pytest.approx(difference, abs=1e-9)
    assert math.fsum(part.points for part in page.found.changes) == pytest.approx(difference, abs=1e-9)
    return page


def points_of(page: LedgerPage) -> dict[str, float]:
    return {cause.cause: cause.points for cause in page.causes}


def get(client: Client, player: cast.Player, **asked: str) -> str:
    response = client.get(f"/lines/{player.line.slug}/changes/", asked)
    assert response.status_code == 200, response.content
    return " ".join(html.unescape(response.content.decode()).split())


def test_without_a_word_of_that_day_the_start_is_reconstructed(client: Client, hedger: cast.Player) -> None:
    correct(hedger)
    page = page_of(hedger.line)
    assert not page.found.is_said
    assert points_of(page)["corrected"] == points_of(page)["method"] == 0
    assert points_of(page)["aging"] != 0
    shown = get(client, hedger, **{"from": FIRST.isoformat(), "to": TODAY.isoformat()})
    assert "No score that this board said on 10 Jan 2026 is stored" in shown
    assert "correction and method change are zero by construction" in shown


def test_a_row_corrected_since_is_told_apart_from_what_was_said(client: Client, hedger: cast.Player) -> None:
    score = say(hedger.line)
    signal = correct(hedger)
    page = page_of(hedger.line)
    assert page.found.is_said
    assert page.found.before.durability == score.durability
    (correction,) = [cause for cause in page.causes if cause.cause == "corrected"]
    assert f"EV:signal:{signal.key}" in {part.change.key for part in correction.listed}
    restated = selectors.assessment_of(hedger.line, FIRST)[1].durability
    assert correction.points == pytest.approx(restated - score.durability)
    assert correction.points < 0
    assert points_of(page)["method"] == 0
    assert "stands as this board said it on that day" in get(client, hedger, **{"from": FIRST.isoformat()})


def test_a_new_rubric_is_told_apart_from_a_correction(hedger: cast.Player) -> None:
    score = say(hedger.line, under=FORMER)
    correct(hedger)
    page = page_of(hedger.line)
    under_former = assess(gather(hedger.line, FORMER), FORMER, FIRST).durability
    restated = selectors.assessment_of(hedger.line, FIRST)[1].durability
    assert page.found.is_parted
    assert page.is_new_method
    assert points_of(page)["corrected"] == pytest.approx(under_former - score.durability)
    assert points_of(page)["method"] == pytest.approx(restated - under_former)
    assert points_of(page)["corrected"] != 0 != points_of(page)["method"]


def test_a_rubric_that_is_gone_cannot_be_told_from_corrections(client: Client, hedger: cast.Player) -> None:
    score = say(hedger.line, under=FORMER, rubric="durability-0.0.9")
    correct(hedger)
    page = page_of(hedger.line)
    assert not page.found.is_parted
    assert points_of(page)["corrected"] == 0
    restated = selectors.assessment_of(hedger.line, FIRST)[1].durability
    assert points_of(page)["method"] == pytest.approx(restated - score.durability)
    assert "corrections cannot be told from the method" in get(client, hedger, **{"from": FIRST.isoformat()})


def test_a_rubric_that_was_edited_under_its_name_is_another_method(hedger: cast.Player) -> None:
    say(hedger.line, rubric_sha256="0" * 64)
    page = page_of(hedger.line)
    assert page.is_new_method
    assert not page.found.is_parted


def test_what_was_reckoned_of_a_day_later_was_not_said_on_it(hedger: cast.Player) -> None:
    say(hedger.line, later=30)
    assert not page_of(hedger.line).found.is_said


def test_the_last_word_of_a_day_counts(hedger: cast.Player) -> None:
    say(hedger.line)
    correct(hedger)
    last = say(hedger.line)
    page = page_of(hedger.line)
    assert page.found.before.durability == last.durability
    assert points_of(page)["corrected"] == 0


def test_new_evidence_ages_only_once_it_is_there(hedger: cast.Player) -> None:
    signal = cast.make_signal(hedger.vendor, "ipo", date(2026, 3, 1), severity=5)
    page = page_of(hedger.line)
    causes = {
        cause.cause for cause in page.causes for part in cause.listed if part.change.key == f"EV:signal:{signal.key}"
    }
    assert causes == {"new evidence"}


def test_all_four_causes_stand_there_each_item_with_its_evidence(client: Client, hedger: cast.Player) -> None:
    say(hedger.line, under=FORMER)
    signal = correct(hedger)
    cast.make_signal(hedger.vendor, "ipo", date(2026, 3, 1), severity=5)
    shown = get(client, hedger, **{"from": FIRST.isoformat(), "to": TODAY.isoformat()})
    for cause in ("new evidence", "aging", "corrected", "method"):
        assert f'data-cause="{cause}"' in shown
    for name in ("New evidence", "Decay", "Correction", "Method change"):
        assert name in shown
    assert signal.get_absolute_url() in shown
    page = page_of(hedger.line)
    without_rows = {part.change.code for cause in page.causes for part in cause.listed if not part.evidence}
    assert without_rows <= {"BASE", "BOUND", "IN:reach_x_pressure"}
    assert all(cause.points != 0 for cause in page.causes)


def test_it_leads_to_the_nearest_day_that_was_said(client: Client, hedger: cast.Player) -> None:
    say(hedger.line, date(2026, 1, 3))
    say(hedger.line, date(2026, 1, 17))
    shown = get(client, hedger, **{"from": FIRST.isoformat(), "to": TODAY.isoformat()})
    assert "?from=2026-01-03&to=2026-04-20" in shown
    assert "?from=2026-01-17&to=2026-04-20" in shown


def test_the_timeline_tells_the_same(client: Client, hedger: cast.Player) -> None:
    say(hedger.line, under=FORMER)
    correct(hedger)
    page = client.get(hedger.line.get_absolute_url(), {"from": FIRST.isoformat(), "to": TODAY.isoformat()})
    shown = page.content.decode()
    expected = page_of(hedger.line)
    assert f'data-difference="{expected.found.difference:.6f}"' in shown
    assert f"/lines/{hedger.line.slug}/changes/?from=2026-01-10&amp;to=2026-04-20" in shown
    assert 'data-cause="corrected"' in shown
    assert 'data-cause="method"' in shown


def test_the_export_sums_to_the_difference(client: Client, hedger: cast.Player) -> None:
    say(hedger.line, under=FORMER)
    correct(hedger)
    asked = {"line": hedger.line.slug, "from": FIRST.isoformat(), "to": TODAY.isoformat()}
    response = client.get("/export/ledger.csv", asked)
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode(), newline="")))
    page = page_of(hedger.line)
    assert math.fsum(float(row["points"]) for row in rows) == pytest.approx(page.found.difference, abs=1e-9)
    assert {row["basis"] for row in rows} == {"said"}
    assert {(row["rubric_from"], row["rubric"]) for row in rows} == {(FORMER.name, SHIPPED)}
    assert {row["cause"] for row in rows} >= {"corrected", "method", "aging"}


def test_the_last_ninety_days_are_what_it_shows_unasked(client: Client, hedger: cast.Player) -> None:
    assert "From 20 Jan 2026 to 20 Apr 2026" in get(client, hedger)
    assert "From 1 Jan 2026 to 20 Apr 2026" in get(client, hedger, **{"from": "2026-01-01"})
    assert "From 3 Mar 2025 to 1 Jun 2025" in get(client, hedger, to="2025-06-01")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"from": "2026-03-01", "to": "2026-03-01"}, "to: The period must end after it begins"),
        ({"from": "2026-13-01"}, "from: Write a day"),
        ({"to": "2026-12-01"}, "to: 2026-12-01 is in the future"),
        ({"from": "2017-01-01"}, "from: The histories begin"),
        ({"as_of": "2026-01-01"}, "does not know the parameter “as_of”"),
    ],
)
def test_what_the_page_cannot_answer_gets_a_sentence(
    client: Client, hedger: cast.Player, asked: dict[str, str], sentence: str
) -> None:
    response = client.get(f"/lines/{hedger.line.slug}/changes/", asked)
    assert response.status_code == 400
    assert sentence in html.unescape(response.content.decode())


def test_an_unknown_line_is_not_found(client: Client, db: None) -> None:
    assert client.get("/lines/nobody-language/changes/").status_code == 404


def test_a_swap_gets_the_ledger_alone(client: Client, hedger: cast.Player) -> None:
    response = client.get(f"/lines/{hedger.line.slug}/changes/", headers={"HX-Request": "true"})
    assert "HX-Request" in response["Vary"]
    assert b"<html" not in response.content
    assert b'id="ledger"' in response.content


def test_the_line_and_its_family_lead_here(client: Client, hedger: cast.Player) -> None:
    here = f'href="/lines/{hedger.line.slug}/changes/"'
    assert here in client.get(hedger.line.get_absolute_url()).content.decode()
    assert here in client.get(hedger.family.get_absolute_url()).content.decode()
