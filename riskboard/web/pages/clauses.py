"""A license as a sheet of clauses. What nobody read is unknown, never "no"."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from riskboard.catalog.models import License, Threshold
from riskboard.catalog.terms import threshold_sentence

NOT_READ = "unknown: text not read"
NOT_NOTED = "unknown: not noted"
YES_NO = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class Clause:
    name: str
    text: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class ClausePair:
    """One clause before and after; ``differs`` is None when either side is unknown."""

    name: str
    before: Clause
    after: Clause

    @property
    def differs(self) -> bool | None:
        if not (self.before.is_known and self.after.is_known):
            return None
        return self.before.text != self.after.text


def sheet(license_: License, thresholds: Sequence[Threshold]) -> tuple[Clause, ...]:
    return tuple(clause(license_, thresholds) for clause in CLAUSES)


def side_by_side(before: License, after: License, thresholds: Iterable[Threshold]) -> tuple[ClausePair, ...]:
    rows = list(thresholds)
    old = sheet(before, [row for row in rows if row.license_id == before.pk])
    new = sheet(after, [row for row in rows if row.license_id == after.pk])
    return tuple(ClausePair(first.name, first, second) for first, second in zip(old, new, strict=True))


def _unknown(name: str, license_: License) -> Clause:
    return Clause(name, NOT_NOTED if license_.text_read else NOT_READ, is_known=False)


def _known(name: str, text: str) -> Clause:
    return Clause(name, text, is_known=True)


def _category(license_: License, _: Sequence[Threshold]) -> Clause:
    return _known("Category", license_.get_category_display())


def _commercial(license_: License, _: Sequence[Threshold]) -> Clause:
    name = "Commercial use"
    if not license_.commercial_use:
        return _unknown(name, license_)
    return _known(name, license_.get_commercial_use_display().lower())


def _thresholds(license_: License, thresholds: Sequence[Threshold]) -> Clause:
    name = "Thresholds"
    if thresholds:
        return _known(name, "; ".join(sorted(threshold_sentence(row) for row in thresholds)))
    return _written(name, license_.threshold_summary, license_)


def _territory(license_: License, _: Sequence[Threshold]) -> Clause:
    return _written("Territory left out", license_.territory_exclusions, license_)


def _written(name: str, text: str, license_: License) -> Clause:
    """A blank is "none" only when the text itself was read."""
    if text:
        return _known(name, text)
    return _known(name, "none") if license_.text_read else _unknown(name, license_)


def _termination(license_: License, _: Sequence[Threshold]) -> Clause:
    name, text = "When the grant ends", license_.termination
    # A summary that says only "not read" says nothing.
    return _known(name, text) if text and text.lower() != "not read" else _unknown(name, license_)


def _yes_no(name: str, field: str) -> Callable[[License, Sequence[Threshold]], Clause]:
    def clause(license_: License, _: Sequence[Threshold]) -> Clause:
        value: bool | None = getattr(license_, field)
        return _unknown(name, license_) if value is None else _known(name, YES_NO[value])

    return clause


CLAUSES = (
    _category,
    _yes_no("OSI approved", "osi_approved"),
    _commercial,
    _thresholds,
    _territory,
    _yes_no("Limits on what it is used for", "use_restrictions"),
    _yes_no("Limits on training with its output", "output_training_restriction"),
    _yes_no("The model must be named", "naming_obligation"),
    _yes_no("Licensor can end it without a breach", "terminable"),
    _yes_no("Irrevocable", "irrevocable"),
    _termination,
)
