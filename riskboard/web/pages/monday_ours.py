"""What a change means for one team. Only ever drawn for who belongs to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import LicenseChange, Signal, Threshold
from riskboard.portfolio.hits import Hit, Hits, by_license, by_release, by_report, by_service, unmatched
from riskboard.portfolio.models import Company, Deployment, Team
from riskboard.portfolio.notice import Gap, notices_of, portability_gap
from riskboard.portfolio.plans import REHEARSALS
from riskboard.portfolio.verdicts import Answer, Verdict, verdicts
from riskboard.web.pages.change import Change
from riskboard.web.pages.change_kind import Kind, Touched, kind_of
from scoring.kept import shelf

ORDER = (Hits.YES, Hits.UNKNOWN, Hits.NO)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A clause of the new license. ``before``: what was said of it under the old one; None: it had no such clause."""

    verdict: Verdict
    before: Answer | None

    @property
    def differs(self) -> bool:
        """Known on both sides, and not the same."""
        sides = {self.before, self.verdict.verdict}
        return len(sides) > 1 and not sides & {None, Answer.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Ours:
    """``elsewhere``: deployments that stand on other vendors. ``has_profile``: the company told anything."""

    team: Team
    has_profile: bool
    hits: tuple[Hit, ...]
    elsewhere: int
    gaps: tuple[Gap, ...]  # the widest first, then the unknown ones; of those matched to the vendor
    bearings: tuple[Bearing, ...]

    @property
    def hit(self) -> int:
        return self._number(Hits.YES)

    @property
    def unknown(self) -> int:
        return self._number(Hits.UNKNOWN)

    @property
    def spared(self) -> int:
        return self._number(Hits.NO)

    def _number(self, hits: Hits) -> int:
        return sum(each.hits is hits for each in self.hits)


def ours_of(change: Change, touched: Touched, team: Team, today: date) -> Ours:
    """Four queries beside the shelf: deployments with their plans, rehearsals, the profile, the vendor's notices."""
    deployments = Deployment.objects.of(team).in_use().with_release().select_related("exit_plan")
    rows = list(deployments.prefetch_related(REHEARSALS))
    company = Company.objects.filter(team=team).first()
    mine = [row for row in rows if row.release is None or row.release.family.line.vendor_id == change.vendor.pk]
    hit, spared = ({release.pk for release in releases} for releases in (touched.hit, touched.spared))
    found = [_hit(row, change, hit, spared) for row in mine]
    return Ours(
        team=team,
        has_profile=company is not None,
        hits=tuple(sorted(found, key=lambda each: ORDER.index(each.hits))),
        elsewhere=len(rows) - len(mine),
        gaps=_gaps([row for row in mine if row.release], change.vendor.pk, today),
        bearings=_bearings(change, shelf().thresholds, company) if len(change.licenses) == 2 else (),
    )


def _hit(deployment: Deployment, change: Change, hit: set[int], spared: set[int]) -> Hit:
    if deployment.release is None:
        return unmatched(deployment)
    match change.row:
        case LicenseChange():
            return by_license(deployment, change.row)
        case Signal():
            return by_report(deployment, change.family.pk if change.family else None)
        case _ if kind_of(change) is Kind.SERVICE_ENDED:
            return by_service(deployment, hit, change.vendor.name)
        case _:
            return by_release(deployment, hit, spared, change.occurred_on)


def _gaps(deployments: list[Deployment], vendor: int, today: date) -> tuple[Gap, ...]:
    if not deployments:
        return ()
    notice = notices_of([vendor], today)[vendor]
    found = [portability_gap(deployment, notice) for deployment in deployments]
    return tuple(sorted(found, key=lambda gap: (gap.days is None, -(gap.days or 0))))


def _bearings(change: Change, thresholds: Iterable[Threshold], company: Company | None) -> tuple[Bearing, ...]:
    rows = list(thresholds)
    before, after = (verdicts(license_, rows, company) for license_ in change.licenses)
    known = {each.clause: each.verdict for each in before}
    return tuple(Bearing(each, known.get(each.clause)) for each in after)
