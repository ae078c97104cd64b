from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.models import Line
from riskboard.web.forms_what_if import WhatIfForm, scenario_query
from riskboard.web.pages.what_if import what_if_page
from riskboard.web.pages.why import UnknownEventError
from riskboard.web.rendering import wants_part


@require_safe
@vary_on_headers("HX-Request")
def show(request: HttpRequest, slug: str) -> HttpResponse:
    line = get_object_or_404(Line.objects.select_related("vendor"), slug=slug)
    today = timezone.localdate()
    asked = WhatIfForm.read(request, today=today)
    if asked["new"]:  # one address for one scenario
        tokens = tuple(each.token for each in asked["supposed"])
        return HttpResponseRedirect(f"?{scenario_query(asked['without'], tokens, asked['as_of'])}")
    try:
        page = what_if_page(line, asked, today)
    except UnknownEventError as error:
        raise BadRequest(str(error)) from error
    part = "#scenario" if wants_part(request) else ""
    response = render(request, f"lines/what_if.html{part}", {"page": page})
    response["X-Robots-Tag"] = "noindex"
    return response
