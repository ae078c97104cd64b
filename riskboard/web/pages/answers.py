"""Five questions, each answered in a line from dated rows. What to do follows from facts; nothing generic is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import License, Pledge, Release, Vendor
from riskboard.web.pages.keeping import Kept
from riskboard.web.pages.line_rows import LineRows
from riskboard.web.pages.marks import OPEN_ACCESS, access_on, status_on
from riskboard.web.pages.usual import Usual
from riskboard.web.templatetags.board import day as plain_day
from scoring.engine.assessment import Assessment
from scoring.engine.rubric import Rubric
from scoring.engine.words import frequency, likelihood_sentence, plausible_range

COMMERCIAL = {
    "yes": "commercial use allowed",
    "no": "no commercial use",
    "conditional": "commercial use within limits",
}
MOST_STEPS = 4
RECALLED = "Recalled, unverified."
UNREAD = "Its text was not read here, so what it is silent on is unknown."


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    answer: str
    detail: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Likelihood and its range stand in sentences of their own."""

    months: int
    frequency: str
    sentence: str
    range: str


def likelihoods(assessment: Assessment, rubric: Rubric) -> tuple[Likelihood, ...]:
    """Twelve months first; none until they are earned, where nothing is left to forecast, or evidence is thin."""
    if rubric.precision != "grades" or not assessment.is_rated:
        return ()
    return tuple(
        Likelihood(
            months=forecast.months,
            frequency=frequency(forecast.total, rubric),
            sentence=_capital(likelihood_sentence(forecast, assessment.as_of, rubric)),
            range=_range_words(plausible_range(forecast.low, forecast.high)),
        )
        for forecast in assessment.forecasts
    )


def _range_words(span: str) -> str:
    if not {"<", ">"} & set(span):
        return span.replace("-", "–")
    return span.replace("-", " to ").replace("<", "under ").replace(">", "over ")


def open_releases(rows: LineRows, day: date) -> list[Release]:
    return [release for release in rows.releases if access_on(release, day) in OPEN_ACCESS]


def newest_open(rows: LineRows, day: date) -> Release | None:
    """The newest open flagship, the largest where several came out together; failing that the newest open release."""
    return max(
        open_releases(rows, day),
        key=lambda row: (row.flagship, row.weights_on or row.released_on, row.params_total_b or 0, row.slug),
        default=None,
    )


def answers(
    rows: LineRows, copy: Kept | None, assessment: Assessment, rubric: Rubric, usual: Usual | None, no_rate: str
) -> tuple[Answer, ...]:
    day = assessment.as_of
    release = copy.release if copy else None
    return (
        _usable(rows, release, day),
        _terms(copy),
        _promised(rows, day),
        _change(assessment, rubric, usual, no_rate),
        _steps(rows, copy, assessment, usual),
    )


def _usable(rows: LineRows, release: Release | None, day: date) -> Answer:
    question = "Usable today?"
    if release is None:
        if not rows.releases:
            return Answer(question, "Unknown: no release is on record.")
        return Answer(question, "No: no release of this line has weights to download.")
    access = access_on(release, day)
    since = release.weights_on or release.released_on
    how = {"open weights": "Yes", "gated": "Yes, behind a form", "restricted": "Within limits"}[access]
    closed = [row for row in rows.releases if row.flagship and access_on(row, day) == "API only"]
    newer = [row for row in closed if row.announced_on > since]
    detail = f"Newer flagships without weights: {_names(newer)}." if newer else ""
    answer = f"{how}: {release.name}, {plain_day(since, release.date_precision)}."
    return Answer(question, answer, f"{detail} {RECALLED}".strip() if not release.is_verified else detail)


def _names(releases: list[Release]) -> str:
    named = ", ".join(release.name for release in releases[:3])
    return f"{named} and {len(releases) - 3} more" if len(releases) > 3 else named


def _terms(copy: Kept | None) -> Answer:
    question = "Under what terms?"
    if copy is None:
        return Answer(question, "None: nothing is offered for download.")
    license_ = copy.license
    if license_ is None:
        return Answer(question, f"Unknown: no license is recorded for {copy.release.name}.")
    answer = f"{license_.name}: {kinds.LicenseCategory(license_.category).label}."
    if not license_.text_read:
        return Answer(question, answer, UNREAD)
    return Answer(question, answer, _capital("; ".join(_clauses(license_))) + ".")


def _clauses(license_: License) -> Iterator[str]:
    yield COMMERCIAL.get(license_.commercial_use, "commercial use unknown")
    if license_.threshold_summary:
        yield license_.threshold_summary
    if license_.territory_exclusions:
        yield f"leaves out {license_.territory_exclusions}"
    if license_.irrevocable:
        yield "irrevocable"
    if license_.terminable:
        yield "the vendor can end it"


def _promised(rows: LineRows, day: date) -> Answer:
    question = "What is promised?"
    if not rows.pledges:
        return Answer(question, "Nothing on record.")
    counts = {label: sum(status_on(row, day) == code for row in rows.pledges) for code, label in _statuses()}
    tally = ", ".join(f"{count} {label}" for label, count in counts.items() if count)
    dated = [row for row in rows.pledges if row.made_on]
    newest = f"Newest: “{dated[0].summary}” ({_made(dated[0])})" if dated else ""
    if dated and not dated[0].is_verified:
        newest = f"{newest} {RECALLED}"
    number = len(rows.pledges)
    return Answer(question, f"{number} promise{'s' if number != 1 else ''} on record: {tally}.", newest)


def _statuses() -> list[tuple[str, str]]:
    return [*kinds.PledgeStatus.choices, ("not judged yet", "not judged yet")]


def _made(pledge: Pledge) -> str:
    return f"{plain_day(pledge.made_on)}, {kinds.Specificity(pledge.specificity).label.lower()}"


def _change(assessment: Assessment, rubric: Rubric, usual: Usual | None, no_rate: str) -> Answer:
    question = "How likely to change?"
    if not assessment.state.is_live:
        label = rubric.state_label(assessment.state.code).lower()
        return Answer(question, f"Not forecast: the line is {label}.", "What remains stands under What you keep.")
    if assessment.insufficient:
        return Answer(question, "Not forecast: the evidence is too thin to rate.", "Unknown is not safe.")
    found = likelihoods(assessment, rubric)
    if found:
        return Answer(question, found[0].sentence, f"Plausible range {found[0].range}.")
    if usual:
        return Answer(question, usual.sentence, usual.reasons)
    return Answer(question, "No rate is given.", no_rate)


def _steps(rows: LineRows, copy: Kept | None, assessment: Assessment, usual: Usual | None) -> Answer:
    steps = tuple(_first_steps(rows, copy, assessment, usual))[:MOST_STEPS]
    if not steps:
        return Answer("What should I do?", "Nothing follows from what is on record.")
    return Answer("What should I do?", steps[0], more=steps[1:])


def _first_steps(rows: LineRows, copy: Kept | None, assessment: Assessment, usual: Usual | None) -> Iterator[str]:
    if copy is not None:
        yield _about_the_copy(copy.release, copy.license)
    yield from _about_the_next(rows, assessment, usual)
    if copy is not None and copy.license is not None:
        yield from _about_its_limits(rows, copy.license)
    for pledge in rows.pledges:
        if pledge.due_on and pledge.due_on >= assessment.as_of and status_on(pledge, assessment.as_of) != "kept":
            yield f"Look again on {plain_day(pledge.due_on)}: “{pledge.summary}” is due."
    for row in rows.releases:
        if row.hosted_ended_on and row.hosted_ended_on <= assessment.as_of and row.weights_on:
            ended = plain_day(row.hosted_ended_on)
            yield f"Run the weights of {row.name} yourself: its hosted access ended on {ended}."
            return


def _about_the_copy(release: Release, license_: License | None) -> str:
    if license_ is None:
        return f"Find out which license {release.name} carries before you build on it: none is recorded."
    if not license_.text_read:
        return f"Read {license_.name} before you build on {release.name}: its text was not read here."
    if license_.terminable:
        return f"Read how {license_.name} ends: the vendor can end it{_other_than(license_)}."
    if license_.irrevocable:
        return f"{_mirror(license_)}: that grant cannot be taken back."
    return f"{_mirror(license_)}: it does not say that it is irrevocable."


def _about_its_limits(rows: LineRows, license_: License) -> Iterator[str]:
    if license_.threshold_summary and rows.thresholds_of(license_):
        yield f"Check yourself against the limit in {license_.name}: {license_.threshold_summary}."
    if license_.territory_exclusions:
        yield f"Check where you operate: {license_.name} leaves out {license_.territory_exclusions}."


def _mirror(license_: License) -> str:
    return f"Mirror the weights you run and keep the text of {license_.name} with them"


def _other_than(license_: License) -> str:
    return f" ({license_.termination})" if license_.termination else ""


def _about_the_next(rows: LineRows, assessment: Assessment, usual: Usual | None) -> Iterator[str]:
    vendor, state = vendor_name(rows.line.vendor), assessment.state
    if not state.is_live:
        why = f"this line has been {_state_word(state.code)}{_since(state.since)}"
        yield f"Choose a successor from another vendor than {vendor}: {why}."
    elif state.code == "mixed":
        why = f"its newest or largest model is without weights{_since(state.since)}"
        yield f"Test a fallback from another vendor than {vendor}: {why}."
    elif usual and (usual.is_above or usual.rate.failed_before):
        yield f"Test a fallback from another vendor than {vendor}: it has closed or tightened a flagship before."
    elif state.code == "tightened":
        yield f"Read the terms of the next release before you upgrade: they got tighter{_on(state.since)}."


def vendor_name(vendor: Vendor) -> str:
    """ "Alibaba" of "Alibaba (Qwen / Wan / Tongyi)"."""
    return vendor.name.rsplit(" (", 1)[0]


def _state_word(code: str) -> str:
    return {"closed": "closed", "dormant": "dormant", "withdrawn": "withdrawn"}.get(code, "without open weights")


def _since(day: date | None) -> str:
    return f" since {plain_day(day)}" if day else ""


def _on(day: date | None) -> str:
    return f" on {plain_day(day)}" if day else ""


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
