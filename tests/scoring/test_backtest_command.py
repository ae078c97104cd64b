"""``manage.py backtest`` and ``fit``: the JSON, what is printed, and what is refused."""

import csv
import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from scoring.engine import expert
from scoring.engine.reference import REFERENCE, load_reference, parse_reference
from scoring.histories import SHIPPED_CLASS
from scoring.management.commands import fit

KEYS = {"n", "events", "brier", "log_loss", "bss", "auc24", "c_index", "ece", "intercept", "slope"}
METHODS = {
    "engine",
    "base_rate",
    "governance_km",
    "license_only",
    "era_only",
    "weighted_sum",
    "weighted_sum_era",
    "expert_points",
    "unpenalized",
}
HISTORY = SHIPPED_CLASS / "history.csv"
SIGNALS = SHIPPED_CLASS / "history_signals.csv"
FACTS = SHIPPED_CLASS / "history_facts.csv"


def backtest(*arguments: str | Path) -> str:
    said = StringIO()
    call_command("backtest", *map(str, arguments), stdout=said)
    return said.getvalue()


def refused(*arguments: str | Path) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        backtest(*arguments)
    return error.value.returncode, str(error.value)


def kept(tmp_path: Path, name: str, wanted: set[str]) -> Path:
    """The shipped file with the rows of some subjects only."""
    with (SHIPPED_CLASS / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[0] in wanted)])
    return path


def check_figures(found: dict[str, Any]) -> None:
    assert set(found["methods"]) == METHODS
    for figures in found["methods"].values():
        assert set(figures) == KEYS
    assert set(found["comparisons"]) == METHODS - {"engine"}
    for one in found["comparisons"].values():
        assert set(one) == {"difference", "low", "high", "better"}
        assert one["low"] <= one["high"]


def test_rolling_origin_on_files(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    said = backtest("--history", HISTORY, "--signals", SIGNALS, "--facts", FACTS, "--refit", "--json", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    check_figures(found)
    check_figures(found["groups"]["single_vendor"])
    engine = found["methods"]["engine"]
    assert (found["protocol"], found["cases"], found["failures"]) == ("rolling origin", 291, 129)
    assert sum(row["n"] for row in found["origins"]) == engine["n"]
    assert sum(row["events"] for row in found["origins"]) == engine["events"]
    assert sum(part["n"] for part in found["reliability"]) == engine["n"]
    assert found["groups"]["domain:ai_model"]["methods"]["engine"]["n"] > 0
    assert f"{engine['log_loss']:.4f}" in said
    assert "among those the fit has seen" not in said


def test_without_refit_the_shipped_fit_is_judged_as_it_is(tmp_path: Path) -> None:
    with HISTORY.open(encoding="utf-8", newline="") as file:
        some = {row["id"] for number, row in enumerate(csv.DictReader(file)) if number % 4 == 0}
    out = tmp_path / "out.json"
    history, signals = kept(tmp_path, HISTORY.name, some), kept(tmp_path, SIGNALS.name, some)
    said = backtest("--history", history, "--signals", signals, "--json", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    check_figures(found)
    assert (found["protocol"], found["fit"], found["cases"]) == ("as shipped", REFERENCE, len(some))
    assert f"{len(some)} of these cases are among those the fit has seen" in said
    whole = json.loads(out.read_text(encoding="utf-8"))["methods"]["engine"]
    shutil.copy(signals, tmp_path / "again.csv")
    backtest("--history", history, "--signals", tmp_path / "again.csv", "--json", out)
    assert json.loads(out.read_text(encoding="utf-8"))["methods"]["engine"] == whole


def test_without_files_it_takes_the_shipped_class_and_can_leave_recalled_rows_out() -> None:
    assert "2887" in backtest()
    fewer = backtest("--exclude-low-confidence")
    assert "191 of these cases" in fewer


def test_probes_are_reported(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with HISTORY.open(encoding="utf-8", newline="") as file:
        some = {row["id"] for number, row in enumerate(csv.DictReader(file)) if number % 3}
    history, signals = kept(tmp_path, HISTORY.name, some), kept(tmp_path, SIGNALS.name, some)
    said = backtest("--history", history, "--signals", signals, "--refit", "--probes", "--json", out)
    probes = json.loads(out.read_text(encoding="utf-8"))["probes"]
    assert probes["truncation"]["difference"] < 1e-12
    assert {"state_only", "count_only", "permuted_0", "domains_left_out", "vendors_left_out"} <= set(probes["methods"])
    assert "ai_models_left_out" in said


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--signals", SIGNALS], 2, "--history"),
        (["--history", HISTORY], 2, "--signals"),
        (["--history", "none.csv", "--signals", SIGNALS], 2, "none.csv: cannot be read"),
        (["--history", SIGNALS, "--signals", SIGNALS], 2, "column subject: this column is missing"),
        (["--json", "no/such/folder.json"], 2, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str | Path], code: int, reason: str) -> None:
    returned, said = refused(*arguments)
    assert returned == code
    assert reason in said


def test_nothing_to_judge_is_said(tmp_path: Path) -> None:
    young, signals = kept(tmp_path, HISTORY.name, set()), kept(tmp_path, SIGNALS.name, set())
    row = "a,A,A,os,c,2025-01-01,MIT,none,,,,,,,,,2025-06-01,,,high\n"
    young.write_text(young.read_text(encoding="utf-8") + row, encoding="utf-8")
    for more in ([], ["--refit"]):
        code, said = refused("--history", young, "--signals", signals, *more)
        assert (code, "no case was at risk on a 1 January" in said) == (1, True)
    young.write_text(young.read_text(encoding="utf-8").replace("high", "low"), encoding="utf-8")
    assert refused("--history", young, "--signals", signals, "--exclude-low-confidence")[0] == 1


def test_a_fit_that_does_not_settle_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.engine.fit.STEPS", 1)
    code, said = refused("--refit")
    assert (code, "did not settle in 1 steps" in said) == (1, True)


def test_many_notes_are_shortened(tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    rows = [f"x{n},X,X,os,c,,MIT,none,,,,,,,,,2025-06-01,,,high" for n in range(30)]
    history.write_text(HISTORY.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
    said = backtest("--history", history, "--signals", SIGNALS)
    assert "x0 is left out: when it began is unknown." in said
    assert "... and 10 more notes." in said


def test_fit_shows_the_weights_and_writes_only_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "FOLDER", tmp_path)
    said = StringIO()
    call_command("fit", stdout=said)
    assert all(name in said.getvalue() for name in expert.load_expert().columns)
    assert list(tmp_path.iterdir()) == []
    call_command("fit", "--write", stdout=said)
    written = parse_reference((tmp_path / f"{REFERENCE}.toml").read_bytes())
    assert written.mean == pytest.approx(load_reference().mean, abs=1e-6)
