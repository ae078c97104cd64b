from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.models import Vendor
from riskboard.web.forms import NoParameters
from riskboard.web.forms_catalog import VendorsForm
from riskboard.web.pages.vendors import vendor_page, vendors_page
from riskboard.web.rendering import render_list


@require_safe
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    form = VendorsForm.bound(request)
    return render_list(request, "vendors/index.html", vendors_page(form), form.address)


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    NoParameters.check(request)
    page = vendor_page(get_object_or_404(Vendor, slug=slug), timezone.now())
    return render(request, "vendors/show.html", {"page": page})
