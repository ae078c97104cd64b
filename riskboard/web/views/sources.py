from django.http import Http404, HttpRequest, HttpResponse


def show(request: HttpRequest, **_: str) -> HttpResponse:
    raise Http404
