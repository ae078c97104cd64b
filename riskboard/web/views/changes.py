from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from riskboard.web.forms import NoParameters
from riskboard.web.pages.changes import change_page, find_change
from riskboard.web.pages.fact import fact_of
from riskboard.web.pages.redline import with_texts


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    NoParameters.check(request)
    change = find_change(key)
    if change is None:
        raise Http404("No change has this key.")
    row, redline = with_texts(change.row)
    page = change_page(change, timezone.localdate())
    context = {"page": page, "fact": fact_of(row, timezone.now()), "redline": redline}
    return render(request, "changes/show.html", context)
