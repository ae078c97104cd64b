"""One more report gives what reading the whole line again gives."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.facts import Dossier
from scoring.engine.increment import lane
from scoring.engine.panel import panel_on
from tests.scoring.engine.dossiers import RUBRIC, STEADY, dossiers, on, report

DAYS = np.arange(on(-100).toordinal(), on(1101).toordinal())


@settings(max_examples=60)
@given(dossiers(), st.data())
def test_adding_a_report_equals_reading_all_of_them(dossier: Dossier, data: st.DataObject) -> None:
    if not dossier.reports:
        return
    new = data.draw(st.sampled_from(dossier.reports))
    others = replace(dossier, reports=tuple(row for row in dossier.reports if row is not new))
    grown, whole = lane(others, RUBRIC, DAYS).with_report(new).scores(), panel_on([dossier], RUBRIC, DAYS)
    np.testing.assert_allclose(grown.raw, whole.raw, rtol=0, atol=1e-9)
    np.testing.assert_allclose(grown.sd, whole.sd, rtol=0, atol=1e-9)


def test_reports_can_be_added_one_after_another() -> None:
    rows = (report("e", "layoffs", 5), report("e", "layoffs", 5, denies=True, published=40), report("f", "ipo", 90))
    grown = lane(STEADY, RUBRIC, DAYS)
    for row in rows:
        grown = grown.with_report(row)
    whole = panel_on([replace(STEADY, reports=rows)], RUBRIC, DAYS)
    np.testing.assert_allclose(grown.scores().raw, whole.raw, rtol=0, atol=1e-9)
    assert grown.scores().subjects == ("acme-language",)


def test_the_lane_that_grew_stays_as_it_was() -> None:
    before = lane(STEADY, RUBRIC, DAYS)
    raw = before.scores().raw.copy()
    assert before.with_report(report("e", "ipo", 5)).scores().raw[0, 300] < raw[0, 300]
    np.testing.assert_array_equal(before.scores().raw, raw)
