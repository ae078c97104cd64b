"""Who asks: whoever bears a token that stands, or a stranger."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from riskboard.web.accounts.models import ApiScope, ApiToken

PLACE = "api_token"


def bear(request: HttpRequest, token: ApiToken) -> None:
    setattr(request, PLACE, token)


def token_of(request: HttpRequest) -> ApiToken | None:
    token: ApiToken | None = getattr(request, PLACE, None)
    return token


class Token(HttpBearer):
    """Asks for a token with a scope. The middleware has read it by now: nothing else sees the header."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiToken | bool | None:
        token = token_of(request)
        if token is not None and self.scope not in token.scopes:
            raise HttpError(403, f"This token lacks the scope “{self.scope}”.")
        return token

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ANN401
        raise NotImplementedError


class Reading(Token):
    """Asks only where strangers do not read."""

    def __init__(self) -> None:
        super().__init__(ApiScope.READ)

    def __call__(self, request: HttpRequest) -> ApiToken | bool | None:
        return True if settings.ANONYMOUS_READING else super().__call__(request)
