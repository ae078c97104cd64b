from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management import BaseCommand
from django.utils import timezone

from scoring import backtests
from scoring.engine import expert, reference
from scoring.histories import load_shipped

FOLDER = Path(expert.__file__).parent / "fits"


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Fit the shipped reference class anew, show the weights, and with --write store them as the shipped fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"replace {reference.REFERENCE}.toml")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        today = timezone.now().date()
        made = reference.make_reference(load_shipped().cases, backtests.class_digest(), today)
        self._print(made)
        if options["write"]:
            path = FOLDER / f"{made.name}.toml"
            path.write_text(reference.render(made), encoding="utf-8")
            self.stdout.write(f"Written: {path.name}.")

    def _print(self, made: reference.Reference) -> None:
        beliefs = expert.prior(expert.load_expert(), made.candidate)
        spreads = np.sqrt(np.diag(made.posterior.covariance))
        self.stdout.write(f"{made.name}: {made.cases} cases, {made.failures} failures, to {made.known_through}")
        self.stdout.write(f"{'nats':16}{'prior':>8}{'+-':>6}{'fitted':>8}{'+-':>6}")
        rows = zip(made.columns, beliefs.mean, beliefs.spread, made.mean, spreads, strict=True)
        for name, mean, spread, fitted, left in rows:
            self.stdout.write(f"{name:16}{mean:8.2f}{spread:6.2f}{fitted:8.2f}{left:6.2f}")
