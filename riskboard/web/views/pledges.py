from django.http import Http404, HttpRequest, HttpResponse


def index(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404


def show(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404
