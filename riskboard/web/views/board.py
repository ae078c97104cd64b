from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from riskboard.web.forms_board import BoardForm
from riskboard.web.pages.board import board_page
from riskboard.web.rendering import render_list


@require_safe
@vary_on_headers("HX-Request")
def show(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = BoardForm.asked(request, today)
    return render_list(request, "board/board.html", board_page(form, today), form.query())
