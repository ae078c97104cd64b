"""The gate as a pipeline asks it, through the API and through the small program that asks the API."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from riskboard.catalog.models import Release
from riskboard.portfolio import gate_client
from riskboard.portfolio.models import Company
from riskboard.web.access import Role
from riskboard.web.accounts.models import ApiScope
from tests.cast import make_community_license, make_release
from tests.web.api.conftest import START
from tests.web.people import make_api_token, make_user, team_for

pytestmark = pytest.mark.django_db
SOURCE = b'AutoModel.from_pretrained("keeper/Model-7B")'


@pytest.fixture
def release() -> Release:
    return make_release(hf_repo="keeper/Model-7B", released_on=timezone.localdate())


def post(query: str, content: bytes = SOURCE, token: str = "") -> Any:  # noqa: ANN401 -- the client's own response
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().post(f"{START}gate?{query}", content, content_type="application/octet-stream", headers=headers)


def test_a_stranger_asks_about_public_facts(release: Release) -> None:
    answer = post("name=app.py").json()
    assert (answer["outcome"], answer["exit"], answer["models"][0]["release"]) == ("pass", 0, release.slug)
    Release.objects.update(withdrawn_on=timezone.localdate())
    answer = post("name=app.py&sarif=true").json()
    assert (answer["exit"], answer["findings"][0]["rule"]) == (1, "gone")
    assert answer["findings"][0]["path"] == release.get_absolute_url()
    assert answer["sarif"]["version"] == "2.1.0"
    assert answer["text"].startswith("FAIL  app.py")


@pytest.mark.parametrize(
    ("query", "content", "field"),
    [
        ("fail_on=score", SOURCE, "fail_on"),
        ("kind=word", SOURCE, "kind"),
        ("name=bom.json", b"{", "body"),
        ("", b" " * 2_000_001, "body"),
        ("since=tomorrow", SOURCE, "since"),
        ("color=red", SOURCE, "color"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(query: str, content: bytes, field: str) -> None:
    answer = post(query, content)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_clauses_are_asked_with_a_token_of_the_team(release: Release) -> None:
    Release.objects.update(license=make_community_license())
    user = make_user(Role.VIEWER)
    reads, opens = (make_api_token(user, scope).text for scope in (ApiScope.READ, ApiScope.PORTFOLIO))
    assert post("fail_on=clause_bites").status_code == 403
    assert post("fail_on=clause_bites", token=reads).status_code == 403
    assert post("fail_on=clause_bites", token=opens).status_code == 404
    Company.objects.create(team=team_for(user), monthly_users=200_000_000, is_commercial=True)
    answer = post("name=app.py&fail_on=clause_bites", token=opens).json()
    assert ("clause_bites", "fail") in {(each["rule"], each["outcome"]) for each in answer["findings"]}


# The program --------------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """With nothing of ours in reach: it needs Python alone."""
    environment = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-I", str(gate_client.__file__), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_program_passes_fails_and_refuses(release: Release, live_server: LiveServer, tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_bytes(SOURCE)
    passing = run("--board", live_server.url, str(file))
    assert passing.returncode == 0, passing.stderr
    assert passing.stdout.startswith("PASS")
    assert run("--board", live_server.url, "--model", "no/body").returncode == 3
    Release.objects.update(withdrawn_on=timezone.localdate())
    failing = run("--board", f"{live_server.url}/", "--model", "keeper/Model-7B", "--format", "sarif")
    assert failing.returncode == 1, failing.stderr
    assert json.loads(failing.stdout)["runs"][0]["results"][0]["ruleId"] == "gone"
    refused = run("--board", live_server.url, str(file), "--fail-on", "durability")
    assert refused.returncode == 2
    assert "composite" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--board", "http://127.0.0.1:9", "--model", "a/b"), 3),
        (("--board", "board.example", "--model", "a/b"), 2),
        (("--board", "http://127.0.0.1:9"), 2),
        (("--board", "http://127.0.0.1:9", "missing.json"), 2),
    ],
)
def test_the_program_without_a_board_or_a_file(arguments: tuple[str, ...], status: int) -> None:
    ended = run(*arguments)
    assert ended.returncode == status
    assert ended.stderr.startswith("gate: ")


def test_the_program_says_where_the_file_goes() -> None:
    assert "to that board and to nowhere else" in run("--help").stdout
