from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand

from scoring.engine.recheck import check_files


class Command(BaseCommand):
    help = (
        "Compute exported scores again and compare them byte for byte. Exit code 0: the same, 1: different, "
        "2: not readable. Needs no database, as `python -m scoring.engine.recheck` does not."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", type=Path, help="score files, from a line's page or exportscores")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if code := check_files(options["file"], self.stdout.write):
            raise SystemExit(code)
