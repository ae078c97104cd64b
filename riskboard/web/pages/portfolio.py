"""What a team sees of what it stands to lose (method section 19)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from riskboard.portfolio.acceptances import is_standing
from riskboard.portfolio.exposure import Announcement, Item, Left, Portfolio, exposure_of, line_of
from riskboard.portfolio.models import Acceptance, Deployment, Team
from riskboard.portfolio.models import Workflow as TeamWorkflow
from riskboard.portfolio.notice import Gap, Notice, reference_notice
from riskboard.web.countries import country_name
from riskboard.web.forms_exposure import AcceptanceForm
from riskboard.web.pages.usual import Usual, shows_scores, usual_of
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.words import frequency

FIRST = 12  # announcements before "show all"
UNMATCHED = "not matched"


@dataclass(frozen=True, slots=True)
class Bar:
    """One of what a portfolio leans on. ``risk`` None: nothing of it could be counted."""

    name: str
    url: str
    deployments: int
    total: int
    workflows: int
    risk: float | None

    @property
    def width(self) -> str:
        return f"{100 * self.deployments / self.total:.1f}"


@dataclass(frozen=True, slots=True)
class Concentration:
    title: str
    column: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class WorkflowGap:
    """The widest gap among the deployments of a workflow, and of how many nobody knows it."""

    workflow: TeamWorkflow
    widest: Gap | None
    unknown: tuple[Gap, ...]

    @property
    def tolerated(self) -> float | None:
        days = self.workflow.tolerated_days
        return None if days is None else float(days)

    @property
    def vendor(self) -> str:
        return _vendor_name(self.widest.deployment) if self.widest else ""


@dataclass(frozen=True, slots=True)
class Together:
    """What one turn of one vendor hits at once."""

    name: str
    url: str
    workflows: tuple[str, ...]
    deployments: int
    lands: float  # person-days, the costliest way for each deployment
    counts: tuple[tuple[str, Usual], ...]  # by line


@dataclass(frozen=True, slots=True)
class ExposurePage:
    today: date
    portfolio: Portfolio
    rows: tuple[Announcement, ...]
    hidden: int
    workflow_gaps: tuple[WorkflowGap, ...]
    reference: Notice
    concentrations: tuple[Concentration, ...]
    together: tuple[Together, ...]
    any_words: str  # blank until percentages are earned
    shows_score: bool
    expired: tuple[Acceptance, ...]
    standing: tuple[Acceptance, ...]

    @property
    def is_empty(self) -> bool:
        return not self.portfolio.deployments

    @property
    def acting(self) -> int:
        return sum(bool(each.widest and each.widest.must_act) for each in self.workflow_gaps)

    @property
    def workflows(self) -> int:
        return len({each.workflow_id for each in self.portfolio.deployments})


def exposure_page(team: Team, today: date, *, show_all: bool) -> ExposurePage:
    portfolio, rubric = exposure_of(team, today), load_rubric(SHIPPED)
    rows = portfolio.announcements if show_all else portfolio.announcements[:FIRST]
    kept = [row for each in portfolio.deployments for row in each.acceptances.all() if row.withdrawn_on is None]
    return ExposurePage(
        today=today,
        portfolio=portfolio,
        rows=rows,
        hidden=len(portfolio.announcements) - len(rows),
        workflow_gaps=_by_workflow(portfolio.gaps),
        reference=reference_notice(today),
        concentrations=_concentrations(portfolio),
        together=_together(portfolio),
        any_words=_any(portfolio, rubric),
        shows_score=shows_scores(rubric),
        expired=_expired(kept, today),
        standing=tuple(row for row in kept if is_standing(row, today)),
    )


def _any(portfolio: Portfolio, rubric: Rubric) -> str:
    is_earned = rubric.precision == "grades" and portfolio.items
    return frequency(portfolio.any, rubric) if is_earned else ""


def _expired(kept: Sequence[Acceptance], today: date) -> tuple[Acceptance, ...]:
    """What came back, unless the team accepted it anew."""
    renewed = {(row.deployment_id, row.mode) for row in kept if is_standing(row, today)}
    ended = [row for row in kept if not is_standing(row, today) and (row.deployment_id, row.mode) not in renewed]
    return tuple({(row.deployment_id, row.mode): row for row in sorted(ended, key=lambda row: row.expires_on)}.values())


# How long a switch takes, and how long there is ----------------------------------------------------


def _by_workflow(gaps: Iterable[Gap]) -> tuple[WorkflowGap, ...]:
    """Act now first, then what nobody knows, then what fits."""
    grouped: dict[TeamWorkflow, list[Gap]] = defaultdict(list)
    for gap in gaps:
        grouped[gap.deployment.workflow].append(gap)
    return tuple(sorted((_workflow_gap(*each) for each in grouped.items()), key=_urgency))


def _workflow_gap(workflow: TeamWorkflow, gaps: Sequence[Gap]) -> WorkflowGap:
    known = [gap for gap in gaps if gap.days is not None]
    widest = max(known, key=lambda gap: gap.days or 0, default=None)
    return WorkflowGap(workflow, widest, tuple(gap for gap in gaps if gap.days is None))


def _urgency(each: WorkflowGap) -> tuple[int, int, str]:
    days = each.widest.days if each.widest and each.widest.days is not None else 0
    rank = 0 if days > 0 else 1 if each.unknown else 2
    return rank, -days, each.workflow.name


# What it leans on ----------------------------------------------------------------------------------

Named = tuple[str, str]


def _concentrations(portfolio: Portfolio) -> tuple[Concentration, ...]:
    kinds: tuple[tuple[str, str, Callable[[Deployment], Named]], ...] = (
        ("By vendor", "Vendor", _vendor),
        ("By license", "License", _license),
        ("By country of the vendor", "Country", _country),
        ("By base model", "Base model", _base),
    )
    return tuple(Concentration(title, column, _bars(portfolio, named)) for title, column, named in kinds)


def _bars(portfolio: Portfolio, named: Callable[[Deployment], Named]) -> tuple[Bar, ...]:
    grouped: dict[Named, list[Deployment]] = defaultdict(list)
    for each in portfolio.deployments:
        grouped[named(each) if each.release else (UNMATCHED, "")].append(each)
    risks = {item.deployment.pk: item.share for item in portfolio.items}
    bars = [_bar(name, rows, len(portfolio.deployments), risks) for name, rows in grouped.items()]
    return tuple(sorted(bars, key=lambda bar: (bar.name == UNMATCHED, -bar.deployments, -(bar.risk or 0), bar.name)))


def _bar(named: Named, rows: Sequence[Deployment], total: int, risks: dict[int, float]) -> Bar:
    counted = [risks[each.pk] for each in rows if each.pk in risks]
    workflows = len({each.workflow_id for each in rows})
    return Bar(*named, len(rows), total, workflows, sum(counted) if counted else None)


def _vendor(deployment: Deployment) -> Named:
    vendor = line_of(deployment).vendor
    return vendor.name, vendor.get_absolute_url()


def _license(deployment: Deployment) -> Named:
    license_ = deployment.release.license if deployment.release else None
    return (license_.name, license_.get_absolute_url()) if license_ else ("license unknown", "")


def _country(deployment: Deployment) -> Named:
    return country_name(line_of(deployment).vendor.country), ""


def _base(deployment: Deployment) -> Named:
    """Whatever was made of it counts with it."""
    release = deployment.release
    return (release.name, release.get_absolute_url()) if release else (UNMATCHED, "")


def _vendor_name(deployment: Deployment) -> str:
    return line_of(deployment).vendor.name if deployment.release else ""


# What moves together -------------------------------------------------------------------------------


def _together(portfolio: Portfolio) -> tuple[Together, ...]:
    grouped: dict[Named, list[Item]] = defaultdict(list)
    for item in portfolio.items:
        grouped[_vendor(item.deployment)].append(item)
    found = [_turn(named, items, portfolio.announcements) for named, items in grouped.items()]
    return tuple(sorted(found, key=lambda each: (-each.lands, each.name)))


def _turn(named: Named, items: Sequence[Item], announcements: Iterable[Announcement]) -> Together:
    worst: dict[int, float] = defaultdict(float)
    for each in announcements:
        if each.vendor.name == named[0]:
            worst[each.workflow.pk] = max(worst[each.workflow.pk], each.lands)
    counts = {item.line.short_name: usual_of(item.line) for item in items}
    return Together(
        *named,
        workflows=tuple(sorted({item.deployment.workflow.name for item in items})),
        deployments=len(items),
        lands=sum(worst.values()),
        counts=tuple((name, told) for name, told in sorted(counts.items()) if told),
    )


# Taken knowingly -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Acceptances:
    """Of one deployment: what holds, and what held."""

    deployment: Deployment
    standing: tuple[Acceptance, ...]
    past: tuple[Acceptance, ...]


@dataclass(frozen=True, slots=True)
class AcceptPage:
    deployment: Deployment
    form: AcceptanceForm
    acceptances: Acceptances


def acceptances_card(deployment: Deployment, today: date) -> Acceptances:
    """One query."""
    rows = list(deployment.acceptances.select_related("accepted_by").order_by("-accepted_on", "-pk"))
    holds = tuple(row for row in rows if is_standing(row, today))
    return Acceptances(deployment, holds, tuple(row for row in rows if row not in holds))


# The table for a spreadsheet -----------------------------------------------------------------------

HEADER = (
    *("workflow", "tier", "vendor", "mode", "models", "person_days_if_it_lands", "person_days_expected"),
    *("person_days_low", "person_days_high", "currency", "cost_expected", "accepted", "counted", "why_not"),
)


def csv_rows(portfolio: Portfolio) -> Iterable[list[str]]:
    """What is counted, then what is not, with its reasons and without figures."""
    for row in portfolio.announcements:
        yield _counted(row, portfolio.money)
    for left in portfolio.left:
        yield _not_counted(left)


def _counted(row: Announcement, money: tuple[float, str] | None) -> list[str]:
    price, currency = money or (None, "")
    figures = [f"{figure:.2f}" for figure in (row.lands, row.expected, row.least, row.most)]
    cost = "" if price is None else f"{row.expected * price:.0f}"
    models = ";".join(each.reference for each in row.deployments)
    named = [row.workflow.name, str(row.workflow.tier or ""), row.vendor.name, row.mode.value, models]
    return [*named, *figures, currency, cost, "yes" if row.is_accepted else "no", "reconstructed", ""]


def _not_counted(left: Left) -> list[str]:
    each = left.deployment
    lands = "" if left.lands is None else f"{left.lands:.2f}"
    named = [each.workflow.name, str(each.workflow.tier or ""), _vendor_name(each), "", each.reference]
    return [*named, lands, "", "", "", "", "", "", "no", " ".join(left.why)]
