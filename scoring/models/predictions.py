"""What this board itself forecast, and how it came out. Nothing of it is ever changed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from riskboard.catalog.models import Line
from scoring.models.appending import AppendOnlyModel, AppendOnlyQuerySet

LEAST, MOST = 0.02, 0.98  # a forecast is never surer


class PredictionQuerySet(AppendOnlyQuerySet["Prediction"]):
    def of_round(self, name: str) -> Self:
        return self.filter(round=name)


class Prediction(AppendOnlyModel):
    """The chance that a line fails within 12 months, as the board saw it on the day on which it was recorded."""

    class Method(models.TextChoices):
        ENGINE = "engine", "engine"
        COMPARATOR = "comparator", "comparator"

    class Band(models.TextChoices):
        BELOW = "below", "below usual"
        NEAR = "near", "near usual"
        ABOVE = "above", "above usual"

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="predictions")
    round = models.CharField(max_length=7, help_text="The quarter, such as 2026-Q4.")
    made_on = models.DateField(help_text="Only what was public on this day counts.")
    recorded_at = models.DateTimeField()
    due_on = models.DateField(help_text="A failure after this day is not one of this forecast.")
    settles_on = models.DateField(help_text="When the last launch in time has had its days to be released late.")

    engine = models.FloatField(help_text="What the engine gives, clipped to 0.02-0.98.")
    comparator = models.FloatField(help_text="What the comparator gives, clipped likewise.")
    engine_unclipped = models.FloatField()
    comparator_unclipped = models.FloatField()
    usual = models.FloatField(help_text="Rate among lines at risk.")
    shown = models.CharField(max_length=10, choices=Method.choices, help_text="Which of the two the pages showed.")
    band = models.CharField(max_length=5, choices=Band.choices)
    failed = models.PositiveIntegerField(help_text="How many of the comparable lines failed.")
    comparable = models.PositiveIntegerField(help_text="Comparable lines.")
    precision = models.CharField(max_length=10, help_text="Level of precision that the pages permitted themselves.")

    failed_before = models.BooleanField(help_text="The vendor had failed before.")
    launches = models.PositiveIntegerField(help_text="Flagships launched in the 24 months before.")
    evidence = models.PositiveIntegerField(help_text="Independent origins of the evidence.")
    rubric = models.CharField(max_length=40)
    rubric_sha256 = models.CharField(max_length=64)
    comparator_name = models.CharField(max_length=40)
    comparator_sha256 = models.CharField(max_length=64)
    input_digest = models.CharField(max_length=64, help_text="Of the evidence that counted.")

    objects = PredictionQuerySet.as_manager()

    class Meta:
        indexes = [
            # a round, and which is due next
            models.Index(fields=["due_on", "line"], name="prediction_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["line", "round"], name="prediction_once_a_quarter"),
            models.CheckConstraint(
                condition=Q(engine__range=(LEAST, MOST), comparator__range=(LEAST, MOST)), name="prediction_clipped"
            ),
            models.CheckConstraint(condition=Q(usual__gt=0, usual__lt=1), name="prediction_usual_is_a_chance"),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("made_on"), settles_on__gte=F("due_on")), name="prediction_days_in_order"
            ),
            models.CheckConstraint(condition=Q(failed__lte=F("comparable")), name="prediction_failed_of_comparable"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.line}"

    @property
    def in_force(self) -> float:
        """The chance that the pages went by."""
        return self.engine if self.shown == self.Method.ENGINE else self.comparator


class ResolutionQuerySet(AppendOnlyQuerySet["Resolution"]):
    def in_force(self) -> Self:
        """Those that nothing follows: one for each prediction that has any."""
        following = Resolution.objects.filter(follows=OuterRef("pk"))
        return self.filter(~Exists(following))


class Resolution(AppendOnlyModel):
    """How a forecast came out. A correction or a ruling adds a row that follows; the last one holds."""

    class Outcome(models.TextChoices):
        FAILED = "failed", "failed"
        KEPT = "kept", "kept"
        NO_NEXT_VERSION = "no_next_version", "no next version"
        VOID = "void", "void"
        OPEN = "open", "open again"

    class Mode(models.TextChoices):
        CLOSED_NEXT = "closed_next", "next version closed"
        RESTRICTED = "restricted", "terms narrower"

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="resolutions")
    follows = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
        help_text="Which it replaces.",
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    event_on = models.DateField(null=True, blank=True, help_text="When the line failed.")
    mode = models.CharField(max_length=20, choices=Mode.choices, blank=True, help_text="How the line failed.")
    evidence = models.JSONField(default=list, help_text="References of the rows that show it.")
    resolved_on = models.DateField(help_text="Only what was public on this day counts.")
    recorded_at = models.DateTimeField()
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Blank: the rules, read by this program.",
    )
    reason = models.CharField(max_length=500, blank=True)
    source_url = models.URLField(max_length=1000, blank=True, help_text="Where a ruling's reason can be read.")

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prediction"], condition=Q(follows__isnull=True), name="resolution_first_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="failed", event_on__isnull=False) | ~Q(outcome="failed") & Q(event_on__isnull=True),
                name="resolution_failure_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="failed") & ~Q(mode="") | ~Q(outcome="failed") & Q(mode=""),
                name="resolution_failure_has_a_mode",
            ),
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | ~Q(reason="") & ~Q(source_url=""),
                name="resolution_ruling_is_cited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prediction_id}: {self.outcome}"

    @property
    def is_open(self) -> bool:
        """Taken back: the forecast waits again."""
        return self.outcome == self.Outcome.OPEN

    @property
    def by(self) -> str:
        return self.ruled_by.get_username() if self.ruled_by else "machine"
