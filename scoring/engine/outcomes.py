"""What became of a line after a day: the event that forecasts of lines are about (docs/prereg.md, section 2).

Only flagship launches count, each judged by its top model against the newest flagship open before. Recalled rows decide
nothing; a clause that nobody read makes no failure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from scoring.engine.facts import Dossier, Release
from scoring.engine.grants import Terms, is_narrower
from scoring.engine.known import as_known
from scoring.engine.launches import access_known, decider, group_launches, opened_on, withdrawn_on
from scoring.engine.months import add_months
from scoring.engine.rubric import Rubric

ACTIVE_DAYS = 365  # since the newest open flagship came out
BACK_DAYS = 180  # a flagship is open again for so long before the line is at risk again
UNDONE_DAYS = 30  # a failure that is undone within so many days is none
KNOWN_DAYS = 90  # a failure counts in the vendor's record from then on
RECENT_MONTHS = 24

Mode = Literal["closed_next", "restricted", ""]


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: Literal["failed", "no_next_version", "kept"]
    on: date | None  # the day the failing launch was announced
    mode: Mode
    evidence: tuple[str, ...]
    unread: bool = False  # kept, as far as the clauses that were read show
    undone: tuple[str, ...] = ()  # launches that failed and were put right within 30 days


@dataclass(frozen=True, slots=True)
class Verdict:
    """A launch as seen on a day. ``settled``: no later day can change it."""

    kind: Literal["open", "under_way", "closed_next", "restricted"]
    settled: bool
    unread: bool = False
    undone: bool = False

    @property
    def failed(self) -> bool:
        return self.kind in ("closed_next", "restricted")


class Record:
    """The cited launches of a line as public on ``day``."""

    def __init__(self, dossier: Dossier, rubric: Rubric, day: date) -> None:
        self.day, self.closed_days = day, rubric.state_limits.closed_days
        known = as_known(dossier, day)
        self.flagships = tuple(release for release in known.releases if release.flagship and release.verified)
        groups = group_launches(self.flagships).values()
        self.tops = sorted((decider(members) for members in groups), key=lambda top: (top.announced, top.id))
        self.begun = sorted(members[0].announced for members in groups)

    def reference(self, day: date) -> Release | None:
        """The newest flagship open on ``day``, the largest of those of one day."""
        standing = (release for release in self.flagships if is_open(release, day))
        return max(standing, key=lambda r: (opened_on(r), r.size or 0.0, r.id), default=None)

    def verdict(self, top: Release, reference: Release, of: date) -> Verdict:
        """The launch against the terms of ``reference`` as they were on the day ``of``."""
        grace, last = top.announced + timedelta(days=self.closed_days), self._last_chance(top)
        missed = not is_open(top, min(self.day, grace))
        if missed and self.day < grace:
            return Verdict("under_way", settled=False)
        if missed and not is_open(top, min(self.day, last)):
            return Verdict("closed_next", settled=self.day >= last)
        return self._by_terms(top, terms_on(reference, of), undone=missed)

    def _last_chance(self, top: Release) -> date:
        return top.announced + timedelta(days=self.closed_days + UNDONE_DAYS)

    def _by_terms(self, top: Release, old: Terms | None, *, undone: bool) -> Verdict:
        opened = date.fromordinal(opened_on(top))
        latest = max(opened, top.announced + timedelta(days=self.closed_days))
        settled = self.day >= latest + timedelta(days=UNDONE_DAYS)
        unread = old is None or not top.grants
        for start, end, narrower in _spells(top, old, opened):
            if start > latest:
                continue
            unread |= narrower is None
            if not narrower:
                continue
            lasted = ((end or self.day) - start).days
            if lasted > UNDONE_DAYS or (end is None and lasted == UNDONE_DAYS):
                return Verdict("restricted", settled)
            if end is None:
                return Verdict("under_way", settled=False)
            undone = True
        return Verdict("open", settled, unread, undone)

    def past(self) -> Iterator[tuple[Release, Verdict]]:
        """Every launch that had an open flagship before it, against that one."""
        for top in self.tops:
            before = top.announced - timedelta(days=1)
            if (reference := self.reference(before)) is not None:
                yield top, self.verdict(top, reference, before)


def is_open(release: Release, day: date) -> bool:
    return opened_on(release) <= day.toordinal() < withdrawn_on(release)


def terms_on(release: Release, day: date) -> Terms | None:
    """The terms of the weights on that day; those they came out with on earlier days."""
    held = [grant.terms for grant in release.grants if grant.since <= day] or [g.terms for g in release.grants[:1]]
    return held[-1] if held else None


def _spells(top: Release, old: Terms | None, opened: date) -> Iterator[tuple[date, date | None, bool | None]]:
    """Stretches of the weights' terms, narrower or not, neighbors of one answer joined; the last has no end."""
    answers = [(max(grant.since, opened), is_narrower(grant.terms, old) if old else None) for grant in top.grants]
    turns = [turn for n, turn in enumerate(answers) if n == 0 or turn[1] != answers[n - 1][1]]
    for n, (start, narrower) in enumerate(turns):
        yield start, (turns[n + 1][0] if n + 1 < len(turns) else None), narrower


@dataclass(frozen=True, slots=True)
class OffRisk:
    """Why no forecast of a line is made, and the launch that it lies at."""

    reason: Literal["none_open", "inactive", "under_way", "failed"]
    launch: Release | None = None


def is_at_risk(dossier: Dossier, rubric: Rubric, origin: date) -> bool:
    """Is a forecast of this line made on ``origin``? From what was public on that day."""
    return off_risk(dossier, rubric, origin) is None


def off_risk(dossier: Dossier, rubric: Rubric, origin: date) -> OffRisk | None:
    record = Record(dossier, rubric, origin)
    newest = record.reference(origin)
    if newest is None:
        return OffRisk("none_open")
    if origin.toordinal() - opened_on(newest) > ACTIVE_DAYS:
        return OffRisk("inactive", newest)
    past = list(record.past())
    under_way = next((top for top, verdict in past if verdict.kind == "under_way"), None)
    if under_way is not None:
        return OffRisk("under_way", under_way)
    failed = max((top for top, verdict in past if verdict.failed), key=lambda top: top.announced, default=None)
    if failed is None or any(_is_back(top, failed.announced, origin) for top in record.tops):
        return None
    return OffRisk("failed", failed)


def _is_back(top: Release, failed: date, day: date) -> bool:
    return top.announced >= failed and is_open(top, day) and day.toordinal() - opened_on(top) >= BACK_DAYS


def outcome_after(
    dossier: Dossier, rubric: Rubric, origin: date, *, months: int = 12, known_by: date
) -> Outcome | None:
    """What became of a line at risk in the ``months`` after ``origin``, as public on ``known_by``; None: not settled.

    Raises ValueError for a line without an open flagship at the origin: nothing was promised.
    """
    reference = Record(dossier, rubric, origin).reference(origin)
    if reference is None:
        raise ValueError(f"{dossier.subject} had no open flagship on {origin}")
    record, end = Record(dossier, rubric, known_by), add_months(origin, months)
    undone: list[str] = []
    unread, ids = False, []
    for top in record.tops:
        if not origin < top.announced <= end:
            continue
        verdict = record.verdict(top, reference, origin)
        if not verdict.settled:
            return None
        if verdict.failed:
            mode: Mode = "closed_next" if verdict.kind == "closed_next" else "restricted"
            return Outcome("failed", top.announced, mode, (top.id, reference.id), undone=tuple(undone))
        ids.append(top.id)
        unread |= verdict.unread
        undone += [top.id] if verdict.undone else []
    if known_by < end or (not ids and _undecided(record, origin, end)):
        return None
    if not ids:
        return Outcome("no_next_version", None, "", (reference.id,))
    return Outcome("kept", None, "", tuple(ids), unread, tuple(undone))


def _undecided(record: Record, origin: date, end: date) -> bool:
    """A flagship of unknown access came in the meantime: nobody knows what became of the line."""
    return any(origin < r.announced <= end and not access_known(r) for r in record.flagships)


def has_failed(dossier: Dossier, rubric: Rubric, day: date) -> bool:
    """Was a launch of the line, at least 90 days old, a failure as public on ``day``?"""
    known = day - timedelta(days=KNOWN_DAYS)
    return any(v.failed and top.announced <= known for top, v in Record(dossier, rubric, day).past())


def recent_launches(dossier: Dossier, rubric: Rubric, day: date) -> int:
    """Launches of the line that began in the 24 months before ``day``, that day included."""
    first = add_months(day, -RECENT_MONTHS)
    return sum(first < begun <= day for begun in Record(dossier, rubric, day).begun)
