"""The world that is measured is one that the board could hold."""

import numpy as np

from scoring.bench.world import dossier, draw
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
