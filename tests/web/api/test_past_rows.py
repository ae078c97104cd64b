"""What a row of the evidence gained later is not told of an earlier day."""

from datetime import date

import pytest

from riskboard.catalog.models import Ruling
from tests import cast
from tests.web.api.conftest import Program

pytestmark = pytest.mark.django_db


def test_a_ruling_that_came_later_is_not_told(stranger: Program) -> None:
    pledge = cast.make_pledge(
        cast.make_vendor(), status="broken", status_on=date(2025, 6, 3), status_reason="It came closed."
    )
    Ruling.objects.create(pledge=pledge, status="at_risk", ruled_on=date(2025, 1, 10), reason="Late.")

    def told(day: str) -> tuple[str, str | None, str | None]:
        (row,) = stranger.read(f"pledges?as_of={day}")["items"]
        return row["status"], row["status_on"], row["status_reason"]

    assert told("2024-12-31") == ("open", "2024-06-01", None)
    assert told("2025-06-02") == ("at_risk", "2025-01-10", "Late.")
    assert told("2025-06-03") == ("broken", "2025-06-03", "It came closed.")
    assert stranger.read("pledges?as_of=2025-06-02&status=broken")["items"] == []
    assert len(stranger.read("pledges?as_of=2025-06-02&status=at_risk")["items"]) == 1


def test_a_withdrawal_that_came_later_is_not_told(stranger: Program) -> None:
    cast.make_release(withdrawn_on=date(2025, 9, 1), access="withdrawn")
    (before,) = stranger.read("releases?as_of=2025-08-31")["items"]
    assert (before["withdrawn_on"], before["access"]) == (None, None)
    (after,) = stranger.read("releases?as_of=2025-09-01")["items"]
    assert (after["withdrawn_on"], after["access"]) == ("2025-09-01", "withdrawn")


def test_a_clause_that_nobody_read_is_null(stranger: Program) -> None:
    cast.make_community_license()
    (row,) = stranger.read("licenses")["items"]
    assert row["irrevocable"] is None
    assert row["use_restrictions"] is True
    assert row["thresholds"] == [
        {
            "metric": "monthly_active_users",
            "amount": 100_000_000,
            "currency": None,
            "period": "month",
            "who": None,
            "consequence": "license_needed",
        }
    ]


def test_a_recalled_row_says_so(stranger: Program) -> None:
    cast.make_signal(cast.make_vendor(), source=cast.make_source(title="recalled: someone said so"))
    (row,) = stranger.read("signals")["items"]
    assert row["source"] == {"url": None, "title": "recalled: someone said so", "is_recalled": True}
