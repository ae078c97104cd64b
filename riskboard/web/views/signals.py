from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.models import Signal
from riskboard.web.forms import NoParameters
from riskboard.web.forms_catalog import SignalsForm
from riskboard.web.pages.fact import fact_of
from riskboard.web.pages.signals import signal_page, signals_page
from riskboard.web.rendering import render_list


@require_safe
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    form = SignalsForm.bound(request)
    return render_list(request, "signals/index.html", signals_page(form), form.address)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    NoParameters.check(request)
    signal = get_object_or_404(Signal.objects.select_related("source", "vendor", "family__line"), key=key)
    context = {"page": signal_page(signal), "fact": fact_of(signal, timezone.now())}
    return render(request, "signals/show.html", context)
