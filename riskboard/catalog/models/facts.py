from datetime import date

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from riskboard.catalog import kinds
from riskboard.catalog.models.evidence import Evidence, Faults, Publication, VendorEvidenceQuerySet, is_before
from riskboard.catalog.models.vendors import Vendor


class VendorFactQuerySet(VendorEvidenceQuerySet["VendorFact"]):
    def in_force_on(self, day: date) -> "VendorFactQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class VendorFact(Evidence):
    """A dated state of a vendor, or of one family when that differs: in force over [valid_from, valid_to)."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="facts")
    family = models.ForeignKey("catalog.Family", null=True, blank=True, on_delete=models.PROTECT, related_name="facts")
    field = models.CharField(max_length=20, choices=kinds.fact_field_choices)
    value = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="First day it no longer held. Blank: still in force.")
    confidence = models.CharField(max_length=6, choices=kinds.confidence_choices)

    objects = VendorFactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            # Two halves, because SQLite cannot take two blanks for the same.
            models.UniqueConstraint(
                fields=["vendor", "field", "valid_from"], condition=Q(family=None), name="vendor_fact_once"
            ),
            models.UniqueConstraint(
                fields=["family", "field", "valid_from"], condition=~Q(family=None), name="family_fact_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="vendor_fact_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=kinds.Confidence.values), name="vendor_fact_confidence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.field} {self.value} from {self.valid_from}"

    def publication(self) -> Publication:
        return self.valid_from, True

    def faults(self) -> Faults:
        found = {}
        if self.field in kinds.FACT_VALUES and self.value not in kinds.FACT_VALUES[self.field]:
            found["value"] = f"{self.value!r} is unknown; known: {', '.join(kinds.FACT_VALUES[self.field])}."
        if self.valid_to is not None and not is_before(self.valid_from, self.valid_to):
            found["valid_to"] = "Must be after valid_from."
        return found


class ReachQuerySet(VendorEvidenceQuerySet["Reach"]):
    pass


class Reach(Evidence):
    """How far a family spread, as one publisher counted it. Shown, never scored; series do not compare."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="reach")
    family = models.ForeignKey("catalog.Family", null=True, blank=True, on_delete=models.PROTECT, related_name="reach")
    measured_on = models.DateField()
    metric = models.CharField(max_length=20, choices=kinds.metric_choices)
    value = models.PositiveBigIntegerField()
    confidence = models.CharField(max_length=6, choices=kinds.confidence_choices)

    objects = ReachQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "reach"
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "measured_on", "metric", "source"], condition=Q(family=None), name="vendor_reach_once"
            ),
            models.UniqueConstraint(
                fields=["family", "measured_on", "metric", "source"],
                condition=~Q(family=None),
                name="family_reach_once",
            ),
            models.CheckConstraint(condition=Q(confidence__in=kinds.Confidence.values), name="reach_confidence_known"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.metric} {self.value} on {self.measured_on}"

    def publication(self) -> Publication:
        return self.measured_on, True
