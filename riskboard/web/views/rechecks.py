from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from riskboard.catalog.models import Source
from riskboard.ingest import services
from riskboard.ingest.models import Check
from riskboard.web.access import Role, requires
from riskboard.web.forms_evidence import AddressForm, RecheckForm, faults_of
from riskboard.web.pages.correcting import sentences
from riskboard.web.pages.rechecks import rechecks_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = RecheckForm.bound(request)
    return render(request, "sources/recheck.html", {"page": rechecks_page(form, timezone.now())})


@require_POST
@requires(Role.ANALYST)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, or a copy of it, still says what is cited."""
    source = get_object_or_404(Source, pk=pk)
    check, _ = Check.objects.get_or_create(source=source)
    services.confirm(check, by=_user(request), now=timezone.now(), reason=request.POST.get("reason", "")[:500])
    messages.success(request, "Noted: it still says what is cited.")
    return redirect("recheck_queue")


@require_POST
@requires(Role.ANALYST)
def readdress(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever cites the page cites another address: where it moved, or an archive's copy. Refused, it comes back."""
    source, form, now = get_object_or_404(Source, pk=pk), AddressForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            corrected = services.readdress(source, **form.cleaned_data, by=_user(request), now=now)
        except ValidationError as error:
            _refuse(form, error)
        else:
            messages.success(request, f"{len(corrected)} row{'s' if len(corrected) != 1 else ''} corrected.")
            return redirect("recheck_queue")
    listed = RecheckForm({})
    listed.is_valid()
    name = source.title or source.url
    problem = f"{name}: {' '.join(faults_of(form))}"
    page = rechecks_page(listed, now, {source.pk: form}, problem)
    return render(request, "sources/recheck.html", {"page": page}, status=422)


def _refuse(form: AddressForm, error: ValidationError) -> None:
    for name, found in error.message_dict.items():
        form.add_error(name if name in form.fields else None, found)


@require_POST
@requires(Role.ANALYST)
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    try:
        services.recheck_soon(source, timezone.now())
    except ValidationError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, "It is looked at as soon as a worker is free and its host allows.")
    return redirect("source", pk=pk)


def _user(request: HttpRequest) -> Any:  # noqa: ANN401 - somebody who is signed in
    return request.user
