from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.portfolio import dora, plans
from riskboard.portfolio.checklist import ITEMS, answers
from riskboard.portfolio.models import Alternative, Deployment, ExitPlan, Team
from riskboard.web.csv_lines import csv_chunks, csv_download
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.forms_exit_plans import CheckForm, NamingForm, PlanForm, RehearsalForm, TestForm
from riskboard.web.pages.exit_plans import Refused, alternatives_page, exit_page, progress_of
from riskboard.web.teams import for_team


def find_deployment(team: Team, pk: int) -> Deployment:
    """One of the team's own, with its plan: whoever else asks for it gets 404."""
    found = Deployment.objects.of(team).with_release().select_related("exit_plan")
    return get_object_or_404(found.prefetch_related(*plans.WHOLE_PLAN), pk=pk)


@require_form
@for_team
@vary_on_headers("HX-Request")
def show(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    deployment = find_deployment(team, pk)
    if request.method == "POST":
        return _part(request)(request, deployment)
    NoParameters.check(request)
    return _page(request, deployment)


@require_safe
@for_team
def alternatives(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    NoParameters.check(request)
    found = Deployment.objects.of(team).with_release().select_related("workflow__team__company")
    page = alternatives_page(get_object_or_404(found, pk=pk), timezone.localdate())
    return render(request, "portfolio/alternatives.html", {"page": page})


@require_safe
@for_team
def export(request: HttpRequest, team: Team) -> HttpResponseBase:
    NoParameters.check(request)
    return csv_download("exit-plans.csv", csv_chunks(dora.header(), dora.rows(team, timezone.localdate())))


# Parts of the page that are sent ------------------------------------------------------------------


def _part(request: HttpRequest) -> Callable[[HttpRequest, Deployment], HttpResponse]:
    part = request.POST.get("part", "")
    if part not in PARTS:
        raise BadRequest(f"Say which part of the plan is sent. There are: {', '.join(PARTS)}.")
    return PARTS[part]


def _save_plan(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    kept = ExitPlan.objects.filter(deployment=deployment).first()
    form = PlanForm(request.POST, kept or ExitPlan(deployment_id=deployment.pk), timezone.localdate())
    if not form.is_valid():
        return _page(request, deployment, Refused(plan=form))
    form.save()
    return _kept(request, deployment, "The plan is kept.", "plan")


def _save_checks(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    """The whole checklist, as it is sent without scripts."""
    asked = [each.item.code for each in answers(deployment, plans.plan_of(deployment)) if not each.is_derived]
    forms = {code: CheckForm(request.POST, code, None, timezone.localdate()) for code in asked}
    if not all(form.is_valid() for form in forms.values()):
        return _page(request, deployment, Refused(checks=forms))
    plans.answer(deployment, {code: form.cleaned_data for code, form in forms.items()})
    return _kept(request, deployment, "The checklist is kept.", "checklist")


def _save_check(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    """One item, as soon as it changes: answered with where the plan stands now."""
    item = next((each for each in ITEMS if each.code == request.POST.get("item")), None)
    if item is None:
        raise BadRequest("The checklist does not know that item.")
    form = CheckForm(request.POST, item.code, None, timezone.localdate())
    if form.is_valid():
        plans.answer(deployment, {item.code: form.cleaned_data})
        deployment = get_object_or_404(Deployment.objects.with_release(), pk=deployment.pk)
    progress, found = progress_of(deployment)
    context = {"progress": progress, "answer": found[item.code], "form": form}
    return render(request, "portfolio/_checked.html", context)


def _name(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    form = NamingForm(request.POST)
    if not form.is_valid():
        return _page(request, deployment, Refused(naming=form))
    plans.name_alternative(deployment, form.cleaned_data["release"])
    return _kept(request, deployment, "The alternative is in the plan.", "alternatives")


def _save_test(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    form = TestForm(request.POST, _alternative(request, deployment), timezone.localdate())
    if not form.is_valid():
        return _page(request, deployment, Refused(test=form))
    form.save()
    return _kept(request, deployment, "The test is kept.", "alternatives")


def _drop(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    _alternative(request, deployment).delete()
    return _kept(request, deployment, "It is no alternative any more.", "alternatives")


def _hold(request: HttpRequest, deployment: Deployment) -> HttpResponse:
    form = RehearsalForm(request.POST, timezone.localdate())
    if not form.is_valid():
        return _page(request, deployment, Refused(rehearsal=form))
    form.instance.plan = plans.begun(deployment)
    form.save()
    return _kept(request, deployment, "The rehearsal is in the log.", "rehearsals")


def _alternative(request: HttpRequest, deployment: Deployment) -> Alternative:
    number = request.POST.get("alternative", "")
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        raise BadRequest("Say which alternative.")
    return get_object_or_404(Alternative, plan__deployment=deployment, pk=int(number))


PARTS: dict[str, Callable[[HttpRequest, Deployment], HttpResponse]] = {
    "plan": _save_plan,
    "checks": _save_checks,
    "check": _save_check,
    "alternative": _name,
    "test": _save_test,
    "drop": _drop,
    "rehearsal": _hold,
}


def _page(request: HttpRequest, deployment: Deployment, refused: Refused | None = None) -> HttpResponse:
    page = exit_page(deployment, timezone.localdate(), refused)
    return render(request, "portfolio/exit.html", {"page": page}, status=422 if refused else 200)


def _kept(request: HttpRequest, deployment: Deployment, said: str, place: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(f"{reverse('exit_plan', args=[deployment.pk])}#{place}")
