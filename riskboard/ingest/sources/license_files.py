"""The license file of a repository: what it is called, what was kept of it, and what its change means."""

import re

from riskboard.catalog import kinds
from riskboard.ingest.client import Answer
from riskboard.ingest.licenserules import Verdict
from riskboard.ingest.licensetext import Redline, clean, redline
from riskboard.ingest.models import Snapshot
from riskboard.ingest.sources.gathering import Gathering

NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md")
PLAIN_NAME = re.compile(r"[\w.-]{1,80}\Z")
PAGE = re.compile(rb"\s*(?:<!doctype|<html|\{\s*\")", re.IGNORECASE)
DIRECTIONS = {
    Verdict.TIGHTER: kinds.ChangeDirection.TIGHTENING.value,
    Verdict.LOOSER: kinds.ChangeDirection.LOOSENING.value,
}


def names_to_try(known: str, link: str = "") -> tuple[str, ...]:
    """The one that was found before, or the usual ones, after the one that the card names if that is a file."""
    if known:
        return (known,)
    named = link.removeprefix("./")
    return tuple(dict.fromkeys((named, *NAMES))) if PLAIN_NAME.match(named) else NAMES


def is_license_text(answer: Answer) -> bool:
    """Not empty, and neither a sign-in page nor an error in JSON."""
    return bool(answer.body.strip()) and not PAGE.match(answer.body)


def capture_text(gathering: Gathering, answer: Answer, body: bytes | None = None) -> str:
    raw = answer.body if body is None else body
    return gathering.capture(answer, body=raw, cleaned=clean(raw))


def difference(gathering: Gathering, before: str, after: str) -> Redline | None:
    """Between two kept texts, by their hashes. None if the older one is not kept any more."""
    older, newer = _cleaned(gathering, before), _cleaned(gathering, after)
    return redline(older, newer) if older and newer else None


def _cleaned(gathering: Gathering, sha256: str) -> str:
    if sha256 in gathering.captures:
        return gathering.captures[sha256].cleaned
    kept = Snapshot.objects.filter(sha256=sha256).exclude(cleaned="").order_by("-pk")
    return kept.values_list("cleaned", flat=True).first() or ""


def in_words(change: Redline | None) -> tuple[str, ...]:
    if change is None:
        return ("License text changed; the earlier text is not kept, so nobody can say how.",)
    words = [f"License text changed, {change.verdict}: {change.reason}"]
    if change.decided_by is not None:
        words.append(f"Decided by: {change.decided_by.clause[:300]}")
    return tuple(words)


def direction(change: Redline | None) -> str:
    return DIRECTIONS.get(change.verdict, "") if change else ""
