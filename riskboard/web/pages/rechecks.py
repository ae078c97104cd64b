"""Cited pages that are gone, moved or changed, and those that nobody looked at for a year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from riskboard.catalog.models import Source
from riskboard.ingest.models import Check
from riskboard.ingest.readdressing import unchecked_sources, waiting_checks
from riskboard.web.forms_evidence import AddressForm, RecheckForm
from riskboard.web.pages.listing import Pages, cut
from riskboard.web.pages.sources import Citation, citations_of

FEW = 4
FOUND = {
    "dead": ("gone", "weak"),
    "moved": ("moved", "watch"),
    "changed": ("changed", "watch"),
}
ARCHIVE = "https://web.archive.org/web/*/"


@dataclass(frozen=True, slots=True)
class RecheckRow:
    source: Source
    check: Check | None
    found: str
    tone: str
    sentence: str
    citations: tuple[Citation, ...]
    form: AddressForm

    @property
    def shown(self) -> tuple[Citation, ...]:
        return self.citations[:FEW]

    @property
    def others(self) -> int:
        return max(0, len(self.citations) - FEW)

    @property
    def archive_url(self) -> str:
        """Where copies of the page would be."""
        return f"{ARCHIVE}{self.source.url}"


@dataclass(frozen=True, slots=True)
class RechecksPage:
    form: RecheckForm
    is_queue: bool
    waiting: int
    unchecked: int
    rows: tuple[RecheckRow, ...]
    pages: Pages
    problem: str = ""


def rechecks_page(
    form: RecheckForm, now: datetime, refused: Mapping[int, AddressForm] | None = None, problem: str = ""
) -> RechecksPage:
    """``refused``: forms that come back as they were typed, by number of the source."""
    is_queue = form.filters.get("list") != "unchecked"
    if is_queue:
        checks, pages = cut(waiting_checks(), form)
        pairs: list[tuple[Source, Check | None]] = [(check.source, check) for check in checks]
    else:
        sources, pages = cut(unchecked_sources(now), form)
        pairs = [(source, getattr(source, "check_up", None)) for source in sources]
    return RechecksPage(
        form=form,
        is_queue=is_queue,
        waiting=pages.rows if is_queue else waiting_checks().count(),
        unchecked=unchecked_sources(now).count() if is_queue else pages.rows,
        rows=_rows(pairs, refused or {}),
        pages=pages,
        problem=problem,
    )


def _rows(pairs: Iterable[tuple[Source, Check | None]], refused: Mapping[int, AddressForm]) -> tuple[RecheckRow, ...]:
    listed = list(pairs)
    citing: Mapping[int, list[Citation]] = defaultdict(list, citations_of(source for source, _ in listed))
    return tuple(_row(source, check, citing[source.pk], refused.get(source.pk)) for source, check in listed)


def _row(source: Source, check: Check | None, citing: Iterable[Citation], form: AddressForm | None) -> RecheckRow:
    found, tone = FOUND.get(check.status if check else "", ("", ""))
    moved_to = check.moved_to if check else ""
    return RecheckRow(
        source=source,
        check=check,
        found=found,
        tone=tone,
        sentence=_sentence(check),
        citations=tuple(citing),
        form=form or AddressForm(initial={"url": moved_to, "reason": "The page moved." if moved_to else ""}),
    )


def _sentence(check: Check | None) -> str:
    """What was found, in words; nothing is made up where nobody looked."""
    if check is None or check.checked_at is None:
        return "Never checked."
    match check.status:
        case "changed":
            return "Its title and headlines, or the file, are not what they were."
        case "moved":
            return f"It leads to {check.moved_to} now."
        case _:
            return check.note or "It was as it was."
