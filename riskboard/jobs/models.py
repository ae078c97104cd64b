from django.conf import settings
from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of work. The row is the queue: the broker only says that there may be something to claim.

    ``attempts`` only ever grows, so it tells one claim of a row from the next: whoever claimed with an earlier number
    can no longer renew, complete or fail it.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        LEASED = "leased"
        DONE = "done"
        DEAD = "dead"
        DISMISSED = "dismissed"

    kind = models.CharField(max_length=40, help_text="Which handler does it.")
    key = models.CharField(max_length=200, unique=True, help_text="Asking twice for the same work makes one row.")
    queue = models.CharField(max_length=20, default="fetch")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    retried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            # the sweeper: what is due or whose lease ran out
            models.Index(fields=["run_at"], name="job_due", condition=Q(state__in=["queued", "leased"])),
            # the dead letters, newest first
            models.Index(fields=["-finished_at"], name="job_dead", condition=Q(state="dead")),
            # what may be forgotten, oldest first
            models.Index(fields=["finished_at"], name="job_over", condition=Q(state__in=["done", "dismissed"])),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="leased", leased_until__isnull=False) | ~Q(state="leased"),
                name="job_lease_has_an_end",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=models.F("max_attempts")), name="job_attempts_bounded"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "leased"], finished_at__isnull=True)
                | Q(state__in=["done", "dead", "dismissed"], finished_at__isnull=False),
                name="job_finished_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"


class Pulse(models.Model):
    """When background work last got through schedule, broker, worker and database. One row.

    A worker that fell silent is a living process without an error: only what it finished tells.
    """

    ONLY = 1

    finished_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="pulse_is_one_row")]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M:%S}"
