"""What the releases of a line looked like on one day: which launches were open, closed or still pending."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from scoring.engine.behavior import median_gap
from scoring.engine.constants import StateLimits
from scoring.engine.facts import Dossier, Release
from scoring.engine.launches import decider, group_launches, opened_on, withdrawn_on


@dataclass(frozen=True, slots=True)
class Launch:
    """One launch as it stood on a day, judged by its top model."""

    top: Release
    members: tuple[Release, ...]
    announced: date
    closed_since: date | None  # None while open

    @property
    def is_open(self) -> bool:
        return self.closed_since is None


class LineHistory:
    def __init__(self, dossier: Dossier, limits: StateLimits, day: date) -> None:
        self.dossier, self.limits, self.day = dossier, limits, day
        self.tightenings = [tightened for tightened in dossier.tightenings if tightened <= day]
        announced = sorted(
            (release for release in dossier.releases if release.announced <= day), key=lambda r: (r.announced, r.id)
        )
        self.opened = [release for release in announced if opened_on(release) <= day.toordinal()]
        self.still_open = [release for release in self.opened if not self._is_withdrawn(release)]
        launches = [self._launch(members) for members in group_launches(announced).values()]
        launches.sort(key=lambda launch: (launch.announced, launch.top.id))
        self.pending = [launch for launch in launches if self._is_pending(launch.closed_since)]
        self.settled = [launch for launch in launches if not self._is_pending(launch.closed_since)]

    def _is_withdrawn(self, release: Release) -> bool:
        return withdrawn_on(release) <= self.day.toordinal()

    def _is_pending(self, closed_since: date | None) -> bool:
        return closed_since is not None and (self.day - closed_since).days < self.limits.closed_days

    def _launch(self, members: list[Release]) -> Launch:
        top = decider(members)
        return Launch(top, tuple(members), members[0].announced, self.closed_since(top))

    def closed_since(self, release: Release) -> date | None:
        """The day since which a release of known access is not open; None while it is."""
        if opened_on(release) > self.day.toordinal():
            return release.announced
        return release.withdrawn if self._is_withdrawn(release) else None

    @property
    def is_closed(self) -> bool:
        """The last two launches have been closed for long enough, or the only ones."""
        return bool(self.settled) and not any(launch.is_open for launch in self.settled[-2:])

    def closed_run(self) -> list[Launch]:
        """The closed launches at the end of the line, oldest first."""
        newest_open = max((place for place, launch in enumerate(self.settled) if launch.is_open), default=-1)
        return self.settled[newest_open + 1 :]

    def closed_flagships(self) -> list[Release]:
        """What closed since the line was last wholly open, oldest first: a higher tier of the last open launch, then
        the top models of the launches after it."""
        run = self.closed_run()
        tops = [launch.top for launch in run]
        last_open = self.settled[: len(self.settled) - len(run)][-1:]
        above = self.higher_tier_closed(last_open[0]) if last_open else None
        return tops if above is None else [above, *tops]

    def last_closure(self) -> date | None:
        """The last earlier day on which a launch made the line closed, after something had been open."""
        days = sorted((day for launch in self.settled for day in self._closing_days(launch)), reverse=True)
        return next((day for day in days if self._was_closed(day)), None)

    def _closing_days(self, launch: Launch) -> list[date]:
        wait = timedelta(days=self.limits.closed_days)
        days = (
            [launch.top.announced + wait] if opened_on(launch.top) > (launch.top.announced + wait).toordinal() else []
        )
        if launch.top.withdrawn is not None:
            days.append(launch.top.withdrawn + wait)
        return [day for day in days if day < self.day]

    def _was_closed(self, day: date) -> bool:
        then = LineHistory(self.dossier, self.limits, day)
        return bool(then.opened) and then.is_closed

    def higher_tier_closed(self, launch: Launch) -> Release | None:
        """A closed member of an open launch that is larger than its top model, or of unknown size."""
        for member in launch.members:
            since = None if member is launch.top else self.closed_since(member)
            if since is not None and not self._is_pending(since) and _may_be_larger(member, launch.top):
                return member
        return None

    def open_flagships(self) -> list[Release]:
        """Open flagships; for a line that has none, everything that was ever open."""
        flagships = [release for release in self.still_open if release.flagship]
        return flagships or self.still_open or self.opened

    def last_opened(self) -> Release:
        return max(self.open_flagships(), key=lambda release: (opened_on(release), release.id))

    @property
    def dormant_from(self) -> date | None:
        """The day from which the line is dormant unless something opens before."""
        opened = np.unique([opened_on(release) for release in self.open_flagships()])
        if not len(opened):
            return None
        usual = median_gap(opened, self.limits.recent_launches) if len(opened) > 1 else 0.0
        wait = max(self.limits.dormant_days, math.ceil(self.limits.dormant_gaps * usual))
        return date.fromordinal(int(opened[-1])) + timedelta(days=wait)


def _may_be_larger(release: Release, top: Release) -> bool:
    return release.size is None or (top.size is not None and release.size > top.size)
