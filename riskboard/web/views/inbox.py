from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from riskboard.ingest import rows, services
from riskboard.ingest.models import Proposal
from riskboard.web import effects, measuring
from riskboard.web.access import Role, requires
from riskboard.web.forms import NoParameters
from riskboard.web.forms_inbox import DismissForm, EditForm, InboxForm, ManyForm, MergeForm, VersionForm
from riskboard.web.pages.inbox import ProposalPage, differences, inbox_page, proposal_page, rows_of, title_of
from riskboard.web.rendering import render_list, wants_part

SAID = {
    "waiting": "waits again",
    "second": "accepted; it waits for a second person",
    "accepted": "accepted",
    "dismissed": "dismissed",
    "merged": "merged",
}
CONFLICT = "Somebody changed this meanwhile. Nothing was overwritten, and what you sent is still here."
Decide = Callable[[Proposal, dict[str, Any], datetime], Proposal]


@require_GET
@never_cache
@vary_on_headers("HX-Request")
@requires(Role.ANALYST)
def index(request: HttpRequest) -> HttpResponse:
    form = InboxForm.bound(request)
    return render_list(request, "inbox/index.html", inbox_page(form, request.user, timezone.now()), form.address)


@require_GET
@never_cache
@requires(Role.ANALYST)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    NoParameters.check(request)
    return _show(request, proposal_page(_proposal(pk), request.user, timezone.now()))


# One ----------------------------------------------------------------------------------------------


@require_POST
@requires(Role.ANALYST)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    def decide(proposal: Proposal, sent: dict[str, Any], now: datetime) -> Proposal:
        effect = effects.effect(now.date())
        return services.accept(proposal, by=request.user, now=now, version=sent["version"], effect=effect)  # type: ignore[arg-type]

    return _decide(request, pk, VersionForm, decide)


@require_POST
@requires(Role.ANALYST)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    def decide(proposal: Proposal, sent: dict[str, Any], now: datetime) -> Proposal:
        return services.dismiss(proposal, by=request.user, now=now, **sent)  # type: ignore[arg-type]

    return _decide(request, pk, DismissForm, decide)


@require_POST
@requires(Role.ANALYST)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    def decide(proposal: Proposal, sent: dict[str, Any], now: datetime) -> Proposal:
        into = Proposal.objects.filter(pk=sent["into"]).first()
        if into is None:
            raise ValidationError({"into": "What it was to be merged into is not there."})
        return services.merge(proposal, into=into, by=request.user, now=now, version=sent["version"])  # type: ignore[arg-type]

    return _decide(request, pk, MergeForm, decide)


@require_POST
@requires(Role.ANALYST)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    def decide(proposal: Proposal, sent: dict[str, Any], now: datetime) -> Proposal:
        return services.undo(proposal, by=request.user, now=now, version=sent["version"])  # type: ignore[arg-type]

    return _decide(request, pk, VersionForm, decide)


def _decide(request: HttpRequest, pk: int, form_class: type[forms.Form], decide: Decide) -> HttpResponse:
    proposal, now = _proposal(pk), timezone.now()
    form = form_class(request.POST)
    if not form.is_valid():
        return _refuse(request, proposal, " ".join(_sentences(form.errors)), now)
    try:
        decided = decide(proposal, form.cleaned_data, now)
    except services.RowMoved as error:
        return _refuse(request, _proposal(pk), str(error), now, status=409)
    except services.Conflict:
        return _refuse(request, _proposal(pk), CONFLICT, now, status=409)
    except (services.SamePersonError, services.UndoError) as error:
        return _refuse(request, proposal, str(error), now)
    except ValidationError as error:
        return _refuse_by_column(request, proposal, error, now)
    return _say(request, decided, now)


def _say(request: HttpRequest, decided: Proposal, now: datetime) -> HttpResponse:
    """The decided row in its place, or the inbox with a word about it."""
    if wants_part(request):
        return _row(request, _proposal(decided.pk), now)
    messages.success(request, f"{SAID[decided.state].capitalize()}: {title_of(decided)}")
    return redirect("inbox")


def _refuse(request: HttpRequest, proposal: Proposal, problem: str, now: datetime, status: int = 422) -> HttpResponse:
    if wants_part(request):
        return _row(request, proposal, now, problem)
    reason = request.POST.get("reason", "")
    page = proposal_page(proposal, request.user, now, problem=problem, typed_reason=reason)
    return _show(request, page, status)


def _refuse_by_column(request: HttpRequest, proposal: Proposal, error: ValidationError, now: datetime) -> HttpResponse:
    """Beside the fields of the form that would set it right."""
    known = set(rows.SPECS[proposal.table].header) & error.message_dict.keys()
    problem = " ".join(_sentences(error.message_dict))
    if wants_part(request) or not known:
        return _refuse(request, proposal, f"{problem} Edit it first." if known else problem, now)
    form = EditForm({"version": proposal.version, **proposal.fields}, proposal)
    form.refuse(error.message_dict)
    return _show(request, proposal_page(proposal, request.user, now, form), 422)


def _row(request: HttpRequest, proposal: Proposal, now: datetime, problem: str = "") -> HttpResponse:
    (row,) = rows_of([proposal], request.user, now.date())
    return render(request, "inbox/_row.html", {"row": replace(row, problem=problem)})


def _show(request: HttpRequest, page: ProposalPage, status: int = 200) -> HttpResponse:
    return render(request, "inbox/show.html", {"page": page}, status=status)


def _proposal(pk: int) -> Proposal:
    related = Proposal.objects.select_related("item__story", "feed", "vendor", "family", "decided_by", "seconded_by")
    return get_object_or_404(related, pk=pk)


def _sentences(errors: Any) -> list[str]:  # noqa: ANN401 - of a form, or of a row
    plain = {NON_FIELD_ERRORS, "reason", "into"}
    return [
        str(said) if name in plain else f"{name.replace('_', ' ').capitalize()}: {said}"
        for name, messages_ in errors.items()
        for said in messages_
    ]


# Editing ------------------------------------------------------------------------------------------


@require_POST
@requires(Role.ANALYST)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves another wording, or accepts it at once. Refused, the form comes back as it was typed."""
    proposal, now = _proposal(pk), timezone.now()
    form = EditForm(request.POST, proposal)
    if not form.is_valid():
        return _show(request, proposal_page(proposal, request.user, now, form), 422)
    try:
        decided = _save(request, proposal, form, now)
    except services.Conflict:
        return _conflict(request, pk, form, now)
    except services.SamePersonError as error:
        return _show(request, proposal_page(proposal, request.user, now, form, problem=str(error)), 422)
    except ValidationError as error:
        form.refuse(error.message_dict)
        return _show(request, proposal_page(proposal, request.user, now, form), 422)
    messages.success(request, f"{SAID[decided.state].capitalize()}: {title_of(decided)}")
    return redirect("inbox") if decided.state != "waiting" else redirect("proposal", pk=pk)


def _save(request: HttpRequest, proposal: Proposal, form: EditForm, now: datetime) -> Proposal:
    said: dict[str, Any] = {
        "by": request.user,
        "edits": form.texts(),
        "now": now,
        "version": form.cleaned_data["version"],
    }
    if request.POST.get("then") == "accept":
        return services.accept(proposal, effect=effects.effect(now.date()), **said)
    if said["version"] == proposal.version:  # else it is a conflict, whatever the rules say
        known = rows.stored(proposal.table, form.texts()) if proposal.table == "releases" else None
        texts = {name: text for name, text in form.texts().items() if text or not known}
        rows.filled(proposal.table, texts, onto=known, today=now.date())
    edited = services.edit(proposal, **said)
    measuring.measure(edited, now.date())
    return edited


def _conflict(request: HttpRequest, pk: int, form: EditForm, now: datetime) -> HttpResponse:
    """What was typed, with the version to save it over, beside what somebody else saved."""
    saved = _proposal(pk)
    typed = form.texts()
    again = EditForm({**typed, "version": saved.version}, saved)
    page = proposal_page(saved, request.user, now, again, problem=CONFLICT)
    page = replace(page, is_conflict=True, differences=differences(typed, saved.fields, again))
    return _show(request, page, 409)


# Many ---------------------------------------------------------------------------------------------


@require_POST
@requires(Role.ANALYST)
def many(request: HttpRequest) -> HttpResponse:
    form = ManyForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(_sentences(form.errors)))
        return redirect("inbox")
    outcomes = _decide_many(request, form.cleaned_data, timezone.now())
    for state in dict.fromkeys(outcome.state for outcome in outcomes if not outcome.problem):
        count = sum(1 for outcome in outcomes if outcome.state == state and not outcome.problem)
        messages.success(request, f"{count} {SAID[state]}.")
    for outcome in outcomes:
        if outcome.problem:
            messages.error(request, f"Proposal {outcome.number} stayed as it was. {outcome.problem}")
    return redirect("inbox")


def _decide_many(request: HttpRequest, sent: dict[str, Any], now: datetime) -> list[services.Outcome]:
    by: Any = request.user
    match sent["do"]:
        case "accept":
            return services.accept_many(sent["chosen"], by=by, now=now, effect=effects.effect(now.date()))
        case "dismiss":
            return services.dismiss_many(sent["chosen"], by=by, reason=sent["reason"], now=now)
        case _:
            return services.undo_many(sent["chosen"], by=by, now=now)
