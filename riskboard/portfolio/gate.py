"""Whether what a file runs passes: facts first, then the likelihood of a named failure within a horizon.

A gate that cannot tell says so. It never takes an old record, an unmatched name or an unread clause for a pass.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from riskboard.catalog.kinds import Access
from riskboard.catalog.models import License, LicenseChange, Release
from riskboard.catalog.queries import newest_publication
from riskboard.catalog.terms import takes_effect, terms_on
from riskboard.portfolio.kinds import Matched, Scheme
from riskboard.portfolio.matching import Match, matches
from riskboard.portfolio.models import Company
from riskboard.portfolio.reading import Mention
from riskboard.portfolio.verdicts import Answer, verdicts
from scoring.engine.assessment import MODES, Assessment, Mode
from scoring.selectors import assessments

FACTS = {
    "gone": "The weights, or the hosted access that is used, are withdrawn.",
    "license_changed": "The weights are offered under other terms than before.",
    "clause_bites": "A clause of the license bites the company.",
}
DOUBTS = {
    "unmatched": "The name is not matched with a release for sure.",
    "no_models": "The file names no model.",
    "evidence_age": "The newest evidence is older than the gate allows.",
}
HORIZONS = (12, 24)  # months
USUAL_AGE = 30  # days
LIKELIHOOD = re.compile(r"(?P<mode>[a-z_]+):(?P<months>\d{1,3})m:(?P<limit>[01](?:\.\d{1,6})?|\.\d{1,6})", re.ASCII)
COMPOSITE = re.compile(r"durability|score|composite|grade|total|rank(?:ed)?|overall", re.ASCII)
REFUSAL = (
    "The composite score is no condition. It sums up failures that call for different answers, is reconstructed and "
    "experimental, and moves when the method does: a pipeline that stops at a number teaches nobody what to do. Name "
    "what must not happen: a fact (gone, license_changed, clause_bites), or a failure with a horizon and a likelihood, "
    "such as closed_next:12m:0.4."
)


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 -- the opposite of fail
    FAIL = "fail"
    UNCLEAR = "unclear"


EXIT = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.UNCLEAR: 3}
BAD_INPUT = 2


class ConditionError(Exception):
    """What cannot be gated on, and why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact, or a failure mode with its horizon in months and the likelihood from which it fails."""

    code: str
    months: int = 0
    limit: float = 0.0

    @property
    def mode(self) -> Mode | None:
        return next((mode for mode in MODES if mode == self.code), None)

    @property
    def about(self) -> str:
        return (
            FACTS.get(self.code)
            or f"{_words(self.code)} within {self.months} months, at least {self.limit:.0%} likely."
        )


@dataclass(frozen=True, slots=True)
class Question:
    as_of: date
    conditions: tuple[Condition, ...]
    since: date | None = None
    max_age: int = USUAL_AGE
    allow_unmatched: bool = False
    company: Company | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What fails or is unclear. ``path`` is the page of the board that shows it."""

    rule: str
    outcome: Outcome
    message: str
    mention: Mention | None = None
    release: Release | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    question: Question
    newest: date | None
    matched: tuple[tuple[Mention, Match], ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def outcome(self) -> Outcome:
        outcomes = {finding.outcome for finding in self.findings}
        return next((worst for worst in (Outcome.FAIL, Outcome.UNCLEAR) if worst in outcomes), Outcome.PASS)


def conditions_of(texts: Iterable[str]) -> tuple[Condition, ...]:
    """Of ``gone,closed_next:12m:0.4``. Raises ConditionError."""
    words = [word.strip().lower() for text in texts for word in text.split(",") if word.strip()]
    if not words:
        raise ConditionError(f"Name what must not happen: {', '.join(FACTS)}, or such as closed_next:12m:0.4.")
    return tuple(dict.fromkeys(_condition(word) for word in words))


def _condition(word: str) -> Condition:
    if word in FACTS:
        return Condition(word)
    if COMPOSITE.fullmatch(re.split(r"[:<>=]", word, maxsplit=1)[0]):
        raise ConditionError(REFUSAL)
    found = LIKELIHOOD.fullmatch(word)
    if found is None or found["mode"] not in MODES:
        known = ", ".join((*FACTS, *(f"{mode}:12m:0.4" for mode in MODES)))
        raise ConditionError(f"“{word[:80]}” is no condition. There are: {known}.")
    months, limit = int(found["months"]), float(found["limit"])
    if months not in HORIZONS:
        raise ConditionError(f"“{word}”: forecasts are made for {HORIZONS[0]} and {HORIZONS[1]} months.")
    if not 0 < limit <= 1:
        raise ConditionError(f"“{word}”: a likelihood is above 0 and at most 1.")
    return Condition(found["mode"], months, limit)


def judge(mentions: Sequence[Mention], question: Question) -> Result:
    """A bounded number of queries, however long the file."""
    matched = tuple(zip(mentions, matches(mentions), strict=True))
    newest = newest_publication(question.as_of)
    findings = [*_of_the_whole(mentions, newest, question)]
    record = _Record.of({match.release.pk for _, match in matched if match.release}, question.as_of)
    for mention, match in matched:
        findings += _of_one(mention, match, record, question)
    return Result(question, newest, matched, tuple(findings))


def _of_the_whole(mentions: Sequence[Mention], newest: date | None, question: Question) -> Iterator[Finding]:
    if not mentions:
        yield Finding("no_models", Outcome.UNCLEAR, "The file names no model that is recognized.")
    if newest is None:
        yield Finding("evidence_age", Outcome.UNCLEAR, "There is no evidence by this day.")
    elif question.as_of - newest > timedelta(days=question.max_age):
        age = (question.as_of - newest).days
        said = f"The newest evidence is of {newest}, {age} days old; at most {question.max_age} are allowed."
        yield Finding("evidence_age", Outcome.UNCLEAR, said)


@dataclass(frozen=True, slots=True)
class _Record:
    """What is asked of the database, at once for all."""

    releases: dict[int, Release]
    changes: tuple[LicenseChange, ...]
    assessments: dict[str, Assessment]

    @classmethod
    def of(cls, keys: set[int], as_of: date) -> "_Record":
        rows = Release.objects.filter(pk__in=keys).select_related("source", "license__source", "family__line__vendor")
        releases = {row.pk: row for row in rows.prefetch_related("license__thresholds", "revisions")}
        vendors = {row.family.line.vendor_id for row in releases.values()}
        changes = LicenseChange.objects.known_on(as_of).filter(vendor__in=vendors)
        listed = changes.select_related("source", "from_license__source", "to_license__source").prefetch_related(
            "to_license__thresholds"
        )
        return cls(releases, tuple(listed), dict(assessments(as_of)) if releases else {})

    def changes_of(self, release: Release) -> list[LicenseChange]:
        line = release.family.line
        return [
            change
            for change in self.changes
            if change.vendor_id == line.vendor_id and change.family_id in {None, release.family_id}
        ]


def _of_one(mention: Mention, match: Match, record: _Record, question: Question) -> Iterator[Finding]:
    release = record.releases.get(match.release.pk) if match.release else None
    if release is None or match.matched == Matched.GUESS:
        if not question.allow_unmatched:
            yield Finding("unmatched", Outcome.UNCLEAR, _unmatched(match), mention, release)
        return
    for condition in question.conditions:
        for outcome, said, path in _met(condition, mention, release, record, question):
            yield Finding(condition.code, outcome, said, mention, release, path or release.get_absolute_url())


def _unmatched(match: Match) -> str:
    if match.release is not None:
        return f"Only a guess: it may be {match.release.name}. {match.why}".strip()
    return f"Not matched with a release here. {match.why}".strip()


Met = Iterator[tuple[Outcome, str, str]]


def _met(condition: Condition, mention: Mention, release: Release, record: _Record, question: Question) -> Met:
    if condition.code == "gone":
        return _gone(mention, release, question.as_of)
    if condition.code == "license_changed":
        return _license_changed(mention, release, record, question)
    if condition.code == "clause_bites":
        return _clause_bites(release, record, question)
    return _likely(condition, release, record)


def _gone(mention: Mention, release: Release, as_of: date) -> Met:
    said = _gone_since(mention, release, as_of)
    if said and release.is_verified:
        yield Outcome.FAIL, f"{release.name}: {said}.", ""
    elif said:
        yield Outcome.UNCLEAR, f"{release.name}: {said}, as recalled; nobody looked it up.", ""


def _gone_since(mention: Mention, release: Release, as_of: date) -> str:
    if release.withdrawn_on is not None and release.withdrawn_on <= as_of:
        return f"the weights were withdrawn on {release.withdrawn_on}"
    if release.access == Access.WITHDRAWN and release.withdrawn_on is None:
        return "withdrawn, on a day that is not known"
    is_hosted = mention.scheme == Scheme.OPENROUTER or release.access == Access.API_ONLY
    if is_hosted and release.hosted_ended_on is not None and release.hosted_ended_on <= as_of:
        return f"hosted access ended on {release.hosted_ended_on}"
    return ""


def _license_changed(mention: Mention, release: Release, record: _Record, question: Question) -> Met:
    since, because = _since(mention, release, question)
    changes = record.changes_of(release)
    before, after = terms_on(release, changes, since), terms_on(release, changes, question.as_of)
    coming = terms_on(release, changes, date.max)
    last = max((one for one in changes if one.is_verified), key=takes_effect, default=None)
    path = last.get_absolute_url() if last else ""
    if before is None:
        yield Outcome.UNCLEAR, f"{release.name}: no license is on record.", ""
    elif before != after:
        yield Outcome.FAIL, f"{release.name}: {before} became {after} since {since} ({because}).", path
    elif after != coming and last is not None:
        yield Outcome.FAIL, f"{release.name}: {after} becomes {coming} on {takes_effect(last)}, as announced.", path
    for change in changes:
        if not change.is_verified and since < takes_effect(change) and release.released_on < takes_effect(change):
            said = f"{release.name}: a change of terms on {takes_effect(change)} is recalled; nobody looked it up."
            yield Outcome.UNCLEAR, said, change.get_absolute_url()


def _since(mention: Mention, release: Release, question: Question) -> tuple[date, str]:
    """From when on a change counts, and why from then."""
    if question.since is not None:
        return question.since, "the day given"
    if mention.revision:
        for revision in release.revisions.all():
            if revision.commit_sha.startswith(mention.revision[:40]):
                return revision.captured_on, "when the pinned revision was seen"
    return release.released_on, "the day of its release: when the copy was taken is not known"


def _clause_bites(release: Release, record: _Record, question: Question) -> Met:
    license_: License | None = terms_on(release, record.changes_of(release), question.as_of)
    if license_ is None:
        yield Outcome.UNCLEAR, f"{release.name}: no license is on record.", ""
        return
    found = verdicts(license_, license_.thresholds.all(), question.company)
    path = license_.get_absolute_url()
    for each in found:
        if each.verdict is Answer.BITES:
            yield Outcome.FAIL, f"{release.name}, {license_}: {each.clause}: {each.why}", path
    unknown = [f"{each.clause}: {each.why}" for each in found if each.verdict is Answer.UNKNOWN]
    if unknown:
        yield Outcome.UNCLEAR, f"{release.name}, {license_}: {'; '.join(unknown)}", path


def _likely(condition: Condition, release: Release, record: _Record) -> Met:
    line, mode = release.family.line, condition.mode
    assessment = record.assessments.get(line.slug)
    path, name = line.get_absolute_url(), line.short_name
    happened = {"closed_next": "closed", "withdrawn": "withdrawn"}
    if mode is None or assessment is None:
        yield Outcome.UNCLEAR, f"{name}: there is no forecast.", path
    elif assessment.state.code == happened.get(mode):
        yield Outcome.FAIL, f"{name}: already {assessment.state.code}, since {assessment.state.since}.", path
    elif not assessment.state.is_live:
        yield Outcome.UNCLEAR, f"{name}: {_words(assessment.state.code)}; nothing is left to forecast.", path
    elif assessment.insufficient:
        yield Outcome.UNCLEAR, f"{name}: the evidence does not carry a forecast.", path
    else:
        likelihood = float(getattr(assessment.forecast(condition.months), mode))
        if likelihood >= condition.limit:
            said = f"{name}: {_words(mode)} within {condition.months} months is {likelihood:.0%} likely"
            yield Outcome.FAIL, f"{said}, the gate is {condition.limit:.0%}. Reconstructed, experimental.", path


def _words(code: str) -> str:
    return {"closed_next": "next version closed"}.get(code, code.replace("_", " "))
