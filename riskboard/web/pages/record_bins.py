"""The forecasts behind one point of the reliability diagram."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.http import Http404
from numpy.typing import NDArray

from riskboard.web.forms_record import RecordBinForm
from riskboard.web.pages.listing import Pages, cut
from riskboard.web.pages.record import LABELS, BinRow, bin_rows
from riskboard.web.templatetags.board import day
from scoring.engine.backtest import ENGINE
from scoring.engine.metrics import BINS, equal_parts
from scoring.pastcases import PastCase, past_case
from scoring.record import STATES, Rows


@dataclass(frozen=True, slots=True)
class CaseForecast:
    """``came_on`` is a day to the precision of the history; None: it held through the 24 months."""

    slug: str
    name: str
    vendor: str
    domain: str
    governance: str
    is_recalled: bool
    origin: date
    forecast: float
    other: float
    came_on: str


@dataclass(frozen=True, slots=True)
class RecordBinPage:
    part: BinRow
    bins: tuple[BinRow, ...]
    label: str
    other_label: str
    form: RecordBinForm
    rows: tuple[CaseForecast, ...]
    pages: Pages
    cases: int
    recalled: int

    @property
    def csv(self) -> str:
        return self.form.csv_query


def record_bin_page(number: int, form: RecordBinForm) -> RecordBinPage:
    rows, method = form.chosen_rows(), form.method
    bins = tuple(bin_rows(rows, method, form))
    if not 1 <= number <= len(bins):
        raise Http404(f"There are {len(bins)} bins of these forecasts, of at most {BINS}.")
    part = rows.where(_among(rows, equal_parts(rows.chances[method])[number - 1]))
    other = ENGINE if method == STATES else STATES
    order = np.lexsort((part.case.astype(str), -part.chances[method]))
    shown, pages = cut([int(at) for at in order], form)
    return RecordBinPage(
        part=bins[number - 1],
        bins=bins,
        label=LABELS[method],
        other_label=LABELS[other],
        form=form,
        rows=tuple(_forecasts(part, shown, method, other)),
        pages=pages,
        cases=len(set(part.case)),
        recalled=int(part.recalled.sum()),
    )


def _among(rows: Rows, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    keep = np.zeros(len(rows), dtype=np.bool_)
    keep[places] = True
    return keep


def _forecasts(part: Rows, shown: list[int], method: str, other: str) -> Iterator[CaseForecast]:
    for at in shown:
        told = past_case(part.case[at])
        yield CaseForecast(
            slug=part.case[at],
            name=told.subject if told else part.case[at],
            vendor=part.vendor[at],
            domain=part.domain[at],
            governance=part.governance[at],
            is_recalled=bool(part.recalled[at]),
            origin=date(int(part.year[at]), 1, 1),
            forecast=float(part.chances[method][at]),
            other=float(part.chances[other][at]),
            came_on=_came(told, part, at),
        )


def _came(told: PastCase | None, part: Rows, at: int) -> str:
    if not part.hit[at]:
        return ""
    ended = told.ended if told else None
    return day(ended.day, ended.precision) if ended else day(date.fromordinal(int(part.ended[at])))
