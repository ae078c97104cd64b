from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from riskboard.catalog.models import Release
from riskboard.portfolio import kinds
from riskboard.portfolio.models.teams import Team

REVISION = RegexValidator(r"^[0-9a-f]{7,64}\Z", "A commit: 7 to 64 digits from 0 to f.")
SHA256 = RegexValidator(r"^[0-9a-f]{64}\Z", "64 digits from 0 to f.")


class Workflow(models.Model):
    """What would stop: a product, a service, a job that people depend on."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="workflows")
    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=120, blank=True, help_text="A role or a person; blank: nobody yet.")
    tier = models.PositiveSmallIntegerField(choices=kinds.Tier.choices, null=True, blank=True)
    tolerated_days = models.DecimalField(
        "tolerated outage, days", max_digits=6, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="workflow_once_a_team"),
            models.CheckConstraint(
                condition=Q(tolerated_days__isnull=True) | Q(tolerated_days__gte=0), name="workflow_outage_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def of(self, team: Team) -> Self:
        """The one door to deployments: no page asks for them without saying whose."""
        return self.filter(workflow__team=team)

    def in_use(self) -> Self:
        return self.filter(retired_on__isnull=True)

    def with_release(self) -> Self:
        return self.select_related(
            "workflow", "release__family__line__vendor", "release__license__source", "release__source"
        )


class Deployment(models.Model):
    """A model revision in a workflow and an environment. ``release`` None: not matched, and not forgotten."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="deployments")
    environment = models.CharField(
        max_length=12, choices=kinds.Environment.choices, default=kinds.Environment.PRODUCTION
    )
    reference = models.CharField("model", max_length=300, help_text="As it is named where it is used.")
    scheme = models.CharField("named as on", max_length=20, choices=kinds.Scheme.choices)
    release = models.ForeignKey(
        Release, null=True, blank=True, on_delete=models.PROTECT, related_name="deployments", verbose_name="stands on"
    )
    relation = models.CharField(max_length=20, choices=kinds.Relation.choices, default=kinds.Relation.SAME)
    matched = models.CharField(max_length=10, choices=kinds.Matched.choices, default=kinds.Matched.NONE)
    matched_why = models.CharField(max_length=300, blank=True)
    revision = models.CharField("pinned revision", max_length=64, blank=True, validators=[REVISION])
    embed_depth = models.PositiveSmallIntegerField(choices=kinds.EmbedDepth.choices, null=True, blank=True)
    # person-days of work to switch to something else
    switch_low = models.DecimalField("at best", max_digits=8, decimal_places=1, null=True, blank=True)
    switch_likely = models.DecimalField("most likely", max_digits=8, decimal_places=1, null=True, blank=True)
    switch_high = models.DecimalField("at worst", max_digits=8, decimal_places=1, null=True, blank=True)
    switch_days = models.PositiveIntegerField(
        "days to switch", null=True, blank=True, help_text="Calendar days, as estimated; a rehearsal says better."
    )
    mirror = models.CharField(max_length=12, choices=kinds.Mirror.choices, default=kinds.Mirror.UNKNOWN)
    mirror_place = models.CharField(max_length=300, blank=True)
    mirror_sha256 = models.CharField(max_length=64, blank=True, validators=[SHA256])
    mirror_checked_on = models.DateField(null=True, blank=True)
    license_text = models.TextField("license text at download", blank=True)
    license_text_on = models.DateField("of the day", null=True, blank=True)
    served_by = models.CharField(max_length=120, blank=True, help_text="The host, or blank: our own machines.")
    note = models.TextField(blank=True)
    retired_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = DeploymentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["workflow__name", "reference", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "environment", "scheme", "reference"],
                condition=Q(retired_on__isnull=True),
                name="deployment_once",
            ),
            models.CheckConstraint(
                condition=Q(release__isnull=True, matched="none") | (Q(release__isnull=False) & ~Q(matched="none")),
                name="deployment_matched_names_a_release",
            ),
            models.CheckConstraint(
                condition=Q(embed_depth__isnull=True) | Q(embed_depth__lte=4), name="deployment_embed_depth_known"
            ),
            models.CheckConstraint(
                condition=Q(switch_low__isnull=True, switch_likely__isnull=True, switch_high__isnull=True)
                | Q(switch_low__gte=0, switch_likely__gte=F("switch_low"), switch_high__gte=F("switch_likely")),
                name="deployment_switch_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(mirror="verified") | (~Q(mirror_sha256="") & Q(mirror_checked_on__isnull=False)),
                name="deployment_verified_mirror_has_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} in {self.workflow}"

    def get_absolute_url(self) -> str:
        return reverse("deployment", args=[self.pk])


class Acceptance(models.Model):
    """A risk that the team takes knowingly until a day. It never changes a score."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="acceptances")
    mode = models.CharField(max_length=12, choices=kinds.Mode.choices)
    reason = models.CharField(max_length=500)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_on = models.DateField()
    expires_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gt=F("accepted_on")), name="acceptance_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} of {self.deployment} until {self.expires_on}"
