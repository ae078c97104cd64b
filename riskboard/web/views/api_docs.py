from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from riskboard.web.api.api import api
from riskboard.web.forms import NoParameters
from riskboard.web.pages.api_docs import reference_page


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    context = {
        "page": reference_page(api.get_openapi_schema()),
        "limit": settings.API_CALLS_A_MINUTE,
        "limit_with_token": settings.API_CALLS_A_MINUTE_WITH_TOKEN,
        "is_open": settings.ANONYMOUS_READING,
    }
    return render(request, "api/docs.html", context)
