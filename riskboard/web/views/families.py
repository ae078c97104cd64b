from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.catalog.models import Family, Release
from riskboard.web.forms import NoParameters
from riskboard.web.pages.fact import fact_of
from riskboard.web.pages.families import family_page, release_page
from riskboard.web.pages.hosting import hosting_page, how_hosted
from riskboard.web.rendering import wants_part
from scoring.placing import with_timelines


@require_safe
@vary_on_headers("HX-Request")
def show_family(request: HttpRequest, slug: str) -> HttpResponse:
    NoParameters.check(request)
    family = get_object_or_404(with_timelines(Family.objects.select_related("line__vendor"), "line__"), slug=slug)
    return render(request, "families/show.html", {"page": family_page(family, timezone.localdate())})


@require_safe
@vary_on_headers("HX-Request")
def show_release(request: HttpRequest, family: str, slug: str) -> HttpResponse:
    NoParameters.check(request)
    rows = Release.objects.select_related("source__check_up", "family__line__vendor", "license__source")
    dated = with_timelines(rows.annotate(**how_hosted()), "family__line__")
    release = get_object_or_404(dated, slug=slug, family__slug=family)
    context = {"page": release_page(release, timezone.localdate()), "fact": fact_of(release, timezone.now())}
    return render(request, "families/release.html", context)


@require_safe
@vary_on_headers("HX-Request")
def show_hosting(request: HttpRequest, family: str, slug: str) -> HttpResponse:
    """Part of the release's page, where it is asked for as one."""
    NoParameters.check(request)
    rows = Release.objects.select_related("family__line__vendor")
    release = get_object_or_404(rows, slug=slug, family__slug=family)
    template = "families/hosting.html" + ("#hosting" if wants_part(request) else "")
    return render(request, template, {"page": hosting_page(release, timezone.localdate())})
