import json
import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from riskboard.ingest.classify import Entry, Label, classify_all
from riskboard.ingest.entries import read_entries

CLOSED = 141  # as a program ends that SIGPIPE stops


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
        say = _as_json if options["json"] else _as_text
        try:
            for entry, label, story in classify_all(reading.entries):
                self.stdout.write(say(entry, label, story))
            self.stdout.flush()
        except BrokenPipeError:
            # Who reads has enough ("| head"). Python flushes at exit once more, into nothing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(CLOSED) from None


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
