from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from riskboard.catalog.models import Line
from scoring.models.appending import AppendOnlyModel, AppendOnlyQuerySet


class ScoreQuerySet(AppendOnlyQuerySet["Score"]):
    def newest_first(self) -> Self:
        return self.order_by("-as_of", "-pk")

    def up_to(self, day: date) -> Self:
        """The newest score of every line that is not of a later day."""
        newest = Score.objects.filter(line=OuterRef("line"), as_of__lte=day).newest_first().values("pk")[:1]
        return self.filter(pk=Subquery(newest))

    def newest(self) -> Self:
        """The newest score of every line."""
        return self.up_to(date.max)


class Score(AppendOnlyModel):
    """What this board said about a line on a day: one append-only row with everything it was made of."""

    class Cause(models.TextChoices):
        FIRST = "first", "first score"
        EVIDENCE = "evidence", "evidence changed"
        METHOD = "method", "method changed"
        AGING = "aging", "evidence aged"
        HEARTBEAT = "heartbeat", "weekly record"
        REQUEST = "request", "asked for a past day"

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="scores")
    as_of = models.DateField(help_text="The score counts only what was public on this day.")
    recorded_at = models.DateTimeField()
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="The score before it."
    )
    cause = models.CharField(max_length=10, choices=Cause.choices)
    rubric = models.CharField(max_length=40)
    rubric_sha256 = models.CharField(max_length=64)
    input_digest = models.CharField(max_length=64, help_text="Of the evidence that counted.")

    state = models.CharField(max_length=20)
    state_since = models.DateField(null=True, blank=True)
    license_category = models.CharField(max_length=30, blank=True, help_text="Of the line that day. Blank: unknown.")
    durability = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    raw = models.FloatField(help_text="Before the bounds of the scale.")
    sd = models.FloatField()
    grade = models.CharField(max_length=1, blank=True)
    p12 = models.FloatField()
    p12_low = models.FloatField()
    p12_high = models.FloatField()
    p24 = models.FloatField()
    p24_low = models.FloatField()
    p24_high = models.FloatField()
    p24_withdrawn = models.FloatField()
    p24_restricted = models.FloatField()
    p24_closed_next = models.FloatField()
    p24_held = models.FloatField(help_text="The copy already held is hit.")
    p24_next = models.FloatField(help_text="The next version is closed or restricted.")
    evidence = models.PositiveIntegerField(help_text="Independent origins of the evidence.")
    newest_on = models.DateField(null=True, blank=True, help_text="Newest evidence that counted.")
    insufficient = models.JSONField(default=list, help_text="Codes of what the evidence lacks; empty: enough.")
    items = models.JSONField(help_text="The contributions that sum to the score.")
    pledges = models.JSONField(default=list)
    pressure = models.FloatField()
    examined = models.FloatField(
        null=True, blank=True, help_text="0 to 1: how far its evidence reached what is asked for. Blank: not recorded."
    )
    ranked = models.FloatField(
        null=True, blank=True, help_text="The durability that it ranks with: what speaks for it as far as examined."
    )

    objects = ScoreQuerySet.as_manager()

    class Meta:
        indexes = [
            # the newest score of a line, and its chain
            models.Index(fields=["line", "-as_of", "-id"], name="score_line_newest"),
        ]
        constraints = [
            # Two sweeps at once store one score; evidence that is changed back within a day gets a new row.
            models.UniqueConstraint(
                fields=["line", "as_of", "rubric_sha256", "input_digest"],
                condition=Q(follows__isnull=True),
                name="score_first_once",
            ),
            models.UniqueConstraint(
                fields=["line", "as_of", "rubric_sha256", "input_digest", "follows"],
                condition=Q(follows__isnull=False),
                name="score_once_after_another",
            ),
            models.CheckConstraint(condition=Q(durability__range=(0, 100)), name="score_durability_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} on {self.as_of}: {self.durability:.1f}"

    @property
    def is_reconstructed(self) -> bool:
        """Computed after its day, not said on it."""
        return self.as_of < self.recorded_at.date()


class HistoryQuerySet(models.QuerySet["History"]):
    def note(self, field: Literal["placing", "rate"], told: Mapping[int, dict[str, Any]]) -> None:
        """Stores by line what differs from what was noted; nothing for lines that are not in it."""
        moved = []
        for row in self.only("line", field):
            if getattr(row, field) != told.get(row.line_id):
                setattr(row, field, told.get(row.line_id))
                moved.append(row)
        self.bulk_update(moved, [field])


class History(models.Model):
    """A line's whole timeline as the panel computes it: a cache, kept by the digest of its evidence."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="timeline")
    evidence_version = models.CharField(max_length=40, help_text="Of the whole catalog when this was last found fresh.")
    input_digest = models.CharField(max_length=64)
    rubric_sha256 = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    first_on = models.DateField()
    last_on = models.DateField()
    durability = models.JSONField(help_text="One value a day from first to last, two decimals; low and high likewise.")
    low = models.JSONField()
    high = models.JSONField()
    states = models.JSONField(help_text="Spans of one state: code, since, first, last.")
    spark = models.JSONField(help_text="Durability once a week over the last two years, ending on the last day.")
    delta90 = models.FloatField(null=True, blank=True, help_text="Change over the last 90 days. Blank: no score then.")
    moved_by = models.JSONField(null=True, blank=True, help_text="What moved it most in these 90 days.")
    placing = models.JSONField(
        null=True, blank=True, help_text="Its place among live lines and how firm that is. Blank: it has none."
    )
    rate = models.JSONField(null=True, blank=True, help_text="How lines like it failed. Blank: it is not at risk.")

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "histories"

    def __str__(self) -> str:
        return f"{self.line_id}, {self.first_on} to {self.last_on}"
