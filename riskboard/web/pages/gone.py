"""What stood at an address and was withdrawn since: when, by whom, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskboard.audit.models import Entry
from riskboard.web.pages.corrections import who_did
from riskboard.web.pages.fact import address_of, reference_in

# By the name of an address: the kind of row, and the part of the address that is its key.
ROWS = {
    "signal": ("signal", "key"),
    "pledge": ("pledge", "key"),
    "license": ("license", "key"),
    "change": ("license-change", "key"),
    "line": ("line", "slug"),
    "family": ("family", "slug"),
    "release": ("release", "slug"),
    "hosting": ("release", "slug"),
    "vendor": ("vendor", "slug"),
    "rule": ("pledge", "key"),
}
OF_ANY_ROW = {"correct", "withdraw", "contest"}


@dataclass(frozen=True, slots=True)
class GonePage:
    entry: Entry
    who: str
    kind: str
    history: str  # its address


def gone_page(address: str, parts: Mapping[str, str]) -> GonePage | None:
    """None: the log knows of no withdrawal there. ``parts`` of the address, as its pattern names them. One query."""
    reference = _reference(address, parts)
    entry = Entry.objects.about(reference).filter(action="withdrawn").order_by("-pk").first() if reference else None
    if entry is None:
        return None
    kind = reference.partition(":")[0].replace("-", " ")
    return GonePage(entry, who_did(entry), kind, address_of("row_history", reference))


def _reference(address: str, parts: Mapping[str, str]) -> str:
    if address in ROWS:
        prefix, part = ROWS[address]
        return f"{prefix}:{parts[part]}"
    try:
        return reference_in(parts["table"], parts["key"]) if address in OF_ANY_ROW else ""
    except KeyError:
        return ""
