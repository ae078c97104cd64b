"""The panel equals the assessment of every single day."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.assess import assess
from scoring.engine.facts import Dossier
from scoring.engine.panel import panel, panel_on
from scoring.engine.totals import LINES
from tests.scoring.engine.dossiers import OFFSETS, PROTOTYPE, RUBRIC, START, STEADY, dossiers, on, report
from tests.scoring.engine.qwen import QWEN

FIRST, LAST = on(-100), on(1100)


@settings(max_examples=60)
@given(st.lists(dossiers(), min_size=1, max_size=3), st.lists(st.integers(0, 1200), min_size=1, max_size=4))
def test_panel_equals_assess_on_any_day(lines: list[Dossier], offsets: list[int]) -> None:
    grid = panel(lines, RUBRIC, FIRST, LAST)
    for row, dossier in enumerate(lines):
        for offset in offsets:
            single = assess(dossier, RUBRIC, FIRST + timedelta(days=offset))
            forecasts = [forecast.total for forecast in single.forecasts]
            expected = [single.durability, single.raw, single.low, single.high, single.sd, *forecasts]
            arrays = (grid.durability, grid.raw, grid.low, grid.high, grid.sd, grid.p12, grid.p24)
            assert [float(array[row, offset]) for array in arrays] == pytest.approx(expected, abs=1e-9, rel=0)


@settings(max_examples=30)
@given(dossiers(), st.lists(OFFSETS, min_size=1, max_size=12, unique=True).map(sorted))
def test_days_may_lie_apart(dossier: Dossier, offsets: list[int]) -> None:
    days = np.array([on(offset).toordinal() for offset in offsets])
    grid = panel_on([dossier], RUBRIC, days)
    single = [assess(dossier, RUBRIC, day) for day in grid.days()]
    assert grid.raw[0].tolist() == pytest.approx([one.raw for one in single], abs=1e-9, rel=0)
    assert grid.sd[0].tolist() == pytest.approx([one.sd for one in single], abs=1e-9, rel=0)


def test_many_lines_are_each_as_if_alone() -> None:
    kinds = sorted(RUBRIC.kinds)
    lines = [
        Dossier(f"line-{n}", reports=tuple(report(f"e{k}", kinds[(n + k) % len(kinds)], 7 * k) for k in range(n % 5)))
        for n in range(2 * LINES + 3)
    ]
    grid = panel(lines, RUBRIC, FIRST, LAST)
    for row in (0, 4, LINES - 1, LINES, 2 * LINES, 2 * LINES + 2):
        np.testing.assert_allclose(grid.raw[row], panel([lines[row]], RUBRIC, FIRST, LAST).raw[0], rtol=0, atol=1e-12)


@settings(max_examples=30)
@given(dossiers(), st.integers(0, 1100))
def test_later_rows_leave_earlier_days_alone(dossier: Dossier, cut: int) -> None:
    early = replace(dossier, reports=tuple(row for row in dossier.reports if row.published <= on(cut)))
    whole, part = (panel([line], RUBRIC, FIRST, LAST) for line in (dossier, early))
    until = (on(cut) - FIRST).days + 1
    np.testing.assert_allclose(whole.raw[:, :until], part.raw[:, :until], atol=1e-9)
    np.testing.assert_allclose(whole.sd[:, :until], part.sd[:, :until], atol=1e-9)


def test_every_day_of_the_qwen_example() -> None:
    first, last = date(2026, 2, 1), date(2026, 6, 1)
    grid = panel([QWEN], PROTOTYPE, first, last)
    for column, day in enumerate(grid.days()):
        assert grid.raw[0, column] == pytest.approx(assess(QWEN, PROTOTYPE, day).raw, abs=1e-9, rel=0)
    assert (grid.days()[0], grid.days()[-1]) == (first, last)


def test_shape_and_subjects() -> None:
    other = replace(STEADY, subject="other-vision", reports=(report("e", "ipo", 5),))
    grid = panel([STEADY, other], RUBRIC, START, on(9))
    assert grid.subjects == ("acme-language", "other-vision")
    assert grid.raw.shape == grid.p24.shape == (2, 10)
    assert grid.raw.dtype == np.float64
    assert (grid.raw[0, :5] == grid.raw[1, :5]).all()
    assert (grid.raw[0, 5:] > grid.raw[1, 5:]).all()
    assert (grid.p12 < grid.p24).all()


def test_no_lines_and_no_days() -> None:
    assert panel([], RUBRIC, START, on(3)).raw.shape == (0, 4)
    with pytest.raises(ValueError, match="has no days"):
        panel([STEADY], RUBRIC, on(1), START)
