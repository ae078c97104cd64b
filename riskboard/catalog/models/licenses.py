from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from riskboard.catalog import kinds
from riskboard.catalog.models.evidence import (
    Evidence,
    EvidenceQuerySet,
    Faults,
    Publication,
    Ruled,
    VendorEvidenceQuerySet,
)
from riskboard.catalog.models.vendors import KEY, SLUG, Vendor

CLAUSES = ("use_restrictions", "output_training_restriction", "naming_obligation", "terminable", "irrevocable")
MONEY = (kinds.ThresholdMetric.REVENUE, kinds.ThresholdMetric.FUNDING)


class LicenseQuerySet(EvidenceQuerySet["License"]):
    pass


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

    objects = LicenseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(terminable=True, irrevocable=True), name="license_not_both_terminable_and_irrevocable"
            ),
            models.CheckConstraint(
                condition=Q(text_read=True)
                | ~(
                    Q(use_restrictions=False)
                    | Q(output_training_restriction=False)
                    | Q(naming_obligation=False)
                    | Q(terminable=False)
                    | Q(irrevocable=False)
                ),
                name="license_unread_clause_is_never_no",
            ),
            models.CheckConstraint(
                condition=Q(category__in=kinds.LicenseCategory.values), name="license_category_known"
            ),
            models.CheckConstraint(
                condition=Q(commercial_use="") | Q(commercial_use__in=kinds.CommercialUse.values),
                name="license_commercial_use_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("license", args=[self.key])

    def publication(self) -> Publication:
        """None: a license is terms, not an event. What happened with it are releases and license changes."""
        return None, False

    def faults(self) -> Faults:
        found = {}
        if self.terminable and self.irrevocable:
            found["irrevocable"] = "Terms that the licensor can end are not irrevocable."
        if self.text_read is False:
            for clause in CLAUSES:
                if getattr(self, clause) is False:
                    found[clause] = "The text was not read: leave blank what it does not say."
        return found


class Threshold(Ruled):
    """A size above which a license asks for more: metric, amount, currency, period, of whom, and what then."""

    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="thresholds")
    metric = models.CharField(max_length=30, choices=kinds.threshold_metric_choices)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        max_length=3, blank=True, validators=[RegexValidator(r"^[A-Z]{3}\Z", "Three capital letters.")]
    )
    period = models.CharField(
        max_length=5, choices=kinds.period_choices, blank=True, help_text="Blank: unknown, or it has none."
    )
    who = models.CharField(max_length=120, blank=True, help_text="Blank: everyone.")
    consequence = models.CharField(max_length=20, choices=kinds.threshold_consequence_choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["license", "metric", "who", "consequence", "period"], name="threshold_once"
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="threshold_positive"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | (Q(metric__in=MONEY) ^ Q(currency="")),
                name="threshold_money_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.license_id} {self.metric} {self.amount or 'unknown'}"

    def faults(self) -> Faults:
        found = {}
        if self.amount is not None and self.amount <= 0:
            found["amount"] = "Must be above zero; leave blank when unknown."
        if self.amount is not None and (self.metric in MONEY) != bool(self.currency):
            found["currency"] = "An amount of money has a currency, and only that."
        return found


class LicenseChangeQuerySet(VendorEvidenceQuerySet["LicenseChange"]):
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
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=kinds.ChangeDirection.values), name="license_change_direction_known"
            ),
            models.CheckConstraint(
                condition=Q(applies_to__in=kinds.AppliesTo.values), name="license_change_applies_to_known"
            ),
            models.CheckConstraint(condition=Q(scope__in=kinds.ChangeScope.values), name="license_change_scope_known"),
            models.CheckConstraint(
                condition=Q(confidence__in=kinds.Confidence.values), name="license_change_confidence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset}, {self.announced_on}"

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.key])

    def publication(self) -> Publication:
        return self.announced_on, False
