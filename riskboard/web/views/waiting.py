from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from riskboard.ingest.models import Proposal
from riskboard.web.measuring import measure


def say_it_waits(request: HttpRequest, waiting: Proposal, today: date) -> HttpResponse:
    """What was asked of a row, as whoever has to agree will see it."""
    measure(waiting, today)
    said = format_html('Waits for a second person, who finds it in the <a href="{}">inbox</a>.', reverse("inbox"))
    messages.success(request, said)
    return redirect("proposal", pk=waiting.pk)
