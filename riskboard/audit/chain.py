"""What an entry's hash covers: its whole content, its place, and the hash before it."""

import json
from datetime import UTC
from hashlib import sha256
from typing import Any

from riskboard.audit.models import Entry

BEGINNING = "0" * 64
EXACT = 2**53  # beyond, the two databases give back another number than they were given


def settled(value: object) -> Any:  # noqa: ANN401 - what JSON holds is found out by asking
    """``value`` as every database gives it back. Raises ValueError or TypeError for what is not JSON."""
    return json.loads(json.dumps(value, allow_nan=False), parse_float=_number, parse_int=_number)


def _number(text: str) -> int | float:
    number = float(text)
    if abs(number) > EXACT:
        raise ValueError(f"{text} is too large to be kept exactly.")
    return int(number) if number.is_integer() else number


def hash_of(entry: Entry) -> str:
    content = {
        "number": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "before": settled(entry.before),
        "after": settled(entry.after),
        "reason": entry.reason,
        "is_public": entry.is_public,
        "previous_hash": entry.previous_hash,
    }
    if entry.role:  # an entry from before roles were recorded keeps its hash
        content["role"] = entry.role
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()
