from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from riskboard.catalog.models import Line
from riskboard.web.forms_lines import LineForm
from riskboard.web.pages.lines import line_page
from riskboard.web.pages.why import UnknownEventError
from scoring.placing import with_timelines

# What a request may ask to have swapped, by the id of the element it aims at.
PARTIALS = {"explained": "#explained", "timeline": "#timeline", "why": "#why"}


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def show(request: HttpRequest, slug: str) -> HttpResponse:
    line = get_object_or_404(with_timelines(Line.objects.select_related("vendor")), slug=slug)
    today = timezone.localdate()
    asked = LineForm.read(request, today=today)
    try:
        page = line_page(line, asked, today)
    except UnknownEventError as error:
        raise BadRequest(str(error)) from error
    return render(request, "lines/show.html" + _partial(request), {"page": page})


def _partial(request: HttpRequest) -> str:
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return ""
    return PARTIALS.get(htmx.target or "", "")
