"""The one page of the web server of the tests: it writes a job, as a page of the product does."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from riskboard.jobs import services


@require_POST
def ask(request: HttpRequest, kind: str, entry: str, milliseconds: int) -> HttpResponse:
    payload = {"entry": entry, "pause": milliseconds / 1000}
    with transaction.atomic():
        services.enqueue(kind=kind, key=entry, payload=payload, queue="work", now=timezone.now())
    return HttpResponse(status=201)


urlpatterns = [path("ask/<str:kind>/<str:entry>/<int:milliseconds>/", ask)]
