"""What all evidence shares: a source, three clocks, and whose row it is."""

from datetime import date
from typing import Self, TypeVar

from django.db import models

from riskboard.catalog.models.sources import Source

E = TypeVar("E", bound=models.Model)


class EvidenceQuerySet(models.QuerySet[E]):
    def known_on(self, day: date) -> Self:
        """Rows the public could know on ``day``. A row of unknown publication day is never known."""
        return self.filter(published_on__lte=day)

    def known_by(self, day: date) -> Self:
        """Rows this board had recorded by the end of ``day``."""
        return self.filter(recorded_at__date__lte=day)

    def cited(self) -> Self:
        return self.select_related("source")


class Evidence(models.Model):
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

    @property
    def is_verified(self) -> bool:
        return not self.source.is_recalled


class Tombstone(models.Model):
    """A shipped row that was deleted here, so that loading does not bring it back."""

    table = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    deleted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="tombstone_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
