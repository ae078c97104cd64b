"""Which releases were installed here, and where this board differs from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class EvidenceRelease(models.Model):
    """One installation of a signed evidence release. The newest one is what the evidence here comes from."""

    serial = models.BigIntegerField()
    created_at = models.DateTimeField(help_text="When its publisher made it.")
    newest_on = models.DateField(null=True, help_text="The newest day on which any of it became public.")
    evidence_version = models.CharField(max_length=64)
    board_version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)  # of the whole file
    key_id = models.CharField(max_length=16)
    origin = models.CharField(max_length=500)  # address or file name
    installed_at = models.DateTimeField()
    installed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    counts = models.JSONField(default=dict)  # table -> what became of how many rows

    def __str__(self) -> str:
        return f"evidence release {self.serial}"


class ReleaseDifference(models.Model):
    """A row that was edited or deleted here and is otherwise in a release. Ours stayed; a person may think again."""

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept", "kept as it is here"
        TAKEN = "taken", "taken from the release"

    release = models.ForeignKey(EvidenceRelease, on_delete=models.CASCADE, related_name="differences")
    table = models.CharField(max_length=30)
    key = models.CharField(max_length=1200)
    columns = models.JSONField(default=dict)  # column -> [text here, text in the release]; {}: ``what`` says it
    what = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "table", "key"], name="release_difference_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="release_difference_decided_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key} ({self.state})"
