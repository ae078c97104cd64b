from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from riskboard.web.access import Role, requires
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.forms_predictions import PredictionRulingForm
from riskboard.web.pages.predictions import PredictionRulingPage, prediction_ruling_page
from scoring import rulings
from scoring.models import Prediction


@require_form
@never_cache
@requires(Role.REVIEWER)
def ruling(request: HttpRequest, pk: int) -> HttpResponse:
    """Records how a forecast came out. Refused, the form comes back as it was typed."""
    NoParameters.check(request)
    prediction = get_object_or_404(Prediction.objects.select_related("line__vendor"), pk=pk)
    if request.method != "POST":
        return _show(request, prediction_ruling_page(prediction))
    return _rule(request, prediction, PredictionRulingForm(request.POST))


def _rule(request: HttpRequest, prediction: Prediction, form: PredictionRulingForm) -> HttpResponse:
    now, by = timezone.now(), request.user
    if not form.is_valid():
        return _show(request, prediction_ruling_page(prediction, form), 422)
    try:
        rulings.rule(prediction, form.ruling, by=_user(by), now=now, version=form.cleaned_data["version"])
    except rulings.RulingConflict as conflict:
        again = PredictionRulingForm({**request.POST.dict(), "version": rulings.version_of(conflict.last)})
        return _show(request, prediction_ruling_page(prediction, again, is_conflict=True), 409)
    except ValidationError as error:
        form.refuse(error.message_dict)
        return _show(request, prediction_ruling_page(prediction, form), 422)
    messages.success(request, "Ruled. The record keeps what held before, too.")
    return redirect("prediction", pk=prediction.pk)


def _show(request: HttpRequest, page: PredictionRulingPage, status: int = 200) -> HttpResponse:
    return render(request, "predictions/rule.html", {"page": page}, status=status)


def _user(user: Any) -> Any:  # noqa: ANN401 - somebody who is signed in
    return user
