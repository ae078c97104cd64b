"""The method as the rubric and the engine have it: nothing here repeats a constant."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from riskboard.catalog.kinds import AppliesTo, ChangeDirection, Credibility, Reliability
from riskboard.catalog.models import LicenseChange, Line
from riskboard.web.pages.versions import Version, versions
from scoring.engine.assessment import Contribution, LineState
from scoring.engine.evidence import credence, fade
from scoring.engine.facts import Report
from scoring.engine.hazard import hazard, probability, score_at
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.gathering.rules import RULES, Rule
from scoring.kept import shelf
from scoring.selectors import EvidenceCard, assessment_of, evidence_index

EXAMPLE_LINE = "alibaba-language"
LINKS_SHOWN = 3
ITEMS_SHOWN = 16
SCORES_SHOWN = range(90, 10, -10)
CURVE_DAYS = np.arange(0, 4 * 365 + 1, 73, dtype=np.float64)
CURVE_WIDTH, CURVE_HEIGHT = 110, 26
FIGURE_WIDTH, FIGURE_HEIGHT, FIGURE_LEFT, FIGURE_TOP = 510, 180, 50, 12
LABEL_HEIGHT = 15
FIGURE_KINDS = ("release_delay", "leadership_departure", "ipo", "license_tightening")  # from the lowest curve up


@dataclass(frozen=True, slots=True)
class ScaleRow:
    score: int
    within_12: float
    within_24: float
    rate: str


@dataclass(frozen=True, slots=True)
class KindRow:
    code: str
    label: str
    dimension: str
    magnitude: float
    half_life: float
    plateau: float
    curve: str


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    label: str
    credences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    label: str
    dimension: str
    counts: bool
    values: tuple[tuple[str, float], ...]
    flags: tuple[tuple[str, float], ...]
    spread: float


@dataclass(frozen=True, slots=True)
class GradeRow:
    letter: str
    below: float
    above_score: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    label: str
    points: str
    label_y: float


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class DecayFigure:
    curves: tuple[Curve, ...]
    years: tuple[Tick, ...]
    shares: tuple[Tick, ...]
    width: int = FIGURE_WIDTH
    height: int = FIGURE_HEIGHT
    left: int = FIGURE_LEFT
    top: int = FIGURE_TOP

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str  # blank: no page of its own


@dataclass(frozen=True, slots=True)
class ExampleRow:
    label: str
    dimension: str
    points: float
    links: tuple[Link, ...]
    more: int  # rows of evidence beyond the links


@dataclass(frozen=True, slots=True)
class Example:
    """One line worked out today; chances are None where none is read off its score."""

    line: Line
    state: LineState
    state_label: str
    durability: float
    low: float
    high: float
    base: float
    rows: tuple[ExampleRow, ...]
    smaller: int  # items beyond the rows, and their points together
    smaller_points: float
    center_24: float | None
    within_12: float | None
    within_24: float | None


@dataclass(frozen=True, slots=True)
class MethodPage:
    rubric: Rubric
    as_of: date
    scale: tuple[ScaleRow, ...]
    kinds: tuple[KindRow, ...]
    decay: DecayFigure
    credibilities: tuple[str, ...]
    reliabilities: tuple[ReliabilityRow, ...]
    facts: tuple[FactRow, ...]
    grades: tuple[GradeRow, ...]
    frailty: float
    rules: tuple[Rule, ...]
    example: Example | None
    versions: tuple[Version, ...]
    tightened: int  # license changes to tighter terms known by the day
    reached_back: int  # of these, those that reached versions already out


def method_page(as_of: date) -> MethodPage:
    rubric, tightened = load_rubric(SHIPPED), tightenings(as_of)
    return MethodPage(
        rubric=rubric,
        as_of=as_of,
        scale=scale_rows(rubric),
        kinds=kind_rows(rubric),
        decay=decay_figure(rubric),
        credibilities=tuple(label for _, label in Credibility.choices),
        reliabilities=reliability_rows(rubric),
        facts=fact_rows(rubric),
        grades=grade_rows(rubric),
        frailty=rubric.interval.frailty_nats * rubric.scale.points_per_nat,
        rules=RULES,
        example=worked_example(rubric, as_of),
        versions=versions(),
        tightened=len(tightened),
        reached_back=tightened.count(AppliesTo.ALL_VERSIONS),
    )


def tightenings(as_of: date) -> list[str]:
    """What each change to tighter terms applies to."""
    known = LicenseChange.objects.filter(direction=ChangeDirection.TIGHTENING, published_on__lte=as_of)
    return list(known.values_list("applies_to", flat=True))


def scale_rows(rubric: Rubric) -> tuple[ScaleRow, ...]:
    return tuple(
        ScaleRow(score, chance(rubric, score, 12), chance(rubric, score, 24), rate_words(rubric, score))
        for score in SCORES_SHOWN
    )


def chance(rubric: Rubric, score: float, months: int) -> float:
    return float(probability(hazard(np.array(float(score)), rubric.scale, months)))


def rate_words(rubric: Rubric, score: float) -> str:
    doublings = (rubric.scale.anchor - score) / rubric.scale.points_per_doubling
    if doublings == 0:
        return "the anchor"
    return f"{2**doublings:g} times" if doublings > 0 else f"1/{2**-doublings:g}"


def kind_rows(rubric: Rubric) -> tuple[KindRow, ...]:
    """By dimension in the rubric's order, the heaviest first."""
    order = list(rubric.dimensions)
    rows = [
        KindRow(
            code,
            kind.label,
            rubric.dimensions[kind.dimension].label,
            kind.magnitude,
            kind.half_life,
            kind.plateau,
            curve_points(left_over(kind.half_life, kind.plateau), CURVE_WIDTH, CURVE_HEIGHT),
        )
        for code, kind in rubric.kinds.items()
    ]
    return tuple(sorted(rows, key=lambda row: (order.index(rubric.kinds[row.code].dimension), -row.magnitude)))


def left_over(half_life: float, plateau: float) -> list[float]:
    return [float(share) for share in fade(CURVE_DAYS, np.array(half_life), np.array(plateau))]


def curve_points(shares: list[float], width: float, height: float, left: float = 0, top: float = 0) -> str:
    step = width / (len(shares) - 1)
    return " ".join(f"{left + place * step:.1f},{top + height * (1 - s):.1f}" for place, s in enumerate(shares))


def decay_figure(rubric: Rubric) -> DecayFigure:
    curves, below = [], float(FIGURE_TOP + FIGURE_HEIGHT + LABEL_HEIGHT)
    for kind in (rubric.kinds[code] for code in FIGURE_KINDS):
        left = left_over(kind.half_life, kind.plateau)
        points = curve_points(left, FIGURE_WIDTH, FIGURE_HEIGHT, FIGURE_LEFT, FIGURE_TOP)
        below = min(FIGURE_TOP + FIGURE_HEIGHT * (1 - left[-1]), below - LABEL_HEIGHT)
        curves.append(Curve(kind.label, points, round(below, 1)))
    years = tuple(Tick(FIGURE_LEFT + FIGURE_WIDTH * year / 4, f"{year} y" if year else "0") for year in range(5))
    shares = tuple(Tick(FIGURE_TOP + FIGURE_HEIGHT * (1 - part / 4), f"{part * 25} %") for part in range(5))
    return DecayFigure(tuple(curves), years, shares)


def reliability_rows(rubric: Rubric) -> tuple[ReliabilityRow, ...]:
    return tuple(
        ReliabilityRow(label, tuple(single_credence(rubric, letter, figure) for figure in Credibility.values))
        for letter, label in Reliability.choices
    )


def single_credence(rubric: Rubric, reliability: str, credibility: str) -> float:
    """How likely an event is real when one report of these ratings is all there is."""
    day = date(2000, 1, 1)  # any day: credence does not look at it
    report = Report("one", "one", "ipo", day, day, "weakens", 1, reliability, credibility, origin="one")
    return credence([report], rubric.admiralty)


def fact_rows(rubric: Rubric) -> tuple[FactRow, ...]:
    return tuple(
        FactRow(
            table.label,
            rubric.dimensions[table.dimension].label,
            rubric.dimensions[table.dimension].multiplier > 0,
            tuple(sorted(table.points.items(), key=lambda value: -value[1])),
            tuple(table.flags.items()),
            table.spread,
        )
        for table in rubric.facts.values()
    )


def grade_rows(rubric: Rubric) -> tuple[GradeRow, ...]:
    rows = []
    for band in rubric.grades:
        edge = score_at(band.below, rubric.scale) if band.below < 1 else None
        rows.append(GradeRow(band.words, min(band.below, 1.0), edge))
    return tuple(rows)


def worked_example(rubric: Rubric, as_of: date) -> Example | None:
    """The line that the method was first worked out on, or the first one there is."""
    lines = {line.slug: line for line in shelf().lines}
    if not lines:
        return None
    line = lines.get(EXAMPLE_LINE) or next(iter(lines.values()))
    _, assessment = assessment_of(line, as_of)
    base, *items = assessment.contributions
    items.sort(key=lambda item: -abs(item.points))
    shown, smaller = items[:ITEMS_SHOWN], items[ITEMS_SHOWN:]
    year, two_years = assessment.forecast(12), assessment.forecast(24)
    return Example(
        line=line,
        state=assessment.state,
        state_label=rubric.state_label(assessment.state.code),
        durability=assessment.durability,
        low=assessment.low,
        high=assessment.high,
        base=base.points,
        rows=example_rows(shown, rubric),
        smaller=len(smaller),
        smaller_points=math.fsum(item.points for item in smaller),
        center_24=two_years.central if assessment.is_rated else None,
        within_12=year.total if assessment.is_rated else None,
        within_24=two_years.total if assessment.is_rated else None,
    )


def example_rows(items: Sequence[Contribution], rubric: Rubric) -> tuple[ExampleRow, ...]:
    cards = evidence_index(reference for item in items for reference in item.evidence)
    return tuple(
        ExampleRow(
            item.label,
            rubric.dimensions[item.dimension].label if item.dimension in rubric.dimensions else "",
            item.points,
            tuple(link_to(reference, cards) for reference in item.evidence[:LINKS_SHOWN]),
            max(0, len(item.evidence) - LINKS_SHOWN),
        )
        for item in items
    )


def link_to(reference: str, cards: Mapping[str, EvidenceCard]) -> Link:
    kind, _, key = reference.partition(":")
    url = cards[reference].url if reference in cards else ""
    return Link("fact about the vendor" if kind == "fact" else f"{kind.replace('-', ' ')} {key}", url)
