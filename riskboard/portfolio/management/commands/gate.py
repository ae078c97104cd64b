import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from riskboard.portfolio.gate import (
    BAD_INPUT,
    EXIT,
    USUAL_AGE,
    Condition,
    ConditionError,
    Outcome,
    Question,
    Result,
    conditions_of,
    judge,
)
from riskboard.portfolio.gate_report import as_json, as_sarif, as_text
from riskboard.portfolio.models import Company, Team
from riskboard.portfolio.reading import LABELS, Fault, read
from riskboard.portfolio.reading.mentions import LARGEST

USUAL = "gone,license_changed"


class Command(BaseCommand):
    help = (
        "Say whether what a file runs passes. Exit status: 0 it passes; 1 a condition is met; 2 the file or a "
        "condition is refused; 3 cannot tell, because evidence is too old or missing, or a model is not matched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--fail-on",
            action="append",
            metavar="CONDITIONS",
            help=f"gone, license_changed, clause_bites, closed_next:12m:0.4; by commas (default: {USUAL}).",
        )
        parser.add_argument("--format", choices=("text", "json", "sarif"), default="text")
        parser.add_argument("--kind", choices=list(LABELS), help="What the file is (default: as it looks).")
        parser.add_argument("--max-evidence-age", type=int, default=USUAL_AGE, metavar="DAYS")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="License changes count from then.")
        parser.add_argument("--team", metavar="NAME", help="Whose company clause_bites is asked for.")
        parser.add_argument("--allow-unmatched", action="store_true", help="Pass over models that are not matched.")

    def handle(self, *_arguments: object, **options: Any) -> None:
        path = Path(options["file"])
        try:
            result = _judged(path, options)
        except DatabaseError as error:
            raise CommandError(f"Cannot tell: the database does not answer: {error}", returncode=3) from error
        self.stdout.write(_written(result, path.as_posix(), options["format"]))
        if result.outcome != Outcome.PASS:
            sys.exit(EXIT[result.outcome])


def _judged(path: Path, options: dict[str, Any]) -> Result:
    try:
        conditions = conditions_of(options["fail_on"] or [USUAL])
        mentions = read(path.name, _content(path), options["kind"])
    except ConditionError as error:
        raise CommandError(str(error), returncode=BAD_INPUT) from error
    except Fault as fault:
        raise CommandError(f"{path}: {fault}", returncode=BAD_INPUT) from fault
    question = Question(
        as_of=timezone.localdate(),
        conditions=conditions,
        since=options["since"],
        max_age=options["max_evidence_age"],
        allow_unmatched=options["allow_unmatched"],
        company=_company(options["team"], conditions),
    )
    return judge(mentions, question)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise Fault("", f"cannot be read: {error.strerror}") from error


def _company(name: str | None, conditions: tuple[Condition, ...]) -> Company | None:
    if "clause_bites" not in {condition.code for condition in conditions}:
        return None
    team = Team.objects.filter(name=name or "").first()
    if team is None:
        raise CommandError(
            f"There is no team “{name}”." if name else "clause_bites needs --team NAME: whom would it bite?",
            returncode=BAD_INPUT,
        )
    company = Company.objects.filter(team=team).first()
    if company is None:
        raise CommandError(f"“{name}” has not said what its company is: /portfolio/company/.", returncode=BAD_INPUT)
    return company


def _written(result: Result, file: str, form: str) -> str:
    if form == "text":
        return as_text(result, file)
    return json.dumps(as_sarif(result, file) if form == "sarif" else as_json(result, file), indent=2)
