from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from riskboard.web.forms_feeds import PageForm
from riskboard.web.pages.corrections import corrections_page


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = PageForm.bound(request)
    return render(request, "corrections/index.html", {"page": corrections_page(form)})
