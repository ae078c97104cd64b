"""What an evidence release says of itself, and under its signature of every file in it."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

from riskboard.catalog.tables import TABLES

FORMAT, VERSION = "riskboard evidence release", 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
TABLE_FILES = tuple(spec.file for spec in TABLES.values())
PAPERS = ("DICTIONARY.md", "LICENSE.txt")
SHA256 = re.compile(r"[0-9a-f]{64}")


class ReleaseFault(Exception):  # noqa: N818 - named after what happened
    """Why something cannot be installed. ``member``: the file of the release that it is about; blank: all of it."""

    def __init__(self, member: str, sentence: str) -> None:
        super().__init__(f"{member}: {sentence}" if member else sentence)
        self.member = member


@dataclass(frozen=True, slots=True)
class File:
    sha256: str
    bytes: int
    rows: int | None = None  # of a table


@dataclass(frozen=True, slots=True)
class Manifest:
    created_at: datetime
    newest_on: date | None  # the newest day on which any of it became public
    board_version: str
    evidence_version: str
    local_rows: int  # entered or edited where it was made
    key_id: str
    files: Mapping[str, File]

    @property
    def serial(self) -> int:
        """Each release has a higher one than those before it."""
        return serial_of(self.created_at)

    @property
    def rows(self) -> int:
        return sum(file.rows or 0 for file in self.files.values())

    def render(self) -> str:
        said = {
            "format": FORMAT,
            "format_version": VERSION,
            "serial": self.serial,
            "created_at": self.created_at.isoformat(),
            "newest_on": self.newest_on.isoformat() if self.newest_on else None,
            "board_version": self.board_version,
            "evidence_version": self.evidence_version,
            "local_rows": self.local_rows,
            "key_id": self.key_id,
            "license": "CC-BY-4.0",
            "files": {name: asdict(file) for name, file in self.files.items()},
        }
        return json.dumps(said, indent=2) + "\n"

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Raises ReleaseFault for whatever is not such a manifest."""
        said = _json(content)
        _refuse_other_formats(said)
        try:
            manifest = cls(
                created_at=_instant(said["created_at"]),
                newest_on=date.fromisoformat(said["newest_on"]) if said["newest_on"] is not None else None,
                board_version=str(said["board_version"])[:40],
                evidence_version=str(said["evidence_version"])[:64],
                local_rows=int(said["local_rows"]),
                key_id=str(said["key_id"])[:16],
                files={str(name): _file(file) for name, file in said["files"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ReleaseFault(MANIFEST, f"cannot be read: {type(error).__name__} {error}.") from error
        if manifest.serial != said.get("serial"):
            raise ReleaseFault(MANIFEST, f"says serial {said.get('serial')!r}, its time says {manifest.serial}.")
        return manifest


def serial_of(created_at: datetime) -> int:
    return int(created_at.astimezone(UTC).strftime("%Y%m%d%H%M%S"))


def _json(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReleaseFault(MANIFEST, "is not JSON.") from error
    if not isinstance(said, dict):
        raise ReleaseFault(MANIFEST, "is not a JSON object.")
    return said


def _refuse_other_formats(said: Mapping[str, Any]) -> None:
    if said.get("format") != FORMAT:
        raise ReleaseFault(MANIFEST, "is not of an evidence release: /export/evidence.zip carries no signature.")
    if said.get("format_version") != VERSION:
        version = said.get("format_version")
        raise ReleaseFault(MANIFEST, f"has format {version!r}, this board reads {VERSION}: update the board first.")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return instant


def _file(said: Mapping[str, Any]) -> File:
    digest, size, rows = said["sha256"], said["bytes"], said["rows"]
    if not SHA256.fullmatch(digest) or not isinstance(size, int) or not (rows is None or isinstance(rows, int)):
        raise ValueError("a file needs sha256, bytes and rows")
    return File(digest, size, rows)
