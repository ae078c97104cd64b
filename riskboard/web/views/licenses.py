from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.models import License
from riskboard.web.forms import NoParameters
from riskboard.web.forms_catalog import LicenseChangesForm, LicensesForm
from riskboard.web.pages.fact import fact_of
from riskboard.web.pages.licenses import license_changes_page, license_page, licenses_page
from riskboard.web.rendering import render_list


@require_safe
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    form = LicensesForm.bound(request)
    return render_list(request, "licenses/index.html", licenses_page(form), form.address)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    NoParameters.check(request)
    license_ = get_object_or_404(License.objects.cited(), key=key)
    context = {"page": license_page(license_), "fact": fact_of(license_, timezone.now())}
    return render(request, "licenses/show.html", context)


@require_safe
@vary_on_headers("HX-Request")
def changes(request: HttpRequest) -> HttpResponse:
    form = LicenseChangesForm.bound(request)
    return render_list(request, "licenses/changes.html", license_changes_page(form), form.address)
