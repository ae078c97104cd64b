from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from riskboard.catalog.models import Line
from riskboard.web.forms import AsOfForm
from scoring.scorefiles import file_name, file_of


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    line = get_object_or_404(Line, slug=slug)
    today = timezone.localdate()
    day = AsOfForm.read(request, today=today)["as_of"] or today
    disposition = {"Content-Disposition": f'attachment; filename="{file_name(line.slug, day)}"'}
    return HttpResponse(file_of(line.slug, day), content_type="application/json", headers=disposition)
