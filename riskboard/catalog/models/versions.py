from django.db import models


class EvidenceVersion(models.Model):
    """The one row that every write to evidence changes: triggers of the database see to it."""

    token = models.CharField(max_length=36)

    def __str__(self) -> str:
        return self.token
