"""Makes a signed evidence release of all the evidence here: what other boards install with updateevidence."""

import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from riskboard import __version__
from riskboard.catalog.dictionary import dictionary
from riskboard.catalog.queries import newest_publication
from riskboard.catalog.tables import TABLES
from riskboard.ingest.evidence_releases.keys import PublicKey, sign
from riskboard.ingest.evidence_releases.manifest import MANIFEST, SIGNATURE, File, Manifest
from riskboard.web.bundle import LICENSE, Packed, Packing, evidence_digest, pack_tables
from riskboard.web.snapshots import snapshot


def write_release(target: IO[bytes], key: Ed25519PrivateKey, *, now: datetime) -> Manifest:
    """Tables, dictionary, license and manifest into ``target``, and the signature over the manifest."""
    with zipfile.ZipFile(target, "w") as archive:
        packing = Packing(archive)
        with snapshot():
            pack_tables(packing)
            newest_on, local_rows = newest_publication(now.date()), count_local_rows()
        version = evidence_digest(packing.files)
        packing.add("DICTIONARY.md", iter([dictionary()]))
        packing.add("LICENSE.txt", iter([LICENSE.format(version=version)]))
        manifest = Manifest(
            created_at=now.replace(microsecond=0),
            newest_on=newest_on,
            board_version=__version__,
            evidence_version=version,
            local_rows=local_rows,
            key_id=PublicKey.of(key).id,
            files=_listed(packing.files),
        )
        text = manifest.render()
        packing.add(MANIFEST, iter([text]))
        packing.add(SIGNATURE, iter([sign(text.encode(), key)]))
    return manifest


def count_local_rows() -> int:
    """Rows that were entered or edited here; a part counts with what it belongs to."""
    specs = [spec for spec in TABLES.values() if not spec.owner]
    return sum(spec.model._default_manager.filter(is_local=True).count() for spec in specs)


def _listed(files: Mapping[str, Packed]) -> dict[str, File]:
    return {name: File(packed.sha256, packed.bytes, packed.rows) for name, packed in files.items()}
