"""What all evidence shares: a source, three clocks, and whose row it is."""

from calendar import monthrange
from datetime import date
from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from riskboard.catalog.kinds import Precision
from riskboard.catalog.models.sources import Source

E = TypeVar("E", bound=models.Model)
Faults = dict[str, str]
# The day a row was first public, and whether that is derived rather than stated.
Publication = tuple[date | None, bool]


def last_day(day: date, precision: str) -> date:
    """The last day that ``day`` can mean when it is known only to ``precision``."""
    if precision == Precision.YEAR:
        return date(day.year, 12, 31)
    if precision == Precision.MONTH:
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day


def is_before(earlier: date | None, later: date | None) -> bool:
    """Is ``earlier`` known to lie before ``later``?"""
    return earlier is not None and later is not None and earlier < later


class Ruled(models.Model):
    """A row with rules across its own fields, said in words; the database holds the same rules."""

    class Meta:
        abstract = True

    def faults(self) -> Faults:
        """Field to reason. Fields that failed on their own are None and break no rule here."""
        return {}

    def clean(self) -> None:
        super().clean()
        if faults := {**self.faults(), **self.family_faults()}:
            raise ValidationError(faults)

    def family_faults(self) -> Faults:
        row: Any = self
        if getattr(row, "family_id", None) is None or getattr(row, "vendor_id", None) is None:
            return {}
        if row.family.line.vendor_id == row.vendor_id:
            return {}
        return {"family": "This family belongs to another vendor."}


class EvidenceQuerySet(models.QuerySet[E]):
    def known_on(self, day: date) -> Self:
        """Rows the public could know on ``day``. A row of unknown publication day is never known."""
        return self.filter(published_on__lte=day)

    def known_by(self, day: date) -> Self:
        """Rows this board had recorded by the end of ``day``."""
        return self.filter(recorded_at__date__lte=day)

    def cited(self) -> Self:
        return self.select_related("source")


class VendorEvidenceQuerySet(EvidenceQuerySet[E]):
    """Rows about a vendor as a whole or about one of its families."""

    def about(self, vendor: models.Model) -> Self:
        return self.filter(vendor=vendor)

    def about_line(self, line: models.Model) -> Self:
        """What bears on a line: rows of its own families, and rows about its vendor as a whole."""
        return self.filter(models.Q(family__line=line) | models.Q(family__isnull=True, vendor__lines=line))


class Evidence(Ruled):
    """A row that claims something. Its own dates say when it occurred; these when it was public and recorded."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    published_on = models.DateField(
        null=True, blank=True, help_text="First public. Blank: unknown, and then never used for any day."
    )
    published_is_derived = models.BooleanField(
        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)
    is_local = models.BooleanField(
        default=False,
        editable=False,
        help_text="Entered or edited here: shipped evidence never overwrites it.",
    )

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        self.settle_publication()
        super().save(**options)

    def publication(self) -> Publication:
        raise NotImplementedError

    def settle_publication(self) -> None:
        self.published_on, self.published_is_derived = self.publication()

    @property
    def is_verified(self) -> bool:
        return not self.source.is_recalled


class Tombstone(models.Model):
    """A shipped row that was deleted here, so that loading does not bring it back."""

    table = models.CharField(max_length=40)
    # Long enough for a key that holds the address and the title of a source.
    key = models.CharField(max_length=1200)
    deleted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="tombstone_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
