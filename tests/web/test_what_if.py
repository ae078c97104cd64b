import html
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode

from riskboard.audit.models import Entry
from riskboard.catalog.models import Signal
from riskboard.web.forms_what_if import MOST_ADDED
from riskboard.web.pages.what_if import WhatIfPage, what_if_page
from scoring import selectors
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.models import Score
from scoring.scenarios import PRESETS, Supposed, suppositions
from tests import cast

TODAY = date(2026, 4, 20)
TOKENS = {"pledge": "pledge.binding.contract", "signal": "signal.layoffs.weakens.4"}
EVERY_PRESET = [TOKENS.get(name, name) for name in PRESETS]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def hedger(db: None) -> cast.Player:
    return cast.rated_hedger()


def address(player: cast.Player, **asked: Any) -> str:
    return f"/lines/{player.line.slug}/what-if/?{urlencode(asked, doseq=True)}"


def get(client: Client, player: cast.Player, **asked: Any) -> str:
    response = client.get(address(player, **asked))
    assert response.status_code == 200, response.content
    return html.unescape(response.content.decode())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def page_of(player: cast.Player, supposed: Iterable[Supposed] = (), without: tuple[str, ...] = ()) -> WhatIfPage:
    return what_if_page(player.line, {"as_of": None, "without": without, "supposed": tuple(supposed)}, TODAY)


def preset(name: str, on: date = TODAY, **described: Any) -> Supposed:
    return Supposed(TOKENS.get(name, name), name, on, **described)


def events_of(player: cast.Player) -> list[str]:
    return [f"signal:{key}" for key in Signal.objects.filter(vendor=player.vendor).values_list("key", flat=True)]


def test_items_sum_to_the_difference_of_the_two_scores(hedger: cast.Player) -> None:
    described: dict[str, dict[str, Any]] = {
        "pledge": {"specificity": "binding", "channel": "contract"},
        "signal": {"kind": "layoffs", "direction": "weakens", "severity": 4},
    }
    every = [preset(name, **described.get(name, {})) for name in PRESETS]
    for scenario in ([], *([each] for each in every), every):
        page = page_of(hedger, scenario, tuple(events_of(hedger)))
        assert page.total == pytest.approx(page.change, abs=1e-9)
        assert page.change == pytest.approx(page.then.assessment.durability - page.now.assessment.durability)
        assert page.now.assessment == selectors.assessment_of(hedger.line, TODAY)[1]


def test_the_score_shown_is_the_engines(client: Client, hedger: cast.Player) -> None:
    (signal,) = Signal.objects.filter(vendor=hedger.vendor, kind="monetization_shift")
    event = f"signal:{signal.key}"
    change, other = selectors.what_if(hedger.line, TODAY, remove=[event])
    page = get(client, hedger, without=event)
    assert f'data-difference="{change:.6f}"' in page
    assert re.findall(r'data-total="([^"]+)"', page) == [f"{change:.6f}"]
    assert f"<strong>{other.durability:.0f}</strong>" in page
    share = next(one for one in page_of(hedger, without=(event,)).alone)
    assert share.change == pytest.approx(change)
    assert share.share is not None
    assert share.share < 0 < share.change


@pytest.mark.parametrize(
    ("name", "is_better"),
    [("foundation", True), ("ipo", False), ("acquisition", False), ("lead_leaves", False), ("revenue_target", False)],
)
def test_presets_move_the_score_as_their_rows_would(hedger: cast.Player, name: str, is_better: bool) -> None:
    page = page_of(hedger, [preset(name)])
    assert (page.change > 0) is is_better
    assert all(row.is_supposed for row in page.listed if row.difference.before == 0)


def test_a_preset_counts_as_the_row_would_if_it_were_recorded(hedger: cast.Player) -> None:
    supposed = page_of(hedger, [preset("acquisition")]).then.assessment.durability
    cast.make_signal(hedger.vendor, "acquisition", TODAY, severity=4, source_reliability="A", info_credibility="1")
    assert selectors.assessment_of(hedger.line, TODAY)[1].durability == pytest.approx(supposed)


def test_the_next_flagship_changes_the_license_and_the_state(hedger: cast.Player) -> None:
    dossier, _ = selectors.assessment_of(hedger.line, TODAY)
    rubric = load_rubric(SHIPPED)
    apache = suppositions([preset("apache_next")], dossier, rubric)
    assert [report.kind for report in apache.reports] == ["license_loosening"]
    assert apache.tightenings == ()
    assert suppositions([preset("custom_next")], dossier, rubric).reports == ()  # its license has a threshold already
    keeper = cast.keeper()
    dossier, _ = selectors.assessment_of(keeper.line, TODAY)
    custom = suppositions([preset("custom_next")], dossier, rubric)
    assert [report.kind for report in custom.reports] == ["license_tightening"]
    page = page_of(keeper, [preset("custom_next")])
    assert (page.then.assessment.state.code, page.then.assessment.state.since) == ("tightened", TODAY)


def test_a_hosted_flagship_is_pending_for_ninety_days(client: Client, hedger: cast.Player) -> None:
    page = get(client, hedger, add="hosted_next")
    settles = TODAY + timedelta(days=90)
    assert "pending: Next flagship, supposed" in page
    assert "until it has stayed so for 90 days: on 19 Jul 2026" in page
    then = f"?add=hosted_next@{TODAY}&as_of={settles}"
    assert then in page
    later = client.get(f"/lines/{hedger.line.slug}/what-if/{then}")
    shown = html.unescape(later.content.decode())
    assert later.status_code == 200
    assert "lies ahead: the score is what it would be if nothing else became public" in shown
    assert "pending: Next flagship" not in shown


def test_what_is_supposed_for_later_does_not_count_yet(client: Client, hedger: cast.Player) -> None:
    page = text_of(get(client, hedger, add="ipo@2026-06-01"))
    assert "which is yet to come on the day of this page" in page
    assert "points of durability: no change that shows" in page


def test_the_form_leads_to_the_address_of_the_whole_scenario(client: Client, hedger: cast.Player) -> None:
    event = events_of(hedger)[0]
    asked = {"new": "signal", "kind": "ipo", "direction": "weakens", "severity": "5", "on": "2026-03-01"}
    response = client.get(address(hedger, without=event, add="foundation", as_of="2026-04-01", **asked))
    assert response.status_code == 302
    assert (
        response["Location"] == f"?without={event}&add=foundation&add=signal.ipo.weakens.5@2026-03-01&as_of=2026-04-01"
    )
    promise = client.get(address(hedger, new="pledge", specificity="binding", channel="license_text", on=""))
    assert promise["Location"] == "?add=pledge.binding.license_text"
    assert client.get(f"/lines/{hedger.line.slug}/what-if/{promise['Location']}").status_code == 200


def test_every_part_can_be_taken_out_by_a_link(client: Client, hedger: cast.Player) -> None:
    page = get(client, hedger, add=["ipo", "foundation@2026-01-01"], as_of="2026-04-01")
    assert 'href="?add=foundation@2026-01-01&as_of=2026-04-01"' in page
    assert 'href="?add=ipo&as_of=2026-04-01"' in page
    assert page.count("Remove") == 2


def test_events_stand_with_the_largest_first_and_their_evidence(hedger: cast.Player) -> None:
    events = page_of(hedger).events
    sizes = [abs(event.points) for event in events]
    assert sizes == sorted(sizes, reverse=True)
    assert {event.event for event in events} >= set(events_of(hedger))
    assert all(event.card is not None for event in events)


def test_it_says_that_nothing_of_it_is_fact_and_keeps_nothing(client: Client, hedger: cast.Player) -> None:
    before = (Score.objects.count(), Signal.objects.count(), Entry.objects.count())
    response = client.get(address(hedger, add=EVERY_PRESET))
    assert "Hypothetical." in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert (Score.objects.count(), Signal.objects.count(), Entry.objects.count()) == before


def test_shares_and_counterfactuals_are_told_apart(client: Client, hedger: cast.Player) -> None:
    page = text_of(get(client, hedger, without=events_of(hedger), add="ipo"))
    assert "A share is what an item adds to the score as it is" in page
    assert "added up; together they make" in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"add": "moon_landing"}, "add: “moon_landing” is nothing to suppose"),
        ({"add": "signal.layoffs.weakens.9"}, "add: Write a signal as"),
        ({"add": "signal.moon.weakens.3"}, "add: Write a signal as"),
        ({"add": "pledge.binding"}, "add: Say more of the pledge"),
        ({"add": "pledge.solemn.contract"}, "add: Write a promise as"),
        ({"add": "ipo.weakens"}, "add: “ipo” takes nothing but a day"),
        ({"add": "ipo@2026-02-30"}, "add: 2026-02-30 is no day that exists"),
        ({"add": "ipo@2017-02-03"}, "add: The histories begin on"),
        ({"add": [f"ipo@2026-01-{n:02}" for n in range(1, MOST_ADDED + 2)]}, "add: Suppose at most 12 things"),
        ({"without": "signal:unheard-of"}, "without: this line has no event “signal:unheard-of”"),
        ({"without": "'; DROP"}, "without: Write references"),
        ({"as_of": "2031-01-01"}, "as_of: 2031-01-01 is too far ahead"),
        ({"as_of": "tomorrow"}, "as_of: Write a day"),
        ({"new": "ipo", "on": "2031-01-01"}, "on: 2031-01-01 is too far ahead"),
        ({"new": "moon"}, "new: "),
        ({"new": "signal", "kind": ""}, "new: Write a signal as"),
        ({"severity": "9"}, "severity: "),
        ({"color": "red"}, "does not know the parameter “color”"),
    ],
)
def test_what_cannot_be_supposed_gets_a_sentence(
    client: Client, hedger: cast.Player, asked: dict[str, Any], sentence: str
) -> None:
    response = client.get(address(hedger, **asked))
    assert response.status_code == 400
    assert sentence in html.unescape(response.content.decode())


def test_an_unknown_line_is_not_found(client: Client, db: None) -> None:
    assert client.get("/lines/nobody-language/what-if/").status_code == 404


def test_a_line_without_any_evidence_has_a_scenario_too(client: Client, db: None) -> None:
    line = cast.make_line()
    response = client.get(f"/lines/{line.slug}/what-if/", {"add": EVERY_PRESET})
    assert response.status_code == 200


def test_a_swap_gets_the_scenario_alone(client: Client, hedger: cast.Player) -> None:
    response = client.get(address(hedger, add="ipo"), headers={"HX-Request": "true"})
    assert "HX-Request" in response["Vary"]
    assert b"<html" not in response.content
    assert b'id="scenario"' in response.content


def test_the_line_and_its_family_lead_here(client: Client, hedger: cast.Player) -> None:
    line = client.get(hedger.line.get_absolute_url()).content.decode()
    here = f"/lines/{hedger.line.slug}/what-if/"
    assert f'href="{here}"' in line
    for event in events_of(hedger)[:1]:
        assert f'href="{here}?without={event}"' in line
    assert f'href="{here}"' in client.get(hedger.family.get_absolute_url()).content.decode()


def test_a_hostile_title_stays_text(client: Client, hedger: cast.Player) -> None:
    cast.make_signal(hedger.vendor, "layoffs", date(2026, 4, 1), summary="<script>alert(1)</script>")
    assert b"<script>alert(1)" not in client.get(address(hedger)).content


def test_counts_are_said_only_of_lines_at_risk_today(client: Client, db: None) -> None:
    player = cast.keeper()
    for number in range(3):
        cast.make_release(player.family, date(2025, 11, 1) + timedelta(days=40 * number))
    kept = text_of(get(client, player, add="ipo"))
    assert re.search(r"\d+ of \d+ times a line at risk .* The same in both", kept)
    failed = text_of(get(client, player, add="hosted_next@2025-12-20"))
    assert "In the scenario nothing is said of it: the line would not be at risk" in failed
    assert "Points only: no likelihood is said" in text_of(get(client, player, add="ipo", as_of="2026-06-01"))


def test_an_address_without_a_day_offers_the_one_that_stays(client: Client, hedger: cast.Player) -> None:
    floating = get(client, hedger, add="ipo")
    assert f"?add=ipo&as_of={TODAY}" in floating
    assert "moves on with today" in floating
    assert "moves on with today" not in get(client, hedger, add="ipo", as_of=str(TODAY))
    assert "moves on with today" not in get(client, hedger)
