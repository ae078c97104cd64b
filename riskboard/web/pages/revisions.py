"""The states of a repository that were captured, and where its license text changed between them."""

from dataclasses import dataclass
from typing import Any

from riskboard.catalog.models import Release
from riskboard.ingest.texts import is_held
from riskboard.web.pages.redline import redline_url

MOST_REVISIONS = 50


@dataclass(frozen=True, slots=True)
class RevisionRow:
    revision: Any  # a Revision that says whether its text is held
    has_new_text: bool
    redline_url: str  # "": the text is the one of the revision before, or one of the two is not held


def revision_rows(release: Release) -> tuple[RevisionRow, ...]:
    """The newest first. One query."""
    rows = release.revisions.annotate(is_held=is_held("license_text_sha256")).order_by("-captured_on", "-pk")
    found: list[Any] = list(rows[: MOST_REVISIONS + 1])
    listed = [_row(each, _read_before(each, found[place + 1 :])) for place, each in enumerate(found)]
    return tuple(listed[:MOST_REVISIONS])


def _read_before(revision: Any, earlier: list[Any]) -> Any:  # noqa: ANN401
    """The newest earlier state of the same repository whose license text could be read."""
    same = (each for each in earlier if each.repository == revision.repository and each.license_text_sha256)
    return next(same, None)


def _row(revision: Any, before: Any) -> RevisionRow:  # noqa: ANN401
    after = revision.license_text_sha256
    has_new_text = bool(after) and before is not None and before.license_text_sha256 != after
    are_held = has_new_text and before.is_held and revision.is_held
    return RevisionRow(revision, has_new_text, redline_url(before.license_text_sha256, after) if are_held else "")
