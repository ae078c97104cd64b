from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.models import Pledge
from riskboard.web.forms import NoParameters
from riskboard.web.forms_catalog import PledgesForm
from riskboard.web.pages.fact import fact_of
from riskboard.web.pages.pledges import pledge_page, pledges_page
from riskboard.web.rendering import render_list


@require_safe
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    form = PledgesForm.bound(request)
    return render_list(request, "pledges/index.html", pledges_page(form, timezone.localdate()), form.address)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    NoParameters.check(request)
    pledges = Pledge.objects.select_related("source", "status_source", "vendor", "family__line")
    pledge = get_object_or_404(pledges, key=key)
    context = {"page": pledge_page(pledge, timezone.localdate()), "fact": fact_of(pledge, timezone.now())}
    return render(request, "pledges/show.html", context)
