"""A dossier as it stood on a day: only what was public, without what rows gained later (method section 9)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from scoring.engine.facts import Dossier, Release, StateFact


def as_known(dossier: Dossier, day: date) -> Dossier:
    """What was public on ``day``; ``assess`` on that day gives the same for it as for the whole dossier."""
    return replace(
        dossier,
        reports=tuple(report for report in dossier.reports if report.published <= day),
        facts=tuple(_fact(fact, day) for fact in dossier.facts if fact.known <= day),
        releases=tuple(_release(release, day) for release in dossier.releases if release.announced <= day),
        pledges=tuple(pledge for pledge in dossier.pledges if pledge.made <= day),
        breaches=tuple(breach for breach in dossier.breaches if breach.known <= day),
        tightenings=tuple(tightened for tightened in dossier.tightenings if tightened <= day),
    )


def _fact(fact: StateFact, day: date) -> StateFact:
    return replace(fact, valid_to=None) if fact.valid_to is not None and fact.valid_to > day else fact


def _release(release: Release, day: date) -> Release:
    if any(grant.since > day for grant in release.grants):
        release = replace(release, grants=tuple(grant for grant in release.grants if grant.since <= day))
    if release.withdrawn is not None and release.withdrawn > day:
        release = replace(release, withdrawn=None)
    if release.weights is not None and release.weights > day:
        release = replace(release, weights=None, closed=True)
    return release


def evidence_days(dossier: Dossier, day: date) -> Iterator[date]:
    """The days up to ``day`` on which verified evidence became public."""
    for report in dossier.reports:
        if report.verified:
            yield report.published
    for fact in dossier.facts:
        if fact.verified:
            yield fact.known
    for release in dossier.releases:
        if release.verified and release.announced <= day:
            yield from (on for on in (release.announced, release.weights, release.withdrawn) if on is not None)
    for pledge in dossier.pledges:
        if pledge.verified:
            yield pledge.made
    yield from (breach.known for breach in dossier.breaches)


def newest_evidence(dossier: Dossier, day: date) -> date | None:
    return max((on for on in evidence_days(dossier, day) if on <= day), default=None)


def report_origins(dossier: Dossier, day: date) -> frozenset[str]:
    """Who reported on the line or its vendor; what is only inherited from a sibling examines the sibling."""
    return frozenset(
        report.origin
        for report in dossier.reports
        if report.verified and report.published <= day and report.weight >= 1
    )
