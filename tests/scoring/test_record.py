"""The stored forecasts are those of the code and of the class that ship, and every figure follows from them."""

from dataclasses import asdict
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from scoring import backtests, record
from scoring.engine.backtest import ENGINE, Run
from scoring.engine.expert import load_expert
from scoring.engine.metrics import share_interval
from scoring.engine.periods import new_year
from scoring.engine.reference import REFERENCE, load_reference
from scoring.engine.schema import RubricError
from scoring.histories import load_shipped
from scoring.management.commands import trackrecord
from scoring.record import METHODS, RECORD, STATES, load_record, parse_record, parse_rows, render_head

STORED = trackrecord.FOLDER / f"{RECORD}.csv"
HEAD = STORED.with_suffix(".toml")


@pytest.fixture(scope="module")
def run() -> Run:
    return backtests.refit(load_shipped().cases)


def test_every_stored_forecast_is_what_the_back_test_says_today() -> None:
    said = StringIO()
    call_command("trackrecord", stdout=said)
    assert "All equal" in said.getvalue()


def test_the_record_belongs_to_the_class_the_priors_and_the_fit_that_ship() -> None:
    head = load_record().head
    assert (head.name, head.fit) == (RECORD, REFERENCE)
    assert head.class_sha256 == backtests.class_digest() == load_reference().class_sha256
    assert (head.expert, head.expert_sha256) == (load_expert().name, load_expert().sha256)
    cases = load_shipped().cases
    assert (head.cases, head.failures) == (len(cases), sum(case.failed for case in cases))
    assert head.recalled == sum(case.low_confidence for case in cases)
    assert render_head(head).encode() == HEAD.read_bytes()


def test_figures_from_four_decimals_are_those_of_the_run(run: Run) -> None:
    found, exact = record.figures(load_record().rows), backtests.report(run)["methods"]
    for name, figures in exact.items():
        assert (found[name].n, found[name].events) == (figures["n"], figures["events"])
        for key in ("brier", "log_loss", "bss", "auc24", "ece", "slope"):
            assert getattr(found[name], key) == pytest.approx(figures[key], abs=2e-3), (name, key)


def test_comparisons_are_those_of_the_run_and_turn_with_their_reference(run: Run) -> None:
    rows = load_record().rows
    engine, states = record.comparisons(rows, ENGINE), record.comparisons(rows, STATES)
    assert engine["base_rate"].low == pytest.approx(backtests.report(run)["comparisons"]["base_rate"]["low"], abs=1e-3)
    assert engine[STATES].difference == pytest.approx(-states[ENGINE].difference)
    assert STATES not in states


def test_a_part_of_the_rows_keeps_its_columns_together() -> None:
    rows = load_record().rows
    part = rows.where(rows.domain == "database")
    assert 0 < len(part) < len(rows)
    assert set(part.domain) == {"database"}
    assert set(part.chances) == set(METHODS)
    assert all(len(chance) == len(part) for chance in part.chances.values())


def test_a_failure_lies_within_24_months_of_its_forecast() -> None:
    rows = load_record().rows
    days = rows.ended - np.array([new_year(int(year)) for year in rows.year])
    assert (days[rows.hit] < 731).all()
    ended = {case.id: case.ended.toordinal() for case in load_shipped().cases}
    assert all(ended[case] == day for case, day in zip(rows.case[rows.hit], rows.ended[rows.hit], strict=True))


def test_rows_that_were_touched_are_refused() -> None:
    rows, head = STORED.read_bytes(), HEAD.read_bytes()
    with pytest.raises(RubricError, match="rows_sha256"):
        parse_record(rows.replace(b",yes,", b",no,", 1), head)
    with pytest.raises(RubricError, match="columns"):
        parse_rows(rows.replace(b"case,vendor", b"case,maker", 1))
    with pytest.raises(RubricError, match="TOML"):
        parse_record(rows, b"name = ")


def test_what_is_written_today_is_what_is_stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(trackrecord, "FOLDER", tmp_path)
    call_command("trackrecord", "--write", stdout=StringIO())
    written = (tmp_path / f"{RECORD}.csv").read_bytes()
    assert written == STORED.read_bytes()
    today = parse_record(written, (tmp_path / f"{RECORD}.toml").read_bytes()).head
    kept = load_record().head
    assert today.truncation.difference < 1e-9
    assert list(today.probes) == list(kept.probes)
    for name, probe in today.probes.items():
        assert asdict(probe) == pytest.approx(asdict(kept.probes[name]), abs=1e-5)
    (tmp_path / f"{RECORD}.csv").write_bytes(written.replace(b",yes,", b",no,", 1))
    with pytest.raises(CommandError, match="is not what"):
        call_command("trackrecord", stdout=StringIO())


def test_the_interval_of_a_share() -> None:
    assert share_interval(5, 10) == pytest.approx((0.2693, 0.7307), abs=1e-3)
    assert share_interval(0, 10)[0] == 0.0
    assert share_interval(0, 10)[1] == pytest.approx(0.2130, abs=1e-3)
    assert share_interval(10, 10)[1] == 1.0
