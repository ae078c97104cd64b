"""What is said of a line."""

from datetime import date
from typing import Literal, Self

from ninja import Schema
from pydantic import Field

from riskboard.catalog.models import Line
from riskboard.web.api.answering import Listed
from scoring.cards import EvidenceCard
from scoring.engine.assessment import Assessment, Contribution
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.rates import Rate
from scoring.timelines import TimelineDay

REFERENCE = "Such as `signal:<key>`, `release:<slug>`, `license-change:<key>`, `pledge:<key>`, `license:<key>`."
Basis = Literal["reconstructed"]


class State(Schema):
    """The state of a line, from dated rows."""

    code: str
    label: str
    since: date | None
    is_live: bool = Field(description="False: it failed or rests, and nothing is left to forecast.")
    evidence: list[str] = Field(description=REFERENCE)


class Alike(Schema):
    """Of `comparable` lines at risk whose vendor had such a record, `failed` did so within 12 months."""

    failed: int
    comparable: int


class Chances(Schema):
    """Of a failure within 12 or 24 months, 0 to 1. Experimental: the pages do not show them."""

    p12: float
    p24: float
    p24_withdrawn: float
    p24_restricted: float
    p24_closed_next: float
    p24_held: float = Field(description="A copy already held is hit.")


class Score(Schema):
    """Commitment durability, 0 to 100, higher is more durable."""

    basis: Basis = Field(default="reconstructed", description="From rows chosen by people who knew how it went on.")
    durability: float | None = Field(description="Null: the evidence does not carry a number; see `insufficient`.")
    low: float | None = Field(description="Lower end of the 80 % band.")
    high: float | None = Field(description="Upper end of the 80 % band.")
    insufficient: list[str] = Field(description="What the evidence lacks: FEW_FACTS, FEW_SOURCES, STALE, WIDE.")
    origins: int = Field(description="Independent origins of the evidence.")
    newest_on: date | None = Field(description="Newest evidence that counted.")
    alike: Alike | None = Field(description="Null: not at risk, too little evidence, or a past day.")
    chances: Chances | None = Field(description="Null: nothing is left to forecast, or too little is known to.")


class LineSummary(Schema):
    slug: str
    name: str
    vendor: str
    modality: str
    families: list[str]
    state: State
    score: Score
    url: str = Field(description="Its page here.")


class Lines(Listed):
    as_of: date
    rubric: str
    items: list[LineSummary]


class Item(Schema):
    """One item of the sum."""

    code: str = Field(
        description="BASE, EV (event), ST (fact in force), BE (release behavior), PL (pledge), IN, BOUND."
    )
    dimension: str
    label: str
    points: float = Field(description="Added to durability; all items sum to it exactly.")
    evidence: list[str] = Field(description=REFERENCE)

    @classmethod
    def of(cls, item: Contribution) -> Self:
        return cls(
            code=item.code,
            dimension=item.dimension,
            label=item.label,
            points=float(item.points),
            evidence=list(item.evidence),
        )


class PledgeRead(Schema):
    """How a promise of the line reads on that day, by the machine's own rules."""

    pledge: str
    status: str
    reason: str


class LineDetail(LineSummary):
    as_of: date
    rubric: str
    rubric_sha256: str
    input_digest: str = Field(description="Hash of the evidence that counted.")
    contributions: list[Item]
    pledges: list[PledgeRead]


class Cause(Schema):
    reference: str = Field(description=REFERENCE)
    label: str


class TimelineEntry(Schema):
    day: date
    durability: float
    low: float
    high: float
    state: str
    change: float = Field(description="Since the entry before; 0 on the first.")
    causes: list[Cause] = Field(description="What became public that day. Empty: older evidence aged.")

    @classmethod
    def of(cls, moved: TimelineDay) -> Self:
        return cls(
            day=moved.day,
            durability=moved.durability,
            low=moved.low,
            high=moved.high,
            state=moved.state,
            change=moved.delta,
            causes=[Cause(reference=cause.reference, label=cause.label) for cause in moved.causes],
        )


class LineTimeline(Listed):
    line: str
    as_of: date
    rubric: str
    basis: Basis = "reconstructed"
    items: list[TimelineEntry]


class Cited(Schema):
    """A row of evidence and who says so."""

    reference: str = Field(description=REFERENCE)
    title: str
    kind: str
    occurred_on: date | None
    published_on: date | None
    grade: str | None = Field(description="Admiralty code, such as B2. Null: such rows have none.")
    is_verified: bool = Field(description="False: recalled, not looked up. It weighs nothing.")
    counts: bool = Field(description="An item of the sum names it.")
    direction: str | None
    severity: int | None
    source_url: str | None
    source_title: str | None
    url: str = Field(description="Its page here.")

    @classmethod
    def of(cls, card: EvidenceCard, *, counts: bool) -> Self:
        return cls(
            reference=card.reference,
            title=card.title,
            kind=card.kind,
            occurred_on=card.occurred,
            published_on=card.published,
            grade=card.grade or None,
            is_verified=card.verified,
            counts=counts,
            direction=card.direction or None,
            severity=card.severity,
            source_url=card.source_url or None,
            source_title=card.source_title or None,
            url=card.url,
        )


class LineEvidence(Listed):
    line: str
    as_of: date
    items: list[Cited]


def summary_of(line: Line, found: Assessment, rate: Rate | None) -> LineSummary:
    return LineSummary(
        slug=line.slug,
        name=line.name,
        vendor=line.vendor.slug,
        modality=line.modality,
        families=sorted(family.slug for family in line.families.all()),
        state=_state(found),
        score=_score(found, rate),
        url=line.get_absolute_url(),
    )


def detail_of(line: Line, found: Assessment, rate: Rate | None, digest: str) -> LineDetail:
    return LineDetail(
        **dict(summary_of(line, found, rate)),
        as_of=found.as_of,
        rubric=found.rubric,
        rubric_sha256=load_rubric(SHIPPED).sha256,
        input_digest=digest,
        contributions=[Item.of(item) for item in found.contributions],
        pledges=[PledgeRead(pledge=each.pledge, status=each.status, reason=each.reason) for each in found.pledges],
    )


def _state(found: Assessment) -> State:
    state = found.state
    return State(
        code=state.code,
        label=load_rubric(SHIPPED).state_label(state.code),
        since=state.since,
        is_live=state.is_live,
        evidence=list(state.evidence),
    )


def _score(found: Assessment, rate: Rate | None) -> Score:
    """With the same blanks as scores.csv."""
    ends = [None if found.insufficient else round(end, 2) + 0.0 for end in (found.durability, found.low, found.high)]
    alike = None if rate is None or found.insufficient else Alike(failed=rate.failed, comparable=rate.comparable)
    return Score(
        durability=ends[0],
        low=ends[1],
        high=ends[2],
        insufficient=list(found.insufficient),
        origins=found.origins,
        newest_on=found.newest,
        alike=alike,
        chances=_chances(found) if found.is_rated else None,
    )


def _chances(found: Assessment) -> Chances:
    year, two_years = found.forecast(12), found.forecast(24)
    return Chances(
        p12=round(year.total, 4),
        p24=round(two_years.total, 4),
        p24_withdrawn=round(two_years.withdrawn, 4),
        p24_restricted=round(two_years.restricted, 4),
        p24_closed_next=round(two_years.closed_next, 4),
        p24_held=round(two_years.held, 4),
    )
