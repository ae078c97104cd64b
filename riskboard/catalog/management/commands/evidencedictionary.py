from django.core.management.base import BaseCommand

from riskboard.catalog.dictionary import dictionary


class Command(BaseCommand):
    help = "Print the data dictionary of the evidence files."
    requires_system_checks = []

    def handle(self, *_arguments: object, **_options: object) -> None:
        self.stdout.write(dictionary(), ending="")
