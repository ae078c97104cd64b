"""When one person is not enough: for a new row of evidence, and for a change of one that is on record."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db.models import Model

from riskboard.ingest.recording import Texts

# Points by which the most moved line's score changes if a row with these columns is recorded; None: not known.
Effect = Callable[[str, Texts], float | None]
# The same for a row on record and what becomes of it, unsaved. No former row: it is put back; none after: it goes.
ChangeEffect = Callable[[Model | None, Model | None], float | None]

# Columns of a signal in whose place another word is no other reading of what happened.
WORDING = {"event_id", "summary", "source_url", "source_title", "publisher"}


class SamePersonError(Exception):
    """Who accepted first cannot be the second person too."""


def second_person_reasons(table: str, texts: Texts, effect: float | None) -> list[str]:
    """Why one person is not enough for a row like this; none: one is."""
    severe = _severe(texts) if table == "signals" else 0
    return [*([f"severity {severe}"] if severe else []), *_of_effect(effect)]


def second_person_reasons_of_change(table: str, former: Texts, texts: Texts, effect: float | None) -> list[str]:
    """The same for a change. ``former``: what the row says, empty of one put back; ``texts``: empty of one that goes.

    Another wording or source of a severe row takes two people only where it moves a score.
    """
    severe = max(_severe(former), _severe(texts)) if table == "signals" else 0
    is_another_reading = bool(changed_columns(former, texts) - WORDING) or bool(effect)
    return [*([f"severity {severe}"] if severe and is_another_reading else []), *_of_effect(effect)]


def changed_columns(former: Texts, texts: Texts) -> set[str]:
    return {name for name in {*former, *texts} if former.get(name, "") != texts.get(name, "")}


def switched_off(reasons: list[str]) -> str:
    """For the record of what one person did where two would be asked."""
    return f"switched off on this board, though {', '.join(reasons)}"


def _severe(texts: Mapping[str, str]) -> int:
    """The severity where it takes two people, else 0."""
    text = texts.get("severity", "")
    severity = int(text) if text.isascii() and text.isdecimal() else 0
    return severity if severity >= settings.SECOND_PERSON_SEVERITY else 0


def _of_effect(effect: float | None) -> list[str]:
    if effect is None or abs(effect) <= settings.SECOND_PERSON_EFFECT:
        return []
    return [f"moves a score by {abs(effect):.1f} points"]
