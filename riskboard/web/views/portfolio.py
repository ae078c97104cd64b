"""What a team stands to lose, and what it takes knowingly. Another team's rows are not there, whoever asks."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from riskboard.catalog.cells import guard
from riskboard.portfolio.acceptances import accept as accept_risk
from riskboard.portfolio.acceptances import acceptances_of
from riskboard.portfolio.acceptances import withdraw as withdraw_acceptance
from riskboard.portfolio.exposure import exposure_of
from riskboard.portfolio.models import Deployment, Team
from riskboard.web.csv_lines import csv_chunks, csv_download
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.forms_exposure import AcceptanceForm, AskForm, ExposureForm
from riskboard.web.pages.portfolio import HEADER, AcceptPage, acceptances_card, csv_rows, exposure_page
from riskboard.web.teams import for_team


@require_safe
@for_team
def show(request: HttpRequest, team: Team) -> HttpResponse:
    asked = ExposureForm.read(request)
    page = exposure_page(team, timezone.localdate(), show_all=asked["show"] == "all")
    return render(request, "portfolio/show.html", {"page": page})


@require_safe
@for_team
def export(request: HttpRequest, team: Team) -> StreamingHttpResponse:
    NoParameters.check(request)
    rows = csv_rows(exposure_of(team, timezone.localdate()))
    return csv_download("portfolio.csv", csv_chunks(HEADER, ([guard(cell) for cell in row] for row in rows)))


@require_form
@for_team
def accept(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    deployment = get_object_or_404(Deployment.objects.of(team).with_release(), pk=pk)
    today, asked = timezone.localdate(), AskForm.read(request)
    if request.method != "POST":
        return _asked(request, deployment, AcceptanceForm(initial={"mode": asked["mode"]}, today=today))
    form = AcceptanceForm(request.POST, today=today)
    if form.is_valid() and _accepted(request, deployment, form):
        messages.success(request, "Accepted. No figure changes by it; it comes back on its day.")
        return redirect(deployment)
    return _asked(request, deployment, form, status=422)


def _accepted(request: HttpRequest, deployment: Deployment, form: AcceptanceForm) -> bool:
    said = form.cleaned_data
    if not request.user.is_authenticated:
        return False
    try:
        accept_risk(
            deployment, said["mode"], said["reason"], said["expires_on"], by=request.user, today=timezone.localdate()
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _asked(request: HttpRequest, deployment: Deployment, form: AcceptanceForm, status: int = 200) -> HttpResponse:
    page = AcceptPage(deployment, form, acceptances_card(deployment, timezone.localdate()))
    return render(request, "portfolio/accept.html", {"page": page}, status=status)


@require_POST
@for_team
def withdraw(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    acceptance = acceptances_of(team, pk)
    if acceptance is None:
        raise Http404("No acceptance of your team.")
    withdraw_acceptance(acceptance, timezone.localdate())
    messages.success(request, "Withdrawn. It stands on the list again.")
    return redirect(acceptance.deployment)
