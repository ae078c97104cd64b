"""What is contested, and how what was contested is settled."""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from riskboard.ingest.models import Contest
from riskboard.ingest.rows import TABLE_OF
from riskboard.web.access import Role, role_of
from riskboard.web.forms_evidence import ContestsForm, OutcomeForm
from riskboard.web.pages.corrections import rows_of, title_in
from riskboard.web.pages.fact import address_of, page_of
from riskboard.web.pages.listing import Pages, cut


@dataclass(frozen=True, slots=True)
class ContestRow:
    contest: Contest
    kind: str
    title: str
    url: str
    opened_by: str
    closed_by: str
    form: OutcomeForm | None  # who reads may settle it


@dataclass(frozen=True, slots=True)
class ContestsPage:
    form: ContestsForm
    rows: tuple[ContestRow, ...]
    pages: Pages


def contests_page(
    form: ContestsForm, user: AbstractBaseUser | AnonymousUser, refused: dict[int, OutcomeForm] | None = None
) -> ContestsPage:
    """``refused``: forms that come back as they were typed, by number of the contest."""
    found = Contest.objects.select_related("opened_by", "closed_by")
    found = found.prefetch_related("opened_by__groups", "closed_by__groups")
    if state := form.filters.get("state"):
        found = found.filter(closed_at__isnull=state == "open")
    contests, pages = cut(found.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk"), form)
    rows = rows_of([contest.subject for contest in contests])
    is_reviewer = role_of(user) >= Role.REVIEWER
    told = []
    for contest in contests:
        row = rows.get(contest.subject)
        prefix, _, key = contest.subject.partition(":")
        told.append(
            ContestRow(
                contest=contest,
                kind=prefix.replace("-", " "),
                title=title_in(row, key),
                url=page_of(row) if row is not None else _history(contest.subject),
                opened_by=_who(contest.opened_by),
                closed_by=_who(contest.closed_by),
                form=((refused or {}).get(contest.pk) or OutcomeForm())
                if is_reviewer and contest.closed_at is None
                else None,
            )
        )
    return ContestsPage(form, tuple(told), pages)


def _history(subject: str) -> str:
    return address_of("row_history", subject) if subject.partition(":")[0] in TABLE_OF else ""


def _who(user: AbstractBaseUser | None) -> str:
    """By role: this is about the evidence, not about people."""
    if user is None:
        return "a reader"
    return role_of(user).label if user.is_active else "a former member"
