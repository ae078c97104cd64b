"""Another world: a dossier without some events and with rows that nobody has recorded (method section 6)."""

from dataclasses import dataclass, replace
from datetime import date

from scoring.engine.facts import Dossier, Pledge, Release, Report, StateFact


@dataclass(frozen=True, slots=True)
class Suppositions:
    """``remove``: events that had not happened. The rest is added, and counts from its own days as any row does."""

    remove: frozenset[str] = frozenset()
    reports: tuple[Report, ...] = ()
    facts: tuple[StateFact, ...] = ()
    releases: tuple[Release, ...] = ()
    pledges: tuple[Pledge, ...] = ()
    tightenings: tuple[date, ...] = ()

    def __or__(self, other: "Suppositions") -> "Suppositions":
        return Suppositions(
            self.remove | other.remove,
            (*self.reports, *other.reports),
            (*self.facts, *other.facts),
            (*self.releases, *other.releases),
            (*self.pledges, *other.pledges),
            (*self.tightenings, *other.tightenings),
        )

    def applied_to(self, dossier: Dossier) -> Dossier:
        return replace(
            dossier,
            reports=(*(report for report in dossier.reports if report.event not in self.remove), *self.reports),
            facts=(*dossier.facts, *self.facts),
            releases=(*dossier.releases, *self.releases),
            pledges=(*dossier.pledges, *self.pledges),
            tightenings=(*dossier.tightenings, *self.tightenings),
        )
