from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from riskboard.ingest.models import Feed
from riskboard.web.forms_feeds import FeedsForm, PageForm
from riskboard.web.pages.feeds import feed_page, feeds_page
from riskboard.web.rendering import render_list


@require_GET
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    form = FeedsForm.bound(request)
    return render_list(request, "feeds/index.html", feeds_page(form, timezone.now()), form.address)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    form = PageForm.bound(request)
    page = feed_page(get_object_or_404(Feed, pk=pk), form, timezone.now())
    return render(request, "feeds/show.html", {"page": page})
