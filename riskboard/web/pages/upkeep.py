"""Who maintains templates and fixes if no next version comes: what is known, and that the rest is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import Release, VendorFact

GOVERNED = {
    "single_vendor": "one vendor decides alone; nobody else is bound to go on",
    "foundation": "a foundation holds it, and can go on without the vendor",
    "community": "a community holds it, and can go on without the vendor",
    "academic": "an academic group holds it",
    "government": "a public body holds it",
}


@dataclass(frozen=True, slots=True)
class Upkeep:
    """``governance`` None: nobody recorded who decides. ``newest``: with weights, of the line."""

    governance: VendorFact | None
    newest: Release | None
    today: date

    @property
    def governed(self) -> str:
        return GOVERNED.get(self.governance.value, "") if self.governance else ""

    @property
    def days(self) -> int | None:
        return (self.today - self.newest.released_on).days if self.newest else None


def upkeep_of(of_line: Sequence[Release], facts: Sequence[VendorFact], today: date) -> Upkeep:
    """``facts``: of the family or of its vendor as a whole; the one about the family goes first."""
    ruling = [
        row
        for row in facts
        if row.field == kinds.FactField.GOVERNANCE
        and row.is_verified
        and row.valid_from <= today
        and (row.valid_to is None or row.valid_to > today)
    ]
    ruling.sort(key=lambda row: (row.family_id is None, -row.valid_from.toordinal()))
    out = [row for row in of_line if row.access == kinds.Access.OPEN_WEIGHTS and row.released_on <= today]
    newest = max(out, key=lambda row: (row.released_on, row.slug), default=None)
    return Upkeep(ruling[0] if ruling else None, newest, today)
