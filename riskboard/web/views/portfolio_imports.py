"""Models of a team from a file: sent, looked through, recorded. Another team's import is not there, whoever asks."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from riskboard.portfolio.importing import Recorded, begin
from riskboard.portfolio.importing import record as record_rows
from riskboard.portfolio.models import PortfolioImport, Team
from riskboard.portfolio.reading import Fault
from riskboard.web.forms import require_form
from riskboard.web.forms_feeds import PageForm
from riskboard.web.forms_portfolio_imports import PortfolioImportForm, RecordForm, typed_of
from riskboard.web.pages.portfolio_imports import portfolio_import_page, portfolio_imports_page
from riskboard.web.teams import for_team
from riskboard.web.uploads import bounded


def _too_large(request: HttpRequest, team: Team) -> HttpResponse:
    return _show_index(request, team, PortfolioImportForm.refused(), status=413)


@require_form
@for_team
@bounded(PortfolioImportForm, _too_large)
def index(request: HttpRequest, team: Team) -> HttpResponse:
    if request.method != "POST":
        return _show_index(request, team, PortfolioImportForm(), PageForm.bound(request))
    form = PortfolioImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_index(request, team, form, status=413 if form.is_too_large else 422)
    kind = form.cleaned_data["kind"] or None
    try:
        imported = begin(
            team,
            name=form.file_name,
            content=form.content,
            kind=kind,
            by=request.user,  # type: ignore[arg-type]  # whoever has a team is signed in
            now=timezone.now(),
        )
    except Fault as fault:
        where = f"{fault.path} " if fault.path else ""
        form.add_error(None, f"Nothing was kept. {form.file_name or 'The text'}: {where}{fault.reason}.")
        return _show_index(request, team, form, status=422)
    return redirect(imported)


def _show_index(
    request: HttpRequest, team: Team, form: PortfolioImportForm, list_form: PageForm | None = None, status: int = 200
) -> HttpResponse:
    page = portfolio_imports_page(team, form, list_form or _first_page())
    return render(request, "portfolio/imports.html", {"page": page}, status=status)


def _first_page(number: str = "") -> PageForm:
    form = PageForm(QueryDict(f"page={number}" if number.isascii() and number.isdecimal() else ""))
    return form if form.is_valid() else _first_page()


# One ----------------------------------------------------------------------------------------------


@require_safe
@for_team
def show(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    page = portfolio_import_page(_of(team, pk), PageForm.bound(request), RecordForm(), {})
    return render(request, "portfolio/import.html", {"page": page})


@require_POST
@for_team
def record(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    imported, form, typed = _of(team, pk), RecordForm(request.POST), typed_of(request.POST)
    if form.is_valid() and not any(each.wrong and not each.skip for each in typed.values()):
        try:
            recorded = record_rows(
                imported,
                {key: each.choice for key, each in typed.items()},
                workflow=form.cleaned_data["workflow"],
                environment=form.cleaned_data["environment"],
                everything=request.POST.get("do") == "all",
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _said(recorded))
            return redirect(imported)
    page = portfolio_import_page(imported, _first_page(request.POST.get("page", "")), form, typed)
    return render(request, "portfolio/import.html", {"page": page}, status=422)


def _said(recorded: Recorded) -> str:
    unmatched = sum(each.release_id is None for each in recorded.made)
    parts = [f"{len(recorded.made)} recorded"]
    parts += [f"{unmatched} of them not matched"] if unmatched else []
    parts += [f"{len(recorded.there_already)} listed there already"] if recorded.there_already else []
    parts += [f"{recorded.skipped} left out"] if recorded.skipped else []
    return f"{', '.join(parts)}."


def _of(team: Team, pk: int) -> PortfolioImport:
    return get_object_or_404(team.imports.select_related("made_by", "team"), pk=pk)
