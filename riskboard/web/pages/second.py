"""Who has to agree, in a sentence."""

from collections.abc import Iterable

from django.conf import settings


def because(reasons: Iterable[str]) -> str:
    return " and it ".join(reasons).replace("it severity", "severity")


def before_saving(reasons: Iterable[str]) -> str:
    """Blank: one person is enough."""
    why = because(reasons)
    if not why:
        return ""
    if settings.SECOND_PERSON:
        return f"It will wait for a second person: {why}."
    return f"One person decides on this board, though: {why}. The record will say so."
