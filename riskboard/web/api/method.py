"""How the numbers are made, what they learn from, and what was wrong."""

from datetime import date, datetime
from typing import Literal, Self

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from riskboard.audit.models import Entry
from riskboard.audit.selectors import public_log
from riskboard.catalog.queries import evidence_version
from riskboard.web.api.answering import Listed, answers, fresh, fresh_with
from riskboard.web.api.asking import DatedListing, Listing, Slug, cut, cut_kept, nothing_asked
from riskboard.web.api.lineschemas import Basis
from riskboard.web.api.problems import RefusedError
from riskboard.web.api.tableschemas import CURRENT
from riskboard.web.pages.corrections import columns_of, who_did
from scoring.engine.assessment import MODES
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.pastcases import Dated, PastCase, past_cases
from scoring.pastwords import DOMAINS

router = Router(tags=["Method and record"])


class StateMeaning(Schema):
    code: str
    label: str


class Method(Schema):
    rubric: str
    rubric_sha256: str
    precision: Literal["facts", "bands", "grades"] = Field(
        description="What the record has earned so far. With bands: a score with its band and counts, no grade."
    )
    basis: Basis = "reconstructed"
    evidence_version: str = Field(description="Changes with every change of the evidence.")
    states: list[StateMeaning]
    modes: list[str] = Field(description="Ways of failing.")
    dimensions: list[str]
    url: str
    rubric_url: str = Field(description="The whole rubric as TOML.")


@router.get("method", response=answers(Method), summary="The rubric in use", operation_id="method")
@fresh
def show_method(request: HttpRequest) -> Method:
    nothing_asked(request)
    rubric = load_rubric(SHIPPED)
    return Method(
        rubric=rubric.name,
        rubric_sha256=rubric.sha256,
        precision=rubric.precision,
        evidence_version=evidence_version(),
        states=[StateMeaning(code=row.code, label=row.label) for row in rubric.states],
        modes=list(MODES),
        dimensions=list(rubric.dimensions),
        url=reverse("method"),
        rubric_url=reverse("rubric"),
    )


# Open commitments of the past -----------------------------------------------------------------------


class DayKnown(Schema):
    day: date = Field(description="Of a month or a year: its first day.")
    precision: Literal["day", "month", "year"]

    @classmethod
    def of(cls, dated: Dated | None) -> Self | None:
        return None if dated is None else cls(day=dated.day, precision=dated.precision)


class HistoryRow(Schema):
    slug: str
    subject: str
    vendor: str
    domain: str
    commitment: str
    terms_at_start: str
    started: DayKnown | None
    event: str = Field(description="How it ended; none: it did not, as far as it was followed.")
    announced: DayKnown | None
    effect: DayKnown | None
    notice_days: int | None = Field(description="From announcement to effect. Null: unknown, or it did not end.")
    terms_after: str | None
    reversal: DayKnown | None
    followed_to: DayKnown | None
    governance: str
    funding: str
    confidence: str
    is_recalled: bool = Field(description="Recalled, not looked up: unverified.")
    source_url: str | None
    source_title: str | None
    url: str

    @classmethod
    def of(cls, case: PastCase) -> Self:
        return cls(
            slug=case.slug,
            subject=case.subject,
            vendor=case.vendor,
            domain=case.domain,
            commitment=case.commitment,
            terms_at_start=case.terms_before,
            started=DayKnown.of(case.started),
            event=case.event,
            announced=DayKnown.of(case.announced),
            effect=DayKnown.of(case.effect),
            notice_days=case.notice_days,
            terms_after=case.terms_after or None,
            reversal=DayKnown.of(case.reversal),
            followed_to=DayKnown.of(case.followed_to),
            governance=case.governance,
            funding=case.funding,
            confidence=case.confidence,
            is_recalled=case.is_recalled,
            source_url=case.source.url or None,
            source_title=case.source.title or None,
            url=reverse("history", args=[case.slug]),
        )


class Histories(Listed):
    items: list[HistoryRow]


class HistoriesAsked(Listing):
    domain: Slug | SkipJsonSchema[None] = Field(None, description="Of one kind of work.", examples=["database"])


@router.get("histories", response=answers(Histories), summary="Open commitments of the past", operation_id="histories")
@fresh
def list_histories(request: HttpRequest, asked: Query[HistoriesAsked]) -> Histories:
    """What the method learns from: they ended or were followed to a day, survivors included. Ordered by slug."""
    if asked.domain is not None and asked.domain not in DOMAINS:
        raise RefusedError("domain", f"There is no such domain. There are: {', '.join(sorted(DOMAINS))}.")
    wanted = [case for case in past_cases() if asked.domain in {None, case.domain}]
    page, after = cut_kept(request, asked, wanted, lambda case: case.slug)
    return Histories(items=[HistoryRow.of(case) for case in page], next=after)


# What was corrected, withdrawn and contested --------------------------------------------------------


class ColumnChange(Schema):
    name: str
    old: str
    new: str


class CorrectionRow(Schema):
    number: int = Field(description="Its place in the log.")
    at: datetime
    action: str
    subject: str = Field(description="The row, as a reference.")
    by: str = Field(description="By role: the log is about the evidence, not about people.")
    reason: str
    columns: list[ColumnChange]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(
            number=entry.pk,
            at=entry.at,
            action=entry.action,
            subject=entry.subject,
            by=who_did(entry),
            reason=entry.reason,
            columns=[ColumnChange(name=each.name, old=each.old, new=each.new) for each in columns_of(entry)],
        )


class Corrections(Listed):
    as_of: date | None = Field(description=CURRENT)
    items: list[CorrectionRow]


def newest_entry() -> int | None:
    return public_log().values_list("pk", flat=True).first()


@router.get("corrections", response=answers(Corrections), summary="What was wrong", operation_id="corrections")
@fresh_with(newest_entry)
def list_corrections(request: HttpRequest, asked: Query[DatedListing]) -> Corrections:
    """Corrections, withdrawals and contests, newest first. With `as_of`: those made by the end of that day."""
    log = public_log()
    rows = log if asked.as_of is None else log.filter(at__date__lte=asked.as_of)
    page, after = cut(request, asked, rows, "pk", newest_first=True)
    return Corrections(as_of=asked.as_of, items=[CorrectionRow.of(entry) for entry in page], next=after)
