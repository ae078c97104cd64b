"""The Qwen example under the prototype's constants gives the prototype's numbers."""

from dataclasses import replace
from datetime import date

import pytest

from scoring.engine.assess import assess, what_if
from scoring.engine.facts import StateFact
from tests.scoring.engine.dossiers import PROTOTYPE
from tests.scoring.engine.qwen import QWEN, flagship

LAST = date(2026, 11, 23)

# day, score, low, high, grade, P of a failure in 24 months, pressure, pledges in the order in which they were made
TIMELINE = """
2023-09-01 54.9 45 65 C 0.27 0.00 -
2023-10-01 55.9 46 66 C 0.26 0.00 -
2023-11-01 55.8 45 66 C 0.26 0.00 -
2023-12-01 57.8 48 68 C 0.23 0.00 open:open
2024-01-01 57.6 48 68 C 0.23 0.00 open:open
2024-02-01 57.4 47 67 C 0.23 0.00 open:open
2024-03-01 58.0 48 68 C 0.23 0.00 open:kept
2024-04-01 57.8 48 68 C 0.23 0.00 open:kept
2024-05-01 58.3 48 68 C 0.22 0.00 open:kept
2024-06-01 58.1 48 68 C 0.22 0.00 open:kept
2024-07-01 73.4 64 83 B 0.08 0.00 open:kept
2024-08-01 73.3 64 83 B 0.09 0.00 open:kept
2024-09-01 73.1 63 83 B 0.09 0.00 open:kept
2024-10-01 73.6 64 83 B 0.08 0.00 open:kept
2024-11-01 73.4 64 83 B 0.08 0.00 open:kept
2024-12-01 73.7 64 83 B 0.08 0.00 open:kept
2025-01-01 73.6 64 83 B 0.08 0.00 open:kept
2025-02-01 72.0 62 82 B 0.09 0.00 open:kept
2025-03-01 74.2 65 84 B 0.08 0.00 open:kept
2025-04-01 74.9 65 84 B 0.08 0.00 open:kept
2025-05-01 74.9 65 85 B 0.08 0.00 open:kept
2025-06-01 74.7 65 84 B 0.08 0.00 open:kept
2025-07-01 74.4 65 84 B 0.08 0.00 open:kept
2025-08-01 74.9 65 85 B 0.08 0.00 open:kept
2025-09-01 74.6 65 84 B 0.08 0.00 open:kept
2025-10-01 71.8 62 81 B 0.09 0.09 open:kept
2025-11-01 70.4 61 80 B 0.10 0.08 open:kept
2025-12-01 70.1 61 80 B 0.10 0.08 open:kept
2026-01-01 69.8 60 79 B 0.11 0.08 open:at_risk
2026-02-01 68.3 59 78 B 0.12 0.13 open:at_risk
2026-03-01 69.5 60 79 B 0.11 0.12 open:kept
2026-03-05 64.6 55 75 B 0.15 0.36 open:kept
2026-03-20 50.2 40 60 C 0.36 0.72 open:at_risk
2026-04-01 50.4 40 60 C 0.35 0.72 open:at_risk
2026-04-10 50.0 40 60 C 0.36 0.76 open:at_risk,reaffirmed:open
2026-05-01 49.5 39 59 C 0.37 0.74 open:at_risk,reaffirmed:open
2026-06-01 45.5 35 56 D 0.46 0.79 open:at_risk,reaffirmed:open
2026-07-01 44.0 34 54 D 0.49 0.77 open:at_risk,reaffirmed:open
2026-08-01 44.1 34 54 D 0.49 0.75 open:at_risk,reaffirmed:at_risk
2026-09-01 44.3 34 54 D 0.49 0.73 open:at_risk,reaffirmed:at_risk
2026-10-01 43.5 33 54 D 0.50 0.71 open:at_risk,reaffirmed:at_risk
2026-11-01 43.1 33 53 D 0.51 0.70 open:at_risk,reaffirmed:at_risk
2026-11-23 43.0 33 53 D 0.52 0.68 open:at_risk,reaffirmed:at_risk
"""
ROWS = [tuple(line.split()) for line in TIMELINE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_timeline(row: tuple[str, ...]) -> None:
    day, score, low, high, _, chance, pressure, pledges = row
    result = assess(QWEN, PROTOTYPE, date.fromisoformat(day))
    assert result.durability == pytest.approx(float(score), abs=0.1)
    # These were printed as whole numbers and with two decimals.
    assert (result.low, result.high) == pytest.approx((float(low), float(high)), abs=0.51)
    assert result.forecast(24).central == pytest.approx(float(chance), abs=0.0051)
    assert result.pressure == pytest.approx(float(pressure), abs=0.0051)
    expected = {} if pledges == "-" else dict(part.split(":") for part in pledges.split(","))
    assert {reading.pledge.split("-")[0]: reading.status for reading in result.pledges} == expected


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_grades_of_live_days(row: tuple[str, ...]) -> None:
    """The prototype graded every day; a line that is closed gets no letter any more."""
    result = assess(QWEN, PROTOTYPE, date.fromisoformat(row[0]))
    assert result.grade == (row[4] if result.state.is_live else "")


ITEMS = {
    "BE:flagship_share": -4.04,
    "EV:ath": -2.92,
    "EV:100bn": -2.92,
    "EV:maas": -2.87,
    "EV:lin": -2.09,
    "ST:governance": -2.00,
    "ST:funding": -2.00,
    "BE:cadence": -1.98,
    "EV:profit67": -1.61,
    "EV:techcom": -1.49,
    "IN:reach_x_pressure": -1.36,
    "ST:business_model": -1.00,
    "EV:android": -0.74,
    "EV:hui": -0.38,
    "PL:best_pledge:reaffirmed-2026": 0.40,
    "EV:deriv-90k": 0.49,
    "BE:open_lag": 1.00,
    "EV:deriv-170k": 1.20,
    "EV:moe-fund": 1.24,
    "ST:license": 6.00,
    "BASE": 60.0,
}


def test_items_of_the_last_day() -> None:
    result = assess(QWEN, PROTOTYPE, LAST)
    assert {item.key: item.points for item in result.contributions} == pytest.approx(ITEMS, abs=0.0051)
    assert result.durability == pytest.approx(42.95, abs=0.0051)


def test_ways_of_failing_on_the_last_day() -> None:
    """The prototype's figures are those of the central score: shares of the hazard times its probability."""
    expected = {12: (0.022, 0.066, 0.241), 24: (0.035, 0.104, 0.378)}
    for forecast in assess(QWEN, PROTOTYPE, LAST).forecasts:
        averaged = (forecast.withdrawn, forecast.restricted, forecast.closed_next)
        central = tuple(part * forecast.central / forecast.total for part in averaged)
        assert central == pytest.approx(expected[forecast.months], abs=0.00051)


def test_pledges_on_the_last_day() -> None:
    first, second = assess(QWEN, PROTOTYPE, LAST).pledges
    assert (first.status, second.status) == ("at_risk", "at_risk")
    assert (first.credibility, first.points, second.points) == pytest.approx((0.61, 0.08, 0.40), abs=0.0051)
    assert first.reason == "pressure rose by 0.56 above the level under which it was last kept"
    assert second.reason == "the latest flagship since the pledge is not open"


def test_what_ifs_on_the_last_day() -> None:
    foundation = StateFact("f", "governance", "foundation", date(2026, 11, 22), date(2026, 11, 22))
    assert what_if(QWEN, PROTOTYPE, LAST, remove=["ath"])[0] == pytest.approx(1.9, abs=0.051)
    assert what_if(QWEN, PROTOTYPE, LAST, releases=[flagship("next", "2026-11-20")])[0] == pytest.approx(3.9, abs=0.051)
    assert what_if(QWEN, PROTOTYPE, LAST, facts=[foundation])[0] == pytest.approx(14.0, abs=0.051)


def test_its_states() -> None:
    """Single hosted flagships leave it open or mixed; as smaller models still open, so do two in a row."""
    states = {
        day: assess(QWEN, PROTOTYPE, date.fromisoformat(day)).state
        for day in ("2025-10-01", "2026-01-01", "2026-11-23")
    }
    assert [state.code for state in states.values()] == ["open", "mixed", "mixed"]
    assert states["2025-10-01"].pending == ("Qwen3-Max",)
    assert states["2026-01-01"].since == date(2025, 9, 24)
    assert states["2026-11-23"].since == date(2026, 4, 2)


def test_the_shipped_constants_leave_the_license_out() -> None:
    rubric = replace(
        PROTOTYPE, dimensions=PROTOTYPE.dimensions | {"legal": replace(PROTOTYPE.dimensions["legal"], multiplier=0.0)}
    )
    assert assess(QWEN, rubric, LAST).raw == pytest.approx(assess(QWEN, PROTOTYPE, LAST).raw - 6.0)
