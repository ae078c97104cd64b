from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from riskboard.catalog.faults import EvidenceError, titled
from riskboard.catalog.loading import SHIPPED, LoadReport, load_evidence
from riskboard.catalog.models import EvidenceVersion


class Command(BaseCommand):
    # The pages have no part in this.
    requires_system_checks = [Tags.models]
    help = "Load evidence files: all or nothing, and only what changed. Edits and deletions made here win."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=SHIPPED, help="Folder of CSV files (default: the shipped evidence)."
        )
        parser.add_argument("--prune", action="store_true", help="Delete rows that are no longer in the files.")

    def handle(self, *_arguments: object, **options: object) -> None:
        folder = Path(str(options["folder"]))
        if EvidenceVersion._meta.db_table not in connection.introspection.table_names():
            raise CommandError("The database has no tables yet. Make them first: ./run manage migrate", returncode=2)
        try:
            report = load_evidence(folder, now=timezone.now(), prune_left=bool(options["prune"]))
        except EvidenceError as refused:
            said = "\n".join(refused.lines())
            raise CommandError(f"Nothing was loaded.\n{said}", returncode=2) from None
        self._tell(report)

    def _tell(self, report: LoadReport) -> None:
        self.stdout.write(f"{'':19}{'added':>8}{'changed':>9}{'unchanged':>11}{'kept local':>12}{'deleted here':>14}")
        for name, count in report.tables.items():
            self.stdout.write(
                f"{name:19}{count.added:8}{count.changed:9}{count.unchanged:11}"
                f"{count.kept_local:12}{count.deleted_here:14}"
            )
        if report.is_quiet:
            self.stdout.write("Nothing changed.")
        different = [str(item) for item in report.differences]
        left = [f"{name} {key}" for name, count in report.tables.items() for key in count.left]
        for line in (
            *titled("Otherwise here than in the files, and left so:", different),
            *titled("No longer in the files, and left here (--prune deletes what nothing refers to):", left),
        ):
            self.stdout.write(line)
        pruned = sum(count.pruned for count in report.tables.values())
        if pruned:
            self.stdout.write(f"Deleted {pruned} rows that left the files.")
        if report.ignored:
            self.stdout.write(f"Not read, no table of that name: {', '.join(report.ignored)}.")
