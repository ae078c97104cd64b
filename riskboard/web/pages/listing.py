"""What every list shares: headers that sort, and pages that are addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.http import Http404

from riskboard.web.forms_catalog import FilterForm

ROWS_A_PAGE = 50

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a part of a long list stands, and the query strings of its neighbors."""

    number: int
    last: int
    first_row: int
    last_row: int
    rows: int
    previous: str | None
    following: str | None


@dataclass(frozen=True, slots=True)
class Header:
    label: str
    order: str = ""  # aria-sort of the column that the list is sorted by
    query: str | None = None  # of the list sorted by it; None: not sortable
    numeric: bool = False


def cut(rows: "QuerySet[Any, R] | Sequence[R]", form: FilterForm) -> tuple[list[R], Pages]:
    """The rows of the page that the form asks for. Raises Http404 for one beyond the last."""
    paginator = Paginator(rows, ROWS_A_PAGE)
    number = form.cleaned_data.get("page") or 1
    try:
        page = paginator.page(number)
    except EmptyPage:
        raise Http404(f"This list has {paginator.num_pages} pages.") from None
    pages = Pages(
        number=number,
        last=paginator.num_pages,
        first_row=page.start_index(),
        last_row=page.end_index(),
        rows=paginator.count,
        previous=form.query(page=number - 1 if number > 2 else None) if page.has_previous() else None,
        following=form.query(page=number + 1) if page.has_next() else None,
    )
    return list(page.object_list), pages


def headers(form: FilterForm, columns: Sequence[tuple[str, str, bool]]) -> tuple[Header, ...]:
    """``columns``: (sort key or "", label, numeric). A second click on a column turns its order round."""
    return tuple(_header(form, key, label, numeric) for key, label, numeric in columns)


def _header(form: FilterForm, key: str, label: str, numeric: bool) -> Header:
    if not key:
        return Header(label, numeric=numeric)
    current = form.order
    if current.removeprefix("-") != key:
        return Header(label, "", form.query(sort=key, page=None), numeric)
    descending = current.startswith("-")
    turned = key if descending else f"-{key}"
    return Header(label, "descending" if descending else "ascending", form.query(sort=turned, page=None), numeric)
