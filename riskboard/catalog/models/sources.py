from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

WEB_ONLY = URLValidator(schemes=["http", "https"])


class Source(models.Model):
    """Who says so: one page as cited. A row recalled from memory cites a source without address, and is shown so."""

    url = models.CharField(max_length=500, blank=True, validators=[WEB_ONLY])
    title = models.CharField(max_length=300, blank=True)
    is_recalled = models.BooleanField(
        default=False, help_text="Recalled, not looked up: shown as unverified and given no weight in a score."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["url", "title"], name="source_once"),
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://") | Q(url="", is_recalled=True),
                name="source_has_web_address_or_is_recalled",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or f"source {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.pk])

    @classmethod
    def citing(cls, url: str, title: str) -> "Source":
        """Unsaved. Without an address, or titled as recalled, it stands for memory."""
        return cls(url=url, title=title, is_recalled=not url or title.lower().startswith("recalled"))
