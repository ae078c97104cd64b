from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.columns import TableSpec
from riskboard.catalog.tables import TABLES
from riskboard.ingest.imports import applying
from riskboard.ingest.imports.models import Import
from riskboard.ingest.imports.planning import version_of
from riskboard.ingest.imports.sheets import VERSION
from riskboard.ingest.imports.taking_back import undo_import
from riskboard.ingest.seconding import SamePersonError
from riskboard.ingest.undoing import UndoError
from riskboard.web.access import Role, requires
from riskboard.web.csv_lines import csv_chunks
from riskboard.web.forms import NoParameters
from riskboard.web.forms_feeds import PageForm
from riskboard.web.forms_imports import ApplyForm, ImportForm, RowsForm, UndoForm
from riskboard.web.import_effects import measure
from riskboard.web.pages.imports import import_page, imports_page
from riskboard.web.rendering import render_list
from riskboard.web.uploads import bounded

BYTE_ORDER_MARK = "\ufeff"  # or spreadsheets take UTF-8 for something else, and save what they misread
CHANGED = "The evidence changed meanwhile, and nothing was recorded. This is what recording would do now: look again."


def _too_large(request: HttpRequest) -> HttpResponse:
    return _show_index(request, ImportForm.refused(), status=413)


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Role.ANALYST)
@bounded(ImportForm, _too_large)
def index(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show_index(request, ImportForm(), PageForm.bound(request))
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_index(request, form, status=413 if form.is_too_large else 422)
    today, now, by = timezone.localdate(), timezone.now(), _user(request)
    draft = applying.prepare(
        form.cleaned_data["table"], form.content, file_name=form.file_name, by=by, now=now, measure=measure(today)
    )
    return redirect("import", pk=draft.pk)


def _show_index(
    request: HttpRequest, form: ImportForm, list_form: PageForm | None = None, status: int = 200
) -> HttpResponse:
    page = imports_page(form, list_form or _first_page())
    return render(request, "imports/index.html", {"page": page}, status=status)


def _first_page() -> PageForm:
    form = PageForm(QueryDict())
    form.is_valid()
    return form


# One ----------------------------------------------------------------------------------------------


@require_GET
@never_cache
@vary_on_headers("HX-Request")
@requires(Role.ANALYST)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    form = RowsForm.bound(request)
    page = import_page(_import(pk), form, _user(request), timezone.localdate())
    return render_list(request, "imports/show.html", page, form.address)


@require_POST
@requires(Role.ANALYST)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    imported, form = _import(pk), ApplyForm(request.POST)
    if not form.is_valid():
        return _refuse(request, pk, _sentences(form))
    today, now, sent = timezone.localdate(), timezone.now(), form.cleaned_data
    try:
        applied = applying.apply(
            imported, by=_user(request), now=now, seen=sent["plan"], reason=sent["reason"], measure=measure(today)
        )
    except applying.PlanChangedError:
        applying.compare_again(imported, now=now, measure=measure(today))
        return _refuse(request, pk, CHANGED, status=409)
    except (SamePersonError, ValidationError) as error:
        return _refuse(request, pk, _said(error))
    said = "Recorded." if applied.state == Import.State.APPLIED else "Accepted. It waits for a second person."
    messages.success(request, said)
    return redirect("import", pk=pk)


@require_POST
@requires(Role.ANALYST)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    applying.compare_again(_import(pk), now=timezone.now(), measure=measure(timezone.localdate()))
    return redirect("import", pk=pk)


@require_POST
@requires(Role.ANALYST)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    imported, form = _import(pk), UndoForm(request.POST)
    if not form.is_valid():
        return _refuse(request, pk, _sentences(form))
    try:
        undo_import(imported, by=_user(request), now=timezone.now(), reason=form.cleaned_data["reason"])
    except (UndoError, ValidationError) as error:
        return _refuse(request, pk, _said(error))
    messages.success(request, "Undone: every row is as it was before.")
    return redirect("import", pk=pk)


@require_POST
@requires(Role.ANALYST)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        applying.discard(_import(pk))
    except ValidationError as error:
        return _refuse(request, pk, _said(error))
    messages.success(request, "Discarded. Nothing of it was recorded.")
    return redirect("imports")


def _refuse(request: HttpRequest, pk: int, problem: str, status: int = 422) -> HttpResponse:
    form = RowsForm(QueryDict())
    form.is_valid()
    page = import_page(
        _import(pk),
        form,
        _user(request),
        timezone.localdate(),
        problem=problem,
        typed_reason=request.POST.get("reason", ""),
    )
    return render(request, "imports/show.html", {"page": page}, status=status)


def _import(pk: int) -> Import:
    related = Import.objects.select_related("created_by", "accepted_by", "applied_by", "undone_by")
    return get_object_or_404(related, pk=pk)


def _user(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


def _said(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _sentences(form: ApplyForm | UndoForm) -> str:
    return " ".join(str(message) for messages_ in form.errors.values() for message in messages_)


# Files to fill in or edit --------------------------------------------------------------------------


@require_GET
@requires(Role.ANALYST)
def template(request: HttpRequest, table: str) -> HttpResponse:
    NoParameters.check(request)
    spec = _spec(table)
    return _csv(f"riskboard-{table}-template.csv", csv_chunks(spec.header, ()))


@require_GET
@requires(Role.ANALYST)
def rows(request: HttpRequest, table: str) -> HttpResponse:
    """What is on record, each row with its version: what is changed here meanwhile is not written over."""
    NoParameters.check(request)
    spec = _spec(table)
    lines = ([*(column.render(row) for column in spec.columns), version_of(spec, row)] for row in spec.rows())
    return _csv(f"riskboard-{table}-to-edit.csv", csv_chunks([*spec.header, VERSION], lines))


def _spec(table: str) -> TableSpec:
    if table not in TABLES:
        raise Http404(f"There is no table {table!r}.")
    return TABLES[table]


def _csv(name: str, chunks: Iterable[str]) -> HttpResponse:
    content = BYTE_ORDER_MARK + "".join(chunks)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
