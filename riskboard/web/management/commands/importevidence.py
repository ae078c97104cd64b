from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from riskboard.catalog.csvfiles import content_of
from riskboard.catalog.faults import shown
from riskboard.catalog.tables import TABLES
from riskboard.ingest.imports import applying
from riskboard.ingest.imports.models import Import
from riskboard.ingest.imports.planning import Outcome, Plan, PlannedRow, plan
from riskboard.ingest.seconding import SamePersonError
from riskboard.web.access import Role, role_of
from riskboard.web.forms_imports import LARGEST
from riskboard.web.import_effects import measure

REFUSED, WAITS = 2, 3


class Told:
    """Collects why a file cannot be read."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def refuse(self, line: int, column: str, reason: str) -> None:  # noqa: ARG002 - of the file as a whole
        self.reasons.append(reason)


class Command(BaseCommand):
    help = (
        "Record the rows of a CSV file: all of them or none, after saying what each would do. "
        "Exit status: 0 recorded, or nothing to record; 2 refused, with a row that is wrong or in conflict; "
        "3 waits for a second person at /import/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", choices=list(TABLES))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what it would do, and do nothing.")
        parser.add_argument("--by", metavar="USER", help="Whose decision it is: an analyst (default: the console).")
        parser.add_argument("--reason", default="", help="Why; needed where it changes what is on record.")

    def handle(self, *_arguments: object, **options: Any) -> None:
        table, path = str(options["table"]), Path(options["file"])
        by = _account(options["by"]) if options["by"] else None
        content = _content(path)
        planned = plan(table, content, timezone.localdate())
        self._tell(planned)
        if not planned.is_clean:
            raise CommandError("Nothing was recorded: something is wrong or in conflict.", returncode=REFUSED)
        if options["dry_run"] or not planned.to_write:
            self.stdout.write("Nothing was recorded.")
            return
        self._record(table, content, path.name, by, str(options["reason"]))

    def _tell(self, planned: Plan) -> None:
        for line, column, reason in planned.faults:
            where = f"line {line}, {column}: " if column else f"line {line}: " if line else ""
            self.stdout.write(f"{where}{reason}")
        telling = [row for row in planned.rows if row.outcome != Outcome.SAME]
        for said in shown([_said(row) for row in telling], " rows"):
            self.stdout.write(said)
        counted = ", ".join(f"{planned.counts[outcome]} {outcome.label}" for outcome in Outcome)
        self.stdout.write(f"{planned.spec.name}: {counted}.")

    def _record(self, table: str, content: bytes, name: str, by: User | None, reason: str) -> None:
        now, effect = timezone.now(), measure(timezone.localdate())
        draft = applying.prepare(table, content, file_name=name, by=by, now=now, measure=effect)
        try:
            done = applying.apply(draft, by=by, now=now, seen=draft.plan_hash, reason=reason, measure=effect)
        except (applying.PlanChangedError, SamePersonError, ValidationError) as error:
            said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise CommandError(f"Nothing was recorded. {said}", returncode=REFUSED) from None
        if done.state == Import.State.SECOND:
            because = " and ".join(done.reasons)
            raise CommandError(f"It waits for a second person at /import/{done.pk}/: {because}.", returncode=WAITS)
        self.stdout.write(f"Recorded. It can be undone at /import/{done.pk}/.")


def _account(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None or role_of(user) < Role.ANALYST:
        raise CommandError(f"{name!r} is no account of an analyst.", returncode=REFUSED)
    return user


def _content(path: Path) -> bytes:
    told = Told()
    content = content_of(path, LARGEST, told)
    if content is None:
        raise CommandError(f"{path.name} {' '.join(told.reasons)}", returncode=REFUSED)
    return content


def _said(row: PlannedRow) -> str:
    changes = [f"{column}: {before or 'blank'} -> {after or 'blank'}" for column, before, after in row.changes]
    problems = [f"{column}: {reason}" if column else reason for column, reason in row.problems]
    told = problems or (changes if row.outcome == Outcome.CHANGE else [])
    label = Outcome(row.outcome).label
    return f"line {row.line:5}  {label:9} {row.key}{': ' if told else ''}{'; '.join(told)}"
