"""Whom each clause of a license bites, said of anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskboard.catalog import kinds
from riskboard.catalog.models import License, Threshold
from riskboard.catalog.terms import threshold_sentence
from riskboard.web.pages.clauses import NOT_NOTED, NOT_READ


@dataclass(frozen=True, slots=True)
class Bitten:
    """``whom`` says who, or that it is unknown. ``is_new`` None: the license before leaves it unknown."""

    clause: str
    whom: str
    is_known: bool
    is_new: bool | None


Said = tuple[str, str | None]  # the clause, and whom it bites; "" nobody, None unknown


def bitten(before: License, after: License, thresholds: Iterable[Threshold]) -> tuple[Bitten, ...]:
    """Of the license after; clauses that bite nobody are left out."""
    rows = list(thresholds)
    old = dict(_said(before, [row for row in rows if row.license_id == before.pk]))
    return tuple(
        Bitten(clause, whom or _unread(after), whom is not None, _is_new(clause, whom, old, before))
        for clause, whom in _said(after, [row for row in rows if row.license_id == after.pk])
        if whom != ""
    )


def _is_new(clause: str, whom: str | None, old: dict[str, str | None], before: License) -> bool | None:
    if whom is None or (clause in old and old[clause] is None):
        return None
    if clause in old:
        return old[clause] != whom
    return True if before.text_read else None


def _unread(license_: License) -> str:
    return NOT_NOTED if license_.text_read else NOT_READ


def _said(license_: License, limits: Sequence[Threshold]) -> list[Said]:
    return [
        _commercial(license_),
        *_limits(license_, limits),
        _territory(license_),
        _flag("Limits on what it is used for", license_.use_restrictions, "Whoever uses it for what it forbids."),
        _flag(
            "Training with its output", license_.output_training_restriction, "Whoever trains other models on outputs."
        ),
        _flag("The model must be named", license_.naming_obligation, "Whoever offers it, or what is made with it."),
        _flag("Vendor can end it", _ends(license_), "Everybody: it can be ended without a breach."),
    ]


def _flag(clause: str, stated: bool | None, whom: str) -> Said:
    return clause, None if stated is None else whom if stated else ""


def _ends(license_: License) -> bool | None:
    return False if license_.irrevocable else license_.terminable


def _commercial(license_: License) -> Said:
    if license_.category == kinds.LicenseCategory.PROPRIETARY:
        return "Weights", "Everybody who wants weights: it is offered hosted only."
    whom = {
        kinds.CommercialUse.YES: "",
        kinds.CommercialUse.NO: "Whoever uses it commercially: not allowed.",
        kinds.CommercialUse.CONDITIONAL: "Whoever uses it commercially: allowed on conditions.",
    }
    return "Commercial use", whom.get(kinds.CommercialUse(license_.commercial_use)) if license_.commercial_use else None


def _limits(license_: License, limits: Sequence[Threshold]) -> list[Said]:
    if limits:
        return [
            (f"Limit: {row.get_metric_display()}{f', {row.who}' if row.who else ''}", threshold_sentence(row))
            for row in limits
        ]
    if license_.threshold_summary:
        return [("Limits", license_.threshold_summary)]
    return [("Limits", "" if license_.text_read else None)]


def _territory(license_: License) -> Said:
    if license_.territory_exclusions:
        return "Territory", f"Whoever is in what it leaves out: {license_.territory_exclusions}."
    return "Territory", "" if license_.text_read else None
