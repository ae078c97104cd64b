"""Opens an evidence release. Nothing of it is believed before its signature holds, nor unpacked beyond bounds."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from riskboard.catalog.reading import LARGEST as LARGEST_TABLE
from riskboard.ingest.bodies import RATIO_COUNTS_FROM, RATIO_LIMIT, RAW_LIMIT
from riskboard.ingest.evidence_releases.keys import KeyFault, PublicKey, find_signer
from riskboard.ingest.evidence_releases.manifest import (
    MANIFEST,
    PAPERS,
    SIGNATURE,
    TABLE_FILES,
    Manifest,
    ReleaseFault,
)

LARGEST = RAW_LIMIT  # as large as an answer from a host may be
LARGEST_SMALL = 1_000_000  # manifest, signature, papers
LARGEST_UNPACKED = 50_000_000
KNOWN = (MANIFEST, SIGNATURE, *TABLE_FILES, *PAPERS)
NEEDED = (MANIFEST, SIGNATURE, *TABLE_FILES)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
IS_ENCRYPTED = 0x1
CLOCKS_DIFFER = timedelta(days=1)
# What the zip module raises for bytes that nobody wrote as a zip.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A release that is what its signer made, with its tables as files under ``folder``."""

    manifest: Manifest
    sha256: str
    folder: Path


def open_release(content: bytes, trusted: Iterable[PublicKey], folder: Path, *, now: datetime) -> Opened:
    """Raises ReleaseFault naming the file that is at fault; then ``folder`` may hold part of the tables."""
    if len(content) > LARGEST:
        raise ReleaseFault("", f"The release has {len(content):,} bytes, at most {LARGEST:,} are read.")
    with _archive(content) as archive:
        members = _members(archive)
        manifest = _signed_manifest(lambda name: _read(archive, members[name]), trusted)
        _refuse_the_future(manifest, now)
        _refuse_other_files(manifest, members)
        for name, said in manifest.files.items():
            unpacked = _read(archive, members[name])
            if (len(unpacked), sha256(unpacked).hexdigest()) != (said.bytes, said.sha256):
                raise ReleaseFault(name, "is not the file that was signed: its checksum differs.")
            if name in TABLE_FILES:
                (folder / name).write_bytes(unpacked)
    return Opened(manifest, sha256(content).hexdigest(), folder)


def _archive(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except BROKEN as error:
        raise ReleaseFault("", "This is no zip file, or not all of it.") from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """By name, once the list of contents is found harmless."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if info.orig_filename not in KNOWN:
            raise ReleaseFault(repr(info.orig_filename[:80]), "is no file of an evidence release.")
        if info.orig_filename in found:
            raise ReleaseFault(info.orig_filename, "is in the release twice.")
        _refuse_bomb(info)
        found[info.orig_filename] = info
    for name in NEEDED:
        if name not in found:
            raise ReleaseFault(name, "is not in the release.")
    if sum(info.file_size for info in found.values()) > LARGEST_UNPACKED:
        raise ReleaseFault("", f"Unpacked, the release has more than {LARGEST_UNPACKED:,} bytes.")
    return found


def _refuse_bomb(info: zipfile.ZipInfo) -> None:
    largest = LARGEST_TABLE if info.orig_filename in TABLE_FILES else LARGEST_SMALL
    if info.flag_bits & IS_ENCRYPTED or info.compress_type not in METHODS:
        raise ReleaseFault(info.orig_filename, "is encrypted, or packed in a way that is not read.")
    if info.file_size > largest:
        raise ReleaseFault(info.orig_filename, f"has {info.file_size:,} bytes unpacked, at most {largest:,} are read.")
    if info.file_size > max(RATIO_COUNTS_FROM, RATIO_LIMIT * info.compress_size):
        raise ReleaseFault(info.orig_filename, "grows too much when unpacked.")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """No more than its entry in the list of contents says, whatever is in it."""
    try:
        with archive.open(info) as member:
            return member.read(info.file_size)
    except BROKEN as error:
        raise ReleaseFault(info.orig_filename, "cannot be unpacked: the release is damaged.") from error


def _signed_manifest(read: Callable[[str], bytes], trusted: Iterable[PublicKey]) -> Manifest:
    content = read(MANIFEST)
    try:
        signer = find_signer(content, read(SIGNATURE), trusted)
    except KeyFault as fault:
        raise ReleaseFault(SIGNATURE, str(fault)) from fault
    manifest = Manifest.read(content)
    if manifest.key_id != signer.id:
        raise ReleaseFault(MANIFEST, f"names key {manifest.key_id!r}, and key {signer.id} signed it.")
    return manifest


def _refuse_the_future(manifest: Manifest, now: datetime) -> None:
    """Else nothing made in the meantime could follow it."""
    if manifest.created_at > now + CLOCKS_DIFFER:
        raise ReleaseFault(
            MANIFEST, f"was made at {manifest.created_at}, which lies ahead: is one of the clocks wrong?"
        )


def _refuse_other_files(manifest: Manifest, members: dict[str, zipfile.ZipInfo]) -> None:
    held = members.keys() - {MANIFEST, SIGNATURE}
    for name in sorted(held ^ manifest.files.keys()):
        where = "is in the release but not signed" if name in held else "was signed but is not in the release"
        raise ReleaseFault(name, f"{where}.")
