"""Brings database, evidence, feeds, scores and static files up to date; quick where they are."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command

from riskboard import catalog
from riskboard.catalog.models import Line
from riskboard.ingest.evidence_releases.installing import last_release

CATALOG = Path(catalog.__path__[0])


class Command(BaseCommand):
    help = "Migrate the database, load evidence and feeds that ship, compute the scores, collect the static files."

    def handle(self, *_arguments: object, **_options: object) -> None:
        self._step("Database", lambda: call_command("migrate", interactive=False, verbosity=0))
        self._step("Evidence", self._load_evidence)
        self._step("Feeds", lambda: self._command("loadfeeds"))
        self._step("Scores", lambda: self._command("rescore"))
        if not settings.DEBUG:
            self._step("Static files", collect_static)

    def _step(self, name: str, work: Callable[[], object]) -> None:
        self.stdout.write(f"{name} ...")
        self.stdout.flush()
        begun = time.monotonic()
        work()
        self.stdout.write(f"{name}: ready after {time.monotonic() - begun:.1f} s.")

    def _load_evidence(self) -> None:
        """Leaves out the load when neither the files nor what reads them changed since the last one.

        Once a release was installed, releases are where evidence comes from: what ships with the code may be older.
        """
        if (release := last_release()) is not None:
            self.stdout.write(f"It comes from {release}; ./run manage updateevidence brings a newer one.")
            return
        stamp, wanted = settings.VAR_DIR / "evidence-loaded", evidence_digest()
        if is_current(stamp, wanted) and Line.objects.exists():
            return
        self._command("loadevidence")
        stamp.write_text(wanted, encoding="ascii")

    def _command(self, name: str) -> None:
        call_command(name, stdout=self.stdout, stderr=self.stderr)


def collect_static() -> None:
    """Collects when a source file was added, removed or changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = static_digest()
    if is_current(stamp, wanted):
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")


def is_current(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def evidence_digest() -> str:
    """Over the shipped files, the code that reads them, and which database they went into."""
    database = settings.DATABASES["default"]
    digest = hashlib.sha256(repr([database.get(key) for key in ("ENGINE", "NAME", "HOST", "PORT")]).encode())
    for path in sorted(CATALOG.rglob("*")):
        if path.suffix in {".csv", ".py"}:
            digest.update(f"{path.relative_to(CATALOG)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def static_digest() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([".*", "*~"]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
