from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from riskboard.catalog import kinds
from riskboard.catalog.models.sources import WEB_ONLY

SLUG = RegexValidator(r"^[a-z0-9][a-z0-9._-]*\Z", "Use lower-case letters, digits, dots, hyphens and underscores.")
KEY = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", "Use letters, digits, dots, hyphens and underscores.")


class Vendor(models.Model):
    """Who promises."""

    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=kinds.vendor_kind_choices)
    country = models.CharField(max_length=2, validators=[RegexValidator(r"^[A-Z]{2}\Z", "Two capital letters.")])
    parent = models.CharField(max_length=120, blank=True)
    website = models.CharField(max_length=500, blank=True, validators=[WEB_ONLY])
    hf_org = models.CharField("Hugging Face organization", max_length=96, blank=True)
    github_org = models.CharField("GitHub organization", max_length=96, blank=True)
    ticker = models.CharField(max_length=40, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    is_local = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("vendor", args=[self.slug])
