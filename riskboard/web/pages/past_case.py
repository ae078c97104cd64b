"""One commitment of the past: what was promised, what happened around it, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from riskboard.catalog.kinds import SignalKind
from scoring.engine.backtest import ENGINE
from scoring.pastcases import CaseFact, CaseSignal, CaseSource, Checked, Dated, PastCase, past_cases
from scoring.pastwords import CHECKED, DOMAINS, ENDINGS, FIELDS, state
from scoring.record import BASE, load_record

RANKS = {"began": 0, "announced": 8, "effect": 9, "reversed": 10, "followed": 11}


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline. ``tone``: began, end, reversed, followed, signal or state."""

    on: Dated
    tone: str
    title: str
    kind: str
    note: str
    direction: str
    severity: int | None
    source: CaseSource | None
    is_recalled: bool
    is_after: bool  # after the end of the commitment, or on its day
    rank: int = 5


@dataclass(frozen=True, slots=True)
class Looked:
    label: str
    checked: Checked


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a fit to what was known on that 1 January says of the 24 months after it."""

    year: int
    chance: float
    base: float
    came: bool


@dataclass(frozen=True, slots=True)
class PastCasePage:
    case: PastCase
    domain: str
    ending: str
    states: tuple[tuple[str, str], ...]
    moments: tuple[Moment, ...]
    looked: tuple[Looked, ...]
    siblings: tuple[PastCase, ...]
    foretold: tuple[Foretold, ...]
    soft: int  # signals recalled in a first pass

    @property
    def is_undone_early(self) -> bool:
        months = self.case.months_to_reversal
        return months is not None and months < 0


def past_case_page(case: PastCase) -> PastCasePage:
    return PastCasePage(
        case=case,
        domain=DOMAINS[case.domain],
        ending=ENDINGS.get(case.event, ""),
        states=tuple((FIELDS[name], state(name, getattr(case, name))) for name in FIELDS),
        moments=tuple(sorted(_moments(case), key=attrgetter("on", "rank"))),
        looked=tuple(Looked(CHECKED[each.entry], each) for each in case.coverage),
        siblings=tuple(other for other in past_cases() if other.vendor == case.vendor and other is not case),
        foretold=tuple(_foretold(case)),
        soft=sum(signal.collected == "open" for signal in case.signals),
    )


def _foretold(case: PastCase) -> Iterator[Foretold]:
    rows = load_record().rows
    rows = rows.where(rows.case == case.slug)
    engine, base = rows.chances[ENGINE], rows.chances[BASE]
    for year, hit, chance, usual in zip(rows.year, rows.hit, engine, base, strict=True):
        yield Foretold(int(year), float(chance), float(usual), bool(hit))


def _moments(case: PastCase) -> Iterator[Moment]:
    yield _milestone(case, case.started, "began", case.commitment, f"Terms: {case.terms_before}")
    yield from (_of_signal(case, signal) for signal in case.signals)
    yield from (_of_fact(case, fact) for fact in case.facts if fact.valid_from is not None)
    yield from _outcome(case)


def _outcome(case: PastCase) -> Iterator[Moment]:
    if not case.failed:
        yield _milestone(
            case,
            case.followed_to,
            "followed",
            "Recalled as standing" if case.is_recalled else "Still stood when last followed",
            case.terms_before,
        )
        return
    if case.announced is not None:
        title = f"{_announcement(case)}: {ENDINGS[case.event]}"
        yield _milestone(case, case.announced, "announced", title, case.terms_after)
    if case.effect is not None and case.effect != case.announced:
        yield _milestone(case, case.effect, "effect", "In force", case.terms_after)
    if case.reversal is not None:
        yield _milestone(case, case.reversal, "reversed", "Reversed, in whole or part", case.reversal_terms)


def _announcement(case: PastCase) -> str:
    if case.announced != case.effect:
        return "Announced"
    return "Announced and in force the same month" if case.notice_days is None else "Announced, in force at once"


def _milestone(case: PastCase, on: Dated, rank: str, title: str, note: str) -> Moment:
    tone = {"announced": "end", "effect": "end"}.get(rank, rank)
    source = case.source if rank in {"announced", "followed"} else None
    return Moment(on, tone, title, "", note, "", None, source, case.is_recalled, False, RANKS[rank])


def _of_signal(case: PastCase, signal: CaseSignal) -> Moment:
    kind = str(SignalKind(signal.kind).label)
    after = case.failed and signal.occurred >= case.ended
    return Moment(
        signal.occurred, "signal", signal.summary or kind, kind, "", signal.direction, signal.severity,
        signal.source, signal.is_recalled, after,
    )  # fmt: skip


def _of_fact(case: PastCase, fact: CaseFact) -> Moment:
    assert fact.valid_from is not None
    after = case.failed and fact.valid_from >= case.ended
    title = f"{FIELDS[fact.name]}: {state(fact.name, fact.value)}"
    return Moment(
        fact.valid_from, "state", title, "State", "", "", None, fact.source, fact.is_recalled, after, rank=4
    )  # fmt: skip
