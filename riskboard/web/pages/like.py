"""Cases like this one, and whether what closed comes back: the reference class beside a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import License, Line, Release
from riskboard.catalog.terms import terms_on
from riskboard.web.pages.answers import open_releases
from riskboard.web.pages.line_rows import LineRows
from scoring.engine.assessment import Assessment
from scoring.engine.facts import Dossier
from scoring.engine.likeness import LEAST_SEVERITY, PRESSURES, STATES, WINDOW, Pressure, State
from scoring.engine.months import whole_months
from scoring.like import HORIZON, LikeCase, LikeCases, cases_like
from scoring.reopening import Reopening, reopening

NEWEST = 5
COMPACT = 3


@dataclass(frozen=True, slots=True)
class LikeCard:
    found: LikeCases
    is_live: bool

    states: tuple[State, ...] = STATES
    pressures: tuple[Pressure, ...] = PRESSURES
    window_months: int = round(WINDOW / 365.25 * 12)
    horizon: int = HORIZON
    least_severity: int = LEAST_SEVERITY

    @property
    def nearest(self) -> tuple[LikeCase, ...]:
        """For pages that show a few."""
        return self.found.cases[:COMPACT]


@dataclass(frozen=True, slots=True)
class StillOpen:
    release: Release
    license: License | None


@dataclass(frozen=True, slots=True)
class ReopeningCard:
    """``chance`` counts past failures; what remains are releases that can be downloaded on the page's day."""

    chance: Reopening
    state_label: str
    since: date | None
    months: int | None
    newest: tuple[StillOpen, ...]
    others: int
    largest: Release | None
    licenses: int


def like_card(line: Line, dossier: Dossier, assessment: Assessment, *, with_recalled: bool = True) -> LikeCard | None:
    """None for a line that never opened anything: it made no commitment that could be compared."""
    if assessment.state.code == "no_open_model":
        return None
    found = cases_like(dossier, assessment.as_of, vendor=line.vendor.name, with_recalled=with_recalled)
    return LikeCard(found, assessment.state.is_live)


def reopening_card(rows: LineRows, assessment: Assessment, state_label: str) -> ReopeningCard | None:
    """None for a line that has not closed, tightened or withdrawn."""
    state, day = assessment.state, assessment.as_of
    chance = reopening(state.code, state.since, day)
    if chance is None:
        return None
    held = still_open(rows, day)
    sizes = [one.release for one in held if one.release.params_total_b]
    return ReopeningCard(
        chance=chance,
        state_label=state_label,
        since=state.since,
        months=whole_months(state.since, day) if state.since else None,
        newest=tuple(held[:NEWEST]),
        others=len(held[NEWEST:]),
        largest=max(sizes, key=lambda row: (row.params_total_b or 0, row.slug), default=None),
        licenses=len({one.license.pk if one.license else None for one in held}),
    )


def still_open(rows: LineRows, day: date) -> Sequence[StillOpen]:
    """Releases whose weights can be downloaded on the day, newest first."""
    changes = rows.own(rows.changes)
    return [StillOpen(release, terms_on(release, changes, day)) for release in open_releases(rows, day)]
