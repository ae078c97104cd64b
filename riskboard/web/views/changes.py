from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from riskboard.portfolio.selectors import team_of
from riskboard.web.forms import NoParameters
from riskboard.web.pages.changes import change_page, find_change
from riskboard.web.pages.fact import fact_of
from riskboard.web.pages.monday import monday_page
from riskboard.web.pages.monday_ours import ours_of
from riskboard.web.pages.redline import with_texts


@require_safe
@vary_on_cookie
def show(request: HttpRequest, key: str) -> HttpResponse:
    NoParameters.check(request)
    change = find_change(key)
    if change is None:
        raise Http404("No change has this key.")
    today = timezone.localdate()
    row, redline = with_texts(change.row, today)
    page = change_page(change, today)
    monday = monday_page(change, page.told, page.report, today)
    team = team_of(request.user)
    context = {
        "page": page,
        "monday": monday,
        "briefs": (("Brief for counsel", monday.counsel), ("Brief for technology", monday.technology)),
        "ours": ours_of(change, monday.touched, team, today) if team else None,
        "may_join": request.user.is_authenticated,
        "fact": fact_of(row, timezone.now()),
        "redline": redline,
    }
    response = render(request, "changes/show.html", context)
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response
