from typing import Any

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from riskboard.ingest.evidence_releases import deciding
from riskboard.ingest.evidence_releases.models import ReleaseDifference
from riskboard.ingest.services import RowConflict
from riskboard.web.access import Role, requires
from riskboard.web.forms_evidence_releases import DecideForm
from riskboard.web.forms_feeds import PageForm
from riskboard.web.pages.evidence_releases import Refused, evidence_releases_page

SAID = {"take": "Taken from the release", "keep": "Kept as it is here"}
MOVED = "The row was changed meanwhile. Nothing was overwritten: below is what it says now."


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return _show(request, PageForm.bound(request))


@require_POST
@requires(Role.ANALYST)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    difference = get_object_or_404(ReleaseDifference.objects.select_related("release"), pk=pk)
    form = DecideForm(request.POST, difference)
    if not form.is_valid():
        return _refuse(request, pk, _sentences(form.errors), 422)
    try:
        _decide(request, difference, form.cleaned_data)
    except deciding.Settled:
        messages.warning(request, f"“{difference.key}” was decided meanwhile, so nothing was changed.")
        return redirect("evidence_releases")
    except (deciding.Moved, RowConflict):
        return _refuse(request, pk, MOVED, 409)
    except ValidationError as error:
        return _refuse(request, pk, _sentences(error.message_dict), 422)
    messages.success(request, f"{SAID[form.cleaned_data['do']]}: “{difference.key}”.")
    return redirect("evidence_releases")


def _decide(request: HttpRequest, difference: ReleaseDifference, sent: dict[str, Any]) -> None:
    by, now = request.user, timezone.now()
    assert isinstance(by, AbstractBaseUser)
    if sent["do"] == "keep":
        deciding.keep(difference, by=by, now=now)
    else:
        deciding.take(difference, sent["columns"], by=by, reason=sent["reason"], now=now)


def _refuse(request: HttpRequest, pk: int, problem: str, status: int) -> HttpResponse:
    refused = Refused(pk, problem, request.POST.get("reason", ""), request.POST.getlist("columns"))
    form = PageForm({})
    assert form.is_valid()
    return _show(request, form, refused, status)


def _show(request: HttpRequest, form: PageForm, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    page = evidence_releases_page(form, refused)
    return render(request, "evidence_releases/index.html", {"page": page}, status=status)


def _sentences(errors: Any) -> str:  # noqa: ANN401 - of a form, or of a row
    plain = {"do", "columns", "reason"}
    return " ".join(
        str(said) if name in plain else f"{name.replace('_', ' ').capitalize()}: {said}"
        for name, listed in errors.items()
        for said in listed
    )
