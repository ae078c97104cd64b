from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser

from riskboard.ingest.seeding import SHIPPED, load_feeds


class Command(BaseCommand):
    requires_system_checks = [Tags.models]
    help = "Add the feeds that ship. What is there, changed or switched off, stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED, help="A list of feeds (default: ours).")

    def handle(self, *_arguments: object, file: Path, **_options: object) -> None:
        try:
            seeded = load_feeds(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except (KeyError, ValueError) as error:
            raise CommandError(f"{file} is no list of feeds: {error}.") from None
        self.stdout.write(f"{seeded.added} feeds added, {seeded.there} were there already.")
        for sentence in seeded.skipped:
            self.stdout.write(f"  {sentence}")
