from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from riskboard.web.forms import NoParameters
from riskboard.web.pages.method import method_page
from riskboard.web.pages.versions import names, versions_page
from scoring.engine.rubric import SHIPPED, rubric_file


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    return render(request, "method/show.html", {"page": method_page(timezone.localdate())})


@require_safe
def versions(request: HttpRequest, before: str, after: str) -> HttpResponse:
    NoParameters.check(request)
    page = versions_page(before, after, timezone.localdate())
    if page is None:
        raise Http404(f"The rubrics that can be run are {', '.join(names())}; name two different ones.")
    return render(request, "method/versions.html", {"page": page})


@require_safe
def rubric(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    disposition = {"Content-Disposition": f'attachment; filename="{SHIPPED}.toml"'}
    return HttpResponse(rubric_file(SHIPPED), content_type="application/toml", headers=disposition)
