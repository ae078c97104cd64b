"""The items that a score is the sum of, each with the rows it came from (method section 6)."""

import math
from collections.abc import Iterator
from datetime import date

from scoring.engine.assessment import Contribution
from scoring.engine.behavior import in_window
from scoring.engine.facts import Dossier
from scoring.engine.launches import opened_on, tabulate
from scoring.engine.reading import Reading


def contributions(reading: Reading, dossier: Dossier, as_of: date) -> tuple[Contribution, ...]:
    """BASE, then every item that is not zero, in a fixed order; a reading of one day."""
    rubric = reading.rubric
    base = Contribution("base", "BASE", rubric.words.base, rubric.scale.base, key="BASE")
    items = (*_event_items(reading, as_of), *_feature_items(reading, dossier, as_of))
    return (base, *(item for item in items if item.points))


def _event_items(reading: Reading, as_of: date) -> Iterator[Contribution]:
    for event, points in zip(reading.events.events, reading.event_points()[:, 0], strict=True):
        yield Contribution(
            dimension=event.kind.dimension,
            code=f"EV:{event.head.kind}",
            label=event.head.label or event.kind.label,
            points=float(points),
            evidence=tuple(report.id for report in event.reports if report.published <= as_of),
            key=f"EV:{event.id}",
        )


def _feature_items(reading: Reading, dossier: Dossier, as_of: date) -> Iterator[Contribution]:
    for (dimension, code), points in reading.feature_points().items():
        if math.isnan(points[0]):
            continue
        label, evidence = _source(code, reading, dossier, as_of)
        yield Contribution(dimension, code, label, float(points[0]), evidence, key=_key(code, evidence))


def _key(code: str, evidence: tuple[str, ...]) -> str:
    """What makes the item the same on two days: features by name, the pledge that counts by its identity."""
    return f"{code}:{evidence[0]}" if code.startswith("PL:") and evidence else code


def _source(code: str, reading: Reading, dossier: Dossier, as_of: date) -> tuple[str, tuple[str, ...]]:
    """(label, references) of an item that is not an event."""
    family, name = code.split(":")
    if family == "ST":
        fact = reading.facts[name].on(0)
        table = reading.rubric.facts[name].label
        return (fact.label or f"{table}: {fact.value.replace('_', ' ')}", (fact.id,)) if fact else (table, ())
    if family == "BE":
        return getattr(reading.rubric.behavior, name).label, _behavior_evidence(name, reading, dossier, as_of)
    if family == "PL":
        best = int(reading.best_pledge()[0])
        pledge = reading.pledges[best].pledge if best >= 0 else None
        return (
            (f"Strongest promise: {pledge.label or pledge.id}", (pledge.id,))
            if pledge
            else (reading.rubric.pledges.label, ())
        )
    return reading.rubric.interaction.label, ()


def _behavior_evidence(name: str, reading: Reading, dossier: Dossier, as_of: date) -> tuple[str, ...]:
    verified = [release for release in dossier.releases if release.verified and release.announced <= as_of]
    if name == "cadence":
        shipped = [release for release in verified if opened_on(release) <= as_of.toordinal()]
        shipped.sort(key=lambda release: (opened_on(release), release.id))
        return tuple(release.id for release in shipped[-reading.rubric.behavior.cadence.recent_releases :])
    launches = tabulate(verified)
    counted = in_window(launches, reading.rubric.behavior.flagship_share.window, reading.days)
    if name == "open_lag":
        counted &= launches.has_opened(reading.days)
    return tuple(release.id for release, holds in zip(launches.releases, counted[:, 0], strict=True) if holds)
