"""How long before a change takes effect it is announced, and how much longer than that a switch takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import median

from riskboard.catalog.models import LicenseChange, Line
from riskboard.portfolio.models import Deployment
from riskboard.portfolio.plans import Switching, switching
from scoring.baserates import endings
from scoring.pastcases import past_cases

ENOUGH = 3  # of the vendor's own decisions: one or two say nothing about the next


@dataclass(frozen=True, slots=True)
class Notice:
    """Days between announcement and effect. ``own``: of this vendor's decisions; the others: of the reference class."""

    own: tuple[int, ...]
    usual: int | None  # median; None: the reference class has none
    at_once: int  # of ``counted`` decisions took effect with their announcement
    counted: int

    @property
    def is_own(self) -> bool:
        return len(self.own) >= ENOUGH

    @property
    def days(self) -> int | None:
        """What to count on."""
        return int(median(self.own)) if self.is_own else self.usual

    @property
    def own_at_once(self) -> int:
        return sum(days == 0 for days in self.own)


@dataclass(frozen=True, slots=True)
class Gap:
    """``days`` above 0: the switch takes longer than the notice. None: one of the two is unknown."""

    deployment: Deployment
    switch: Switching
    notice: Notice

    @property
    def days(self) -> int | None:
        if self.switch.days is None or self.notice.days is None:
            return None
        return self.switch.days - self.notice.days

    @property
    def must_act(self) -> bool:
        return self.days is not None and self.days > 0


def notice_of(line: Line, as_of: date) -> Notice:
    return notices_of([line.vendor_id], as_of)[line.vendor_id]


def notices_of(vendors: Iterable[int], as_of: date) -> Mapping[int, Notice]:
    """By vendor, in one query. Of changes announced by that day, recalled ones left out, each decision once."""
    decided: dict[int, set[tuple[date, date]]] = {vendor: set() for vendor in vendors}
    changes = LicenseChange.objects.tightening().filter(
        vendor__in=decided, announced_on__lte=as_of, source__is_recalled=False
    )
    for vendor, announced, effective in changes.values_list("vendor", "announced_on", "effective_on"):
        if effective is not None:
            decided[vendor].add((announced, effective))
    reference = reference_notice(as_of)
    return {vendor: _noticed(days, reference) for vendor, days in decided.items()}


@lru_cache(maxsize=4)
def reference_notice(as_of: date) -> Notice:
    """Over all commitments of the reference class that had ended by that day: of a vendor that is not known."""
    ended = endings([case for case in past_cases() if case.ended.day <= as_of])[0]
    middle = ended.notice.median
    return Notice((), None if middle is None else int(middle), ended.without_notice.k, ended.without_notice.n)


def portability_gap(deployment: Deployment, notice: Notice) -> Gap:
    """Time to switch, rehearsed or estimated, minus the notice."""
    return Gap(deployment, switching(deployment), notice)


def _noticed(decisions: Iterable[tuple[date, date]], reference: Notice) -> Notice:
    own = tuple(sorted(max(0, (effective - announced).days) for announced, effective in decisions))
    return Notice(own, reference.usual, reference.at_once, reference.counted)
