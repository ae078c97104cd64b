from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from riskboard.catalog import kinds
from riskboard.catalog.models.evidence import Evidence, EvidenceQuerySet
from riskboard.catalog.models.vendors import KEY, SLUG, Vendor


class License(Evidence):
    """Terms as clauses. ``None`` in a clause means that nobody read it: unknown, never "no"."""

    key = models.CharField(max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(max_length=160)
    spdx_id = models.CharField("SPDX id", max_length=80, blank=True)
    category = models.CharField(max_length=30, choices=kinds.license_category_choices)
    osi_approved = models.BooleanField("OSI approved", null=True, blank=True)
    text_read = models.BooleanField(help_text="Was the license text itself read? If not, silent clauses are unknown.")
    commercial_use = models.CharField(max_length=12, choices=kinds.commercial_use_choices, blank=True)
    threshold_summary = models.CharField(max_length=200, blank=True)
    territory_exclusions = models.CharField(max_length=200, blank=True)
    use_restrictions = models.BooleanField(null=True, blank=True)
    output_training_restriction = models.BooleanField(null=True, blank=True)
    naming_obligation = models.BooleanField(null=True, blank=True)
    terminable = models.BooleanField(
        null=True, blank=True, help_text="Can the licensor end the grant other than for a breach?"
    )
    irrevocable = models.BooleanField(null=True, blank=True)
    termination = models.CharField(max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(terminable=True, irrevocable=True), name="license_not_both_terminable_and_irrevocable"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("license", args=[self.key])


class Threshold(models.Model):
    """A size above which a license asks for more: metric, amount, currency, period, of whom, and what then."""

    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="thresholds")
    metric = models.CharField(max_length=30, choices=kinds.threshold_metric_choices)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    period = models.CharField(max_length=20, blank=True, help_text="month, year, or blank when it has none")
    who = models.CharField(max_length=120, blank=True, help_text="Blank: everyone.")
    consequence = models.CharField(max_length=20, choices=kinds.threshold_consequence_choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["license", "metric", "who", "consequence", "period"], name="threshold_once"
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="threshold_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.license_id} {self.metric} {self.amount or 'unknown'}"


class LicenseChangeQuerySet(EvidenceQuerySet["LicenseChange"]):
    def tightening(self) -> "LicenseChangeQuerySet":
        return self.filter(direction=kinds.ChangeDirection.TIGHTENING)


class LicenseChange(Evidence):
    key = models.CharField(max_length=80, unique=True, validators=[KEY])
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="license_changes")
    family = models.ForeignKey(
        "catalog.Family", null=True, blank=True, on_delete=models.PROTECT, related_name="license_changes"
    )
    asset = models.CharField(max_length=200)
    from_license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="changes_from")
    to_license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="changes_to")
    announced_on = models.DateField()
    effective_on = models.DateField(null=True, blank=True)
    direction = models.CharField(max_length=12, choices=kinds.change_direction_choices)
    applies_to = models.CharField(max_length=15, choices=kinds.applies_to_choices)
    scope = models.CharField(max_length=15, choices=kinds.change_scope_choices)
    confidence = models.CharField(max_length=6, choices=kinds.confidence_choices)

    objects = LicenseChangeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        indexes = [
            # the change stream, newest first
            models.Index(fields=["-announced_on"], name="license_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.asset}, {self.announced_on}"

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.key])
