from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class AppendOnlyError(Exception):
    """An entry of the log is never changed and never deleted: what is wrong is put right by a further entry."""


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: str) -> "EntryQuerySet":
        return self.filter(subject=subject)

    def update(self, **_changes: object) -> NoReturn:
        raise AppendOnlyError

    def bulk_update(self, *_arguments: object, **_options: object) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class Entry(models.Model):
    """One decision or edit. Append-only: each entry's hash covers the one before it.

    The primary key is the place in the log and counts without gaps, so that a missing entry has a number.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, blank=True, help_text="What the actor was at that time.")
    action = models.CharField(max_length=40)  # recorded, corrected, withdrawn, accepted, dismissed, merged, undone ...
    subject = models.CharField(max_length=200)  # evidence reference, "signal:<key>", or "proposal:<id>"
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_public = models.BooleanField(default=False, help_text="Listed in the public corrections log.")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            # the history of one row
            models.Index(fields=["subject", "id"], name="entry_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(**{**options, "force_insert": True})

    def delete(self, **_options: object) -> NoReturn:  # type: ignore[override]  # it never returns
        raise AppendOnlyError
