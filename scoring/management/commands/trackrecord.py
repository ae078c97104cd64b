from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from scoring import backtests, record
from scoring.engine import expert
from scoring.histories import load_shipped

FOLDER = Path(expert.__file__).parent / "fits"


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Forecast the shipped reference class again by rolling origin and compare with the stored forecasts that the "
        "track record shows; with --write store them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"replace {record.RECORD}.csv and .toml")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        cases = load_shipped().cases
        rows = record.render_rows(backtests.recorded_rows(cases))
        forecasts = rows.count(b"\n") - 1
        if options["write"]:
            head = backtests.record_head(cases, rows, timezone.now().date())
            (FOLDER / f"{record.RECORD}.csv").write_bytes(rows)
            (FOLDER / f"{record.RECORD}.toml").write_text(record.render_head(head), encoding="utf-8")
            self.stdout.write(f"Written: {forecasts} forecasts, {record.RECORD}.csv and .toml.")
        elif rows != (FOLDER / f"{record.RECORD}.csv").read_bytes():
            raise CommandError(
                f"The {forecasts} forecasts of today's code and class are not those of {record.RECORD}.csv.",
                returncode=1,
            )
        else:
            self.stdout.write(f"{forecasts} forecasts, all equal to {record.RECORD}.csv.")
