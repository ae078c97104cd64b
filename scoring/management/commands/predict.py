from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from scoring import predictions
from scoring.models import Prediction
from scoring.track import live_forecasts, standing


class Command(BaseCommand):
    help = (
        "Record this quarter's forecasts of every line at risk, and how earlier ones came out. The sweep does it too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="print today's forecasts and record nothing")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            self._print(predictions.build_round(now.date(), now))
            self.stdout.write("Nothing was recorded.")
            return
        made, resolved = predictions.keep_record(as_of=now.date(), now=now)
        self._print(made)
        for found in resolved:
            self.stdout.write(f"{found.prediction.line.slug}, {found.prediction.round}: {found.get_outcome_display()}")
        self._conclude(now.date(), made)

    def _print(self, made: Sequence[Prediction]) -> None:
        for said in made:
            self.stdout.write(
                f"{said.line.slug} by {said.due_on}: {said.get_band_display()}, engine {said.engine:.2f}, "
                f"comparator {said.comparator:.2f}, usual {said.usual:.2f}; {said.shown} in force"
            )

    def _conclude(self, today: date, made: Sequence[Prediction]) -> None:
        if altered := predictions.altered_rounds():
            raise CommandError(f"Not as the log has it: {', '.join(altered)}. Somebody changed it in the database.")
        name, record = predictions.round_of(today), standing(today=today)
        here = [each.prediction for each in live_forecasts(name)]
        if not here:
            self.stdout.write(f"{name}: no line is at risk, so there is no forecast.")
            return
        was = "recorded now" if made else f"on record since {here[0].made_on}"
        self.stdout.write(f"Forecasts for {name}: {len(here)} {was}.")
        self.stdout.write(
            f"In all {record.made} made, {record.open} open, {record.failures} of {record.resolved} failed."
        )
