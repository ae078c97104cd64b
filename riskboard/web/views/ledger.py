from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.models import Line
from riskboard.web.forms_ledger import LedgerForm
from riskboard.web.pages.ledger import ledger_page
from riskboard.web.rendering import wants_part


@require_safe
@vary_on_headers("HX-Request")
def show(request: HttpRequest, slug: str) -> HttpResponse:
    line = get_object_or_404(Line.objects.select_related("vendor"), slug=slug)
    today = timezone.localdate()
    page = ledger_page(line, LedgerForm.read(request, today=today), today)
    part = "#ledger" if wants_part(request) else ""
    return render(request, f"lines/changes.html{part}", {"page": page})
