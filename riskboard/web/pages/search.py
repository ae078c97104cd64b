"""What a search shows: where the exact thing lives, or what is named like it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from riskboard.catalog.finding import (
    HubId,
    Named,
    exactly,
    hub_id,
    lines_of_organization,
    named_like,
    nearest_names,
    release_of,
)
from riskboard.catalog.kinds import Access, LicenseCategory
from riskboard.catalog.models import Line
from riskboard.web.countries import country_name
from riskboard.web.pages.board_rows import StateTag
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.models import Score
from scoring.pastcases import PastCase, past_cases

MOST_A_GROUP = 12
MOST_A_GROUP_LIVE = 4
GROUPS = {"line": "Lines", "family": "Families", "release": "Releases", "vendor": "Vendors", "license": "Licenses"}


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    note: str
    url: str
    state: StateTag | None  # of its line; None for what belongs to no line
    is_line: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    results: tuple[Result, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    query: str
    destination: str | None  # of the one thing that goes by exactly this name
    groups: tuple[Group, ...]
    found: int
    hub: HubId | None  # a repository that is not in the catalog
    organization: str  # the vendor that publishes under the hub's owner; blank: unknown
    organization_lines: tuple[Result, ...]
    nearest: tuple[str, ...]
    histories: tuple[PastCase, ...]  # commitments of the past that are called so


def search_page(query: str, *, live: bool = False) -> SearchPage:
    """``live``: a short list under the search box, where only a glance is wanted."""
    hub = hub_id(query)
    rows = _rows(query, hub)
    destination = _destination(query, hub, rows)
    is_unknown = hub is not None and bool(query) and destination is None
    states = {} if destination and not live else _states()
    lines = lines_of_organization(hub.owner) if hub and is_unknown else []
    return SearchPage(
        query=query,
        destination=destination,
        groups=_groups(rows, states, MOST_A_GROUP_LIVE if live else MOST_A_GROUP),
        found=len(rows),
        hub=hub if is_unknown and (lines or not rows) else None,
        organization=lines[0].vendor.name if lines else "",
        organization_lines=tuple(_line_result(line, states) for line in lines),
        nearest=tuple(nearest_names(hub.name or hub.owner if hub else query)) if query and not rows else (),
        histories=() if live else _histories(query),
    )


def _histories(query: str) -> tuple[PastCase, ...]:
    words = query.casefold().split()
    return tuple(
        case
        for case in past_cases()
        if words and all(word in f"{case.subject} {case.vendor}".casefold() for word in words)
    )


def _rows(query: str, hub: HubId | None) -> list[Named]:
    """What is named like the question; an unknown repository still has a name that others may share."""
    if not query:
        return []
    if hub is None:
        return named_like(query)
    return named_like(str(hub)) or (named_like(hub.name) if hub.name else [])


def _destination(query: str, hub: HubId | None, rows: list[Named]) -> str | None:
    release = release_of(hub) if hub and hub.name else None
    if release is not None:
        return release.get_absolute_url()
    same = exactly(query, rows)
    return _url(same) if same else None


def _url(row: Named) -> str:
    return reverse(row.kind, args=[row.family, row.slug] if row.kind == "release" else [row.slug])


def _states() -> dict[str, StateTag]:
    """As the board last stored them; a line that was never scored has none."""
    rubric = load_rubric(SHIPPED)
    stored = Score.objects.newest().values_list("line__slug", "state", "state_since")
    return {slug: StateTag(code, rubric.state_label(code), since) for slug, code, since in stored}


def _groups(rows: list[Named], states: Mapping[str, StateTag], most: int) -> tuple[Group, ...]:
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in GROUPS}
    return tuple(
        Group(GROUPS[kind], tuple(_result(row, states) for row in named[:most]), max(len(named) - most, 0))
        for kind, named in by_kind.items()
        if named
    )


def _result(row: Named, states: Mapping[str, StateTag]) -> Result:
    name = row.name.rsplit(" (", 1)[0] if row.kind == "line" else row.name
    return Result(name, _note(row), _url(row), states.get(row.line), is_line=row.kind == "line")


def _line_result(line: Line, states: Mapping[str, StateTag]) -> Result:
    note, url = f"{line.vendor} · {line.modality}", line.get_absolute_url()
    return Result(line.short_name, note, url, states.get(line.slug), is_line=True)


def _note(row: Named) -> str:
    match row.kind:
        case "line" | "family":
            return f"{row.vendor} · {row.note}"
        case "release":
            return " · ".join(filter(None, (row.vendor, Access(row.note).label, row.also)))
        case "vendor":
            return country_name(row.note)
        case _:
            return LicenseCategory(row.note).label
