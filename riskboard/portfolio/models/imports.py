from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from riskboard.catalog.models import Release
from riskboard.portfolio import kinds
from riskboard.portfolio.models.deployments import Deployment
from riskboard.portfolio.models.teams import Team


class PortfolioImport(models.Model):
    """What a file of a team named. The file itself is not kept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="imports")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200, blank=True, help_text="Of the file; blank: pasted.")
    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, blank=True, help_text="When nothing of it waited any longer.")

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name or "pasted text"

    def get_absolute_url(self) -> str:
        return reverse("portfolio_import", args=[self.pk])


class MentionQuerySet(models.QuerySet["PortfolioMention"]):
    def waiting(self) -> Self:
        return self.filter(state=PortfolioMention.State.WAITING)


class PortfolioMention(models.Model):
    """A model that the file names, and what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "not recorded yet"
        RECORDED = "recorded", "recorded"
        SKIPPED = "skipped", "left out"

    imported = models.ForeignKey(PortfolioImport, on_delete=models.CASCADE, related_name="mentions")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=300)
    scheme = models.CharField(max_length=20, choices=kinds.Scheme.choices)
    where = models.TextField(blank=True)
    why = models.TextField(blank=True)
    revision = models.CharField(max_length=64, blank=True)
    relation = models.CharField(max_length=20, choices=kinds.Relation.choices)
    release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    matched = models.CharField(max_length=10, choices=kinds.Matched.choices)
    matched_why = models.CharField(max_length=300, blank=True)
    cells = models.JSONField(default=dict, help_text="Of a table: the other columns of its row.")
    deployment = models.ForeignKey(Deployment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["imported", "position"], name="portfolio_mention_position_once"),
            models.CheckConstraint(
                condition=Q(deployment__isnull=True) | Q(state="recorded"), name="portfolio_mention_linked_is_recorded"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
