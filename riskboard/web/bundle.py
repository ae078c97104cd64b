"""All evidence in one file: the tables, what their columns mean, the license, and a manifest that proves them.

The same evidence gives the same bytes: no clock, no machine and no order of insertion leaves a trace.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from riskboard.catalog.dictionary import dictionary
from riskboard.catalog.tables import TABLES
from riskboard.web.csv_lines import csv_chunks
from riskboard.web.exports import rendered
from riskboard.web.snapshots import snapshot
from scoring.engine.rubric import SHIPPED, load_rubric

FORMAT = 1
IN_MEMORY = 8 * 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day that a zip entry can carry
LICENSE = """\
RiskBoard evidence, version {version}

The evidence in this folder is licensed under the Creative Commons Attribution 4.0 International License
(CC-BY-4.0), https://creativecommons.org/licenses/by/4.0/. You may share and adapt it, also commercially, if you give
credit: "RiskBoard evidence, version {version}, CC-BY-4.0", and say what you changed.

Dates, figures and facts are cited; the pages cited belong to their authors. Rows whose source is blank were recalled
and not verified. People appear only by their public role in public events. Nothing here is advice.
"""


@dataclass
class Packed:
    """What the manifest says of one file."""

    sha256: str
    bytes: int
    rows: int | None = None


@dataclass
class Packing:
    """A zip being written, and what went into it so far."""

    archive: zipfile.ZipFile
    files: dict[str, Packed] = field(default_factory=dict)

    def add(self, name: str, chunks: Iterator[str]) -> Packed:
        digest, size = hashlib.sha256(), 0
        with self.archive.open(_entry(name), "w") as entry:
            for chunk in chunks:
                content = chunk.encode()
                digest.update(content)
                size += len(content)
                entry.write(content)
        self.files[name] = Packed(digest.hexdigest(), size)
        return self.files[name]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry


def build_bundle() -> tuple[str, IO[bytes]]:
    """(version, the zip, ready to be read)."""
    target: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the response closes it
    with zipfile.ZipFile(target, "w") as archive:
        packing = Packing(archive)
        with snapshot():
            pack_tables(packing)
        version = evidence_digest(packing.files)
        packing.add("DICTIONARY.md", iter([dictionary()]))
        packing.add("LICENSE.txt", iter([LICENSE.format(version=version)]))
        packing.add("manifest.json", iter([_manifest(version, packing.files)]))
    target.seek(0)
    return version, target


def pack_tables(packing: Packing) -> None:
    for spec in TABLES.values():
        counted = Counted(rendered(spec, spec.rows()))
        packed = packing.add(spec.file, csv_chunks(spec.header, counted))
        packed.rows = counted.rows


class Counted:
    """Rows on their way through, counted."""

    def __init__(self, rows: Iterator[list[str]]) -> None:
        self._rows, self.rows = rows, 0

    def __iter__(self) -> Iterator[list[str]]:
        for row in self._rows:
            self.rows += 1
            yield row


def evidence_digest(files: dict[str, Packed]) -> str:
    """The version of the evidence: the same tables anywhere have the same."""
    listed = "".join(f"{packed.sha256}  {name}\n" for name, packed in sorted(files.items()))
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def _manifest(version: str, files: dict[str, Packed]) -> str:
    rubric = load_rubric(SHIPPED)
    listed = {
        name: {"sha256": packed.sha256, "bytes": packed.bytes} | ({} if packed.rows is None else {"rows": packed.rows})
        for name, packed in files.items()
    }
    manifest = {
        "format": FORMAT,
        "evidence_version": version,
        "license": "CC-BY-4.0",
        "rubric": {"name": rubric.name, "sha256": rubric.sha256},
        "files": listed,
    }
    return json.dumps(manifest, indent=2) + "\n"
