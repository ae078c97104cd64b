"""Evidence releases for tests: genuine ones, and what others may make of them."""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from riskboard.catalog.models import Signal
from riskboard.ingest.evidence_releases.keys import PublicKey, sign
from riskboard.ingest.evidence_releases.manifest import (
    MANIFEST,
    PAPERS,
    SIGNATURE,
    TABLE_FILES,
    File,
    Manifest,
    serial_of,
)
from riskboard.ingest.evidence_releases.models import EvidenceRelease, ReleaseDifference
from riskboard.ingest.rows import texts_of
from tests.catalog.evidence_folder import EvidenceFolder

KEY, STRANGER = Ed25519PrivateKey.from_private_bytes(b"1" * 32), Ed25519PrivateKey.from_private_bytes(b"2" * 32)
TRUSTED = PublicKey.of(KEY)
MADE = datetime(2026, 11, 20, 9, tzinfo=UTC)

Members = dict[str, bytes]


def members_of(
    folder: EvidenceFolder,
    *,
    key: Ed25519PrivateKey = KEY,
    made: datetime = MADE,
    manifest: Callable[[str], str] = lambda text: text,
) -> Members:
    """Name to content of a release with the tables of ``folder``; ``manifest`` changes its text before it is signed."""
    files = {name: (folder.path / name).read_bytes() for name in TABLE_FILES if (folder.path / name).exists()}
    files |= dict.fromkeys(PAPERS, b"Papers.\n")
    listed = {name: File(sha256(content).hexdigest(), len(content)) for name, content in files.items()}
    said = Manifest(made, MADE.date(), "0.1.0", "abc", 0, PublicKey.of(key).id, listed)
    text = manifest(said.render()).encode()
    return {**files, MANIFEST: text, SIGNATURE: sign(text, key).encode()}


def zipped(members: Members | Iterable[tuple[str, bytes]]) -> bytes:
    pairs = members.items() if isinstance(members, dict) else members
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return packed.getvalue()


def release(folder: EvidenceFolder, *, key: Ed25519PrivateKey = KEY, made: datetime = MADE) -> bytes:
    return zipped(members_of(folder, key=key, made=made))


def make_release(made: datetime = MADE, **fields: object) -> EvidenceRelease:
    """The record of one that was installed an hour after it was made."""
    usual: dict[str, object] = {
        "serial": serial_of(made),
        "created_at": made,
        "newest_on": made.date(),
        "sha256": "0" * 64,
        "key_id": TRUSTED.id,
        "installed_at": made + timedelta(hours=1),
        "counts": {"signals": {"added": 1, "changed": 2, "removed": 0}},
    }
    return EvidenceRelease.objects.create(**{**usual, **fields})


def make_difference(signal: Signal, release: EvidenceRelease | None = None, **columns: str) -> ReleaseDifference:
    """Of a signal that says something else in a release: severity 1, unless told otherwise."""
    texts = texts_of(signal)
    listed = {name: [texts[name], offered] for name, offered in (columns or {"severity": "1"}).items()}
    return ReleaseDifference.objects.create(
        release=release or make_release(), table="signals", key=signal.key, columns=listed
    )
