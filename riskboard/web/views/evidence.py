"""What may be done about one fact: read its versions, correct it, withdraw it, take that back, contest it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.audit.models import Entry
from riskboard.ingest import amending, services
from riskboard.ingest.models import Contest
from riskboard.ingest.rows import find, reference_of
from riskboard.web.access import Role, requires
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.forms_evidence import ContestForm, CorrectionForm, RevertForm, WithdrawalForm, faults_of
from riskboard.web.pages.correcting import (
    CONFLICT,
    CorrectionPage,
    Preview,
    conflict_page,
    correction_page,
    preview_of,
    preview_of_withdrawal,
    sentences,
)
from riskboard.web.pages.fact import address_of, fact_of, page_of, reference_in
from riskboard.web.pages.row_history import row_history_page
from riskboard.web.rendering import wants_part
from riskboard.web.views.waiting import say_it_waits
from riskboard.web.without import change_effect

MOST_CONTESTS, AN_HOUR = 10, timedelta(hours=1)
PROTECTED = "Other evidence refers to it: withdraw that first, or correct this instead."


@require_safe
def history(request: HttpRequest, table: str, key: str) -> HttpResponse:
    NoParameters.check(request)
    return _history(request, table, key)


def _history(request: HttpRequest, table: str, key: str, problem: str = "", status: int = 200) -> HttpResponse:
    page = row_history_page(_reference(table, key), timezone.now(), problem)
    if page is None:
        raise Http404("Nothing of this name was ever on record.")
    return render(request, "evidence/history.html", {"page": page, "fact": page.fact}, status=status)


def _reference(table: str, key: str) -> str:
    try:
        return reference_in(table, key)
    except KeyError:
        raise Http404("There is no such table of evidence.") from None


def _row(table: str, key: str) -> Model:
    row = find(_reference(table, key))
    if row is None:
        raise Http404("There is no such row of evidence.")
    return row


# Correcting ---------------------------------------------------------------------------------------


@require_form
@never_cache
@vary_on_headers("HX-Request")
@requires(Role.ANALYST)
def correct(request: HttpRequest, table: str, key: str) -> HttpResponse:
    """Saves a new version, or shows what that would do. Refused, the form comes back as it was typed."""
    row = _row(table, key)
    if request.method != "POST":
        NoParameters.check(request)
        return _correction(request, correction_page(row))
    form = CorrectionForm(request.POST, row)
    if request.POST.get("then") == "preview":
        return _preview(request, row, form)
    if not form.is_valid():
        return _correction(request, correction_page(row, form), 422)
    return _save(request, row, form, timezone.now())


def _save(request: HttpRequest, row: Model, form: CorrectionForm, now: datetime) -> HttpResponse:
    sent, by = form.cleaned_data, _user(request)
    try:
        asked = amending.correct(
            row,
            form.texts(),
            by=by,
            reason=sent["reason"],
            now=now,
            version=sent["version"],
            effect=change_effect(now.date()),
        )
    except services.RowConflict as conflict:
        return _correction(request, conflict_page(conflict, form.texts(), sent["reason"]), 409)
    except ValidationError as error:
        form.refuse(error.message_dict)
        return _correction(request, correction_page(row, form), 422)
    if asked.waiting is not None:
        return say_it_waits(request, asked.waiting, now.date())
    is_new = asked.row is not None and services.version_of(asked.row) != sent["version"]
    messages.success(request, "Corrected." if is_new else "Nothing was changed: it says that already.")
    return redirect(address_of("row_history", reference_of(row)))


def _preview(request: HttpRequest, row: Model, form: CorrectionForm) -> HttpResponse:
    problem, shown = "", None
    form.fields["reason"].required = False  # to look is no correction yet
    if form.is_valid():
        try:
            shown = preview_of(row, form.texts(), timezone.localdate())
        except ValidationError as error:
            form.refuse(error.message_dict)
            problem = sentences(error)
    else:
        problem = " ".join(faults_of(form))
    if wants_part(request):
        shown = shown or Preview(effects=None, problem=problem)
        return render(request, "evidence/_effects.html", {"preview": shown})
    return _correction(request, correction_page(row, form, preview=shown), 422 if problem else 200)


def _correction(request: HttpRequest, page: CorrectionPage, status: int = 200) -> HttpResponse:
    return render(request, "evidence/correct.html", {"page": page}, status=status)


@require_POST
@vary_on_headers("HX-Request")
@requires(Role.ANALYST)
def withdraw(request: HttpRequest, table: str, key: str) -> HttpResponse:
    row, form, now = _row(table, key), WithdrawalForm(request.POST), timezone.now()
    if request.POST.get("then") == "preview":
        shown = preview_of_withdrawal(row, timezone.localdate())
        if wants_part(request):
            return render(request, "evidence/_effects.html", {"preview": shown})
        return _correction(request, correction_page(row, withdrawal=form, preview=shown))
    if not form.is_valid():
        return _correction(request, correction_page(row, withdrawal=form), 422)
    try:
        effect = change_effect(now.date())
        asked = amending.withdraw(row, by=_user(request), now=now, effect=effect, **form.cleaned_data)
    except services.RowConflict as conflict:
        again = WithdrawalForm({**form.cleaned_data, "version": conflict.version})
        return _correction(request, correction_page(conflict.row, withdrawal=again, problem=CONFLICT), 409)
    except ProtectedError:
        return _correction(request, correction_page(row, withdrawal=form, problem=PROTECTED), 422)
    if asked.waiting is not None:
        return say_it_waits(request, asked.waiting, now.date())
    messages.success(request, "Withdrawn. The log keeps what it said, and from there it can be put back.")
    return redirect("row_history", table, key)


@require_POST
@requires(Role.ANALYST)
def undo(request: HttpRequest, table: str, key: str) -> HttpResponse:
    """Takes back a correction or a withdrawal of this row."""
    form, reference = RevertForm(request.POST), _reference(table, key)
    if not form.is_valid():
        return _history(request, table, key, "Say which entry is to be undone.", 422)
    entry = get_object_or_404(Entry, pk=form.cleaned_data["entry"], subject=reference)
    now, reason = timezone.now(), form.cleaned_data["reason"]
    try:
        asked = amending.revert(entry, by=_user(request), now=now, reason=reason, effect=change_effect(now.date()))
    except services.UndoError as error:
        return _history(request, table, key, str(error), 422)
    except ValidationError as error:
        return _history(request, table, key, sentences(error), 422)
    if asked.row is None:
        assert asked.waiting is not None
        return say_it_waits(request, asked.waiting, now.date())
    messages.success(request, f"Undid entry {entry.pk}.")
    return redirect(address_of("row_history", reference_of(asked.row)))


# Contesting ---------------------------------------------------------------------------------------


@require_form
@never_cache
@requires(Role.VIEWER)
def contest(request: HttpRequest, table: str, key: str) -> HttpResponse:
    row = _row(table, key)
    form = ContestForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        NoParameters.check(request)
        return _contest(request, row, form)
    if not form.is_valid():
        return _contest(request, row, form, 422)
    now = timezone.now()
    if Contest.objects.filter(opened_by=_user(request), opened_at__gt=now - AN_HOUR).count() >= MOST_CONTESTS:
        form.add_error(None, f"You contested {MOST_CONTESTS} facts within an hour. Wait a while, then try again.")
        return _contest(request, row, form, 429)
    try:
        services.contest(reference_of(row), by=_user(request), now=now, **form.cleaned_data)
    except ValidationError as error:
        for name, found in error.message_dict.items():
            form.add_error(name if name in form.fields else None, found)
        return _contest(request, row, form, 422)
    messages.success(request, "Contested. It says so everywhere until a reviewer has settled it.")
    return redirect(page_of(row))


def _contest(request: HttpRequest, row: Model, form: ContestForm, status: int = 200) -> HttpResponse:
    context = {"row": row, "url": page_of(row), "fact": fact_of(row, timezone.now()), "form": form}
    return render(request, "evidence/contest.html", context, status=status)


def _user(request: HttpRequest) -> Any:  # noqa: ANN401 - somebody who is signed in
    return request.user
