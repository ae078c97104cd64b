"""The gate: what fails, what is unclear, and the exit status that a pipeline sees."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskboard.catalog.models import Release
from riskboard.portfolio.gate import (
    COMPOSITE,
    Condition,
    ConditionError,
    Outcome,
    Question,
    Result,
    conditions_of,
    judge,
)
from riskboard.portfolio.gate_report import as_sarif
from riskboard.portfolio.models import Company
from riskboard.portfolio.reading import Mention, read
from tests.cast import (
    make_community_license,
    make_family,
    make_license,
    make_license_change,
    make_line,
    make_release,
    make_revision,
    make_source,
)
from tests.portfolio.making import make_team

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)
REPOSITORY = "keeper/Model-7B"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def release() -> Release:
    return make_release(make_family(make_line()), hf_repo=REPOSITORY, released_on=date(2026, 6, 1))


def named(*references: str) -> list[Mention]:
    lines = [f'AutoModel.from_pretrained("{reference}")' for reference in references]
    return read("app.py", "\n".join(lines).encode())


def judged(*conditions: str, mentions: list[Mention] | None = None, **asked: Any) -> Result:
    question = Question(TODAY, conditions_of(conditions), **asked)
    return judge(named(REPOSITORY) if mentions is None else mentions, question)


def rules(result: Result) -> list[tuple[str, Outcome]]:
    return [(finding.rule, finding.outcome) for finding in result.findings]


def test_what_nothing_happened_to_passes(release: Release) -> None:
    result = judged("gone,license_changed")
    assert result.findings == ()
    assert result.outcome == Outcome.PASS


def test_withdrawn_weights_are_gone_from_their_day_on(release: Release) -> None:
    Release.objects.update(withdrawn_on=TODAY + timedelta(days=1))
    assert judged("gone").outcome == Outcome.PASS
    Release.objects.update(withdrawn_on=TODAY)
    result = judged("gone")
    assert rules(result) == [("gone", Outcome.FAIL)]
    assert "2026-06-30" in result.findings[0].message


def test_what_is_only_recalled_fails_nobody(release: Release) -> None:
    Release.objects.update(withdrawn_on=TODAY, source=make_source("", "recalled (not verified)"))
    assert rules(judged("gone")) == [("gone", Outcome.UNCLEAR)]


def test_hosted_access_that_ended_is_gone_where_it_is_used(release: Release) -> None:
    Release.objects.update(hosted_ended_on=TODAY)
    assert judged("gone").outcome == Outcome.PASS
    Release.objects.update(access="api_only", weights_on=None)
    assert judged("gone").outcome == Outcome.FAIL


def change(release: Release, day: date, **fields: Any) -> None:
    usual = {
        "vendor": release.family.line.vendor,
        "family": release.family,
        "from_license": release.license,
        "to_license": make_community_license(),
        "announced_on": day,
        "effective_on": day,
        "applies_to": "all_versions",
        "scope": "weights",
        "direction": "tightening",
    }
    make_license_change(**(usual | fields))


def test_a_license_changed_since_the_release_or_a_given_day(release: Release) -> None:
    change(release, date(2026, 6, 10))
    result = judged("license_changed")
    assert rules(result) == [("license_changed", Outcome.FAIL)]
    assert "day of its release" in result.findings[0].message
    assert result.findings[0].path.startswith("/changes/")
    assert judged("license_changed", since=date(2026, 6, 9)).outcome == Outcome.FAIL
    assert judged("license_changed", since=date(2026, 6, 10)).outcome == Outcome.PASS


def test_a_license_changed_since_the_pinned_revision(release: Release) -> None:
    change(release, date(2026, 6, 10))
    make_revision(release, repository=REPOSITORY, commit_sha=COMMIT, captured_on=date(2026, 6, 12))
    pinned = read("app.py", f'AutoModel.from_pretrained("{REPOSITORY}", revision="{COMMIT}")'.encode())
    assert judged("license_changed", mentions=pinned).outcome == Outcome.PASS
    assert judged("license_changed").outcome == Outcome.FAIL


def test_a_change_of_new_versions_or_of_code_does_not_reach_what_is_held(release: Release) -> None:
    change(release, date(2026, 6, 10), applies_to="new_versions")
    change(release, date(2026, 6, 11), scope="code")
    assert judged("license_changed").outcome == Outcome.PASS


def test_an_announced_change_fails_before_it_takes_effect(release: Release) -> None:
    change(release, date(2026, 6, 10), effective_on=date(2026, 9, 1))
    assert "2026-09-01" in judged("license_changed").findings[0].message


def test_a_recalled_change_and_a_missing_license_are_unclear(release: Release) -> None:
    change(release, date(2026, 6, 10), source=make_source("", "recalled (not verified)"))
    assert rules(judged("license_changed")) == [("license_changed", Outcome.UNCLEAR)]
    Release.objects.update(license=None)
    assert judged("license_changed").outcome == Outcome.UNCLEAR


def test_a_clause_bites_a_company_above_its_limit(release: Release) -> None:
    Release.objects.update(license=make_community_license())
    company = Company(team=make_team(), monthly_users=200_000_000, is_commercial=True)
    result = judged("clause_bites", company=company)
    assert ("clause_bites", Outcome.FAIL) in rules(result)
    assert result.outcome == Outcome.FAIL


def test_a_clause_that_nobody_read_is_unclear_never_a_pass(release: Release) -> None:
    clauses = dict.fromkeys(("use_restrictions", "output_training_restriction", "naming_obligation", "terminable"))
    unread = make_license("unread", text_read=False, irrevocable=None, **clauses)
    Release.objects.update(license=unread)
    assert rules(judged("clause_bites", company=Company(team=make_team()))) == [("clause_bites", Outcome.UNCLEAR)]


def test_a_likelihood_without_evidence_for_it_is_unclear(release: Release) -> None:
    assert rules(judged("closed_next:12m:0.4")) == [("closed_next", Outcome.UNCLEAR)]


def test_unmatched_models_and_files_without_models_are_unclear(release: Release) -> None:
    unknown = named("nobody/nothing")
    assert rules(judged("gone", mentions=unknown)) == [("unmatched", Outcome.UNCLEAR)]
    assert judged("gone", mentions=unknown, allow_unmatched=True).outcome == Outcome.PASS
    assert rules(judged("gone", mentions=[])) == [("no_models", Outcome.UNCLEAR)]


def test_evidence_older_than_allowed_is_unclear_and_a_fact_still_fails(release: Release) -> None:
    assert rules(judged("gone", max_age=28)) == [("evidence_age", Outcome.UNCLEAR)]
    assert judged("gone", max_age=29).outcome == Outcome.PASS
    Release.objects.update(withdrawn_on=TODAY)
    assert judged("gone", max_age=1).outcome == Outcome.FAIL


def test_queries_do_not_grow_with_the_file(release: Release) -> None:
    make_release(release.family, hf_repo="keeper/Other")
    counts = []
    for mentions in (named(REPOSITORY, "a/b"), named(REPOSITORY, "keeper/Other", *(f"a/b{n}" for n in range(30)))):
        judged("gone,license_changed,clause_bites", mentions=mentions)
        with CaptureQueriesContext(connection) as asked:
            judged("gone,license_changed,clause_bites", mentions=mentions)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("word", ["durability", "score<40", "composite:12m:0.4", "grade:c", "total:12m:0.3"])
def test_the_composite_is_refused_with_the_reason(word: str) -> None:
    assert COMPOSITE.match(word)
    with pytest.raises(ConditionError, match="Name what must not happen"):
        conditions_of([word])


@pytest.mark.parametrize("word", ["", "gona", "closed_next", "closed_next:6m:0.4", "closed_next:12m:0", "gone:12m:0.4"])
def test_what_is_no_condition_is_refused(word: str) -> None:
    with pytest.raises(ConditionError):
        conditions_of([word])


def test_conditions_are_read_once_each() -> None:
    assert conditions_of(["gone, Restricted:24m:.25", "gone"]) == (Condition("gone"), Condition("restricted", 24, 0.25))


def test_sarif_holds_what_the_standard_requires(release: Release) -> None:
    Release.objects.update(withdrawn_on=TODAY)
    log = as_sarif(judged("gone", mentions=named(REPOSITORY, "no/body")), "my app.py", "https://board.example/")
    check_sarif(log)
    first, second = log["runs"][0]["results"]
    assert (first["ruleId"], first["level"], second["ruleId"], second["level"]) == (
        "gone",
        "error",
        "unmatched",
        "warning",
    )
    place = first["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "my%20app.py"}, "region": {"startLine": 1}}
    assert f"https://board.example{release.get_absolute_url()}" in first["message"]["text"]


def check_sarif(log: dict[str, Any]) -> None:
    """What SARIF 2.1.0 requires of each object that we write."""
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert all(isinstance(invocation["executionSuccessful"], bool) for invocation in run["invocations"])
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
        for location in result["locations"]:
            assert location["physicalLocation"]["artifactLocation"]["uri"]
            assert location["physicalLocation"].get("region", {"startLine": 1})["startLine"] >= 1


# The command --------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path, release: Release) -> Path:
    Release.objects.update(released_on=timezone.localdate(), published_on=timezone.localdate())
    path = tmp_path / "app.py"
    path.write_text(f'AutoModel.from_pretrained("{REPOSITORY}")')
    return path


def test_the_command_passes_and_fails(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("gate", str(file))
    assert capsys.readouterr().out.startswith("PASS")
    Release.objects.update(withdrawn_on=timezone.localdate())
    with pytest.raises(SystemExit) as ended:
        call_command("gate", str(file), "--format=json")
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["outcome"], told["exit"], told["findings"][0]["rule"]) == ("fail", 1, "gone")


def test_the_command_says_that_it_cannot_tell(file: Path) -> None:
    file.write_text('AutoModel.from_pretrained("no/body")')
    with pytest.raises(SystemExit) as ended:
        call_command("gate", str(file))
    assert ended.value.code == 3


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--fail-on", "durability"], "composite"),
        (["--fail-on", "clause_bites"], "--team"),
        (["--fail-on", "clause_bites", "--team", "Nobody"], "no team"),
        (["--kind", "cyclonedx"], "is no JSON"),
    ],
)
def test_the_command_refuses_bad_input(file: Path, arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason) as refused:
        call_command("gate", str(file), *arguments)
    assert refused.value.returncode == 2


@pytest.fixture
def empty_board(tmp_path: Path) -> dict[str, str]:
    """A board of its own, with no evidence, for programs started beside the tests."""
    return os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'gate.sqlite3'}", "DEBUG": "true"}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_exit_status_as_a_pipeline_sees_it(empty_board: dict[str, str], tmp_path: Path) -> None:
    listed = tmp_path / "app.py"
    listed.write_text('AutoModel.from_pretrained("no/body")')
    assert run(empty_board, "gate", str(listed)).returncode == 3  # no database yet: no pass and no failure
    assert run(empty_board, "migrate", "-v0").returncode == 0
    unclear = run(empty_board, "gate", str(listed))
    assert unclear.returncode == 3, unclear.stderr
    assert "CANNOT TELL" in unclear.stdout
    refused = run(empty_board, "gate", str(listed), "--fail-on", "score")
    assert refused.returncode == 2
    assert "composite" in refused.stderr
    assert run(empty_board, "gate", str(tmp_path / "missing")).returncode == 2
