"""The histories as CSV, filtered like their list."""

from collections.abc import Iterator

from riskboard.web.csv_lines import csv_chunks
from riskboard.web.forms_histories import HistoriesExport
from riskboard.web.score_exports import TextColumn, day, text
from scoring.pastcases import Dated, PastCase, past_cases

COLUMNS = (
    TextColumn("id", "text", "key of the history in its address"),
    TextColumn("subject", "text", "what was promised"),
    TextColumn("vendor", "text", "who promised it"),
    TextColumn("domain", "text", "kind of work"),
    TextColumn("commitment", "text", "the promise in a few words"),
    TextColumn("started_on", "date", "the first of a month or year may stand for all of it"),
    TextColumn("terms_at_start", "text", "terms while it stood"),
    TextColumn("event", "text", "how it ended; none: did not, as far as it was followed"),
    TextColumn("announced_on", "date, or blank", "when the end was announced"),
    TextColumn("event_on", "date, or blank", "when it took effect"),
    TextColumn("notice_days", "whole number, or blank", "from announcement to effect; blank: unknown or no end"),
    TextColumn("terms_after", "text, or blank", "terms after the end"),
    TextColumn("reversal_on", "date, or blank", "when it was reversed, in whole or part"),
    TextColumn("reversal_terms", "text, or blank", "how it was reversed"),
    TextColumn("governance", "text", "state at the end"),
    TextColumn("funding", "text", "state at the end"),
    TextColumn("cla", "text", "contributor agreement, state at the end"),
    TextColumn("last_observed_on", "date", "how far it was followed"),
    TextColumn("source_url", "web address, or blank", "blank: recalled, not looked up"),
    TextColumn("source_title", "text, or blank", "of the source"),
    TextColumn("confidence", "text", "low: recalled, unverified"),
)


def history_chunks(form: HistoriesExport) -> Iterator[str]:
    """In the order of the shipped file."""
    return csv_chunks([column.name for column in COLUMNS], map(_row, form.narrow(past_cases())))


def _row(case: PastCase) -> list[str]:
    notice = case.notice_days
    return [
        text(case.slug),
        text(case.subject),
        text(case.vendor),
        case.domain,
        text(case.commitment),
        day(case.started.day),
        text(case.terms_before),
        case.event,
        _day(case.announced),
        _day(case.effect),
        "" if notice is None else str(notice),
        text(case.terms_after),
        _day(case.reversal),
        text(case.reversal_terms),
        case.governance,
        case.funding,
        case.cla,
        day(case.followed_to.day),
        text(case.source.url),
        text(case.source.title),
        case.confidence,
    ]


def _day(dated: Dated | None) -> str:
    return day(dated.day if dated else None)
