"""The changes that a release's own dates tell: a flagship without weights, a withdrawal, the end of hosted access."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.urls import reverse

from riskboard.catalog import kinds
from riskboard.catalog.models import Release
from riskboard.web.pages.change import Change, Reach, pair, reaches
from riskboard.web.pages.clauses import ClausePair
from riskboard.web.templatetags.board import day
from scoring.gathering.grades import grade

OPEN_ACCESS = (kinds.Access.OPEN_WEIGHTS, kinds.Access.GATED, kinds.Access.RESTRICTED)
CLOSED, WITHDRAWN, HOSTED_ENDED = "closed-", "withdrawn-", "hosted-ended-"


def release_changes(release: Release) -> list[tuple[str, str]]:
    """(what happened, address) of every change that a release tells, the gravest first."""
    happened = [
        (WITHDRAWN, "Weights withdrawn", release.withdrawn_on is not None),
        (CLOSED, "Flagship without weights", _is_closed_flagship(release)),
        (HOSTED_ENDED, "Hosted access ended", release.hosted_ended_on is not None),
    ]
    return [(label, reverse("change", args=[f"{prefix}{release.slug}"])) for prefix, label, holds in happened if holds]


def _is_closed_flagship(release: Release) -> bool:
    return release.flagship and release.access == kinds.Access.API_ONLY


def change_of_release(key: str, releases: Sequence[Release]) -> Change | None:
    """``releases``: all there are, with their families and lines."""
    tellers: tuple[tuple[str, Callable[[str, Release, list[Release]], Change | None]], ...] = (
        (CLOSED, _closure),
        (WITHDRAWN, _withdrawal),
        (HOSTED_ENDED, _hosted_end),
    )
    by_slug = {release.slug: release for release in releases}
    for prefix, tell in tellers:
        slug = key.removeprefix(prefix)
        if slug != key and (release := by_slug.get(slug)):
            return tell(key, release, _of_line(release, releases))
    return None


def _told_by(
    key: str,
    release: Release,
    *,
    heading: str,
    occurred_on: date,
    pairs: tuple[ClausePair, ...],
    reaches: tuple[Reach, ...],
    note: str,
) -> Change:
    reliability, credibility = grade(release)
    announced = occurred_on == release.announced_on
    return Change(
        key=key,
        heading=heading,
        title=release.name,
        row=release,
        vendor=release.family.line.vendor,
        family=release.family,
        direction=kinds.Direction.WEAKENS,
        occurred_on=occurred_on,
        precision=release.date_precision if announced else kinds.Precision.DAY,
        announced_on=occurred_on if announced else None,
        effective_on=occurred_on,
        # The row was public with the release; when its end was is not recorded.
        published_on=release.published_on if announced else None,
        reliability=reliability,
        credibility=credibility,
        pairs=pairs,
        reaches=reaches,
        note=note,
    )


def _closure(key: str, release: Release, of_line: list[Release]) -> Change | None:
    if not _is_closed_flagship(release):
        return None
    earlier = [row for row in of_line if row.announced_on < release.announced_on]
    still_open = [row for row in earlier if row.access in OPEN_ACCESS]
    flagship = next((row for row in earlier if row.flagship), None)
    return _told_by(
        key,
        release,
        heading="Flagship without weights",
        occurred_on=release.announced_on,
        pairs=(
            pair("Newest flagship", flagship.name if flagship else None, release.name),
            pair("Access to it", flagship.get_access_display() if flagship else None, release.get_access_display()),
            pair("Its terms", _terms(flagship), _terms(release)),
        ),
        reaches=reaches(("Hosted only", [release]), ("Stay to download, under the terms they came with", still_open)),
        note=f"Nothing that is out was taken back. {_last_with_weights(still_open)}",
    )


def _terms(release: Release | None) -> str | None:
    return release.license.name if release and release.license else None


def _last_with_weights(still_open: list[Release]) -> str:
    last = next((row for row in still_open if row.flagship), None)
    if last is None:
        return "No earlier flagship of the line with weights is on record."
    return f"The last flagship with weights before it: {last.name}, {day(last.released_on, last.date_precision)}."


def _withdrawal(key: str, release: Release, of_line: list[Release]) -> Change | None:
    if release.withdrawn_on is None:
        return None
    others = [row for row in of_line if row.access in OPEN_ACCESS and row.withdrawn_on is None]
    gone = [row for row in of_line if row.withdrawn_on == release.withdrawn_on]
    since = f"offered since {day(release.weights_on)}" if release.weights_on else "offered"
    return _told_by(
        key,
        release,
        heading="Weights withdrawn",
        occurred_on=release.withdrawn_on,
        pairs=(pair("Download from the vendor", since, "removed"),),
        reaches=reaches(("Withdrawn that day", gone), ("Still offered by the vendor", others)),
        note="Copies made before stay under the license they came with, as far as its terms allow.",
    )


def _hosted_end(key: str, release: Release, _of_line: list[Release]) -> Change | None:
    if release.hosted_ended_on is None:
        return None
    has_weights = release.access in OPEN_ACCESS and release.withdrawn_on is None
    note = "The weights stay to download." if has_weights else "No weights of it are offered by the vendor."
    return _told_by(
        key,
        release,
        heading="Hosted access ended",
        occurred_on=release.hosted_ended_on,
        pairs=(pair("Hosted access", "offered by the vendor", "ended"),),
        reaches=reaches(("Hosted access ended", [release])),
        note=f"This is the end of a service, not a withdrawal of weights. {note}",
    )


def _of_line(release: Release, releases: Iterable[Release]) -> list[Release]:
    """All releases of the line, newest first."""
    rows = [row for row in releases if row.family.line_id == release.family.line_id]
    return sorted(rows, key=lambda row: (row.announced_on, row.slug), reverse=True)
