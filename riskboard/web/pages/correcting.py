"""The form that corrects a row, with what saving or withdrawing it would do to scores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Model

from riskboard.ingest.rows import filled, find, reference_of, spec_of, texts_of
from riskboard.ingest.seconding import second_person_reasons_of_change
from riskboard.ingest.services import RowConflict
from riskboard.web.effects import LineEffect, largest
from riskboard.web.forms_evidence import CorrectionForm, WithdrawalForm
from riskboard.web.pages.fact import page_of
from riskboard.web.pages.inbox import Difference, differences
from riskboard.web.pages.second import before_saving
from riskboard.web.without import effects_of_change

CONFLICT = "Somebody changed this meanwhile. Nothing was overwritten, and what you typed is still here."


@dataclass(frozen=True, slots=True)
class Preview:
    """``effects`` None: not known before it is done."""

    effects: tuple[LineEffect, ...] | None
    changed: tuple[str, ...] = ()  # columns
    is_withdrawal: bool = False
    problem: str = ""
    second: str = ""  # whether it will wait for somebody else


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    table: str
    key: str
    kind: str
    title: str
    url: str
    form: CorrectionForm
    withdrawal: WithdrawalForm
    preview: Preview | None = None
    problem: str = ""
    differences: tuple[Difference, ...] = ()
    is_conflict: bool = False


def correction_page(
    row: Model,
    form: CorrectionForm | None = None,
    withdrawal: WithdrawalForm | None = None,
    *,
    preview: Preview | None = None,
    problem: str = "",
) -> CorrectionPage:
    prefix, _, key = reference_of(row).partition(":")
    form = form or CorrectionForm(None, row)
    return CorrectionPage(
        table=spec_of(row).name,
        key=key,
        kind=prefix.replace("-", " "),
        title=str(row),
        url=page_of(row),
        form=form,
        withdrawal=withdrawal or WithdrawalForm(initial={"version": form["version"].value()}),
        preview=preview,
        problem=problem,
    )


def conflict_page(conflict: RowConflict, typed: Mapping[str, str], reason: str) -> CorrectionPage:
    """What was typed, to be saved over what somebody else saved, beside that."""
    row, saved = conflict.row, conflict.fields
    again = CorrectionForm({**typed, "reason": reason, "version": conflict.version}, row)
    page = correction_page(row, again, problem=CONFLICT)
    return replace(page, is_conflict=True, differences=differences(typed, saved, again))


def preview_of(row: Model, texts: Mapping[str, str], as_of: date) -> Preview:
    """Raises ValidationError by column, as saving would."""
    known = texts_of(row)
    differing = {name: text.strip() for name, text in texts.items() if text.strip() != known.get(name)}
    if not differing:
        return Preview(effects=())
    fresh = find(reference_of(row))
    changed = filled(spec_of(row).name, differing, onto=fresh, today=as_of)
    names = tuple(name.replace("_", " ") for name in differing)
    effects = effects_of_change(row, changed, as_of)
    return Preview(effects, names, second=_second(row, {**known, **differing}, effects))


def preview_of_withdrawal(row: Model, as_of: date) -> Preview:
    effects = effects_of_change(row, None, as_of)
    return Preview(effects, is_withdrawal=True, second=_second(row, {}, effects))


def _second(row: Model, texts: Mapping[str, str], effects: tuple[LineEffect, ...] | None) -> str:
    points = None if effects is None else largest(effects)
    return before_saving(second_person_reasons_of_change(spec_of(row).name, texts_of(row), texts, points))


def sentences(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    said = ((name, message) for name, messages in error.message_dict.items() for message in messages)
    plain = {"__all__", "reason", "url", "subject", "outcome"}
    return " ".join(
        message if name in plain else f"{name.replace('_', ' ').capitalize()}: {message}" for name, message in said
    )
