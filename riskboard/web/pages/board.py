"""The board: every line with its state, its score, how that moved and why; beside it what is due and what changed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from riskboard.web.forms_board import BoardForm
from riskboard.web.pages.board_asides import AccessChange, DuePledge, access_changes, pledges_at_risk_or_due
from riskboard.web.pages.board_rows import BoardRow, Cause, SparkScale, board_row
from riskboard.web.pages.listing import Header, Pages, cut, headers
from riskboard.web.pages.usual import Usual
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.words import scale_sentence

COLUMNS = (
    ("line", "Model line", False),
    ("state", "State", False),
    ("durability", "Durability", True),
    ("place", "Place", True),
    ("years", "Two years", False),
    ("change", "90 days", True),
    ("mover", "What moved it", False),
    ("evidence", "Evidence", True),
)
MOST_MOVES = 6
MOST_PLEDGES = 8
MOST_CHANGES = 6
SMALLEST_MOVE = 0.5  # what a score moves by before it is stored anew


@dataclass(frozen=True, slots=True)
class Kpi:
    number: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class StateCount:
    code: str
    label: str
    number: int
    query: str  # of the board with this state alone, or without it where it is chosen
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """A filter, and how many lines there are without it."""

    label: str
    number: int
    query: str


@dataclass(frozen=True, slots=True)
class BigMove:
    row: BoardRow
    change: float
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class BoardPage:
    form: BoardForm
    as_of: date
    is_past: bool
    line_count: int
    vendor_count: int
    scale: str
    anchor: str
    kpis: tuple[Kpi, ...]
    states: tuple[StateCount, ...]
    headers: tuple[Header, ...]
    rows: tuple[BoardRow, ...]
    usual: Usual | None  # that of any line: what it says of all lines
    sparks: SparkScale
    pages: Pages
    drops: tuple[Drop, ...]
    moves: tuple[BigMove, ...]
    pledges: tuple[DuePledge, ...]
    more_pledges: int
    changes: tuple[AccessChange, ...]
    more_changes: tuple[AccessChange, ...]


def board_page(form: BoardForm, today: date) -> BoardPage:
    day, as_of, rubric = form.day, form.as_of_asked, load_rubric(SHIPPED)
    every = _rows(form, rubric)
    wanted = [row for row in every if _is_wanted(row, form)]
    shown, pages = cut(in_order(wanted, form.order, rubric), form)
    sparks = SparkScale.over(every)
    pledges, changes = pledges_at_risk_or_due(as_of, today), access_changes(as_of, today)
    return BoardPage(
        form=form,
        as_of=day,
        is_past=day < today,
        line_count=len(every),
        vendor_count=len({row.line.vendor_id for row in every}),
        scale=scale_sentence(rubric),
        anchor=f"{rubric.scale.anchor:g}",
        kpis=_kpis(every, pledges, changes, as_of),
        states=_state_counts(every, form, rubric),
        headers=headers(form, COLUMNS),
        usual=next((row.usual for row in every if row.usual), None),
        rows=tuple(replace(row, spark=sparks.points(row.weekly)) for row in shown),
        sparks=sparks,
        pages=pages,
        drops=() if wanted else _drops(every, form),
        moves=_biggest_moves(every),
        pledges=pledges[:MOST_PLEDGES],
        more_pledges=max(0, len(pledges) - MOST_PLEDGES),
        changes=changes[:MOST_CHANGES],
        more_changes=changes[MOST_CHANGES:],
    )


def _rows(form: BoardForm, rubric: Rubric) -> list[BoardRow]:
    return [board_row(found, rubric, form.day) for found in form.lines]


def _is_wanted(row: BoardRow, form: BoardForm) -> bool:
    return all(passes(row, name, asked) for name, asked in _filters(form).items())


def _filters(form: BoardForm) -> dict[str, Any]:
    return {name: asked for name, asked in form.filters.items() if name != "as_of"}


def passes(row: BoardRow, name: str, asked: str) -> bool:
    """Does the row pass this filter of the board?"""
    match name:
        case "vendor":
            return row.line.vendor.slug == asked
        case "country":
            return row.line.vendor.country == asked
        case "license":
            return (row.category or "unknown") == asked
        case "state":
            return row.state.code == asked
        case "show":
            return row.is_worse if asked == "worse" else row.is_thin
        case "grade":
            return row.grade == asked
        case _:
            return row.modality == asked


def in_order(rows: Sequence[BoardRow], order: str, rubric: Rubric) -> list[BoardRow]:
    """What is unknown comes last whichever way round; lines without a forecast follow by their state. A line of thin
    evidence stands where it ranks."""
    places = {row.code: place for place, row in enumerate(rubric.states)}
    keys: dict[str, Callable[[BoardRow], Any]] = {
        "line": lambda row: row.name.casefold(),
        "state": lambda row: -places.get(row.state.code, -1),
        "durability": lambda row: row.rated,
        "place": lambda row: (row.placing.place, -(row.ranked or 0.0)) if row.placing else None,
        "years": lambda row: row.two_years,
        "change": lambda row: row.change,
        "mover": lambda row: row.move.points if row.move else None,
        "evidence": lambda row: row.origins,
    }
    key = keys[order.removeprefix("-")]
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    known = sorted((row for row in by_name if key(row) is not None), key=key, reverse=order.startswith("-"))
    unknown = [row for row in by_name if key(row) is None]
    return known + sorted(unknown, key=lambda row: (not row.is_live, -places.get(row.state.code, -1)))


def _kpis(
    rows: Sequence[BoardRow], pledges: Sequence[DuePledge], changes: Sequence[AccessChange], as_of: date | None
) -> tuple[Kpi, ...]:
    at_risk = sum(1 for pledge in pledges if pledge.status == "at_risk")
    due = len(pledges) - at_risk
    return (
        Kpi(sum(row.is_worse for row in rows), "lines closed or tightened in 90 days", _board(as_of, show="worse")),
        Kpi(at_risk, f"pledges at risk; {due} more overdue or due within 90 days", reverse("pledges")),
        Kpi(len(changes), "license and access changes in 90 days", "#changes"),
        Kpi(sum(row.is_thin for row in rows), "lines whose evidence is too thin to rate", _board(as_of, show="thin")),
    )


def _board(as_of: date | None, **asked: str) -> str:
    return f"{reverse('board')}?{urlencode(asked | ({'as_of': as_of.isoformat()} if as_of else {}))}#lines"


def _state_counts(rows: Sequence[BoardRow], form: BoardForm, rubric: Rubric) -> tuple[StateCount, ...]:
    """In the rubric's order turned round: what is open first."""
    numbers, chosen = Counter(row.state.code for row in rows), form.filters.get("state")
    return tuple(
        StateCount(
            code=row.code,
            label=row.label,
            number=numbers[row.code],
            query=form.query(state="" if row.code == chosen else row.code, page=None),
            is_chosen=row.code == chosen,
        )
        for row in reversed(rubric.states)
        if numbers[row.code]
    )


def _drops(rows: Sequence[BoardRow], form: BoardForm) -> tuple[Drop, ...]:
    asked = _filters(form)
    return tuple(
        Drop(
            label=form.spelled(name),
            number=sum(all(passes(row, other, asked[other]) for other in asked.keys() - {name}) for row in rows),
            query=form.query(**{name: ""}, page=None),
        )
        for name in asked
    )


def _biggest_moves(rows: Sequence[BoardRow]) -> tuple[BigMove, ...]:
    moved = [BigMove(row, row.change, row.move) for row in rows if row.change is not None and row.is_live]
    ranked = sorted(moved, key=lambda move: (-abs(move.change), move.row.name))
    return tuple(move for move in ranked[:MOST_MOVES] if abs(move.change) >= SMALLEST_MOVE)
