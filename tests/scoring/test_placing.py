"""Places are stored with the timelines, and a vendor nobody examined does not come out on top."""

from datetime import UTC, date, datetime

import pytest

from riskboard.catalog.models import Line
from scoring import services
from scoring.board import board
from scoring.models import History
from scoring.placing import placing_of, with_timelines
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def placed() -> dict[str, object]:
    return {line.slug: placing_of(line) for line in with_timelines(Line.objects.order_by("slug"))}


def test_places_are_stored_and_read_without_a_query_each(django_assert_num_queries: object) -> None:
    keeper = cast.keeper()
    newcomer = cast.make_family(cast.make_line(), "newcomer")
    cast.make_release(newcomer, date(2026, 2, 1))
    services.refresh(as_of=DAY, now=NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = placed()
    assert set(found) == {keeper.line.slug, newcomer.line.slug}
    assert found == {row.line.slug: row.placing for row in board()}
    assert found == {row.line.slug: row.placing for row in board(DAY)}
    stored = dict(History.objects.values_list("line__slug", "placing"))
    assert {each and each["of"] for each in stored.values()} == {2}


def test_a_vendor_with_one_release_and_no_facts_is_grey_and_held_back() -> None:
    newcomer = cast.make_family(cast.make_line(), "newcomer")
    cast.make_release(newcomer, date(2026, 2, 1))
    services.refresh(as_of=DAY, now=NOW)
    (row,) = board()
    assert row.insufficient
    assert row.durability is not None
    assert row.ranked is not None
    start = next(item["points"] for item in newcomer.line.scores.get().items if item["code"] == "BASE")
    assert start <= row.ranked < row.durability


def test_a_line_without_open_model_has_no_place() -> None:
    closed = cast.make_family(cast.make_line(), "closed")
    cast.make_release(closed, date(2026, 1, 1), access="api_only")
    services.refresh(as_of=DAY, now=NOW)
    assert placed() == {closed.line.slug: None}


def test_a_line_never_refreshed_has_no_place() -> None:
    line = cast.make_line()
    assert placed() == {line.slug: None}
