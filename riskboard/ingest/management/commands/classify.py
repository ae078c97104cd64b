import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from riskboard.ingest.classify import Entry, Label, classify_all
from riskboard.ingest.entries import read_entries


class Command(BaseCommand):
    # It reads a file and needs no database.
    requires_system_checks = []
    help = "Label the headlines of a CSV file with the columns id,title,summary,publisher,published_on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *_arguments: object, **options: object) -> None:
        reading = read_entries(Path(str(options["file"])))
        if reading.faults:
            raise CommandError("\n".join(reading.fault_lines()), returncode=2)
        for entry, label, story in classify_all(reading.entries):
            self.stdout.write(_as_json(entry, label, story) if options["json"] else _as_text(entry, label, story))


def _as_json(entry: Entry, label: Label, story: str) -> str:
    said = {
        "id": entry.id,
        "relevant": label.relevant,
        "vendor": label.vendor,
        "family": label.family,
        "kind": label.kind,
        "direction": label.direction,
        "severity": label.severity,
        "confidence": label.confidence,
        "story": story,
        "language": label.language,
        "words": label.words,
    }
    return json.dumps(said, ensure_ascii=False)


def _as_text(entry: Entry, label: Label, story: str) -> str:
    said = f"{label.vendor} {label.kind} {label.direction} {label.severity}" if label.relevant else "not relevant"
    return f"{entry.id}  {said}  ({'; '.join(label.words)})  story {story}"
