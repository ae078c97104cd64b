from django.db.models import QuerySet

from riskboard.audit.models import Entry


def history_of(subject: str) -> QuerySet[Entry]:
    """What was done to one row or proposal, newest first."""
    return Entry.objects.about(subject).select_related("actor").order_by("-pk")


def public_log() -> QuerySet[Entry]:
    """Corrections, withdrawals and contests, newest first."""
    return Entry.objects.filter(is_public=True).select_related("actor").order_by("-pk")
