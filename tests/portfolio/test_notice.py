"""How long before a change takes effect it is announced, and how much longer than that a switch takes."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskboard.catalog.models import Family
from riskboard.portfolio.models import Deployment
from riskboard.portfolio.notice import Notice, notice_of, notices_of, portability_gap, reference_notice
from riskboard.portfolio.plans import begun
from tests import cast
from tests.portfolio.making import make_deployment, make_team

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def tightened(family: Family, announced: date, days: int | None, **fields: object) -> None:
    effective = None if days is None else announced + timedelta(days=days)
    before, after = cast.make_license("a"), cast.make_license("b")
    cast.make_license_change(family, before, after, announced, effective_on=effective, **fields)


def test_the_reference_class_gives_no_notice_at_the_median() -> None:
    found = reference_notice(TODAY)
    assert found.days == 0
    assert 0 < found.at_once <= found.counted
    assert not found.is_own


def test_the_reference_class_of_an_early_day_is_smaller() -> None:
    assert reference_notice(date(2020, 1, 1)).counted < reference_notice(TODAY).counted


def test_three_notices_of_a_vendor_count_instead_of_the_reference_class() -> None:
    family = cast.make_family()
    for number, days in enumerate((60, 30, 0)):
        tightened(family, date(2025, 1 + number, 1), days)
    found = notice_of(family.line, TODAY)
    assert (found.own, found.is_own, found.days, found.own_at_once) == ((0, 30, 60), True, 30, 1)


def test_two_notices_are_told_and_not_counted_on() -> None:
    family = cast.make_family()
    tightened(family, date(2025, 1, 1), 60)
    tightened(family, date(2025, 2, 1), 90)
    found = notice_of(family.line, TODAY)
    assert (found.own, found.is_own, found.days) == ((60, 90), False, 0)


def test_one_decision_about_two_families_is_one_notice() -> None:
    family = cast.make_family()
    tightened(family, date(2025, 1, 1), 60)
    tightened(cast.make_family(family.line), date(2025, 1, 1), 60)
    assert notice_of(family.line, TODAY).own == (60,)


def test_what_is_undated_recalled_loosened_or_yet_to_come_is_no_notice() -> None:
    family = cast.make_family()
    tightened(family, date(2025, 1, 1), None)
    tightened(family, date(2025, 2, 1), 60, source=cast.make_source("", "recalled from memory"))
    tightened(family, date(2025, 3, 1), 60, direction="loosening")
    tightened(family, TODAY + timedelta(days=1), 60)
    assert notice_of(family.line, TODAY).own == ()


def test_terms_that_reach_back_give_no_notice() -> None:
    family = cast.make_family()
    tightened(family, date(2025, 1, 1), -30)
    assert notice_of(family.line, TODAY).own == (0,)


def test_many_vendors_cost_one_query() -> None:
    vendors = [cast.make_vendor().pk for _ in range(5)]
    with CaptureQueriesContext(connection) as asked:
        assert set(notices_of(vendors, TODAY)) == set(vendors)
    assert len(asked) == 1


def notice(days: int | None) -> Notice:
    return Notice((), days, 3, 5)


def deployed(days: int | None) -> Deployment:
    return make_deployment(make_team(), switch_days=days)


@pytest.mark.parametrize(
    ("switch", "given", "gap", "must_act"), [(45, 0, 45, True), (20, 20, 0, False), (20, 90, -70, False)]
)
def test_the_gap_is_the_switch_less_the_notice(switch: int, given: int, gap: int, must_act: bool) -> None:
    found = portability_gap(deployed(switch), notice(given))
    assert (found.days, found.must_act) == (gap, must_act)


@pytest.mark.parametrize(("switch", "given"), [(None, 0), (20, None)])
def test_a_gap_of_which_one_side_is_unknown_is_unknown(switch: int | None, given: int | None) -> None:
    found = portability_gap(deployed(switch), notice(given))
    assert (found.days, found.must_act) == (None, False)


def test_a_rehearsal_says_better_than_an_estimate() -> None:
    deployment = deployed(10)
    begun(deployment).rehearsals.create(held_on=TODAY, outcome="passed", took_days=25)
    found = portability_gap(Deployment.objects.get(pk=deployment.pk), notice(0))
    assert (found.days, found.switch.is_rehearsed) == (25, True)
