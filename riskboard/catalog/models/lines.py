from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from riskboard.catalog import kinds
from riskboard.catalog.models.evidence import Evidence, EvidenceQuerySet, Faults, Publication, is_before, last_day
from riskboard.catalog.models.licenses import License
from riskboard.catalog.models.sources import WEB_ONLY
from riskboard.catalog.models.vendors import SLUG, Vendor

HUB_ID = RegexValidator(r"^[\w.-]+/[\w.-]+\Z", "Use owner/name.")


class Line(models.Model):
    """Vendor x modality: what a pledge is about and what closes. The subject of a score."""

    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="lines")
    name = models.CharField(max_length=160, unique=True)
    modality = models.CharField(max_length=20, choices=kinds.line_modality_choices)
    known_as = models.CharField(max_length=300, blank=True, help_text="Names under it, joined by semicolons.")
    changed_at = models.DateTimeField(auto_now=True)
    is_local = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "modality"], name="line_vendor_modality_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("line", args=[self.slug])

    @property
    def short_name(self) -> str:
        """The name people use: "Qwen" of "Qwen (Alibaba, language)"."""
        return self.name.rsplit(" (", 1)[0]


class Family(models.Model):
    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="families")
    name = models.CharField(max_length=120, unique=True)
    modality = models.CharField(max_length=20, choices=kinds.model_modality_choices)
    first_release_on = models.DateField(null=True, blank=True)
    website = models.CharField(max_length=500, blank=True, validators=[WEB_ONLY])
    changed_at = models.DateTimeField(auto_now=True)
    is_local = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("family", args=[self.slug])


class ReleaseQuerySet(EvidenceQuerySet["Release"]):
    def of_line(self, line: Line) -> "ReleaseQuerySet":
        return self.filter(family__line=line)

    def flagships(self) -> "ReleaseQuerySet":
        return self.filter(flagship=True)


class Release(Evidence):
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="releases")
    slug = models.CharField(max_length=80, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120, unique=True)
    hf_repo = models.CharField("hub repository", max_length=200, blank=True, validators=[HUB_ID], db_index=True)
    modality = models.CharField(max_length=20, choices=kinds.model_modality_choices)
    params_total_b = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    params_active_b = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    released_on = models.DateField()
    date_precision = models.CharField(max_length=5, choices=kinds.precision_choices, default=kinds.Precision.DAY)
    access = models.CharField(max_length=20, choices=kinds.access_choices)
    license = models.ForeignKey(License, null=True, blank=True, on_delete=models.PROTECT, related_name="releases")
    flagship = models.BooleanField(default=False)
    api_first_on = models.DateField(null=True, blank=True)
    weights_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField("weights withdrawn on", null=True, blank=True)
    hosted_ended_on = models.DateField("hosted access ended on", null=True, blank=True)
    confidence = models.CharField(max_length=6, choices=kinds.confidence_choices)

    objects = ReleaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        indexes = [
            # newest releases of a family first: timelines and release tables
            models.Index(fields=["family", "-released_on"], name="release_family_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(access=kinds.Access.API_ONLY) | Q(weights_on__isnull=True),
                name="release_api_only_has_no_weights_date",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True)
                | Q(weights_on__isnull=True)
                | Q(withdrawn_on__gte=F("weights_on")),
                name="release_withdrawn_after_weights",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("released_on")),
                name="release_withdrawn_after_release",
            ),
            models.CheckConstraint(
                condition=Q(hosted_ended_on__isnull=True) | Q(hosted_ended_on__gte=F("released_on")),
                name="release_hosted_ended_after_release",
            ),
            models.CheckConstraint(
                condition=Q(api_first_on__isnull=True) | Q(api_first_on__lte=F("released_on")),
                name="release_api_first_before_release",
            ),
            models.CheckConstraint(
                condition=Q(params_total_b__isnull=True) | Q(params_total_b__gt=0), name="release_size_positive"
            ),
            models.CheckConstraint(
                condition=Q(params_active_b__isnull=True) | Q(params_active_b__gt=0),
                name="release_active_size_positive",
            ),
            models.CheckConstraint(
                condition=Q(params_active_b__isnull=True)
                | Q(params_total_b__isnull=True)
                | Q(params_active_b__lte=F("params_total_b")),
                name="release_active_size_within_total",
            ),
            models.CheckConstraint(condition=Q(access__in=kinds.Access.values), name="release_access_known"),
            models.CheckConstraint(
                condition=Q(date_precision__in=kinds.Precision.values), name="release_precision_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=kinds.Confidence.values), name="release_confidence_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("release", args=[self.family.slug, self.slug])

    @property
    def announced_on(self) -> date:
        """The earlier of the release day and the day it was first offered hosted."""
        return min(self.released_on, self.api_first_on or self.released_on)

    def publication(self) -> Publication:
        return last_day(self.announced_on, self.date_precision), self.date_precision != kinds.Precision.DAY

    def faults(self) -> Faults:
        found = {}
        if self.access == kinds.Access.API_ONLY and self.weights_on is not None:
            found["weights_on"] = "A hosted-only release has no weights to download."
        if is_before(self.withdrawn_on, self.weights_on) or is_before(self.withdrawn_on, self.released_on):
            found["withdrawn_on"] = "Lies before the release."
        if is_before(self.hosted_ended_on, self.released_on):
            found["hosted_ended_on"] = "Lies before the release."
        if is_before(self.released_on, self.api_first_on):
            found["api_first_on"] = "Lies after the release: hosted first means before or with it."
        return found | self._size_faults()

    def _size_faults(self) -> Faults:
        total, active = self.params_total_b, self.params_active_b
        if total is not None and total <= 0:
            return {"params_total_b": "Must be above zero; leave blank when unknown."}
        if active is not None and (active <= 0 or (total is not None and active > total)):
            return {"params_active_b": "Must be above zero and at most the total."}
        return {}


class RevisionQuerySet(EvidenceQuerySet["Revision"]):
    pass


class Revision(Evidence):
    """One exact state of a hub repository: the leaf of the catalog."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="revisions")
    repository = models.CharField(max_length=200, validators=[HUB_ID])
    commit_sha = models.CharField(max_length=40, validators=[RegexValidator(r"^[0-9a-f]{40}\Z", "40 hex digits.")])
    license_text_sha256 = models.CharField(
        max_length=64, blank=True, validators=[RegexValidator(r"^[0-9a-f]{64}\Z", "64 hex digits.")]
    )
    captured_on = models.DateField()

    objects = RevisionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "commit_sha"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.repository}@{self.commit_sha[:12]}"

    def publication(self) -> Publication:
        return self.captured_on, True
