from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from riskboard.web.access import ask_to_sign_in
from riskboard.web.accounts import sessions
from riskboard.web.api.middleware import is_api

Next = Callable[[HttpRequest], HttpResponseBase]


class SessionLimitsMiddleware:
    """Ends sessions that lasted long enough, and keeps what was made for one person out of every cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        now = timezone.now()  # noqa: TID251 -- part of the view
        if sessions.is_over(request.session, now):
            logout(request)
        else:
            sessions.note_use(request.session, now)
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store, private"
        return response


class ReadingMiddleware:
    """Where only who has an account may read, nothing else answers a stranger: not even that a page is missing.

    The API asks for a token by itself.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (
            settings.ANONYMOUS_READING
            or request.user.is_authenticated
            or request.path in _open_paths()
            or is_api(request)
        ):
            return self.get_response(request)
        return ask_to_sign_in(request)


def _open_paths() -> set[str]:
    return {reverse(name) for name in ("sign_in", "sign_in_code", "health", "progress")}
