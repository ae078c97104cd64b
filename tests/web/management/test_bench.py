import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.cast import make_line

TINY = {"lines": 3, "days": 40, "reports": 400, "rounds": 1}
KEYS = {"id", "what", "value", "target", "stretch", "pass", "details"}


def figures(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.mark.django_db
def test_it_compares_the_main_pages_with_an_empty_one(tmp_path: Path) -> None:
    make_line(slug="acme-language")
    call_command("bench", only="pages", page_rounds=1, json=tmp_path / "figures.json")
    rows = {row["id"]: row for row in figures(tmp_path / "figures.json")["ratios"]}
    assert list(rows) == [f"{what}-{page}" for page in ("empty", "board", "line") for what in ("page", "queries")]
    assert (rows["page-empty"]["value"], rows["queries-empty"]["value"]) == (1.0, 0)
    for page in ("board", "line"):
        assert rows[f"page-{page}"]["details"]["bytes"] > 1000
        assert rows[f"queries-{page}"]["value"] > 0
        assert (rows[f"queries-{page}"]["target"], rows[f"queries-{page}"]["pass"]) == (12, True)


def test_it_holds_the_engine_against_copying_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("bench", only="engine", **TINY, json=tmp_path / "figures.json")
    found = figures(tmp_path / "figures.json")
    assert {"processor", "cores", "numpy", "load", "load_at_end"} <= found["machine"].keys()
    rows = {row["id"]: row for row in found["ratios"]}
    assert all(row.keys() == KEYS for row in rows.values())
    assert {"panel", "report", "report-time", "growth", "backtest", "memory"} <= rows.keys()
    assert (rows["panel"]["target"], rows["panel"]["stretch"]) == (15, 6)
    assert (rows["report-difference"]["target"], rows["report-difference"]["pass"]) == (1e-9, True)
    assert "3 lines x 40 days x 400 reports" in rows["panel"]["what"]
    shown = capsys.readouterr().out
    assert all(f"\n{name} " in shown for name in rows)


@pytest.mark.django_db
def test_without_evidence_it_says_how_to_load_it() -> None:
    with pytest.raises(CommandError, match=r"Load it first: \./run manage prepare"):
        call_command("bench")


@pytest.mark.parametrize("name", ["page-rounds", "rounds", "lines", "days", "reports"])
def test_nothing_at_all_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match=f"--{name} must be at least 1"):
        call_command("bench", **{name.replace("-", "_"): 0})
