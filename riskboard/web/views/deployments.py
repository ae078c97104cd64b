"""What a team runs. Another team's rows are not there, whoever asks."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.portfolio import services
from riskboard.portfolio.columns import COLUMNS, HEADER
from riskboard.portfolio.models import Deployment, Team
from riskboard.web.csv_lines import csv_chunks, csv_download
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.forms_portfolio import DeploymentForm, DeploymentsForm, NewForm, name_of, upon
from riskboard.web.pages.deployments import deployment_page, deployments_page, edit_page, pick_page
from riskboard.web.pages.portfolio import acceptances_card
from riskboard.web.pages.portfolio_keeping import keeping_of
from riskboard.web.rendering import render_list, wants_part
from riskboard.web.teams import for_team


@require_safe
@vary_on_headers("HX-Request")
@for_team
def index(request: HttpRequest, team: Team) -> HttpResponse:
    form = DeploymentsForm.of_team(request, team)
    return render_list(request, "portfolio/deployments.html", deployments_page(team, form), form.address)


@require_safe
@for_team
def export(request: HttpRequest, team: Team) -> StreamingHttpResponse:
    """The list with its filters, as an import reads it."""
    form = DeploymentsForm.of_team(request, team)
    rows = form.narrow(Deployment.objects.of(team)).select_related("workflow")
    return csv_download("deployments.csv", csv_chunks(HEADER, _cells(rows)))


def _cells(rows: Any) -> Iterator[list[str]]:  # noqa: ANN401 -- a query set with what the columns ask for
    for row in rows.iterator(chunk_size=500):
        yield [column.render(row) for column in COLUMNS]


@require_safe
@for_team
def show(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    NoParameters.check(request)
    known, today = _of(team, pk), timezone.localdate()
    context = {
        "page": deployment_page(known),
        "acceptances": acceptances_card(known, today),
        "keeping": keeping_of(known, today),
    }
    return render(request, "portfolio/deployment.html", context)


@require_form
@vary_on_headers("HX-Request")
@for_team
def new(request: HttpRequest, team: Team) -> HttpResponse:
    """First which model, then how it is used."""
    asked = NewForm.read(request)
    today = timezone.localdate()
    if request.method == "POST":
        return _save(request, DeploymentForm(request.POST, team=team, today=today))
    picked = asked["release"]
    if not (picked or asked["model"] or asked["by"]):
        part = "#found" if wants_part(request) else ""
        return render(request, f"portfolio/pick.html{part}", {"page": pick_page(asked["q"])})
    said = name_of(picked) if picked else ""
    known = {"reference": asked["model"] or said, "stands_on": said}
    if picked and not picked.hf_repo:
        known["scheme"] = "other"
    form = DeploymentForm(initial=known, team=team, today=today)
    return render(request, "portfolio/edit.html", {"page": edit_page(form, picked)})


@require_form
@for_team
def edit(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    NoParameters.check(request)
    known, today = _of(team, pk), timezone.localdate()
    if request.method == "POST":
        return _save(request, DeploymentForm(request.POST, instance=known, team=team, today=today))
    return render(
        request, "portfolio/edit.html", {"page": edit_page(DeploymentForm(instance=known, team=team, today=today))}
    )


def _save(request: HttpRequest, form: DeploymentForm) -> HttpResponse:
    """Refused, the form comes back with what was typed."""
    if form.is_valid():
        try:
            saved = services.save_deployment(form.instance, version=form.version_sent)
        except ValidationError as error:
            _say(form, error)
        except services.ChangedMeanwhileError as error:
            return _upon_current(request, form, error)
        else:
            messages.success(request, "Saved.")
            return redirect(saved)
    return render(request, "portfolio/edit.html", {"page": edit_page(form)}, status=422)


def _say(form: DeploymentForm, error: ValidationError) -> None:
    """The name that a new workflow was refused for stands in a field of its own."""
    said = error.message_dict.get("name") if hasattr(error, "error_dict") else None
    if said:
        form.add_error("new_name", said)
    else:
        form.add_error(None, error)


def _upon_current(request: HttpRequest, form: DeploymentForm, error: services.ChangedMeanwhileError) -> HttpResponse:
    typed = upon(request.POST, error.current)
    current = DeploymentForm(typed, instance=error.current, team=form.team, today=form.today)
    current.is_valid()
    page = edit_page(current, is_conflict=True)
    return render(request, "portfolio/edit.html", {"page": page}, status=409)


@require_POST
@for_team
def retire(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    known = _of(team, pk)
    if request.POST.get("do") == "reinstate":
        try:
            services.reinstate(known)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "In use again.")
    elif known.retired_on is None:
        services.retire(known, on=timezone.localdate())
        messages.success(request, "Retired. It stays on record under “Retired”.")
    return redirect(known)


def _of(team: Team, pk: int) -> Deployment:
    return get_object_or_404(Deployment.objects.of(team).with_release(), pk=pk)
