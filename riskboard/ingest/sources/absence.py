"""When something that no longer answers counts as gone: never at the first look, never within two days."""

from datetime import datetime, timedelta

FEWEST = 3
SHORTEST = timedelta(hours=48)
KEPT = 12


def noted(looks: list[str], now: datetime) -> list[str]:
    """The looks that found nothing, with this one: the first is kept for ever, of the others the latest."""
    return [*looks[:1], *looks[1:][-(KEPT - 2) :], now.isoformat()]


def is_established(looks: list[str]) -> bool:
    """At least three looks over at least 48 hours."""
    if len(looks) < FEWEST:
        return False
    return datetime.fromisoformat(looks[-1]) - datetime.fromisoformat(looks[0]) >= SHORTEST


def in_words(looks: list[str]) -> str:
    return f"not found at {len(looks)} looks from {looks[0][:16]} to {looks[-1][:16]} UTC"
