"""A fingerprint of the evidence behind a score: equal evidence, equal digest (method section 9)."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date

from scoring.engine.facts import Dossier
from scoring.engine.known import as_known


def input_digest(dossier: Dossier, as_of: date) -> str:
    """SHA-256, in hexadecimal, of what was public on ``as_of``, whatever the order of the rows.

    The day itself is not in it: the digest stays the same until evidence changes.
    """
    canonical = json.dumps(_plain(as_known(dossier, as_of)), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | frozenset):
        return sorted((_plain(entry) for entry in value), key=lambda entry: json.dumps(entry, ensure_ascii=False))
    return value.isoformat() if isinstance(value, date) else value
