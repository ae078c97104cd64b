from django.http import Http404, HttpRequest, HttpResponse


def table(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404


def bundle(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404
