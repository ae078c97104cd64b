"""Reads that are about all evidence at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from riskboard.catalog.models import EvidenceVersion, LicenseChange, Pledge, Release, Signal

DATED = (LicenseChange, Pledge, Release, Signal)
# The version, once it was asked for, and how it is asked for.
_held: ContextVar[tuple[list[str], Callable[[], str]] | None] = ContextVar("held_evidence_version", default=None)


def newest_publication(day: date) -> date | None:
    """The newest day on which anything here became public, no later than ``day``. One query."""
    first, *others = (model.objects.known_on(day).values_list("published_on", flat=True).order_by() for model in DATED)
    newest: date | None = first.union(*others).order_by("-published_on").first()
    return newest


def evidence_version() -> str:
    """Changes whenever a row of evidence is added, changed or deleted, however that is done."""
    held = _held.get()
    if held is None:
        return newest_version()
    found, read = held
    if not found:
        found.append(read())
    return found[0]


@contextmanager
def one_evidence_version(read: Callable[[], str] | None = None) -> Iterator[None]:
    """Inside, the version is asked of the database at most once: for what only reads, and speaks of one moment.

    ``read`` asks for it, where something else is asked in the same query.
    """
    token = _held.set(([], read or newest_version))
    try:
        yield
    finally:
        _held.reset(token)


def newest_version() -> str:
    return EvidenceVersion.objects.values_list("token", flat=True).first() or "empty"
