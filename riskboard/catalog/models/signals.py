from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from riskboard.catalog import kinds
from riskboard.catalog.models.evidence import Evidence, Faults, Publication, VendorEvidenceQuerySet, is_before, last_day
from riskboard.catalog.models.vendors import KEY, Vendor


class SignalQuerySet(VendorEvidenceQuerySet["Signal"]):
    pass


class Signal(Evidence):
    """What happened. Rows that share ``event_id`` report one event; blank: the row is its own event."""

    key = models.CharField(max_length=100, unique=True, validators=[KEY])
    event_id = models.CharField(max_length=100, blank=True, validators=[KEY])
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="signals")
    family = models.ForeignKey(
        "catalog.Family", null=True, blank=True, on_delete=models.PROTECT, related_name="signals"
    )
    kind = models.CharField(max_length=30, choices=kinds.signal_kind_choices)
    occurred_on = models.DateField()
    date_precision = models.CharField(max_length=5, choices=kinds.precision_choices, default=kinds.Precision.DAY)
    direction = models.CharField(max_length=12, choices=kinds.direction_choices)
    severity = models.PositiveSmallIntegerField(help_text="1 weak to 5 the whole commitment ends or begins.")
    summary = models.CharField(max_length=500)
    publisher = models.CharField(max_length=80, blank=True)
    source_reliability = models.CharField(max_length=1, choices=kinds.reliability_choices)
    info_credibility = models.CharField(max_length=1, choices=kinds.credibility_choices)
    confidence = models.CharField(max_length=6, choices=kinds.confidence_choices)

    objects = SignalQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        indexes = [
            # a vendor's timeline and the stream, newest first
            models.Index(fields=["vendor", "-occurred_on"], name="signal_vendor_newest"),
            models.Index(fields=["-occurred_on", "-id"], name="signal_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(severity__range=(1, 5)), name="signal_severity_1_to_5"),
            models.CheckConstraint(condition=Q(direction__in=kinds.Direction.values), name="signal_direction_known"),
            models.CheckConstraint(
                condition=Q(source_reliability__in=kinds.Reliability.values), name="signal_reliability_a_to_f"
            ),
            models.CheckConstraint(
                condition=Q(info_credibility__in=kinds.Credibility.values), name="signal_credibility_1_to_6"
            ),
            models.CheckConstraint(
                condition=~Q(date_precision=kinds.Precision.DAY)
                | Q(published_on__isnull=True)
                | Q(published_on__gte=F("occurred_on")),
                name="signal_published_after_it_occurred",
            ),
            models.CheckConstraint(
                condition=Q(date_precision__in=kinds.Precision.values), name="signal_precision_known"
            ),
            models.CheckConstraint(condition=Q(confidence__in=kinds.Confidence.values), name="signal_confidence_known"),
        ]

    def __str__(self) -> str:
        return f"{self.summary} ({self.occurred_on})"

    def get_absolute_url(self) -> str:
        return reverse("signal", args=[self.key])

    @property
    def stated_published_on(self) -> date | None:
        return None if self.published_is_derived else self.published_on

    @stated_published_on.setter
    def stated_published_on(self, day: date | None) -> None:
        self.published_on, self.published_is_derived = day, day is None

    def publication(self) -> Publication:
        if self.stated_published_on is not None:
            return self.published_on, False
        return last_day(self.occurred_on, self.date_precision), True

    def faults(self) -> Faults:
        found = {}
        severity: int | None = self.severity
        if severity is not None and not 1 <= severity <= 5:
            found["severity"] = "Must be 1 to 5."
        if self.date_precision == kinds.Precision.DAY and is_before(self.stated_published_on, self.occurred_on):
            found["published_on"] = "Lies before it occurred."
        return found

    @property
    def admiralty(self) -> str:
        return f"{self.source_reliability}{self.info_credibility}"
