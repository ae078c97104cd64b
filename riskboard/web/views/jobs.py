from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from riskboard.audit.services import record
from riskboard.jobs import services
from riskboard.jobs.models import Job
from riskboard.web.access import Role, requires
from riskboard.web.forms_feeds import DismissalForm, PageForm
from riskboard.web.pages.jobs import jobs_page


@require_GET
@requires(Role.ANALYST)
def index(request: HttpRequest) -> HttpResponse:
    form = PageForm.bound(request)
    return render(request, "jobs/index.html", {"page": jobs_page(form, timezone.now())})


@require_POST
@requires(Role.ANALYST)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk)
    if _retried(job, request):
        messages.success(request, f"“{job.kind}” is tried again now.")
    else:
        messages.warning(request, f"“{job.kind}” was no dead letter any more: somebody tried it again before you.")
    return redirect("jobs")


@require_POST
@requires(Role.ANALYST)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    job, form = get_object_or_404(Job, pk=pk), DismissalForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Nothing was dismissed. Reason: {form.errors['reason'][0]}")
    elif _dismissed(job, request, form.cleaned_data["reason"]):
        messages.success(request, f"“{job.kind}” is dismissed: nobody does it any more.")
    else:
        messages.warning(request, f"“{job.kind}” was no dead letter any more: somebody decided about it before you.")
    return redirect("jobs")


def _dismissed(job: Job, request: HttpRequest, reason: str) -> bool:
    assert isinstance(request.user, AbstractBaseUser)
    now = timezone.now()
    before = {"kind": job.kind, "key": job.key, "attempts": job.attempts, "error": job.last_error}
    with transaction.atomic():
        is_dismissed = services.dismiss(job, now=now)
        if is_dismissed:
            subject = f"job:{job.pk}"
            record(actor=request.user, action="dismissed", subject=subject, at=now, before=before, reason=reason)
    return is_dismissed


def _retried(job: Job, request: HttpRequest) -> bool:
    """With who did it, or not at all."""
    assert isinstance(request.user, AbstractBaseUser)
    now, before = timezone.now(), {"attempts": job.attempts, "error": job.last_error}
    with transaction.atomic():
        is_retried = services.retry(job, actor=request.user, now=now)
        if is_retried:
            record(actor=request.user, action="retried", subject=f"job:{job.pk}", at=now, before=before)
    return is_retried
