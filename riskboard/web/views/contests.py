from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from riskboard.ingest import services
from riskboard.ingest.models import Contest
from riskboard.web.access import Role, requires
from riskboard.web.forms_evidence import ContestsForm, OutcomeForm
from riskboard.web.pages.contests import contests_page
from riskboard.web.pages.correcting import sentences


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = ContestsForm.bound(request)
    return render(request, "evidence/contests.html", {"page": contests_page(form, request.user)})


@require_POST
@requires(Role.REVIEWER)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Refused, the page comes back with what was typed."""
    contest, form = get_object_or_404(Contest, pk=pk), OutcomeForm(request.POST)
    if form.is_valid():
        try:
            services.close_contest(contest, outcome=form.cleaned_data["outcome"], by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except services.SamePersonError as error:
            form.add_error("outcome", str(error))
        except ValidationError as error:
            form.add_error("outcome", sentences(error))
        else:
            messages.success(request, "Settled. The log tells how.")
            return redirect("contests")
    listed = ContestsForm({})
    listed.is_valid()
    page = contests_page(listed, request.user, {contest.pk: form})
    return render(request, "evidence/contests.html", {"page": page}, status=422)
