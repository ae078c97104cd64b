from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from riskboard.web.forms_board import CompareForm
from riskboard.web.pages.compare import compare_page


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = CompareForm.read(request, today=today)
    page = compare_page(asked["l"], asked["range"], asked["as_of"], today)
    if len(request.GET.getlist("l")) > 1:  # as the form sends it: one address for one comparison
        return redirect(f"{request.path}?{page.address}")
    return render(request, "compare/compare.html", {"page": page})
