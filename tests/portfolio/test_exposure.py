"""What a team stands to lose: what counts, what cannot, and that no acceptance changes a figure."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskboard.portfolio.acceptances import accept, acceptances_of, standing, withdraw
from riskboard.portfolio.exposure import Portfolio, exposure_of
from riskboard.portfolio.models import Acceptance, Company, Deployment, Team
from riskboard.portfolio.plans import begun
from scoring.selectors import assessments
from scoring.services import refresh
from tests import cast
from tests.portfolio.making import make_acceptance, make_deployment, make_team, make_workflow

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)
NOW = datetime(2026, 4, 20, 6, tzinfo=UTC)
KNOWN: dict[str, Any] = {"embed_depth": 3, "switch_low": 20, "switch_likely": 40, "switch_high": 120}


@pytest.fixture
def team() -> Team:
    return make_team("Search")


@pytest.fixture
def player() -> cast.Player:
    """A line that is rated."""
    player = cast.rated_hedger()
    refresh(as_of=TODAY, now=NOW)
    assert assessments(TODAY)[player.line.slug].is_rated
    return player


def found(team: Team) -> Portfolio:
    return exposure_of(team, TODAY)


def test_work_is_weighed_by_the_chances_of_the_line(team: Team, player: cast.Player) -> None:
    """50 person-days at the PERT mean, at depth 3 all of them; by way of failing 1, .6 and .5 of it."""
    make_deployment(team, player.releases[0], **KNOWN)
    told = assessments(TODAY)[player.line.slug].forecast(12)
    by_mode = {each.mode.value: each for each in found(team).announcements}
    assert by_mode["withdrawn"].lands == pytest.approx(50)
    assert by_mode["withdrawn"].expected == pytest.approx(50 * told.withdrawn, rel=0.02)
    assert by_mode["restricted"].expected == pytest.approx(30 * told.restricted, rel=0.02)
    assert by_mode["closed_next"].expected == pytest.approx(25 * told.closed_next, rel=0.02)
    assert found(team).expected == pytest.approx(sum(each.expected for each in by_mode.values()))
    assert found(team).least < found(team).expected < found(team).most


def test_the_portfolio_of_one_line_is_as_durable_as_the_line(team: Team, player: cast.Player) -> None:
    make_deployment(team, player.releases[0], **KNOWN)
    told, line = found(team).durability, assessments(TODAY)[player.line.slug]
    assert told is not None
    assert told.value == pytest.approx(line.durability)
    assert (told.low, told.high) == pytest.approx((line.low, line.high))


@pytest.mark.parametrize(
    ("unknown", "why"),
    [
        ({"switch_low": None, "switch_likely": None, "switch_high": None}, "how much work a switch is"),
        ({"embed_depth": None}, "how deep it is built in"),
    ],
)
def test_what_nobody_estimated_is_listed_and_not_zero(
    team: Team, player: cast.Player, unknown: dict[str, None], why: str
) -> None:
    make_deployment(team, player.releases[0], **KNOWN | unknown)
    told = found(team)
    assert told.items == ()
    assert told.durability is None
    assert why in told.left[0].why[0]
    assert told.left[0].lands is None


def test_what_is_not_matched_is_listed_with_the_work_that_is_known(team: Team) -> None:
    make_deployment(team, **KNOWN)
    (left,) = found(team).left
    assert left.why == ("Not matched: nobody said which release of the catalog it stands on.",)
    assert left.lands == pytest.approx(50)


def test_lines_that_closed_and_lines_too_thin_are_listed(team: Team) -> None:
    closed, thin = cast.breaker(), cast.hedger()
    refresh(as_of=TODAY, now=NOW)
    make_deployment(team, closed.releases[0], **KNOWN)
    make_deployment(team, thin.releases[0], **KNOWN)
    reasons = " ".join(reason for each in found(team).left for reason in each.why)
    assert "is closed since 3 Jun 2025: nothing is left to forecast" in reasons
    assert "too thin to rate" in reasons


def test_a_line_that_was_never_rated_is_listed(team: Team) -> None:
    make_deployment(team, cast.make_release(), **KNOWN)
    assert "never rated" in found(team).left[0].why[0]


def test_retired_deployments_and_those_of_others_do_not_count(team: Team, player: cast.Player) -> None:
    make_deployment(team, player.releases[0], retired_on=TODAY, **KNOWN)
    make_deployment(make_team(), player.releases[0], **KNOWN)
    assert found(team).deployments == ()


@pytest.mark.parametrize(
    "measure",
    [
        {"mirror": "verified", "mirror_sha256": "a" * 64, "mirror_checked_on": TODAY},
        {"mirror": "unverified"},
        {"license_text": "You may."},
    ],
)
def test_a_measure_lowers_what_is_expected(team: Team, player: cast.Player, measure: dict[str, Any]) -> None:
    deployment = make_deployment(team, player.releases[0], **KNOWN)
    before = found(team).expected
    Deployment.objects.filter(pk=deployment.pk).update(**measure)
    assert found(team).expected < before


def test_a_passed_rehearsal_halves_it_and_a_failed_one_does_nothing(team: Team, player: cast.Player) -> None:
    deployment = make_deployment(team, player.releases[0], **KNOWN)
    before = found(team).expected
    begun(deployment).rehearsals.create(held_on=TODAY - timedelta(9), outcome="failed", took_days=3)
    assert found(team).expected == pytest.approx(before)
    begun(deployment).rehearsals.create(held_on=TODAY, outcome="passed", took_days=3)
    assert found(team).expected == pytest.approx(before / 2)


def test_deployments_of_one_vendor_in_one_workflow_are_one_announcement(team: Team, player: cast.Player) -> None:
    chat = make_workflow(team, "Chat")
    for release in player.releases[:2]:
        make_deployment(team, release, workflow=chat, **KNOWN)
    make_deployment(team, player.releases[0], **KNOWN)
    told = found(team)
    assert [len(each.deployments) for each in told.announcements if each.mode == "withdrawn"] == [2, 1]
    assert [each.expected for each in told.announcements] == sorted(
        (each.expected for each in told.announcements), reverse=True
    )
    assert sum(item.share for item in told.items) == pytest.approx(1)


def test_money_is_given_only_where_a_person_day_has_a_price(team: Team) -> None:
    assert found(team).money is None
    company = Company.objects.create(team=team, currency="EUR")
    assert found(team).money is None
    company.person_day = 900
    company.save()
    assert found(team).money == (900, "EUR")


def test_a_portfolio_of_any_size_costs_the_same_queries(team: Team, player: cast.Player) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            found(team)
        return len(asked)

    def more() -> None:
        deployment = make_deployment(team, player.releases[1], **KNOWN)
        make_acceptance(deployment, TODAY)
        begun(deployment).rehearsals.create(held_on=TODAY, outcome="passed", took_days=3)

    more()
    few = queries()
    for _ in range(12):
        more()
    assert queries() == few <= 7


# Acceptances --------------------------------------------------------------------------------------


def said(deployment: Deployment, **fields: Any) -> Acceptance:
    given: dict[str, Any] = {
        "mode": "withdrawn",
        "reason": "We hold a copy.",
        "until": TODAY + timedelta(days=30),
    } | fields
    by = User.objects.get_or_create(username="ann")[0]
    return accept(deployment, **given, by=by, today=TODAY)


def test_an_acceptance_marks_and_changes_no_figure(team: Team, player: cast.Player) -> None:
    deployment = make_deployment(team, player.releases[0], **KNOWN)
    before = found(team)
    said(deployment)
    after = found(team)
    assert [each.mode.value for each in after.announcements if each.is_accepted] == ["withdrawn"]
    assert [each.expected for each in after.announcements] == [each.expected for each in before.announcements]
    assert after.durability == before.durability


def test_it_comes_back_on_its_day(team: Team) -> None:
    row = said(make_deployment(team))
    assert standing([row], row.expires_on - timedelta(days=1)) == {"withdrawn": row}
    assert standing([row], row.expires_on) == {}


def test_withdrawn_it_is_gone_and_twice_is_once(team: Team) -> None:
    row = said(make_deployment(team))
    withdraw(row, TODAY)
    withdraw(row, TODAY + timedelta(days=5))
    row.refresh_from_db()
    assert row.withdrawn_on == TODAY
    assert standing([row], TODAY) == {}


@pytest.mark.parametrize("days", [0, -1, 367])
def test_it_ends_later_than_today_and_within_a_year(team: Team, days: int) -> None:
    with pytest.raises(ValidationError, match=re.compile("later day|A year at most")):
        said(make_deployment(team), until=TODAY + timedelta(days=days))


def test_one_holds_at_a_time_for_a_way_of_failing(team: Team) -> None:
    deployment = make_deployment(team)
    first = said(deployment)
    with pytest.raises(ValidationError, match="accepted already"):
        said(deployment)
    said(deployment, mode="restricted")
    withdraw(first, TODAY)
    said(deployment)
    assert Acceptance.objects.count() == 3


def test_an_acceptance_of_others_is_not_there(team: Team) -> None:
    row = said(make_deployment(make_team()))
    assert acceptances_of(team, row.pk) is None
