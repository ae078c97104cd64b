from django.http import Http404, HttpRequest, HttpResponse


def show_family(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404


def show_release(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404
