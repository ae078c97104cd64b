from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.web.csv_lines import csv_download
from riskboard.web.forms import NoParameters
from riskboard.web.forms_histories import HistoriesExport, HistoriesForm
from riskboard.web.history_export import history_chunks
from riskboard.web.pages.histories import histories_page
from riskboard.web.pages.past_case import past_case_page
from riskboard.web.rendering import render_list
from scoring.pastcases import past_case


@require_safe
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    form = HistoriesForm.bound(request)
    return render_list(request, "histories/index.html", histories_page(form), form.address)


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    NoParameters.check(request)
    case = past_case(slug)
    if case is None:
        raise Http404("There is no history of that name.")
    return render(request, "histories/show.html", {"page": past_case_page(case)})


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    form = HistoriesExport.bound(request)
    return csv_download("riskboard-histories.csv", history_chunks(form))
