"""What a team stands to lose: its deployments with how their lines were rated, and what cannot be counted, named."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from riskboard.catalog.models import Line, Vendor
from riskboard.portfolio.acceptances import standing
from riskboard.portfolio.kinds import Mirror, Mode
from riskboard.portfolio.models import Acceptance, Company, Deployment, Team, Workflow
from riskboard.portfolio.notice import Gap, notices_of, portability_gap, reference_notice
from riskboard.portfolio.plans import REHEARSALS, rehearsed_days
from scoring.engine.assessment import MODES, LineState
from scoring.engine.exposure import (
    ASSUMED,
    Exposure,
    Held,
    Simulated,
    Three,
    at_least_one,
    durability,
    expected_work,
    mean_work,
    shares,
    simulate,
    spared_by,
)
from scoring.engine.hazard import hazard
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.words import plain_date
from scoring.models import Score

TIMELINE = "release__family__line__timeline"  # with the counts of comparable lines
LONG = tuple(f"{TIMELINE}__{field}" for field in ("durability", "low", "high", "states"))


@dataclass(frozen=True, slots=True)
class Item:
    """A deployment that can be counted."""

    deployment: Deployment
    line: Line
    held: Held
    share: float  # of the risk of all


@dataclass(frozen=True, slots=True)
class Left:
    """A deployment that cannot be counted, which is not the same as nothing to lose. ``lands`` None: unknown."""

    deployment: Deployment
    why: tuple[str, ...]
    lands: float | None  # person-days of the whole switch


@dataclass(frozen=True, slots=True)
class Announcement:
    """One vendor, one way of failing, one workflow. Work in person-days."""

    workflow: Workflow
    vendor: Vendor
    mode: Mode
    deployments: tuple[Deployment, ...]
    lands: float
    expected: float
    least: float
    most: float
    accepted: tuple[Acceptance, ...]  # of today, one for each deployment at most

    @property
    def is_accepted(self) -> bool:
        return len(self.accepted) == len(self.deployments)


@dataclass(frozen=True, slots=True)
class Durability:
    """Of all that is counted. ``low`` and ``high``: every line at that end of its own band."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Portfolio:
    deployments: tuple[Deployment, ...]  # all in use
    items: tuple[Item, ...]
    left: tuple[Left, ...]
    announcements: tuple[Announcement, ...]  # dearest first
    gaps: tuple[Gap, ...]  # of all in use
    expected: float
    least: float
    most: float
    year: Simulated
    any: float  # P of at least one within 12 months
    durability: Durability | None
    company: Company | None

    @property
    def money(self) -> tuple[float, str] | None:
        """(cost of a person-day, currency) as the team said; None: unknown."""
        known = self.company
        return (float(known.person_day), known.currency) if known and known.person_day is not None else None


def exposure_of(team: Team, as_of: date) -> Portfolio:
    """Five queries at any size. Lines are rated as the board last stored them up to that day."""
    asked = Deployment.objects.of(team).in_use().with_release().select_related("exit_plan", TIMELINE)
    deployments = tuple(asked.prefetch_related(REHEARSALS, "acceptances").defer(*LONG))
    lines = {each.release.family.line_id for each in deployments if each.release}
    scores = {score.line_id: score for score in Score.objects.up_to(as_of).filter(line__in=lines).defer("items")}
    rubric = load_rubric(SHIPPED)
    lacking = {each.pk: _lacks(each, scores, rubric) for each in deployments}
    counted = [each for each in deployments if not lacking[each.pk]]
    rows = [_held(each, scores, rubric) for each in counted]
    work = expected_work(rows)
    return Portfolio(
        deployments=deployments,
        items=_items(counted, rows),
        left=tuple(_left(each, lacking[each.pk]) for each in deployments if lacking[each.pk]),
        announcements=_announcements(counted, work, as_of),
        gaps=_gaps(deployments, as_of),
        expected=work.total,
        least=float(work.least.sum()),
        most=float(work.most.sum()),
        year=simulate(rows),
        any=at_least_one(rows),
        durability=_durability(rows, [scores[line_of(each).pk] for each in counted], rubric),
        company=Company.objects.filter(team=team).first(),
    )


def _durability(rows: Sequence[Held], scores: Sequence[Score], rubric: Rubric) -> Durability | None:
    low = [replace(each, hazard=_hazard(score.low, rubric)) for each, score in zip(rows, scores, strict=True)]
    high = [replace(each, hazard=_hazard(score.high, rubric)) for each, score in zip(rows, scores, strict=True)]
    value, least, most = (durability(each, rubric.scale) for each in (rows, low, high))
    if value is None or least is None or most is None:
        return None
    return Durability(value, min(least, value), max(most, value))


def _hazard(raw: float, rubric: Rubric) -> float:
    return float(hazard(np.array(raw), rubric.scale, 24))


def _items(counted: Sequence[Deployment], rows: Sequence[Held]) -> tuple[Item, ...]:
    found = zip(counted, rows, shares(rows), strict=True)
    return tuple(Item(each, line_of(each), held, float(share)) for each, held, share in found)


def line_of(deployment: Deployment) -> Line:
    """Of one that is matched."""
    if deployment.release is None:
        raise ValueError("not matched")
    return deployment.release.family.line


# What can be counted -------------------------------------------------------------------------------


def _lacks(deployment: Deployment, scores: Mapping[int, Score], rubric: Rubric) -> tuple[str, ...]:
    """Why it cannot be counted; empty: it can."""
    found = []
    if deployment.release is None:
        found.append("Not matched: nobody said which release of the catalog it stands on.")
    else:
        found += _unrated(line_of(deployment), scores.get(deployment.release.family.line_id), rubric)
    if deployment.switch_likely is None:
        found.append("Nobody said how much work a switch is.")
    if deployment.embed_depth is None:
        found.append("Nobody said how deep it is built in.")
    return tuple(found)


def _unrated(line: Line, score: Score | None, rubric: Rubric) -> list[str]:
    if score is None:
        return [f"{line.short_name} was never rated."]
    if not LineState(score.state, score.state_since).is_live:
        since = f" since {plain_date(score.state_since)}" if score.state_since else ""
        said = f"{rubric.state_label(score.state).lower()}{since}"
        return [f"{line.short_name} is {said}: nothing is left to forecast, and what can be kept is on its page."]
    if score.insufficient:
        return [f"{line.short_name} is too thin to rate: the evidence does not carry a number."]
    return []


def _held(deployment: Deployment, scores: Mapping[int, Score], rubric: Rubric) -> Held:
    line = line_of(deployment)
    score = scores[line.pk]
    share = score.p12 / score.p24 if score.p24 else 0.0  # ways of failing share one mix over both horizons
    low, likely, high = _work(deployment)
    return Held(
        vendor=line.vendor.slug,
        chances=(score.p24_withdrawn * share, score.p24_restricted * share, score.p24_closed_next * share),
        least=min(score.p12_low, score.p12),
        most=max(score.p12_high, score.p12),
        hazard=_hazard(score.raw, rubric),
        low=low,
        likely=likely,
        high=high,
        embed=int(deployment.embed_depth or 0),
        spared=spared_of(deployment),
    )


def _work(deployment: Deployment) -> Three:
    said = (deployment.switch_low, deployment.switch_likely, deployment.switch_high)
    low, likely, high = (float(each or 0) for each in said)
    return low, likely, high


def spared_of(deployment: Deployment) -> Three:
    """What is unknown spares nothing."""
    measures = []
    if deployment.mirror == Mirror.VERIFIED:
        measures.append(ASSUMED.verified_copy)
    if deployment.mirror == Mirror.UNVERIFIED:
        measures.append(ASSUMED.unverified_copy)
    if deployment.license_text:
        measures.append(ASSUMED.license_text)
    if rehearsed_days(deployment) is not None:
        measures.append(ASSUMED.rehearsed)
    return spared_by(*measures)


def _left(deployment: Deployment, why: tuple[str, ...]) -> Left:
    if deployment.switch_likely is None or deployment.embed_depth is None:
        return Left(deployment, why, None)
    return Left(deployment, why, mean_work(*_work(deployment)) * ASSUMED.embed[deployment.embed_depth])


# What one announcement does ------------------------------------------------------------------------


def _announcements(counted: Sequence[Deployment], work: Exposure, as_of: date) -> tuple[Announcement, ...]:
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, each in enumerate(counted):
        together[each.workflow_id, line_of(each).vendor_id].append(number)
    found = [
        _announcement([counted[number] for number in numbers], numbers, column, work, as_of)
        for numbers in together.values()
        for column in range(len(MODES))
    ]
    return tuple(sorted(found, key=lambda each: (-each.expected, -each.lands, each.workflow.name, each.mode)))


def _announcement(
    hit: Sequence[Deployment], numbers: list[int], column: int, work: Exposure, as_of: date
) -> Announcement:
    mode = Mode(MODES[column])
    accepted = [standing(each.acceptances.all(), as_of).get(mode) for each in hit]
    return Announcement(
        workflow=hit[0].workflow,
        vendor=line_of(hit[0]).vendor,
        mode=mode,
        deployments=tuple(hit),
        lands=float(work.lands[numbers, column].sum()),
        expected=float(work.expected[numbers, column].sum()),
        least=float(work.least[numbers, column].sum()),
        most=float(work.most[numbers, column].sum()),
        accepted=tuple(each for each in accepted if each),
    )


def _gaps(deployments: Sequence[Deployment], as_of: date) -> tuple[Gap, ...]:
    """Who is not matched gets the notice of the reference class."""
    notices = notices_of({line_of(each).vendor_id for each in deployments if each.release}, as_of)
    usual = reference_notice(as_of)
    return tuple(
        portability_gap(each, notices[line_of(each).vendor_id] if each.release else usual) for each in deployments
    )
