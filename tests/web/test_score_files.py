"""Scores to take away and compute again: from a line's page, for all lines, and back through the command."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from scoring.engine.recheck import SAME, check
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.kept import lines_known_on
from scoring.selectors import assessments
from tests.web.conftest import SCORED_ON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
QWEN = "/lines/alibaba-language/"


def told(*arguments: str) -> tuple[int, str]:
    """Exit code and output of checkscore."""
    out = StringIO()
    try:
        call_command("checkscore", *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.parametrize("day", [None, date(2025, 6, 1)])
def test_the_page_gives_the_score_it_shows_as_a_file(client: Client, day: date | None) -> None:
    query = f"?as_of={day}" if day else ""
    page = client.get(QWEN + query).content.decode()
    assert f'href="{QWEN}score.json{query}">Check this score</a>' in page
    response = client.get(f"{QWEN}score.json{query}")
    assert response["Content-Disposition"].endswith(f'"riskboard-score-alibaba-language-{day or SCORED_ON}.json"')
    content = json.loads(response.content)
    found = assessments(day or SCORED_ON)["alibaba-language"]
    assert content["result"]["raw"] == found.raw
    assert content["rubric"]["sha256"] == load_rubric(SHIPPED).sha256
    assert all(report["published"] <= str(found.as_of) for report in content["dossier"]["reports"])
    assert check(response.content).code == SAME


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?as_of=2999-01-01", "is in the future"),
        ("?as_of=soon", "Write a day that exists as YYYY-MM-DD."),
        ("?day=2025-01-01", "does not know the parameter"),
    ],
)
def test_a_wrong_day_is_refused_in_words(client: Client, query: str, sentence: str) -> None:
    response = client.get(f"{QWEN}score.json{query}")
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert client.get("/lines/nobody/score.json").status_code == 404


def test_every_line_is_written_and_checked(tmp_path: Path) -> None:
    out = StringIO()
    call_command("exportscores", str(tmp_path / "scores"), as_of="2026-11-20", stdout=out)
    files = sorted((tmp_path / "scores").iterdir())
    assert len(files) == len(lines_known_on(date(2026, 11, 20))) > 70
    assert out.getvalue() == f"{len(files)} scores as of 2026-11-20 in {tmp_path / 'scores'}.\n"
    code, output = told(*map(str, files))
    assert (code, output.count("same, byte for byte")) == (0, len(files))


def test_the_command_tells_what_differs_and_what_it_cannot_read(tmp_path: Path, client: Client) -> None:
    path = tmp_path / "score.json"
    content: Any = json.loads(client.get(f"{QWEN}score.json").content)
    content["result"]["high"] = 100.0
    path.write_text(json.dumps(content), encoding="utf-8")
    code, output = told(str(path))
    assert code == 1
    assert output.startswith(f"{path}: different: result.high: the file says 100.0, computed again it is ")
    path.write_text("{}", encoding="utf-8")
    assert told(str(path)) == (2, f"{path}: not readable: file.as_of: missing\n")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="file: File exists"):
        call_command("exportscores", str(tmp_path / "file"))


def test_the_data_page_says_how(client: Client) -> None:
    page = client.get("/data/").content.decode()
    assert 'id="check"' in page
    assert "python -m scoring.engine.recheck score.json" in page


def test_the_page_of_a_line_tells_its_place_and_what_holds_it_back(client: Client) -> None:
    found = assessments(SCORED_ON)
    held = next(each for each in found.values() if each.state.is_live and each.durability - each.ranked > 1)
    page = " ".join(client.get(f"/lines/{held.subject}/").content.decode().split())
    assert "live lines" in page
    assert "Place 1 is the most durable." in page
    assert f"so it ranks with {held.ranked:.0f}, nearer to where every line starts." in page
    closed = next(each for each in found.values() if not each.state.is_live)
    for address in (f"/lines/{closed.subject}/", f"/lines/{held.subject}/?as_of=2026-11-01"):
        assert "Place 1 is the most durable." not in client.get(address).content.decode()
