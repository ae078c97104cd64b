from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.web.forms_board import SearchForm
from riskboard.web.pages.search import search_page
from riskboard.web.rendering import wants_part


@require_safe
@vary_on_headers("HX-Request")
def show(request: HttpRequest) -> HttpResponse:
    query = SearchForm.read(request)["q"]
    live = wants_part(request)
    page = search_page(query, live=live)
    if page.destination and not live:
        return redirect(page.destination)
    return render(request, f"search/search.html{'#found' if live else ''}", {"page": page})
