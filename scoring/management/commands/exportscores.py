from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from scoring.management.commands.rescore import day_of
from scoring.scorefiles import write_files


class Command(BaseCommand):
    help = "Write the score of every line with its evidence, rubric and hashes, for `checkscore` to compute again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="made where it is not there; files of the same name are replaced")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="a past day: holds only what was public by then")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        as_of = day_of(options["as_of"], timezone.now())
        try:
            number = write_files(options["folder"], as_of)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error
        self.stdout.write(f"{number} scores as of {as_of} in {options['folder']}.")
