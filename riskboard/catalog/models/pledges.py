from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from riskboard.catalog import kinds
from riskboard.catalog.models.evidence import Evidence, Faults, Publication, VendorEvidenceQuerySet, is_before
from riskboard.catalog.models.sources import Source
from riskboard.catalog.models.vendors import KEY, Vendor


class PledgeQuerySet(VendorEvidenceQuerySet["Pledge"]):
    pass


class Pledge(Evidence):
    """What was said: who, when, where, how specific, due when. Its status is the newest ruling."""

    key = models.CharField(max_length=80, unique=True, validators=[KEY])
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="pledges")
    family = models.ForeignKey(
        "catalog.Family", null=True, blank=True, on_delete=models.PROTECT, related_name="pledges"
    )
    made_on = models.DateField(null=True, blank=True, help_text="Blank: unknown.")
    made_by = models.CharField(max_length=120)
    channel = models.CharField(max_length=20, choices=kinds.channel_choices)
    summary = models.CharField(max_length=300)
    specificity = models.CharField(max_length=12, choices=kinds.specificity_choices)
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=kinds.pledge_status_choices)
    status_on = models.DateField(null=True, blank=True)
    status_reason = models.CharField(max_length=300, blank=True)
    status_source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confidence = models.CharField(max_length=6, choices=kinds.confidence_choices)

    objects = PledgeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(made_on__isnull=True) | Q(due_on__gte=F("made_on")),
                name="pledge_due_after_made",
            ),
            models.CheckConstraint(
                condition=Q(status_on__isnull=True) | Q(made_on__isnull=True) | Q(status_on__gte=F("made_on")),
                name="pledge_ruled_after_made",
            ),
            models.CheckConstraint(
                condition=Q(status=kinds.PledgeStatus.OPEN) | Q(status_on__isnull=False),
                name="pledge_ruling_has_day",
            ),
            models.CheckConstraint(
                condition=Q(specificity__in=kinds.Specificity.values), name="pledge_specificity_known"
            ),
            models.CheckConstraint(condition=Q(status__in=kinds.PledgeStatus.values), name="pledge_status_known"),
            models.CheckConstraint(condition=Q(confidence__in=kinds.Confidence.values), name="pledge_confidence_known"),
        ]

    def __str__(self) -> str:
        return f"{self.summary} ({self.made_on or 'date unknown'})"

    def get_absolute_url(self) -> str:
        return reverse("pledge", args=[self.key])

    def publication(self) -> Publication:
        return self.made_on, False

    def faults(self) -> Faults:
        found = {}
        if is_before(self.due_on, self.made_on):
            found["due_on"] = "Lies before the pledge was made."
        if is_before(self.status_on, self.made_on):
            found["status_on"] = "Lies before the pledge was made."
        if self.status and self.status != kinds.PledgeStatus.OPEN and self.status_on is None:
            found["status_on"] = "Every status but open has a day."
        return found


class Ruling(models.Model):
    """One status a pledge has had, from when, and why: its history."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="rulings")
    status = models.CharField(max_length=12, choices=kinds.pledge_status_choices)
    ruled_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pledge", "status", "ruled_on"], name="ruling_once"),
            models.UniqueConstraint(
                fields=["pledge", "status"], condition=Q(ruled_on=None), name="ruling_without_day_once"
            ),
            models.CheckConstraint(condition=Q(status__in=kinds.PledgeStatus.values), name="ruling_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.status} {self.ruled_on or 'date unknown'}"
