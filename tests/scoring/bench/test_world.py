"""The world that is measured is one that the board could hold."""

import numpy as np
import pytest

from scoring.bench.engine import score
from scoring.bench.world import dossier, draw
from scoring.engine.assess import assess
from scoring.engine.columns import columns_of
from scoring.engine.evidence import group_events
from tests.scoring.engine.dossiers import RUBRIC


def test_its_arrays_are_those_of_its_dossiers() -> None:
    world = draw(RUBRIC, lines=4, days=90, reports=700)
    lines = [group_events(dossier(world, RUBRIC, line).reports, RUBRIC) for line in range(4)]
    found, drawn = columns_of(lines, RUBRIC), world.columns
    assert len(drawn.event) == 700
    assert drawn.denies.any()
    assert (drawn.published < drawn.occurred[drawn.event]).any()
    for name in ("line", "kind", "sign", "severity", "occurred", "event", "published"):
        np.testing.assert_array_equal(getattr(found, name), getattr(drawn, name))
    np.testing.assert_allclose(np.sort(found.ratio), np.sort(drawn.ratio))


def test_what_is_timed_are_the_scores_that_the_board_would_show() -> None:
    world = draw(RUBRIC, lines=3, days=400, reports=1500)
    grid = score(world, RUBRIC)
    for line in range(3):
        whole = dossier(world, RUBRIC, line)
        for column in (0, 1, 150, 399):
            single = assess(whole, RUBRIC, grid.days()[column])
            found = [float(array[line, column]) for array in (grid.raw, grid.sd, grid.low, grid.durability)]
            assert found == pytest.approx([single.raw, single.sd, single.low, single.durability], abs=1e-9, rel=0)
