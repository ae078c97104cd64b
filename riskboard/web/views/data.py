from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from riskboard.web.forms import NoParameters
from riskboard.web.pages.data import data_page


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    return render(request, "data/show.html", {"page": data_page(settings.CORRECTIONS_CONTACT)})
