"""Whether each clause of a license bites a company: yes, no, or unknown and why.

"Does not" is said only where no unknown could turn it: the text was read, the row is verified, and what decides is
given. Nobody's silence is ever taken for a "no".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from riskboard.catalog import kinds
from riskboard.catalog.models import License, Threshold
from riskboard.catalog.terms import threshold_sentence
from riskboard.portfolio import territories
from riskboard.portfolio.limits import above, concerned
from riskboard.portfolio.models import Company


class Answer(StrEnum):
    BITES = "bites"
    DOES_NOT = "does not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``verdict`` is one of ``Answer``; ``why`` one plain sentence."""

    clause: str
    verdict: Answer
    why: str

    @property
    def tone(self) -> str:
        return {Answer.BITES: "down", Answer.DOES_NOT: "up"}.get(self.verdict, "flat")


def verdicts(license_: License, thresholds: Iterable[Threshold], company: Company | None) -> tuple[Verdict, ...]:
    """Of every clause that the catalog knows. ``thresholds``: of any license. ``company`` None: nothing is given."""
    profile = company or Company()
    limits = _limits(license_, [row for row in thresholds if row.license_id == license_.pk], profile)
    found = [
        _commercial(license_, profile, limits),
        *limits,
        _territory(license_, profile),
        _use(license_),
        _outputs(license_, profile),
        _naming(license_, profile),
        _ending(license_),
    ]
    checked = [_as_read(license_, each) for each in found]
    return (_as_read(license_, _kind(license_, profile, checked)), *checked)


def no_license() -> tuple[Verdict, ...]:
    """Of a release whose license nobody recorded."""
    return (Verdict("License", Answer.UNKNOWN, "unknown: no license is on record"),)


def _as_read(license_: License, found: Verdict) -> Verdict:
    """What says "does not" of a text that nobody read, or from memory alone, is not known to say so."""
    if found.verdict is not Answer.DOES_NOT or (license_.text_read and license_.is_verified):
        return found
    ground = "text not read" if not license_.text_read else "recalled, not looked up"
    return Verdict(
        found.clause, Answer.UNKNOWN, f"unknown: {ground}; as reported: {found.why[:1].lower()}{found.why[1:]}"
    )


def _bites(clause: str, why: str) -> Verdict:
    return Verdict(clause, Answer.BITES, why)


def _does_not(clause: str, why: str) -> Verdict:
    return Verdict(clause, Answer.DOES_NOT, why)


def _unknown(clause: str, why: str) -> Verdict:
    return Verdict(clause, Answer.UNKNOWN, f"unknown: {why}")


def _unread(clause: str, license_: License) -> Verdict:
    return _unknown(clause, "nobody noted it" if license_.text_read else "text not read")


def _decided(clause: str, stated: bool | None, *, asks: str, yes: str, no: str) -> Verdict:
    """A clause that one answer of the profile decides."""
    if stated is None:
        return _unknown(clause, f"whether you {asks} is not given")
    return _bites(clause, yes) if stated else _does_not(clause, no)


def _kind(license_: License, company: Company, others: list[Verdict]) -> Verdict:
    clause = "Kind of license"
    match license_.category:
        case kinds.LicenseCategory.PERMISSIVE:
            return _does_not(clause, "It is permissive: it asks for little more than its notice.")
        case kinds.LicenseCategory.WEAK_COPYLEFT | kinds.LicenseCategory.COPYLEFT:
            return _decided(
                clause,
                company.redistributes,
                asks="pass weights on",
                yes="It is copyleft and you pass weights on: changes go out under the same license.",
                no="It is copyleft, which binds whoever passes it on, and you do not.",
            )
        case kinds.LicenseCategory.NONCOMMERCIAL:
            return _decided(
                clause,
                company.is_commercial,
                asks="use models commercially",
                yes="It is for non-commercial use and yours is commercial.",
                no="It is for non-commercial use, as yours is.",
            )
        case kinds.LicenseCategory.PROPRIETARY:
            return _bites(clause, "No weights are licensed: the vendor's terms of service hold, and it can end them.")
        case _:
            return _by_the_others(clause, license_, others)


def _by_the_others(clause: str, license_: License, others: list[Verdict]) -> Verdict:
    biting = sum(each.verdict is Answer.BITES for each in others)
    unknown = sum(each.verdict is Answer.UNKNOWN for each in others)
    label = f"It is {license_.get_category_display()}"
    if biting:
        return _bites(clause, f"{label}: {biting} of its clauses below bite{'s' if biting == 1 else ''}.")
    if unknown:
        return _unknown(clause, f"{unknown} of its clauses below {'is' if unknown == 1 else 'are'} unknown")
    return _does_not(clause, f"{label}, and none of its clauses below bites.")


def _commercial(license_: License, company: Company, limits: list[Verdict]) -> Verdict:
    clause = "Commercial use"
    match license_.commercial_use:
        case kinds.CommercialUse.YES:
            return _does_not(clause, "Commercial use is allowed.")
        case kinds.CommercialUse.NO:
            return _decided(
                clause,
                company.is_commercial,
                asks="use models commercially",
                yes="Commercial use is not allowed, and yours is commercial.",
                no="Commercial use is not allowed, and yours is not commercial.",
            )
        case kinds.CommercialUse.CONDITIONAL:
            return _within_limits(clause, company, limits)
        case _:
            return _unread(clause, license_)


def _within_limits(clause: str, company: Company, limits: list[Verdict]) -> Verdict:
    if company.is_commercial is None:
        return _unknown(clause, "it is allowed within limits, and whether you use models commercially is not given")
    if not company.is_commercial:
        return _does_not(clause, "It is allowed within limits, and your use is not commercial.")
    if any(each.verdict is Answer.BITES for each in limits):
        return _bites(clause, "It is allowed within limits, and you are past one of them.")
    return _unknown(clause, "it is allowed on conditions; whether you meet all of them takes a reading of the text")


def _limits(license_: License, thresholds: list[Threshold], company: Company) -> list[Verdict]:
    clause = "Size limits"
    if thresholds:
        found = [_threshold(row, company) for row in sorted(thresholds, key=threshold_sentence)]
        return found if license_.text_read else [*found, _unknown("Other limits", "text not read")]
    if license_.threshold_summary:
        return [_unknown(clause, f"it is on record in words only: {license_.threshold_summary}")]
    return [_does_not(clause, "It has none.")] if license_.text_read else [_unread(clause, license_)]


def _threshold(row: Threshold, company: Company) -> Verdict:
    clause = threshold_sentence(row)
    if row.metric == kinds.ThresholdMetric.ANY_COMMERCIAL_USE and company.is_commercial is False:
        return _does_not(clause, "Your use is not commercial.")
    is_meant, who = concerned(row.who, company)
    if is_meant is False:
        return _does_not(clause, who)
    is_above, why = above(row, company)
    if is_above is False:
        return _does_not(clause, why)
    if is_meant is None or is_above is None:
        return _unknown(clause, who if is_meant is None else why)
    return _bites(clause, f"{why[:-1]}: {row.get_consequence_display()}.")


def _territory(license_: License, company: Company) -> Verdict:
    clause, excluded = "Territory", license_.territory_exclusions
    if not excluded:
        return _does_not(clause, "It leaves no territory out.") if license_.text_read else _unread(clause, license_)
    places = territories.countries_of(excluded)
    if places is None:
        return _unknown(clause, f"what it leaves out takes a reading: {excluded}")
    here = territories.codes(company.countries)
    if not here:
        return _unknown(clause, f"it leaves out {excluded}, and your countries are not given")
    hit = sorted(here & places)
    if hit:
        return _bites(clause, f"It leaves out {excluded}, and you are in {', '.join(hit)}.")
    return _does_not(clause, f"It leaves out {excluded}, where you are not.")


def _use(license_: License) -> Verdict:
    clause = "Limits on what it is used for"
    if license_.use_restrictions is None:
        return _unread(clause, license_)
    if not license_.use_restrictions:
        return _does_not(clause, "It sets none.")
    return _unknown(clause, "it limits what it may be used for, and your profile does not say what that is")


def _outputs(license_: License, company: Company) -> Verdict:
    clause = "Training with its output"
    if license_.output_training_restriction is None:
        return _unread(clause, license_)
    if not license_.output_training_restriction:
        return _does_not(clause, "It does not limit that.")
    return _decided(
        clause,
        company.trains_on_outputs,
        asks="train on outputs",
        yes="It limits training with its output, and you train on outputs.",
        no="It limits training with its output, and you do not train on outputs.",
    )


def _naming(license_: License, company: Company) -> Verdict:
    """The duty falls on whoever offers the model, or something made with it, to others."""
    clause = "The model must be named"
    if license_.naming_obligation is None:
        return _unread(clause, license_)
    if not license_.naming_obligation:
        return _does_not(clause, "It does not ask for that.")
    if company.redistributes or company.hosts_for_others:
        how = "pass weights on" if company.redistributes else "host models for others"
        return _bites(clause, f"It must be named to others, and you {how}.")
    offered = (company.redistributes, company.hosts_for_others, company.is_commercial)
    if any(each is None for each in offered):
        return _unknown(clause, "whether you offer it, or what is made with it, to others is not given")
    if company.is_commercial:
        return _unknown(clause, "whether what you sell counts as made with it takes a reading of the text")
    return _does_not(clause, "It must be named to others, and you offer it to nobody.")


def _ending(license_: License) -> Verdict:
    clause = "Vendor can end it"
    if license_.irrevocable:
        return _does_not(clause, "It is irrevocable for whoever keeps to it.")
    if license_.terminable is None:
        return _unread(clause, license_)
    if license_.terminable:
        return _bites(clause, "The vendor can end it without a breach of yours.")
    return _does_not(clause, "It can be ended for a breach only.")
