from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from scoring.engine import comparator
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.linejudging import fit_lines

FOLDER = Path(comparator.__file__).parent / "fits"


class Command(BaseCommand):
    help = "Fit the comparator to the lines on this board up to the end of the development data; --write stores it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"replace {comparator.COMPARATOR}.toml")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        made = fit_lines(load_rubric(SHIPPED), timezone.now().date())
        text = comparator.render(made)
        self.stdout.write(text)
        if options["write"]:
            path = FOLDER / f"{made.name}.toml"
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {path.name}.")
