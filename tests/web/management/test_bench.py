import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.cast import make_line

pytestmark = pytest.mark.django_db


def test_it_compares_the_main_pages_with_an_empty_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_line(slug="acme-language")
    call_command("bench", rounds=1, json=tmp_path / "figures.json")
    figures = {row["name"]: row for row in json.loads((tmp_path / "figures.json").read_text())}
    assert list(figures) == ["empty", "board", "line"]
    assert (figures["empty"]["ratio"], figures["empty"]["queries"]) == (1.0, 0)
    for name in ("board", "line"):
        assert figures[name]["size"] > 1000
        assert 0 < figures[name]["queries"] <= 12
    assert capsys.readouterr().out.count(" x empty") == 3


def test_without_evidence_it_says_how_to_load_it() -> None:
    with pytest.raises(CommandError, match=r"Load it first: \./run manage prepare"):
        call_command("bench")


def test_no_rounds_at_all_are_refused() -> None:
    with pytest.raises(CommandError, match="--rounds must be at least 1"):
        call_command("bench", rounds=0)
