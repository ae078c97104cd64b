"""Notes with what waits in the inbox how far it would move scores."""

from datetime import date

from django.core.exceptions import ValidationError

from riskboard.catalog.queries import evidence_version
from riskboard.ingest.amending import change_of, changed_row
from riskboard.ingest.models import Proposal
from riskboard.web.effects import LineEffect, effects_of, largest
from riskboard.web.without import effects_of_change

READ = ("table", "fields", "measured", "version", "deed", "corrects", "corrects_version", "former", "reason")


def measure_waiting(as_of: date, at_most: int = 500) -> int:
    """Notes the effect of what waits, by which the inbox is sorted, where evidence, wording or day are others than when
    it was last noted. How many it noted.
    """
    version = evidence_version()
    waiting = Proposal.objects.filter(state__in=["waiting", "second"]).only(*READ)
    stale = [each for each in waiting if _stamp(each, version, as_of) != each.measured.get("of")][:at_most]
    for each in stale:
        measure(each, as_of)
    return len(stale)


def measure(proposal: Proposal, as_of: date) -> None:
    """Notes what recording the proposal would change. No decision: its version stays."""
    found = _effects_of(proposal, as_of)
    proposal.effect = None if found is None else round(largest(found), 3)
    proposal.measured = {
        "of": _stamp(proposal, evidence_version(), as_of),
        "lines": [_noted(one) for one in found or ()],
    }
    mine = Proposal.objects.filter(pk=proposal.pk, version=proposal.version)
    mine.update(effect=proposal.effect, measured=proposal.measured)


def _effects_of(proposal: Proposal, as_of: date) -> tuple[LineEffect, ...] | None:
    if not proposal.deed:
        return effects_of(proposal.table, proposal.fields, as_of)
    try:
        row, changed = changed_row(change_of(proposal))
    except ValidationError:
        return None
    return None if row is None and changed is None else effects_of_change(row, changed, as_of)


def _stamp(proposal: Proposal, version: str, as_of: date) -> str:
    return f"{version} {as_of} {proposal.version}"


def _noted(one: LineEffect) -> dict[str, str | float]:
    short = one.line.name.rsplit(" (", 1)[0]
    return {"slug": one.line.slug, "name": short, "points": round(one.points, 3), "on": one.on.isoformat()}
