from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from riskboard.web.access import Role, role_of
from riskboard.web.forms import NoParameters
from riskboard.web.forms_record import RecordBinForm, RecordForm
from riskboard.web.pages.live_forecast import live_forecast_page
from riskboard.web.pages.record_bins import record_bin_page
from riskboard.web.pages.track_record import track_record_page
from scoring.models import Prediction


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    page = track_record_page(RecordForm.bound(request), timezone.localdate())
    return render(request, "track_record/show.html", {"page": page})


@require_safe
def show_bin(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "track_record/bin.html", {"page": record_bin_page(number, RecordBinForm.bound(request))})


@require_safe
def show_prediction(request: HttpRequest, pk: int) -> HttpResponse:
    NoParameters.check(request)
    prediction = get_object_or_404(Prediction.objects.select_related("line__vendor"), pk=pk)
    page = live_forecast_page(prediction, timezone.localdate(), may_rule=role_of(request.user) >= Role.REVIEWER)
    return render(request, "track_record/prediction.html", {"page": page})
