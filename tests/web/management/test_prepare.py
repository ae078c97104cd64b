import os
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from riskboard.web.management.commands import prepare
from tests.cast import make_line


@pytest.fixture
def sources(tmp_path: Path, settings: Settings) -> Path:
    """A project whose only static file is style.css, collected next to it."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "style.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = str(tmp_path / "collected")
    return folder


def test_static_files_are_collected_only_when_one_changed(sources: Path, settings: Settings) -> None:
    collected = Path(settings.STATIC_ROOT) / "style.css"
    prepare.collect_static()
    collected.unlink()
    prepare.collect_static()
    assert not collected.exists()

    (sources / "style.css").write_text("a { color: green }")
    os.utime(sources / "style.css", ns=(1, 1))
    prepare.collect_static()
    assert collected.read_text() == "a { color: green }"


def test_files_that_are_gone_are_gone_from_the_collection(sources: Path, settings: Settings) -> None:
    (sources / "old.css").write_text("")
    prepare.collect_static()
    (sources / "old.css").unlink()
    prepare.collect_static()
    assert not (Path(settings.STATIC_ROOT) / "old.css").exists()


@pytest.fixture
def steps(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that preparing calls, instead of calling them."""
    settings.VAR_DIR = tmp_path
    called: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_options: called.append(name))
    monkeypatch.setattr(prepare, "collect_static", lambda: called.append("collect_static"))
    return called


@pytest.mark.django_db
def test_the_steps_come_in_an_order_in_which_each_finds_what_it_needs(
    steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("prepare")
    assert steps == ["migrate", "loadevidence", "loadfeeds", "rescore", "collect_static"]
    assert "Scores: ready" in capsys.readouterr().out


@pytest.mark.django_db
def test_evidence_that_is_there_already_is_not_loaded_again(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("prepare")
    call_command("prepare")
    assert steps.count("loadevidence") == 2, "an empty database is filled, whatever was loaded into an older one"

    make_line()
    call_command("prepare")
    assert steps.count("loadevidence") == 2

    monkeypatch.setattr(prepare, "evidence_digest", lambda: "of other files")
    call_command("prepare")
    assert steps.count("loadevidence") == 3
