"""A team, who is in it, what its company is like, and its workflows."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from riskboard.portfolio import services
from riskboard.portfolio.models import Company, Membership, Team, Workflow
from riskboard.portfolio.selectors import team_of
from riskboard.web.access import Role, requires
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.forms_portfolio import CompanyForm, NameForm, WorkflowForm, upon
from riskboard.web.pages.deployments import differences_of, workflow_page
from riskboard.web.teams import for_team


@require_form
@requires(Role.VIEWER)
@never_cache
def team(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    mine = team_of(request.user)
    if request.method != "POST":
        return _team(request, mine)
    return _let(request, mine) if mine else _create(request)


def _create(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST, label="Name of the team")
    if form.is_valid():
        try:
            services.create_team(form.cleaned_data["name"], by=_who(request), now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Your team is there, and you own it. Next: what do you run?")
            return redirect("deployments")
    return _team(request, None, form, status=422)


def _let(request: HttpRequest, mine: Team) -> HttpResponse:
    """In, out, or become an owner."""
    form = NameForm(request.POST, label="Account name")
    try:
        said = _done(request, mine, form)
    except Membership.DoesNotExist:
        raise Http404("Nobody of your team.") from None
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            form.add_error(None, error)
        else:
            messages.error(request, " ".join(error.messages))
            return redirect("team")
    else:
        if said:
            messages.success(request, said)
            return redirect("team")
    return _team(request, mine, form, status=422)


def _done(request: HttpRequest, mine: Team, form: NameForm) -> str:
    """What was done, in words; blank: the form says why not."""
    who: Any = {"by": _who(request), "now": timezone.now()}
    match request.POST.get("do"):
        case "add" | None:
            if not form.is_valid():
                return ""
            return f"{services.add_member(mine, form.cleaned_data['name'], **who).user} is in the team now."
        case "remove":
            left = services.remove_member(mine, _key(request), **who).user
            return "You left the team." if left == request.user else f"{left} is out of the team."
        case "make_owner":
            return f"{services.make_owner(mine, _key(request), **who).user} owns the team too."
        case _:
            raise BadRequest("This page knows add, remove and make_owner.")


def _key(request: HttpRequest) -> int:
    key = request.POST.get("member", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise BadRequest("member: the number of a membership.")
    return int(key)


def _team(request: HttpRequest, mine: Team | None, form: NameForm | None = None, status: int = 200) -> HttpResponse:
    members = list(mine.memberships.select_related("user").order_by("since_at", "pk")) if mine else []
    context = {
        "team": mine,
        "members": members,
        "is_owner": any(member.user == request.user and member.is_owner for member in members),
        "form": form or NameForm(label="Account name" if mine else "Name of the team"),
    }
    return render(request, "portfolio/team.html", context, status=status)


def _who(request: HttpRequest) -> Any:  # noqa: ANN401 -- signed in, the decorator says
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


# The company --------------------------------------------------------------------------------------


@require_form
@for_team
def company(request: HttpRequest, team: Team) -> HttpResponse:
    NoParameters.check(request)
    known = Company.objects.filter(team=team).first() or Company(team=team)
    if request.method != "POST":
        return render(request, "portfolio/company.html", {"form": CompanyForm(instance=known)})
    form = CompanyForm(request.POST, instance=known)
    if not form.is_valid():
        return render(request, "portfolio/company.html", {"form": form}, status=422)
    try:
        services.save_company(form.instance, version=form.version_sent)
    except services.ChangedMeanwhileError as error:
        current = CompanyForm(upon(request.POST, error.current), instance=error.current)
        current.is_valid()
        context = {"form": current, "differences": differences_of(current), "is_conflict": True}
        return render(request, "portfolio/company.html", context, status=409)
    messages.success(request, "The profile is saved. Clauses are judged by it from now on.")
    return redirect("company")


# A workflow ---------------------------------------------------------------------------------------


@require_form
@for_team
def workflow(request: HttpRequest, team: Team, pk: int) -> HttpResponse:
    NoParameters.check(request)
    known = get_object_or_404(team.workflows, pk=pk)
    if request.method != "POST":
        return _workflow(request, WorkflowForm(instance=known), pk)
    if request.POST.get("do") == "remove":
        return _remove(request, known)
    form = WorkflowForm(request.POST, instance=known)
    if not form.is_valid():
        return _workflow(request, form, pk, status=422)
    try:
        services.save_workflow(form.instance, version=form.version_sent)
    except ValidationError as error:
        form.add_error(None, error)
        return _workflow(request, form, pk, status=422)
    except services.ChangedMeanwhileError as error:
        current = WorkflowForm(upon(request.POST, error.current), instance=error.current)
        current.is_valid()
        return _workflow(request, current, pk, status=409)
    messages.success(request, "Saved.")
    return redirect("workflow", pk=pk)


def _workflow(request: HttpRequest, form: WorkflowForm, pk: int, status: int = 200) -> HttpResponse:
    """The heading says what is on record, whatever was typed."""
    page = workflow_page(form, Workflow.objects.get(pk=pk), is_conflict=status == 409)
    return render(request, "portfolio/workflow.html", {"page": page}, status=status)


def _remove(request: HttpRequest, known: Workflow) -> HttpResponse:
    try:
        services.remove_workflow(known)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("workflow", pk=known.pk)
    messages.success(request, f"{known} is removed.")
    return redirect("deployments")
