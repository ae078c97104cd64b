"""What could follow a release: open releases of others that do the same work, ranked, with the reasons in words.

A release of the same vendor, or built on a model of that vendor, is never one: what hits the one hits the other.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Q

from riskboard.catalog.kinds import Access, ModelModality
from riskboard.catalog.models import Family, License, Release, Vendor
from riskboard.portfolio.models import Company
from riskboard.portfolio.verdicts import Answer, verdicts
from scoring.engine.assessment import LineState
from scoring.engine.months import whole_months
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.models import Score

MOST_ROWS = 20
MOST_OF_A_LINE = 2
CLOSE, NEAR = Decimal(2), Decimal(4)  # times larger or smaller
YOUNG, OLD = 6, 18  # months older than what it would replace
BITS = (16, 8, 4)

# What does the work of what: the second kind only in part.
SERVES: Mapping[str, tuple[str, ...]] = {
    ModelModality.TEXT: (ModelModality.MULTIMODAL, ModelModality.CODE),
    ModelModality.CODE: (ModelModality.TEXT, ModelModality.MULTIMODAL),
    ModelModality.VISION: (ModelModality.MULTIMODAL,),
}
DECIDE = ("Kind of license", "Commercial use", "Territory")  # clauses after which nothing else matters
STANDS = {"open": "fits", "reopened": "partly", "tightened": "partly", "mixed": "partly"}
# Memory of the weights alone, up to so many gigabytes.
MACHINES = (
    (8, "a laptop or phone"),
    (24, "one card of 24 GB"),
    (80, "one card of 80 GB"),
    (640, "one server of eight cards of 80 GB"),
)
BEYOND = "several servers"


class Fit(StrEnum):
    FITS = "fits"
    PARTLY = "partly"
    UNKNOWN = "unknown"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Reason:
    about: str
    fit: Fit
    why: str


@dataclass(frozen=True, slots=True)
class Substitute:
    release: Release
    reasons: tuple[Reason, ...]
    score: Score | None  # of its line; None: never scored

    def count(self, fit: Fit) -> int:
        return sum(reason.fit is fit for reason in self.reasons)

    @property
    def tally(self) -> str:
        words = {Fit.FITS: "fit", Fit.PARTLY: "in part", Fit.POOR: "do not fit", Fit.UNKNOWN: "unknown"}
        return ", ".join(f"{self.count(fit)} {said}" for fit, said in words.items() if self.count(fit))


@dataclass(frozen=True, slots=True)
class Substitutes:
    rows: tuple[Substitute, ...]
    more: int  # that fit less well, or are further releases of a line that is listed
    same_vendor: int
    built_on: tuple[Release, ...]  # of other vendors, on a model of the vendor at risk


def memory_gb(billions: Decimal | None, bits: int) -> Decimal | None:
    """Gigabytes of the weights alone, an estimate: parameters times bits, over eight. What is being worked on comes on
    top."""
    return None if billions is None else billions * bits / 8


def machine_for(gigabytes: Decimal | None) -> str:
    """Blank: unknown."""
    if gigabytes is None:
        return ""
    return next((name for most, name in MACHINES if gigabytes <= most), BEYOND)


def substitutes(release: Release, company: Company | None, as_of: date) -> Substitutes:
    """``release`` with its family, line, vendor and license. At most two of a line, twenty in all."""
    families = families_at_risk(release.family.line.vendor)
    at_risk = {family.line.vendor_id for family in families}
    own = 0
    found: list[Release] = []
    built_on: list[Release] = []
    names = [words for family in families if (words := _words(family.name))]
    for candidate in _candidates(release, as_of):
        if candidate.family.line.vendor_id in at_risk:
            own += 1
        elif is_named_after(candidate, names):
            built_on.append(candidate)
        else:
            found.append(candidate)
    scores = _scores(found)
    rated = [
        Substitute(
            each, reasons(release, each, scores.get(each.family.line_id), company), scores.get(each.family.line_id)
        )
        for each in found
    ]
    rows = _best(rated)
    return Substitutes(rows, len(rated) - len(rows), own, tuple(built_on))


def families_at_risk(vendor: Vendor) -> list[Family]:
    """Of the vendor, and of those under the same roof; with their vendors."""
    roof = vendor.parent or vendor.name
    of_these = Q(line__vendor=vendor) | Q(line__vendor__parent=roof) | Q(line__vendor__name=roof)
    return list(Family.objects.filter(of_these).select_related("line__vendor"))


def _candidates(release: Release, as_of: date) -> Iterable[Release]:
    """Whatever does at least part of the work and can be downloaded on the day."""
    modalities = (release.modality, *SERVES.get(release.modality, ()))
    found = Release.objects.known_on(as_of).filter(modality__in=modalities, released_on__lte=as_of)
    found = found.filter(access__in=(Access.OPEN_WEIGHTS, Access.GATED)).exclude(pk=release.pk)
    found = found.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=as_of))
    found = found.select_related("family__line__vendor", "license__source", "source")
    return found.prefetch_related("license__thresholds").order_by("pk")


def _words(name: str) -> frozenset[str]:
    """ "Qwen2.5-7B" -> {"qwen", "b"}: digits part words."""
    return frozenset(re.findall(r"[a-z]+", name.casefold()))


def is_named_after(candidate: Release, names: Iterable[frozenset[str]]) -> bool:
    """Does its name or its repository hold all words of the name of one of those families?"""
    said = _words(f"{candidate.name} {candidate.hf_repo.partition('/')[2]}")
    return any(words <= said for words in names)


def _scores(releases: Sequence[Release]) -> dict[int, Score]:
    lines = {release.family.line_id for release in releases}
    return {score.line_id: score for score in Score.objects.newest().filter(line__in=lines).defer("items", "pledges")}


def _best(rated: list[Substitute]) -> tuple[Substitute, ...]:
    """Fewest that do not fit, most that fit, the more durable line, the newest."""
    shown: Counter[int] = Counter()
    rows: list[Substitute] = []
    for each in sorted(rated, key=_order):
        line = each.release.family.line_id
        if shown[line] < MOST_OF_A_LINE and len(rows) < MOST_ROWS:
            shown[line] += 1
            rows.append(each)
    return tuple(rows)


def _order(each: Substitute) -> tuple[int, int, float, int, str]:
    ranked = -1.0
    if each.score is not None and LineState(each.score.state, None).is_live:
        ranked = each.score.durability if each.score.ranked is None else each.score.ranked
    newest = -each.release.released_on.toordinal()
    return each.count(Fit.POOR), -each.count(Fit.FITS), -ranked, newest, each.release.slug


# Reasons ------------------------------------------------------------------------------------------


def reasons(held: Release, other: Release, score: Score | None, company: Company | None = None) -> tuple[Reason, ...]:
    return (
        _modality(held, other),
        _size(held, other),
        _hardware(held, other),
        _age(held, other),
        _license(other.license, company),
        _access(other),
        _vendor(held, other),
        _commitment(score),
    )


def _modality(held: Release, other: Release) -> Reason:
    if other.modality == held.modality:
        return Reason("Modality", Fit.FITS, f"{other.get_modality_display()}, as now.")
    return Reason("Modality", Fit.PARTLY, f"{other.get_modality_display()} instead of {held.get_modality_display()}.")


def _size(held: Release, other: Release) -> Reason:
    """By total parameters, and by active ones where both are known: the worse of the two."""
    if other.params_total_b is None or held.params_total_b is None:
        which = other if other.params_total_b is None else held
        return Reason("Size", Fit.UNKNOWN, f"Unknown: the parameters of {which.name} are not on record.")
    pairs = [(held.params_total_b, other.params_total_b)]
    if held.params_active_b is not None and other.params_active_b is not None:
        pairs.append((held.params_active_b, other.params_active_b))
    apart = max(max(a, b) / min(a, b) for a, b in pairs)
    fit = Fit.FITS if apart <= CLOSE else Fit.PARTLY if apart <= NEAR else Fit.POOR
    return Reason("Size", fit, f"{_billions(other)} against {_billions(held)}.")


def _billions(release: Release) -> str:
    if release.params_total_b is None:
        return "size unknown"
    total = f"{release.params_total_b.normalize():f} billion parameters"
    if release.params_active_b is None or release.params_active_b == release.params_total_b:
        return total
    return f"{total} ({release.params_active_b.normalize():f} active)"


def _hardware(held: Release, other: Release) -> Reason:
    """Does it run on the machine that the present one needs at 16 bit, and if not at 16, then at 8 or 4?"""
    now = memory_gb(held.params_total_b, 16)
    if now is None or other.params_total_b is None:
        which = held if now is None else other
        return Reason("Hardware", Fit.UNKNOWN, f"Unknown: the parameters of {which.name} are not on record.")
    most = _room(now)
    needs = {bits: memory_gb(other.params_total_b, bits) or Decimal(0) for bits in BITS}
    said = f"About {_gigabytes(needs[16])} of weights at 16 bit ({machine_for(needs[16])})"
    if most is None or needs[16] <= most:
        return Reason("Hardware", Fit.FITS, f"{said}: no larger machine than now.")
    for bits in BITS[1:]:
        if needs[bits] <= most:
            return Reason("Hardware", Fit.PARTLY, f"{said}: on {machine_for(now)} only at {bits} bit.")
    return Reason("Hardware", Fit.POOR, f"{said}: more than {machine_for(now)} at any precision.")


def _room(gigabytes: Decimal) -> int | None:
    """What the machine for so much holds; None: several servers, and no bound."""
    return next((most for most, _ in MACHINES if gigabytes <= most), None)


def _gigabytes(value: Decimal) -> str:
    return f"{value:.0f} GB" if value >= 10 else f"{value:.1f} GB"


def _age(held: Release, other: Release) -> Reason:
    """How much older it is, for want of a measure of what it can do that is the same for all."""
    said = f"Released {other.released_on:%B %Y}"
    if other.released_on >= held.released_on:
        return Reason("Age", Fit.FITS, f"{said}, not before the present one.")
    months = whole_months(other.released_on, held.released_on)
    if months < 1:
        return Reason("Age", Fit.FITS, f"{said}, within a month of the present one.")
    fit = Fit.FITS if months <= YOUNG else Fit.PARTLY if months <= OLD else Fit.POOR
    return Reason("Age", fit, f"{said}, {months} month{'s' if months > 1 else ''} before the present one.")


def _license(terms: License | None, company: Company | None) -> Reason:
    """By what its clauses do to the company."""
    if terms is None:
        return Reason("License", Fit.UNKNOWN, "Unknown: its license is not on record.")
    found = verdicts(terms, terms.thresholds.all(), company)
    biting = [each.clause for each in found if each.verdict is Answer.BITES]
    unknown = [each.clause for each in found if each.verdict is Answer.UNKNOWN]
    said = f"{terms.name}, {terms.get_category_display()}"
    if biting:
        fit = Fit.POOR if set(biting) & set(DECIDE) else Fit.PARTLY
        return Reason("License", fit, f"{said}; bites: {_few(biting)}.")
    if unknown:
        return Reason("License", Fit.UNKNOWN, f"{said}; unknown whether it bites: {_few(unknown)}.")
    return Reason("License", Fit.FITS, f"{said}; no clause of it bites.")


def _few(clauses: list[str]) -> str:
    named = ", ".join(clause[:1].lower() + clause[1:] for clause in clauses[:3])
    return named if len(clauses) <= 3 else f"{named} and {len(clauses) - 3} more"


def _access(other: Release) -> Reason:
    if other.access == Access.OPEN_WEIGHTS:
        return Reason("Access", Fit.FITS, "Weights to download.")
    return Reason("Access", Fit.PARTLY, "Gated: the vendor asks who downloads.")


def _vendor(held: Release, other: Release) -> Reason:
    vendor, now = other.family.line.vendor, held.family.line.vendor
    if vendor.country == now.country:
        return Reason("Vendor", Fit.PARTLY, f"Another vendor, {vendor.name}, but of the same country.")
    return Reason("Vendor", Fit.FITS, f"Another vendor, {vendor.name}, of another country.")


def _commitment(score: Score | None) -> Reason:
    if score is None:
        return Reason("Commitment", Fit.UNKNOWN, "Unknown: its line was not examined.")
    label = load_rubric(SHIPPED).state_label(score.state)
    if not LineState(score.state, None).is_live:
        return Reason("Commitment", Fit.POOR, f"{label}: what is out stays, and no next version is expected.")
    if score.insufficient:
        return Reason("Commitment", Fit.UNKNOWN, f"{label}, on too little evidence to rate.")
    return Reason("Commitment", Fit(STANDS[score.state]), f"{label}.")
