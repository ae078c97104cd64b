"""``releasekey``, ``releaseevidence`` and ``updateevidence``: what they do, say, and exit with."""

import io
import json
import re
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.catalog import faults
from riskboard.catalog.loading import load_evidence
from riskboard.catalog.models import Signal
from riskboard.catalog.services import record
from riskboard.ingest.evidence_releases.models import EvidenceRelease
from riskboard.web.management.commands import prepare, releaseevidence, updateevidence
from scoring.models import Score
from tests.catalog.evidence_folder import EvidenceFolder
from tests.ingest.raw_server import answer, serving
from tests.ingest.releases import MADE, TRUSTED, make_release, release

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> EvidenceFolder:
    (tmp_path / "made").mkdir()
    return EvidenceFolder(tmp_path / "made")


@pytest.fixture
def path(folder: EvidenceFolder, tmp_path: Path, settings: Settings) -> str:
    """A genuine release in a file, with more severe layoffs and one row fewer than what is loaded here."""
    settings.EVIDENCE_RELEASE_KEYS = [TRUSTED.text]
    folder.add("signals", id="second", event_id="two")
    load_evidence(folder.path, now=NOW)
    folder.reset()
    folder.change("signals", severity="4")
    return packed(folder, tmp_path)


def packed(folder: EvidenceFolder, tmp_path: Path, made: datetime = MADE) -> str:
    found = tmp_path / f"{made:%d}.zip"
    found.write_bytes(release(folder, made=made))
    return str(found)


def said(name: str, *arguments: str, **options: Any) -> str:
    out = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


def refused(name: str, *arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        said(name, *arguments)
    return error.value.returncode, str(error.value)


def severity() -> int:
    return Signal.objects.get(key="acme-layoffs").severity


def test_it_shows_installs_scores_and_the_second_time_has_nothing_to_do(path: str) -> None:
    text = said("updateevidence", path, "--yes")
    assert "Evidence release 20261120090000, made 2026-11-20 09:00 UTC, signed by key" in text
    assert "~ signals acme-layoffs, severity: '3' becomes '4'" in text
    assert "- signals second" in text
    assert re.search(r"^signals +0 +1 +1 +0 +0 +0$", text, re.MULTILINE)
    assert "Installed evidence release 20261120090000. Scores follow:" in text
    assert "1 scores stored" in text
    assert (severity(), Signal.objects.count(), Score.objects.count()) == (4, 1, 1)
    assert EvidenceRelease.objects.get().origin == "20.zip"
    assert "nothing to do" in said("updateevidence", path)
    assert EvidenceRelease.objects.count() == 1


def test_a_dry_run_shows_the_same_and_changes_nothing(path: str) -> None:
    text = said("updateevidence", path, "--dry-run")
    assert "~ signals acme-layoffs, severity: '3' becomes '4'" in text
    assert "Nothing has changed: this was a dry run." in text
    assert (severity(), Signal.objects.count(), EvidenceRelease.objects.count()) == (3, 2, 0)


def test_without_a_terminal_it_shows_and_wants_to_be_told(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    code, text = refused("updateevidence", path)
    assert code == updateevidence.UNCONFIRMED
    assert "Say --yes" in text
    assert severity() == 3


@pytest.mark.parametrize(("typed", "becomes"), [("y\n", 4), ("Yes\n", 4), ("n\n", 3), ("\n", 3), ("", 3)])
def test_at_a_terminal_it_asks(typed: str, becomes: int, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(typed))
    if becomes == 4:
        assert "Install it? [y/N]" in said("updateevidence", path)
    else:
        assert refused("updateevidence", path) == (updateevidence.UNCONFIRMED, "Nothing has changed.")
    assert severity() == becomes


def test_when_no_row_changes_it_says_so_and_records_the_installation_without_asking(
    folder: EvidenceFolder, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("updateevidence", path, "--yes")
    newer = packed(folder, tmp_path, MADE + timedelta(days=1))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    text = said("updateevidence", newer)
    assert "No row changes, so there is nothing to ask." in text
    assert "Install it?" not in text
    assert EvidenceRelease.objects.count() == 2


def test_a_release_that_cannot_be_had_is_named_once(path: str) -> None:
    for origin in ("http://releases.example.org/r.zip", "nowhere/r.zip"):
        code, text = refused("updateevidence", origin)
        assert (code, text.count(origin)) == (updateevidence.UNFIT, 1)


def test_an_edit_made_here_is_said_to_stay(path: str) -> None:
    signal = Signal.objects.get(key="acme-layoffs")
    signal.severity = 2
    record(signal, by=None, why="Read it again")
    text = said("updateevidence", path, "--yes")
    assert "Kept as they are here, and otherwise in the release:\n  = signals acme-layoffs, severity: here '2'" in text
    assert severity() == 2


def test_an_older_release_needs_to_be_asked_for(path: str, folder: EvidenceFolder, tmp_path: Path) -> None:
    said("updateevidence", path, "--yes")
    folder.change("signals", severity="5")
    older = packed(folder, tmp_path, MADE - timedelta(days=1))
    code, text = refused("updateevidence", older, "--yes")
    assert code == updateevidence.OLDER
    assert "older than release 20261120090000" in text
    assert "--older" in text
    said("updateevidence", older, "--yes", "--older")
    assert severity() == 5


def test_from_an_address(path: str, settings: Settings) -> None:
    content = Path(path).read_bytes()
    with serving(lambda heard: answer(content)) as server:
        settings.ALLOWED_FETCH_ORIGINS = [server.url]
        said("updateevidence", f"{server.url}/evidence.zip", "--yes")
        assert EvidenceRelease.objects.get().origin == f"{server.url}/evidence.zip"
    assert severity() == 4


def test_without_a_trusted_key_it_says_what_to_set(path: str, settings: Settings) -> None:
    settings.EVIDENCE_RELEASE_KEYS = []
    code, text = refused("updateevidence", path, "--yes")
    assert code == updateevidence.MISUSED
    assert "EVIDENCE_RELEASE_KEYS" in text
    said("updateevidence", path, "--yes", "--trust", TRUSTED.text)
    assert severity() == 4


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["--trust", "abc"], updateevidence.MISUSED, "'abc' is no public key"),
        (["--by", "nobody"], updateevidence.MISUSED, "There is no account 'nobody'"),
    ],
)
def test_what_was_asked_in_a_wrong_way(arguments: list[str], code: int, text: str, path: str) -> None:
    found = refused("updateevidence", path, "--yes", *arguments)
    assert found[0] == code
    assert text in found[1]
    assert severity() == 3


def test_faults_name_file_member_and_line(path: str, folder: EvidenceFolder, tmp_path: Path) -> None:
    code, text = refused("updateevidence", str(tmp_path / "none.zip"), "--yes")
    assert code == updateevidence.UNFIT
    assert "none.zip cannot be read: No such file" in text
    (tmp_path / "half.zip").write_bytes(Path(path).read_bytes()[:500])
    assert (
        "half.zip: This is no zip file, or not all of it." in refused("updateevidence", str(tmp_path / "half.zip"))[1]
    )
    folder.add("signals", id="third", event_id="three", severity="many")
    code, text = refused("updateevidence", packed(folder, tmp_path, MADE), "--yes")
    assert code == updateevidence.UNFIT
    assert re.search(r"signals\.csv\D+3\D+severity", text)
    assert severity() == 3


def test_the_log_names_who_installed_it(path: str) -> None:
    ann = User.objects.create_user("ann")
    said("updateevidence", path, "--yes", "--by", "ann")
    assert EvidenceRelease.objects.get().installed_by == ann
    assert Entry.objects.get().actor == ann


def test_long_lists_say_how_much_more_there_is(
    path: str, folder: EvidenceFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "SHOWN", 2)
    for number in range(5):
        folder.add("signals", id=f"more-{number}", event_id=f"more-{number}")
    assert "... and 3 more." in said("updateevidence", packed(folder, tmp_path, MADE), "--dry-run")


def test_a_database_without_tables_is_told_what_to_do(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EvidenceRelease._meta, "db_table", "not_there")
    assert "./run manage migrate" in refused("updateevidence", path)[1]


# Making one ----------------------------------------------------------------------------------------


def test_what_one_board_releases_another_installs(folder: EvidenceFolder, tmp_path: Path, settings: Settings) -> None:
    load_evidence(folder.path, now=NOW)
    record(Signal.objects.get(), by=None, why="Ours")
    key, out = tmp_path / "key.pem", tmp_path / "evidence.zip"
    text = said("releasekey", str(key))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "PRIVATE" not in text
    public = text.rsplit("EVIDENCE_RELEASE_KEYS=")[1].strip()
    text = said("releaseevidence", "--key", str(key), str(out))
    assert "evidence release 20261124120000, 11 rows" in text
    assert "1 of the rows were entered or edited on this board" in text
    with zipfile.ZipFile(out) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["serial"], manifest["newest_on"], manifest["local_rows"]) == (20261124120000, "2025-06-01", 1)
    assert manifest["files"]["signals.csv"]["rows"] == 1

    settings.EVIDENCE_RELEASE_KEYS = [public]
    Signal.objects.all().delete()
    text = said("updateevidence", str(out), "--yes")
    assert "+ signals acme-layoffs" in text
    assert not Signal.objects.get().is_local


def test_the_key_may_come_from_the_environment(
    folder: EvidenceFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("releasekey", str(tmp_path / "key.pem"))
    pem = (tmp_path / "key.pem").read_text()
    monkeypatch.setenv(releaseevidence.VARIABLE, pem.replace("\n", "\\n"))
    said("releaseevidence", str(tmp_path / "one.zip"))
    assert zipfile.is_zipfile(tmp_path / "one.zip")


def test_what_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: EvidenceFolder
) -> None:
    monkeypatch.delenv(releaseevidence.VARIABLE, raising=False)
    key, out = str(tmp_path / "key.pem"), tmp_path / "out.zip"
    said("releasekey", key)
    cases: list[tuple[Callable[[], tuple[int, str]], int, str]] = [
        (lambda: refused("releasekey", key), 2, "is never overwritten"),
        (lambda: refused("releasekey", str(tmp_path / "no" / "key.pem")), 2, "cannot be written: No such file"),
        (lambda: refused("releaseevidence", str(out)), 2, "--key FILE"),
        (lambda: refused("releaseevidence", "--key", str(tmp_path / "none"), str(out)), 2, "cannot be read"),
        (lambda: refused("releaseevidence", "--key", __file__, str(out)), 2, "no private key in PEM form"),
        (lambda: refused("releaseevidence", "--key", key, str(tmp_path / "no" / "x")), 2, "cannot be written"),
        (lambda: refused("releaseevidence", "--key", key, key), 2, "exists"),
    ]
    before = sorted(tmp_path.iterdir())
    for attempt, code, text in cases:
        found = attempt()
        assert (found[0], text in found[1]) == (code, True), found
    assert sorted(tmp_path.iterdir()) == before


def test_a_release_that_nobody_could_install_is_not_made(
    tmp_path: Path, folder: EvidenceFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("releasekey", str(tmp_path / "key.pem"))
    monkeypatch.setattr("riskboard.ingest.evidence_releases.archive.LARGEST", 100)
    code, text = refused("releaseevidence", "--key", str(tmp_path / "key.pem"), str(tmp_path / "out.zip"))
    assert code == 3
    assert "no board could install it" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.pem", "made"]


def test_an_upgrade_does_not_put_older_evidence_over_a_release(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    called: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_options: called.append(name))
    monkeypatch.setattr(prepare, "collect_static", lambda: None)
    make_release()
    assert "It comes from evidence release 20261120090000" in said("prepare")
    assert "loadevidence" not in called
