"""The one way to newer evidence for a board that nobody feeds; needs no network when the release is a file."""

import sys
import tempfile
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import Tags
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connection
from django.utils import timezone

from riskboard.catalog.faults import EvidenceError, titled
from riskboard.catalog.loading import LoadReport
from riskboard.catalog.writing import Count
from riskboard.ingest.evidence_releases import fetching, installing
from riskboard.ingest.evidence_releases.archive import Opened, open_release
from riskboard.ingest.evidence_releases.keys import KeyFault, PublicKey
from riskboard.ingest.evidence_releases.manifest import ReleaseFault
from riskboard.ingest.evidence_releases.models import EvidenceRelease

FIGURES = ("added", "changed", "removed", "unchanged", "kept local", "deleted here")
MISUSED, UNFIT, UNCONFIRMED, OLDER = 2, 3, 4, 5
EXIT_CODES = """\
exit codes:
  0  installed, or nothing to do, or shown with --dry-run
  2  asked in a wrong way, or no key is trusted
  3  the release could not be had, is not genuine, or holds what cannot be loaded
  4  nobody said yes: without a terminal, --yes is needed
  5  older than what is installed, or as old: --older installs it all the same
In every case but 0, nothing has changed.
"""
UNTRUSTING = (
    "No key is trusted, so no release can be genuine. Set EVIDENCE_RELEASE_KEYS to the public key of who makes the "
    "releases (releasekey prints it), or trust one for this run: --trust KEY."
)


class Command(BaseCommand):
    requires_system_checks = [Tags.models]
    help = "Install a signed evidence release: shows what will change and asks. Edits and deletions made here win."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXIT_CODES
        parser.add_argument("origin", metavar="URL|FILE", help="https address or file of the release.")
        parser.add_argument("--dry-run", action="store_true", help="Show what would change, and change nothing.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")
        parser.add_argument("--trust", metavar="KEY", action="append", help="A further public key, for this run.")
        parser.add_argument("--older", action="store_true", help="Install it though it is no newer than what is here.")
        parser.add_argument("--by", metavar="USERNAME", help="The account that the log is to name.")

    def handle(self, *_arguments: object, **options: Any) -> None:
        trusted = read_keys([*settings.EVIDENCE_RELEASE_KEYS, *(options["trust"] or [])])
        by = read_account(options["by"])
        require_tables()
        with tempfile.TemporaryDirectory() as folder:
            opened = obtain(options["origin"], trusted, Path(folder))
            self._introduce(opened)
            if installing.is_installed(opened) and not options["older"]:
                self.stdout.write("This release is what is installed here: nothing to do.")
                return
            try:
                self._update(opened, by, options)
            except installing.OlderRelease as refused:
                raise CommandError(f"Nothing has changed. {refused} --older installs it.", returncode=OLDER) from None
            except EvidenceError as refused:
                said = "\n".join(refused.lines())
                raise CommandError(
                    f"Nothing has changed. The release cannot be loaded:\n{said}", returncode=UNFIT
                ) from None

    def _introduce(self, opened: Opened) -> None:
        manifest = opened.manifest
        made = f"{manifest.created_at:%Y-%m-%d %H:%M} UTC"
        self.stdout.write(f"Evidence release {manifest.serial}, made {made}, signed by key {manifest.key_id}.")
        newest = manifest.newest_on or "none"
        self.stdout.write(f"{manifest.rows:,} rows, newest evidence {newest}, by RiskBoard {manifest.board_version}.")

    def _update(self, opened: Opened, by: User | None, options: dict[str, Any]) -> None:
        if not options["older"]:
            installing.refuse_older(opened.manifest)
        preview = installing.preview(opened, now=timezone.now())
        self._tell(preview)
        if options["dry_run"]:
            self.stdout.write("Nothing has changed: this was a dry run.")
            return
        if not (options["yes"] or preview.is_quiet):
            self._ask()
        origin = options["origin"] if fetching.is_address(options["origin"]) else Path(options["origin"]).name
        installed = installing.install(opened, origin=origin, now=timezone.now(), by=by, allow_older=options["older"])
        self.stdout.write(f"Installed {installed.release}. Scores follow:")
        call_command("rescore", stdout=self.stdout, stderr=self.stderr)

    def _ask(self) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nothing has changed. Say --yes to install without being asked.", returncode=UNCONFIRMED)
        self.stdout.write("Install it? [y/N] ", ending="")
        self.stdout.flush()
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing has changed.", returncode=UNCONFIRMED)

    def _tell(self, report: LoadReport) -> None:
        self.stdout.write(f"{'':19}" + "".join(f"{title:>14}" for title in FIGURES))
        for name, count in report.tables.items():
            self.stdout.write(f"{name:19}" + "".join(f"{figure:14}" for figure in figures_of(count)))
        for title, lines in told(report).items():
            for line in titled(title, lines):
                self.stdout.write(line)
        if report.is_quiet:
            self.stdout.write("No row changes, so there is nothing to ask.")


def figures_of(count: Count) -> tuple[int, ...]:
    return count.added, count.changed, count.pruned, count.unchanged, count.kept_local, count.deleted_here


def told(report: LoadReport) -> dict[str, list[str]]:
    """What will change row by row and column by column, by what becomes of it."""
    tables = report.tables.items()
    changes = [one for count in report.tables.values() for one in count.changes]
    return {
        "Added:": [f"+ {name} {key}" for name, count in tables for key in count.new],
        "Changed:": [f"~ {one.table} {one.key}, {one.column}: {one.here!r} becomes {one.offered!r}" for one in changes],
        "Removed, as the release has them no more:": [
            f"- {name} {key}" for name, count in tables for key in count.gone
        ],
        "Kept as they are here, and otherwise in the release:": [f"= {one}" for one in report.differences],
        "Kept though the release has them no more, as rows here refer to them:": [
            f"= {name} {key}" for name, count in tables for key in count.left
        ],
    }


def read_keys(texts: Iterable[str]) -> list[PublicKey]:
    try:
        keys = [PublicKey.read(text) for text in texts]
    except KeyFault as fault:
        raise CommandError(str(fault), returncode=MISUSED) from None
    if not keys:
        raise CommandError(UNTRUSTING, returncode=MISUSED)
    return keys


def read_account(name: str | None) -> User | None:
    found = User.objects.filter(username=name, is_active=True).first() if name else None
    if name and found is None:
        raise CommandError(f"There is no account {name!r} that may sign in.", returncode=MISUSED)
    return found


def require_tables() -> None:
    if EvidenceRelease._meta.db_table not in connection.introspection.table_names():
        raise CommandError("The database has no tables yet. Make them first: ./run manage migrate", returncode=MISUSED)


def obtain(origin: str, trusted: Iterable[PublicKey], folder: Path) -> Opened:
    try:
        content = fetching.read_release(origin, clock=timezone.now)
        return open_release(content, trusted, folder, now=timezone.now())
    except ReleaseFault as fault:
        said = str(fault) if origin in str(fault) else f"{origin}: {fault}"
        raise CommandError(f"Nothing has changed. {said}", returncode=UNFIT) from None
