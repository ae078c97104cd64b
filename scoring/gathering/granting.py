"""The terms that the weights of each release were under, clause by clause, for the outcomes of lines."""

from collections.abc import Iterable
from dataclasses import replace

from riskboard.catalog import kinds
from riskboard.catalog.models import License, Release, Threshold
from scoring.engine import facts
from scoring.engine.grants import Commercial, Grant, Limit, Terms
from scoring.gathering.shelf import Folder
from scoring.gathering.terms import grants

GATED = {kinds.Access.GATED.value: True, kinds.Access.OPEN_WEIGHTS.value: False}
COMMERCIAL: dict[str, Commercial] = {"yes": "yes", "conditional": "conditional", "no": "no"}


def with_grants(releases: Iterable[facts.Release], folder: Folder) -> tuple[facts.Release, ...]:
    rows = {f"release:{row.slug}": row for row in folder.own(folder.releases)}
    return tuple(replace(release, grants=_granted(rows[release.id], folder)) for release in releases)


def _granted(row: Release, folder: Folder) -> tuple[Grant, ...]:
    return tuple(
        Grant(spell.start, _terms(spell.license, row, folder)) for spell in grants(row, folder) if spell.license
    )


def _terms(license_: License, row: Release, folder: Folder) -> Terms:
    """A clause that is stated counts; silence counts only where the text was read."""
    limits, silent = folder.limits.get(license_.pk, []), license_.text_read
    territory = frozenset(place.strip() for place in license_.territory_exclusions.split(";") if place.strip())
    return Terms(
        license=license_.key,
        commercial=_commercial(license_, limits),
        limits=tuple(map(_limit, limits)) if limits or silent else None,
        territory=territory if territory or silent else None,
        uses=license_.use_restrictions,
        training=license_.output_training_restriction,
        gated=GATED.get(row.access),
    )


def _commercial(license_: License, limits: list[Threshold]) -> Commercial | None:
    """On request: everybody needs a separate license for any commercial use."""
    found = COMMERCIAL.get(license_.commercial_use)
    return "on_request" if found == "conditional" and any(map(_asks_everybody, limits)) else found


def _asks_everybody(limit: Threshold) -> bool:
    metric, consequence = kinds.ThresholdMetric.ANY_COMMERCIAL_USE, kinds.ThresholdConsequence.LICENSE_NEEDED
    return (limit.metric, limit.consequence, limit.who) == (metric, consequence, "")


def _limit(row: Threshold) -> Limit:
    amount = None if row.amount is None else float(row.amount)
    return Limit(row.metric, row.who, row.currency, row.period, amount)
