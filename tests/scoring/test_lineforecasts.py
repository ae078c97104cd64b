"""Forecasts of lines on the shipped evidence: what its stories tell, the shipped fit, the command, thinning."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from scoring.engine import comparator
from scoring.engine.comparator import load_comparator, parse_comparator
from scoring.engine.linetest import METHODS, Judged
from scoring.engine.outcomes import Outcome, has_failed, is_at_risk, outcome_after
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.kept import dossiers
from scoring.lineforecasts import forecast_lines
from scoring.linejudging import KNOWN_THROUGH, fit_lines, thin
from scoring.management.commands import backtestlines as command
from scoring.management.commands import fitlines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
MIDDLE = date(2025, 7, 1)


def became(slug: str, origin: date = MIDDLE, known_by: date = KNOWN_THROUGH) -> Outcome | None:
    assert is_at_risk(dossiers()[slug], load_rubric(SHIPPED), origin)
    return outcome_after(dossiers()[slug], load_rubric(SHIPPED), origin, known_by=known_by)


def failed_on(slug: str, origin: date = MIDDLE) -> tuple[str, date | None]:
    found = became(slug, origin)
    assert found is not None
    return found.mode or found.kind, found.on


def backtestlines(*arguments: str | Path) -> str:
    said = StringIO()
    call_command("backtestlines", *map(str, arguments), stdout=said)
    return said.getvalue()


# Outcomes -----------------------------------------------------------------------------------------


def test_qwen_and_wan_fail_and_deepseek_does_not() -> None:
    assert failed_on("alibaba-language") == ("closed_next", date(2025, 9, 5))
    assert failed_on("alibaba-video") == ("closed_next", date(2025, 12, 16))
    assert failed_on("deepseek-language") == ("kept", None)
    assert became("alibaba-language", known_by=date(2026, 1, 1)) is None, "not confirmed yet"


def test_narrower_terms_are_failures_too() -> None:
    assert failed_on("minimax-language") == ("restricted", date(2026, 3, 18))
    assert failed_on("meta-language", date(2025, 1, 1)) == ("restricted", date(2025, 4, 5))


def test_what_failed_leaves_risk() -> None:
    rubric = load_rubric(SHIPPED)
    for slug in ("alibaba-video", "baidu-language", "alibaba-language"):
        assert not is_at_risk(dossiers()[slug], rubric, KNOWN_THROUGH)
        assert has_failed(dossiers()[slug], rubric, KNOWN_THROUGH)


# Forecasts ----------------------------------------------------------------------------------------


def test_lines_at_risk_are_forecast_and_no_others() -> None:
    rubric, made = load_rubric(SHIPPED), load_comparator()
    found = forecast_lines(dossiers(), KNOWN_THROUGH)
    assert found.keys() == {slug for slug, one in dossiers().items() if is_at_risk(one, rubric, KNOWN_THROUGH)}
    for slug, said in found.items():
        assert said.line == slug
        assert said.comparator == made.probability(said.failed_before, said.launches)
        assert 0 < said.engine < 1
        assert (said.band, said.usual) == (made.band(said.comparator), made.usual)
        record = made.bands[said.band] if made.permits == "bands" else made.alike(said.failed_before)
        assert (said.failed, said.comparable) == (record.failed, record.comparable)


def test_the_record_of_a_vendor_reaches_all_its_lines() -> None:
    """Mistral closed models of both of its lines; DeepSeek closed none."""
    found = forecast_lines(dossiers(), KNOWN_THROUGH)
    assert found["mistral-code"].failed_before
    assert found["mistral-language"].failed_before
    assert not found["deepseek-language"].failed_before


# The shipped fit ----------------------------------------------------------------------------------


def test_the_shipped_comparator_is_the_fit_of_the_shipped_evidence() -> None:
    shipped = load_comparator()
    again = parse_comparator(
        comparator.render(fit_lines(load_rubric(shipped.rubric), date.fromisoformat(shipped.made_on))).encode()
    )
    exact = ("name", "protocol", "known_through", "cases_sha256", "cases", "failures", "bands", "records", "permits")
    assert [getattr(again, key) for key in exact] == [getattr(shipped, key) for key in exact]
    for key in ("intercept", "failed_before", "launches", "usual"):
        assert getattr(again, key) == pytest.approx(getattr(shipped, key), rel=1e-6), key


def test_fitlines_writes_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitlines, "FOLDER", tmp_path)
    call_command("fitlines", stdout=StringIO())
    assert not list(tmp_path.iterdir())
    call_command("fitlines", "--write", stdout=StringIO())
    made = parse_comparator((tmp_path / f"{comparator.COMPARATOR}.toml").read_bytes())
    assert made.cases_sha256 == load_comparator().cases_sha256


# The command --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def said(
    shipped: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, Any]]:
    path = tmp_path_factory.mktemp("lines") / "out.json"
    with django_db_blocker.unblock():
        printed = backtestlines("--json", path)
    return printed, json.loads(path.read_text(encoding="utf-8"))


def test_the_json_holds_every_figure_of_the_protocol(said: tuple[str, dict[str, Any]]) -> None:
    found = said[1]
    assert set(found["methods"]) == set(METHODS)
    assert found["outcomes"]["failed"] == sum(row["outcomes"]["failed"] for row in found["origins"])
    assert len(found["forecasts"]) == found["methods"]["engine"]["n"]
    assert set(found["runs"]) == {
        "derived_dates_dropped",
        "unread_outcomes_left_out",
        "recalled_rows_counted",
        "gating_not_counted",
        "pledges_on",
        "reach_x_pressure_on",
        "legal_points_on",
    }
    for bands in found["bands"].values():
        assert sum(bands[name]["comparable"] for name in comparator.BANDS) == len(found["forecasts"])


def test_ablations_move_the_score_and_nothing_else(said: tuple[str, dict[str, Any]]) -> None:
    found = said[1]
    for name in ("pledges_on", "legal_points_on"):
        run = found["runs"][name]["methods"]
        assert run["comparator"] == found["methods"]["comparator"]
        assert run["engine"] != found["methods"]["engine"]


def test_misses_stand_by_name(said: tuple[str, dict[str, Any]]) -> None:
    printed, found = said
    for row in found["misses"]["comparator"]:
        assert f"{row['origin']}  {row['line']}: {row['mode']} {row['failed_on']}" in printed
    assert found["misses"]["comparator"]


def test_another_rubric_can_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(rubric: Rubric) -> dict[str, Judged]:
        raise CommandError(f"asked for {rubric.name}")

    monkeypatch.setattr(command, "judge_all", nothing)
    with pytest.raises(CommandError, match=r"asked for durability-0\.2\.0"):
        backtestlines("--rubric", "durability-0.2.0")


def test_an_unknown_rubric_is_refused() -> None:
    with pytest.raises(CommandError, match="no rubric named 'nix'") as refused:
        backtestlines("--rubric", "nix")
    assert refused.value.returncode == 2


# Thinning -----------------------------------------------------------------------------------------


def test_scores_do_not_lean_on_how_much_was_written(said: tuple[str, dict[str, Any]]) -> None:
    assert said[1]["thinning"]["holds"]


def test_few_of_many_lines_are_thinned(said: tuple[str, dict[str, Any]]) -> None:
    """The aim is no empty one: the lines that much was written about are among those thinned."""
    found = said[1]["thinning"]
    assert len(found["moves"]) > 20
    assert {"alibaba-language", "meta-language"} <= set(found["moves"])


def test_the_version_before_leaned_on_it() -> None:
    """What the test is for: with six times the caps it fails."""
    found = thin(load_rubric("durability-0.3.0"))
    assert not found.holds
    assert found.beyond > 10
