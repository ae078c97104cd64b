"""One line on one day: ``assess``, and ``what_if`` for the same day in another world (method sections 5 and 6)."""

import math
from collections.abc import Iterable
from datetime import date

import numpy as np

from scoring.engine.assessment import Assessment, Contribution, Forecast, LineState, PledgeReading
from scoring.engine.facts import Dossier, Pledge, Release, Report, StateFact
from scoring.engine.fallback import ranked, reached
from scoring.engine.hazard import HORIZONS, forecast, mode_mix, retroactive_share
from scoring.engine.items import contributions
from scoring.engine.known import newest_evidence, report_origins
from scoring.engine.reading import Reading, read
from scoring.engine.rubric import Rubric
from scoring.engine.state import line_state
from scoring.engine.suppositions import Suppositions


def assess(dossier: Dossier, rubric: Rubric, as_of: date) -> Assessment:
    """The assessment of a line from what was public on ``as_of``.

    ``contributions`` sum to ``durability`` exactly (1e-9). Raises ValueError for an event kind that the
    rubric does not know.
    """
    reading = read(dossier, rubric, np.array([as_of.toordinal()], dtype=np.int64))
    items = contributions(reading, dossier, as_of)
    raw = math.fsum(item.points for item in items)
    sd = float(reading.spread()[0])
    state = line_state(dossier, rubric, as_of)
    shares = _reached(dossier, reading, sd, as_of)
    missing = tuple(code for code, share in shares.items() if share < 1)
    forecasts = _forecasts(reading, items, raw, sd)
    durability = _bounded(raw, rubric)
    if durability != raw:
        items = (*items, Contribution("bound", "BOUND", rubric.words.bound, durability - raw, key="BOUND"))
    return Assessment(
        subject=dossier.subject,
        as_of=as_of,
        rubric=rubric.name,
        state=state,
        durability=durability,
        raw=raw,
        low=_bounded(raw - rubric.interval.z * sd, rubric),
        high=_bounded(raw + rubric.interval.z * sd, rubric),
        sd=sd,
        grade=_grade(forecasts[-1].total, state, missing, rubric),
        insufficient=missing,
        forecasts=forecasts,
        contributions=items,
        pledges=_pledge_readings(reading),
        pressure=float(reading.pressure[0]),
        origins=_origins(dossier, reading, as_of),
        newest=newest_evidence(dossier, as_of),
        examined=min(shares.values()),
        ranked=_bounded(ranked(raw, rubric.scale.base, min(shares.values())), rubric),
    )


def what_if(
    dossier: Dossier,
    rubric: Rubric,
    as_of: date,
    *,
    remove: Iterable[str] = (),
    add: Iterable[Report] = (),
    facts: Iterable[StateFact] = (),
    releases: Iterable[Release] = (),
    pledges: Iterable[Pledge] = (),
    tightenings: Iterable[date] = (),
) -> tuple[float, Assessment]:
    """(change of the displayed score, the other assessment) without the events ``remove`` and with the rows given.

    Recomputed, never subtracted: saturation makes the effect of removing an event smaller than its item.
    """
    supposed = Suppositions(
        frozenset(remove), tuple(add), tuple(facts), tuple(releases), tuple(pledges), tuple(tightenings)
    )
    result = assess(supposed.applied_to(dossier), rubric, as_of)
    return result.durability - assess(dossier, rubric, as_of).durability, result


def _bounded(score: float, rubric: Rubric) -> float:
    return min(rubric.scale.highest, max(rubric.scale.lowest, score))


def _forecasts(reading: Reading, items: tuple[Contribution, ...], raw: float, sd: float) -> tuple[Forecast, ...]:
    rubric = reading.rubric
    totals = {name: math.fsum(item.points for item in items if item.dimension == name) for name in rubric.dimensions}
    mix = mode_mix(totals, rubric)
    retroactive = retroactive_share(reading.facts["license"].on(0), rubric)
    return tuple(forecast(raw, sd, mix, retroactive, months, rubric) for months in HORIZONS)


def _pledge_readings(reading: Reading) -> tuple[PledgeReading, ...]:
    return tuple(
        PledgeReading(
            track.pledge.id,
            *track.status(0, reading.rubric.pledges),
            credibility=float(track.credibility[0]),
            points=float(track.points[0]),
        )
        for track in reading.pledges
    )


def _origins(dossier: Dossier, reading: Reading, as_of: date) -> int:
    """Origins of reports, and the release record and the record of facts as one each."""
    released = any(not np.isnan(points[0]) for points in reading.features.values())
    stated = any((fact := known.on(0)) is not None and fact.verified for known in reading.facts.values())
    return len(report_origins(dossier, as_of)) + released + stated


def _reached(dossier: Dossier, reading: Reading, sd: float, as_of: date) -> dict[str, float]:
    features = [fact.points for fact in reading.facts.values()] + list(reading.features.values())
    return reached(
        reading.rubric.sufficiency,
        facts=sum(not np.isnan(points[0]) for points in features),
        origins=_origins(dossier, reading, as_of),
        newest=newest_evidence(dossier, as_of),
        half_width=reading.rubric.interval.z * sd,
        as_of=as_of,
    )


def _grade(probability: float, state: LineState, missing: tuple[str, ...], rubric: Rubric) -> str:
    if rubric.precision != "grades" or missing or not state.is_live:
        return ""
    return next(band.words for band in rubric.grades if probability < band.below)
