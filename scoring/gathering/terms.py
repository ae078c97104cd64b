"""License rows to the terms in force, to events and to tightenings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import License, LicenseChange, Release
from scoring.engine import facts
from scoring.engine.license_change import LicenseTerms, license_severity
from scoring.engine.rubric import Rubric
from scoring.gathering.clocks import SAME_THING
from scoring.gathering.grades import grade, origin
from scoring.gathering.releases import by_size, weights_on, withdrawn_on
from scoring.gathering.shelf import Folder

EVENTS: dict[str, tuple[str, facts.Direction]] = {
    kinds.ChangeDirection.TIGHTENING: (kinds.SignalKind.LICENSE_TIGHTENING, "weakens"),
    kinds.ChangeDirection.LOOSENING: (kinds.SignalKind.LICENSE_LOOSENING, "strengthens"),
}


def takes_effect(change: LicenseChange) -> date:
    return change.effective_on or change.announced_on


def flags(license_: License, limited: frozenset[int]) -> frozenset[str]:
    """Clauses that are stated; a clause that nobody read sets no flag."""
    stated = {
        "threshold": license_.pk in limited,
        "territory": bool(license_.territory_exclusions),
        "terminable": license_.terminable,
        "irrevocable": license_.irrevocable,
    }
    return frozenset(flag for flag, holds in stated.items() if holds)


@dataclass(frozen=True, slots=True)
class Granted:
    """The weights of one release under one license, over [start, end)."""

    release: Release
    license: License | None
    start: date
    end: date
    opened: date
    verified: bool

    @property
    def rank(self) -> tuple[bool, date, float, str]:
        """Open flagships before other open releases, then the newest, then the top model."""
        size, slug = by_size(self.release)
        return (self.release.flagship, self.opened, -size, slug)


def license_facts(folder: Folder) -> Iterator[facts.StateFact]:
    """The license of the line: that of its newest open flagship, failing that of its newest open release."""
    held = [grant for release in folder.own(folder.releases) for grant in grants(release, folder)]
    days = sorted({grant.start for grant in held} | {grant.end for grant in held} - {date.max})
    deciding = [_deciding(held, day) for day in days]
    start = 0
    for end in range(1, len(days) + 1):
        if end < len(days) and _same(deciding[start], deciding[end]):
            continue
        if grant := deciding[start]:
            yield from _spell(grant, days[start], days[end] if end < len(days) else None, folder.limited)
        start = end


def _deciding(grants: list[Granted], day: date) -> Granted | None:
    current = (grant for grant in grants if grant.start <= day < grant.end)
    return max(current, key=lambda grant: grant.rank, default=None)


def _same(one: Granted | None, other: Granted | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.license, one.verified) == (other.license, other.verified)


def _spell(grant: Granted, start: date, end: date | None, limited: frozenset[int]) -> Iterator[facts.StateFact]:
    if grant.license is None:
        return
    yield facts.StateFact(
        id=f"license:{grant.license.key}",
        name="license",
        value=grant.license.category,
        valid_from=start,
        known=start,
        valid_to=end,
        flags=flags(grant.license, limited),
        label=grant.license.name,
        verified=grant.verified,
    )


def grants(release: Release, folder: Folder) -> Iterator[Granted]:
    """The licenses that the weights of a release were under; a change to all versions moves those already out."""
    opened, end = weights_on(release), withdrawn_on(release) or date.max
    if opened is None:
        return
    start, license_, verified = opened, release.license, release.is_verified
    for change in _retroactive(release, folder):
        since = max(takes_effect(change), change.published_on or date.max)
        if license_ is None or change.from_license_id != license_.pk or not start < since < end:
            continue
        yield Granted(release, license_, start, since, opened, verified)
        start, license_ = since, change.to_license
    yield Granted(release, license_, start, end, opened, verified)


def _retroactive(release: Release, folder: Folder) -> list[LicenseChange]:
    return sorted(
        (
            change
            for change in folder.changes
            if change.applies_to == kinds.AppliesTo.ALL_VERSIONS
            and change.scope == kinds.ChangeScope.WEIGHTS
            and change.family_id in {None, release.family_id}
            and change.is_verified
        ),
        key=lambda change: (takes_effect(change), change.key),
    )


def license_reports(folder: Folder, in_force: Sequence[facts.StateFact]) -> Iterator[facts.Report]:
    """A change of the terms of weights is an event; what the releases or the code already say is not.

    ``in_force``: the licenses of the line. A change that leaves its flagship's terms alone counts like a sibling's.
    """
    for change in folder.changes:
        if change.scope != kinds.ChangeScope.WEIGHTS or change.published_on is None:
            continue
        published, sibling = change.published_on, folder.rubric.inheritance.sibling
        reached = reached_on(change, in_force) if folder.is_own(change) else None
        if reached is None or reached > published:
            yield _report(change, published, sibling, folder)
        if reached is not None:
            yield _report(change, max(published, reached), 1.0, folder)


def reached_on(change: LicenseChange, in_force: Sequence[facts.StateFact]) -> date | None:
    """The day on which the change became the terms of the line; None when it concerns smaller models only.

    A change of no stated family concerns the line, and so does one made before any license of the line was known.
    """
    effect, new = takes_effect(change), f"license:{change.to_license.key}"
    published = change.published_on or effect
    if change.family_id is None or not any(fact.valid_from <= published for fact in in_force):
        return published
    near = (
        max(fact.valid_from, effect)
        for fact in in_force
        if fact.id == new and fact.valid_from <= effect + SAME_THING and (not fact.valid_to or fact.valid_to > effect)
    )
    return min(near, default=None)


def _report(change: LicenseChange, published: date, weight: float, folder: Folder) -> facts.Report:
    kind, direction = EVENTS[change.direction]
    reliability, credibility = grade(change)
    return facts.Report(
        id=f"license-change:{change.key}",
        event=f"license-change:{change.key}",
        kind=kind,
        occurred=takes_effect(change),
        published=published,
        direction=direction,
        severity=severity(change, folder.limited, folder.rubric),
        reliability=reliability,
        credibility=credibility,
        origin=origin(change.source),
        label=f"{change.asset}: {change.from_license} to {change.to_license}",
        weight=weight,
        verified=change.is_verified,
    )


def severity(change: LicenseChange, limited: frozenset[int], rubric: Rubric) -> int:
    """1 to 5, from how far the two licenses lie apart and whether versions already out are reached."""
    reaches_all = change.applies_to == kinds.AppliesTo.ALL_VERSIONS
    old, new = _terms(change.from_license, limited), _terms(change.to_license, limited)
    return license_severity(old, new, reaches_all, rubric)


def _terms(license_: License, limited: frozenset[int]) -> LicenseTerms:
    stated = flags(license_, limited)
    silent = False if license_.text_read else None
    uses = {license_.use_restrictions, license_.output_training_restriction}
    return LicenseTerms(
        category=license_.category,
        hosted_only=license_.category == kinds.LicenseCategory.PROPRIETARY,
        threshold="threshold" in stated or silent,
        territory="territory" in stated or silent,
        use_limits=True if True in uses else None if None in uses else False,
    )


def tightenings(folder: Folder, in_force: Sequence[facts.StateFact]) -> tuple[date, ...]:
    """Days on which the terms of the line got tighter, as far as a source says so."""
    return tuple(
        sorted(
            max(reached, change.published_on)
            for change in folder.own(folder.changes)
            if change.direction == kinds.ChangeDirection.TIGHTENING
            and change.scope == kinds.ChangeScope.WEIGHTS
            and change.published_on
            and change.is_verified
            and (reached := reached_on(change, in_force))
        )
    )
