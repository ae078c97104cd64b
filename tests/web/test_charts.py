from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from riskboard.web.charts import MOST_POINTS, STEP, Point, steps

SCORES = st.lists(st.floats(0, 100).map(lambda value: round(value, 2)), min_size=1, max_size=400)
FIRST = date(2024, 1, 1)


def drawn(values: list[float]) -> list[Point]:
    days = [FIRST + timedelta(days=offset) for offset in range(len(values))]
    return steps(days, values, values, values)


@given(SCORES)
def test_the_drawn_line_is_never_a_step_away_from_the_score(values: list[float]) -> None:
    points, place = drawn(values), 0
    for offset, value in enumerate(values):
        while place + 1 < len(points) and points[place + 1].on <= FIRST + timedelta(days=offset):
            place += 1
        assert abs(points[place].durability - value) < STEP


@given(SCORES)
def test_the_first_and_the_last_day_are_drawn(values: list[float]) -> None:
    points = drawn(values)
    assert points[0].on == FIRST
    assert points[-1].on == FIRST + timedelta(days=len(values) - 1)


def test_a_line_that_leaps_every_day_is_drawn_coarser() -> None:
    assert len(drawn([offset % 3 * 1.0 for offset in range(5000)])) <= MOST_POINTS


def test_a_jump_keeps_its_day() -> None:
    assert [point.on for point in drawn([60.0] * 10 + [45.0] * 10)] == [
        FIRST,
        FIRST + timedelta(days=10),
        FIRST + timedelta(days=19),
    ]


def test_a_line_without_history_draws_nothing() -> None:
    assert drawn([]) == []
