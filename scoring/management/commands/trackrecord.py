from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from scoring import backtests, linejudging, linerecord, record
from scoring.engine import expert
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.histories import load_shipped

FOLDER = Path(expert.__file__).parent / "fits"


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Forecast the shipped reference class again by rolling origin and compare with the stored forecasts that the "
        "track record shows; with --write store them. With --lines: the test on model lines, from the evidence loaded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="replace what is stored")
        parser.add_argument("--lines", action="store_true", help="model lines instead of the reference class")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if options["lines"]:
            self._lines(write=options["write"])
        else:
            self._reference(write=options["write"])

    def _reference(self, *, write: bool) -> None:
        cases = load_shipped().cases
        rows = record.render_rows(backtests.recorded_rows(cases))
        if write:
            head = backtests.record_head(cases, rows, timezone.now().date())
            (FOLDER / f"{record.RECORD}.toml").write_text(record.render_head(head), encoding="utf-8")
        self._settle(f"{record.RECORD}.csv", rows, write=write)

    def _lines(self, *, write: bool) -> None:
        rubric = load_rubric(SHIPPED)
        found = linejudging.report(linejudging.judge_all(rubric), linejudging.thin(rubric), rubric)
        self._settle(f"{linerecord.LINE_RECORD}.json", linerecord.render_lines(found).encode(), write=write)

    def _settle(self, name: str, today: bytes, *, write: bool) -> None:
        path = FOLDER / name
        if write:
            path.write_bytes(today)
            self.stdout.write(f"Written: {name}.")
        elif not path.exists() or today != path.read_bytes():
            raise CommandError(f"What today's code and data give is not what {name} says.", returncode=1)
        else:
            self.stdout.write(f"All equal to {name}.")
