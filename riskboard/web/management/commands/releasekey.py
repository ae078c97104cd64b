from pathlib import Path

from django.core.management import BaseCommand, CommandError, CommandParser

from riskboard.ingest.evidence_releases.keys import create_key


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Make a pair of keys: FILE gets the private one, with which releaseevidence signs; the public one is printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="Where the private key goes; it must not exist yet.")

    def handle(self, *_arguments: object, **options: object) -> None:
        path = Path(str(options["file"]))
        try:
            public = create_key(path)
        except FileExistsError:
            raise CommandError(f"{path} exists, and a key is never overwritten.", returncode=2) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=2) from None
        self.stdout.write(
            f"The private key is in {path}, readable by its owner only. Keep it where nobody else gets it."
        )
        self.stdout.write(f"Key {public.id}. Whoever is to trust it sets:")
        self.stdout.write(f"EVIDENCE_RELEASE_KEYS={public.text}")
