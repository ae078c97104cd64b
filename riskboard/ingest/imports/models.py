from django.conf import settings
from django.db import models
from django.db.models import Q


class Import(models.Model):
    """A file of rows that somebody sent: first a draft to look through, then recorded as a whole, or not at all."""

    class State(models.TextChoices):
        DRAFT = "draft", "not recorded"
        SECOND = "second", "waiting for a second person"
        APPLIED = "applied", "recorded"
        UNDONE = "undone"

    table = models.CharField(max_length=30)
    file_name = models.CharField(max_length=200, blank=True, help_text="Blank: pasted.")
    content = models.BinaryField(help_text="As it was sent; emptied once it is recorded.")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: from the console
    plan_hash = models.CharField(max_length=64, blank=True, help_text="Of what recording it would do.")
    faults = models.JSONField(default=list, blank=True)  # of the file as a whole: [line, column, reason]
    has_versions = models.BooleanField(default=False)
    effect = models.FloatField(null=True, blank=True, help_text="Largest change of a line's score; blank: unknown.")
    measured = models.JSONField(default=list, blank=True)  # the change of each line's score
    reasons = models.JSONField(default=list, blank=True)  # why it takes two people, where it does
    version = models.CharField(max_length=36, blank=True, help_text="Of the evidence that it was compared with.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(max_length=500, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # the first of two people
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "second"], applied_at=None)
                | Q(state__in=["applied", "undone"], applied_at__isnull=False),
                name="import_recorded_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False) | (~Q(state="undone") & Q(undone_at=None)),
                name="import_undone_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} import {self.pk} ({self.state})"


class ImportedRow(models.Model):
    """What recording one row of a file would do, or did."""

    class Outcome(models.TextChoices):
        ADD = "add", "new"
        CHANGE = "change", "changed"
        SAME = "same", "as on record"
        CONFLICT = "conflict", "conflict"
        ERROR = "error", "error"

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=1200, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    changes = models.JSONField(default=list, blank=True)  # [column, before, after]
    problems = models.JSONField(default=list, blank=True)  # [column, reason]
    # Once it is recorded:
    row = models.PositiveBigIntegerField(null=True, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    was_local = models.BooleanField(default=False)
    before = models.JSONField(null=True, blank=True)  # column -> text; None: it was not there
    after = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "line"], name="imported_row_once")]
        indexes = [
            # the rows of one outcome
            models.Index(fields=["of", "outcome", "line"], name="imported_row_outcome"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.outcome} {self.key}"
