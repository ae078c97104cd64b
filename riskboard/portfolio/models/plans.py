"""How a deployment would be replaced: the plan, what makes it portable, what could follow, what was rehearsed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from riskboard.catalog.models import Release
from riskboard.portfolio import kinds
from riskboard.portfolio.models.deployments import Deployment

MOST_DAYS = 3650  # ten years


class ExitPlan(models.Model):
    """Blank and ``None`` are unknown: nobody assessed it."""

    deployment = models.OneToOneField(Deployment, on_delete=models.CASCADE, related_name="exit_plan")
    owner = models.CharField(max_length=120, blank=True, help_text="A role or a person; blank: nobody yet.")
    substitutability = models.CharField(max_length=20, choices=kinds.Substitutability.choices, blank=True)
    reintegration = models.CharField(
        "taking the work back",
        max_length=10,
        choices=kinds.Reintegration.choices,
        blank=True,
        help_text="Could it be done without any model of others?",
    )
    impact = models.CharField("impact of discontinuing", max_length=6, choices=kinds.Impact.choices, blank=True)
    has_alternatives = models.BooleanField(
        "alternatives identified", null=True, blank=True, help_text="“No”: looked for, and none found."
    )
    reviewed_on = models.DateField("plan reviewed on", null=True, blank=True)
    rehearse_every_days = models.PositiveIntegerField(
        "rehearse every, days", default=365, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rehearse_every_days__range=(1, MOST_DAYS)), name="exit_plan_rehearses_at_times"
            ),
        ]

    def __str__(self) -> str:
        return f"Exit plan of {self.deployment}"


class ExitCheck(models.Model):
    """What the team answered about one item of the checklist. No row: nobody answered, which is unknown."""

    plan = models.ForeignKey(ExitPlan, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=40)
    state = models.CharField(max_length=14, choices=kinds.CheckState.choices, default=kinds.CheckState.UNKNOWN)
    note = models.CharField("what proves it", max_length=500, blank=True)
    done_on = models.DateField("done on", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="exit_check_once"),
            models.CheckConstraint(
                condition=Q(state="done") | Q(done_on__isnull=True), name="exit_check_only_what_is_done_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.state}"


class Alternative(models.Model):
    """A release that could follow, and whether it was tried in this place."""

    plan = models.ForeignKey(ExitPlan, on_delete=models.CASCADE, related_name="alternatives")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    tested_on = models.DateField("tested on", null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=kinds.Outcome.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "release"], name="alternative_once"),
            models.CheckConstraint(
                condition=Q(tested_on__isnull=True, outcome="") | (Q(tested_on__isnull=False) & ~Q(outcome="")),
                name="alternative_test_has_day_and_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} for {self.plan.deployment}"


class Rehearsal(models.Model):
    """The switch, done for practice. ``took_days`` of one that passed is what a real one is expected to take."""

    plan = models.ForeignKey(ExitPlan, on_delete=models.CASCADE, related_name="rehearsals")
    held_on = models.DateField("held on")
    outcome = models.CharField(max_length=6, choices=kinds.Outcome.choices)
    took_days = models.PositiveIntegerField(
        "took, days",
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text="Calendar days; 0: within the day.",
    )
    found = models.TextField("what was found", blank=True)
    by = models.CharField("held by", max_length=120, blank=True)

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="passed") | Q(took_days__isnull=False), name="rehearsal_passed_took_days"
            ),
            models.CheckConstraint(
                condition=Q(took_days__isnull=True) | Q(took_days__lte=MOST_DAYS), name="rehearsal_took_days_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on}: {self.outcome}"
