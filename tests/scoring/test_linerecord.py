"""The stored test on model lines is what the protocol gives on the shipped evidence."""

import json

import pytest

from scoring import linejudging
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.schema import RubricError
from scoring.linerecord import LINE_RECORD, load_line_record, parse_lines, render_lines
from scoring.management.commands import trackrecord

STORED = trackrecord.FOLDER / f"{LINE_RECORD}.json"


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_what_is_stored_is_what_the_protocol_gives_today() -> None:
    rubric = load_rubric(SHIPPED)
    found = linejudging.report(linejudging.judge_all(rubric), linejudging.thin(rubric), rubric)
    today, stored = (json.loads(text) for text in (render_lines(found), STORED.read_text(encoding="utf-8")))
    assert today["rubric_sha256"] == stored["rubric_sha256"], "run `manage.py trackrecord --lines --write`"
    assert today == stored, "run `manage.py trackrecord --lines --write`"


def test_the_record_adds_up() -> None:
    record = load_line_record()
    assert record.outcomes.n == sum(origin.outcomes.n for origin in record.origins)
    assert record.outcomes.failed == sum(origin.outcomes.failed for origin in record.origins)
    for figures in record.methods.values():
        assert (figures.n, figures.failures) == (record.outcomes.n, record.outcomes.failed)
    for bands in record.bands.values():
        assert sum(each.comparable for each in bands.records.values()) == record.outcomes.n
        assert sum(each.failed for each in bands.records.values()) == record.outcomes.failed
    gain = record.methods["engine"].log_score - record.methods["comparator"].log_score
    assert record.differences["engine-comparator"].difference == pytest.approx(gain, abs=1e-5)
    assert record.permits == ("bands" if all(record.gate[record.shown].values()) else "facts")


def test_forecasts_of_single_lines_are_not_stored() -> None:
    assert "forecasts" not in json.loads(render_lines({"forecasts": [1], "n": 1 / 3}))
    assert json.loads(render_lines({"n": [1 / 3, None, 2]})) == {"n": [0.333333, None, 2]}


@pytest.mark.parametrize("content", ["{", "{}", '{"rubric": 1}'])
def test_a_record_that_is_not_whole_is_refused(content: str) -> None:
    with pytest.raises(RubricError, match="not usable"):
        parse_lines(content)
