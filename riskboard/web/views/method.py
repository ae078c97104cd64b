from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from riskboard.web.forms import NoParameters
from riskboard.web.pages.method import method_page, rubric_file


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    return render(request, "method/show.html", {"page": method_page(timezone.localdate())})


@require_safe
def rubric(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    name, content = rubric_file()
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/toml", headers=disposition)
