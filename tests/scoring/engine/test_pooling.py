"""All prefixes of all events at once, against one prefix of one event at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.columns import columns_of
from scoring.engine.evidence import credence, group_events
from scoring.engine.facts import Report
from scoring.engine.pooling import beliefs
from tests.scoring.engine.dossiers import RUBRIC, report


@st.composite
def one_event(draw: st.DrawFn, name: str) -> list[Report]:
    return [
        report(
            name,
            "layoffs",
            code=draw(st.sampled_from("ABCDEF")) + draw(st.sampled_from("123456")),
            origin=draw(st.sampled_from("xyz")),
            published=number,
            denies=draw(st.sampled_from([False, False, True])),
        )
        for number in range(draw(st.integers(1, 7)))
    ]


@settings(max_examples=150)
@given(st.tuples(one_event("a"), one_event("b"), one_event("c")))
def test_after_each_report_the_event_is_as_real_as_its_reports_so_far_make_it(events: tuple[list[Report], ...]) -> None:
    grouped = group_events([row for rows in events for row in rows], RUBRIC)
    found, weight = beliefs(columns_of([grouped], RUBRIC), RUBRIC.admiralty)
    prefixes = [event.reports[:end] for event in grouped for end in range(1, len(event.reports) + 1)]
    assert found.tolist() == pytest.approx([credence(rows, RUBRIC.admiralty) for rows in prefixes], abs=1e-12)
    assert weight.tolist() == [1.0 if any(not row.denies for row in rows) else 0.0 for rows in prefixes]


def test_lines_taken_by_themselves_are_read_as_among_others() -> None:
    lines = [group_events([report("a", "ipo"), report(f"b{n}", "layoffs", origin="x")], RUBRIC) for n in range(3)]
    columns = columns_of(lines, RUBRIC)
    alone = columns.of_lines(slice(1, 3))
    assert (alone.lines, alone.line.tolist(), alone.event.tolist()) == (2, [0, 0, 1, 1], [0, 1, 2, 3])
    np.testing.assert_array_equal(beliefs(alone, RUBRIC.admiralty)[0], beliefs(columns, RUBRIC.admiralty)[0][2:])
