from pathlib import Path

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser

from riskboard.audit.verifying import Anchor, anchor, verify

SHOWN = 200


class Command(BaseCommand):
    requires_system_checks = [Tags.models]
    help = "Check that no entry of the audit log was changed, deleted or cut off since it was written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            type=Path,
            metavar="FILE",
            help="Exported earlier: the log must still reach and hold it.",
        )
        parser.add_argument(
            "--export-anchor", type=Path, metavar="FILE", help="Write down how far the log has come. Keep it elsewhere."
        )

    def handle(self, *_arguments: object, anchor: Path | None, export_anchor: Path | None, **_options: object) -> None:
        faults = verify(_read(anchor) if anchor else None)
        if faults:
            shown = [str(fault) for fault in faults[:SHOWN]]
            more = [f"... and {len(faults) - SHOWN} more."] if len(faults) > SHOWN else []
            raise CommandError("\n".join(["The audit log is not what was written.", *shown, *more]), returncode=2)
        self._tell(export_anchor)

    def _tell(self, path: Path | None) -> None:
        reached = anchor()
        self.stdout.write(f"The audit log is sound: {reached.number} entries, the last one with hash {reached.hash}.")
        if path is not None:
            try:
                reached.write(path)
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
            self.stdout.write(f"Its anchor is in {path}.")


def _read(path: Path) -> Anchor:
    try:
        return Anchor.read(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(str(error)) from None
