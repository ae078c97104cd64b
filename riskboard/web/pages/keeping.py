"""What stays with a copy already held: the license, clause by clause, unknown where nobody read the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import License, LicenseChange, Release, Threshold
from riskboard.catalog.terms import reached, terms_on

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Clause:
    name: str
    reading: str
    tone: str = ""  # up, down, or nothing

    @property
    def is_unknown(self) -> bool:
        return self.reading.startswith(UNKNOWN)


@dataclass(frozen=True, slots=True)
class Grant:
    """One license, and how many releases that are open today carry it."""

    license: License | None
    verdict: str
    tone: str
    releases: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The terms of one release as they bind the copy that was downloaded."""

    release: Release
    license: License | None
    verdict: str
    tone: str
    sentence: str
    clauses: tuple[Clause, ...]
    changes: tuple[tuple[LicenseChange, str], ...]  # with whether each reached this release


def kept(release: Release, thresholds: Iterable[Threshold], changes: Iterable[LicenseChange], day: date) -> Kept:
    about = [change for change in changes if change.family_id in {None, release.family_id}]
    license_ = terms_on(release, about, day)
    verdict, tone, sentence = verdict_on(release, license_)
    own = [threshold for threshold in thresholds if license_ and threshold.license_id == license_.pk]
    return Kept(
        release=release,
        license=license_,
        verdict=verdict,
        tone=tone,
        sentence=sentence,
        clauses=tuple(clauses(license_, own)) if license_ else (),
        changes=tuple((change, reached(change, release)) for change in about),
    )


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The page that states the terms is not the one cited for the release. ``names``: releases that it is cited for."""

    names: tuple[str, ...]

    @property
    def others(self) -> int:
        return len(self.names) - 1


def terms_page(copy: Kept, releases: Iterable[Release]) -> TermsPage | None:
    """None where both are told from one place, or no license is known. ``releases``: that may cite it too."""
    if copy.license is None or _site(copy.license.source.url) == _site(copy.release.source.url):
        return None
    site = _site(copy.license.source.url)
    citing = [each for each in releases if site and _site(each.source.url) == site]
    return TermsPage(tuple(each.name for each in sorted(citing, key=lambda each: each.released_on, reverse=True)))


def _site(url: str) -> str:
    """Host, owner and repository, without what follows: the page of a model on a hub, or the like."""
    return "/".join(url.split("/")[:5])


def grants(held: Iterable[tuple[Release, License | None]]) -> tuple[Grant, ...]:
    """The licenses of the open releases, most used first: which copy is run decides what is kept."""
    by_license: dict[int | None, list[tuple[Release, License | None]]] = {}
    for release, license_ in held:
        by_license.setdefault(license_.pk if license_ else None, []).append((release, license_))
    ranked = sorted(by_license.values(), key=lambda rows: (-len(rows), rows[0][0].slug))
    return tuple(Grant(rows[0][1], *verdict_on(*rows[0])[:2], len(rows)) for rows in ranked)


def copy_words(found: Iterable[Grant]) -> tuple[str, str]:
    """(words, tone) for whatever copy is run; they depend on the release where the licenses differ."""
    verdicts = {(grant.verdict, grant.tone) for grant in found}
    if not verdicts:
        return "none to keep", ""
    return verdicts.pop() if len(verdicts) == 1 else ("varies by release", "")


def verdict_on(release: Release, license_: License | None) -> tuple[str, str, str]:
    """(words, tone, sentence) on whether the copy can be taken back."""
    if release.access == kinds.Access.API_ONLY:
        return "none to keep", "down", f"{release.name} is offered hosted only: there is no copy."
    if license_ is None:
        return UNKNOWN, "", f"No license is recorded for {release.name}."
    if license_.irrevocable:
        return "stays yours", "up", f"{license_.name} is irrevocable for the copy you hold."
    if license_.terminable:
        return "can be ended", "down", f"{license_.name} lets the vendor end the grant."
    if not license_.text_read:
        return UNKNOWN, "", f"The text of {license_.name} was not read here."
    return (
        "not said to last",
        "",
        f"{license_.name} says neither that it lasts nor that the vendor can end it.",
    )


def clauses(license_: License, thresholds: list[Threshold]) -> list[Clause]:
    return [
        Clause("Commercial use", _commercial(license_), {"yes": "up", "no": "down"}.get(license_.commercial_use, "")),
        Clause("Irrevocable", _yes_or_no(license_.irrevocable, license_), "up" if license_.irrevocable else ""),
        Clause("Vendor can end it", _ending(license_), "down" if license_.terminable else ""),
        Clause("Size limits", _limits(license_, thresholds)),
        Clause("Territory", _territory(license_), "down" if license_.territory_exclusions else ""),
        Clause("Use limits", _yes_or_no(license_.use_restrictions, license_)),
        Clause("Training on outputs", _limited(license_.output_training_restriction, license_)),
        Clause("Naming duty", _yes_or_no(license_.naming_obligation, license_)),
    ]


def _unknown(license_: License) -> str:
    return f"{UNKNOWN}: nobody recorded it" if license_.text_read else f"{UNKNOWN}: text not read"


def _commercial(license_: License) -> str:
    return {"yes": "allowed", "no": "not allowed", "conditional": "within limits"}.get(
        license_.commercial_use, _unknown(license_)
    )


def _yes_or_no(stated: bool | None, license_: License) -> str:
    if stated is None:
        return _unknown(license_)
    return "yes" if stated else "no"


def _limited(stated: bool | None, license_: License) -> str:
    if stated is None:
        return _unknown(license_)
    return "limited" if stated else "free"


def _ending(license_: License) -> str:
    stated = _yes_or_no(license_.terminable, license_)
    if license_.terminable is None and not license_.text_read:
        return stated
    return f"{stated}. {license_.termination}" if license_.termination else stated


def _territory(license_: License) -> str:
    if license_.territory_exclusions:
        return f"leaves out {license_.territory_exclusions}"
    return "none left out" if license_.text_read else _unknown(license_)


def _limits(license_: License, thresholds: list[Threshold]) -> str:
    if thresholds:
        return "; ".join(threshold_words(threshold) for threshold in thresholds)
    if license_.threshold_summary:
        return license_.threshold_summary
    return "none" if license_.text_read else _unknown(license_)


def threshold_words(threshold: Threshold) -> str:
    metric = kinds.ThresholdMetric(threshold.metric).label
    amount = f" above {threshold.amount:,.0f}" if threshold.amount is not None else ""
    if threshold.amount is None and threshold.metric != kinds.ThresholdMetric.ANY_COMMERCIAL_USE:
        amount = " above an unknown amount"
    currency = f" {threshold.currency}" if threshold.currency else ""
    period = f" a {threshold.period}" if threshold.period else ""
    who = f" ({threshold.who})" if threshold.who else ""
    consequence = kinds.ThresholdConsequence(threshold.consequence).label
    return f"{metric}{amount}{currency}{period}{who}: {consequence}"
