"""A rubric claims no more than its records permit."""

from dataclasses import replace

import pytest

from scoring.engine.backtest import ENGINE
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.precision import class_gate, exceeds, of_lines, of_scores
from scoring.record import BASE, load_record


def test_the_rubric_in_force_claims_no_more_than_the_record_permits() -> None:
    assert not exceeds(load_rubric(SHIPPED).precision, of_scores())
    assert exceeds("grades", of_scores())
    assert of_lines() in {"facts", "bands"}


def test_the_gate_on_past_commitments_is_read_from_their_record() -> None:
    found = class_gate(load_record())
    assert set(found) == {"log loss better than the base rate's", "order", "slope", "intercept", "calibration"}
    assert all(found.values())


@pytest.mark.parametrize(("column", "condition"), [(ENGINE, "order"), (BASE, "log loss better than the base rate's")])
def test_a_record_that_is_no_better_misses(column: str, condition: str) -> None:
    record = load_record()
    other = BASE if column == ENGINE else ENGINE
    chances = {**record.rows.chances, column: record.rows.chances[other]}
    assert not class_gate(replace(record, rows=replace(record.rows, chances=chances)))[condition]
