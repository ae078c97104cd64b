"""Keys for rows whose key nobody wrote: of whom, when, what; and free."""

import re
import unicodedata
from itertools import count

from riskboard.ingest.holding import OPEN
from riskboard.ingest.models import Proposal
from riskboard.ingest.recording import Texts
from riskboard.ingest.rows import SPECS

LONGEST = 70  # what follows a hyphen fits in behind it


def named(table: str, texts: Texts) -> dict[str, str]:
    """With a key where it was blank and the rest says enough to make one. Two queries then, else none."""
    spec = SPECS[table]
    if len(spec.key) != 1 or texts.get(spec.key[0]):
        return dict(texts)
    beginning = _beginning(table, texts)
    return {**texts, spec.key[0]: _free(table, beginning) if beginning else ""}


def _beginning(table: str, texts: Texts) -> str:
    subject = texts.get("family") or texts.get("vendor", "")
    words: tuple[str, ...]
    match table:
        case "signals":
            words = (texts.get("vendor", ""), _day(texts, "occurred_on"), texts.get("kind", ""))
        case "license_changes":
            words = (subject, _day(texts, "announced_on"), "license")
        case "pledges":
            words = (subject, _day(texts, "made_on") or "undated", "pledge")
        case "releases":
            words = (texts.get("name", ""),)
        case _:
            return ""
    return _plain("-".join(words)) if all(words) else ""


def _day(texts: Texts, column: str) -> str:
    return texts.get(column, "").replace("-", "")


def _plain(text: str) -> str:
    """In lower-case letters, digits and hyphens, dots within."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", ascii_.lower()).strip("-.")[:LONGEST].rstrip("-.")


def _free(table: str, beginning: str) -> str:
    spec = SPECS[table]
    column = spec.key_columns[0]
    rows = spec.model._default_manager.filter(**{f"{column.path}__startswith": beginning})
    waiting = Proposal.objects.filter(table=table, state__in=OPEN, **{f"fields__{column.name}__startswith": beginning})
    taken = {*rows.values_list(column.path, flat=True), *(each.fields[column.name] for each in waiting.only("fields"))}
    numbered = (f"{beginning}-{number}" for number in count(2))
    return beginning if beginning not in taken else next(key for key in numbered if key not in taken)
