from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from riskboard.catalog.models import Source
from riskboard.web.forms_catalog import SourceForm
from riskboard.web.pages.sources import source_page


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    form = SourceForm.bound(request)
    return render(request, "sources/show.html", {"page": source_page(get_object_or_404(Source, pk=pk), form)})
