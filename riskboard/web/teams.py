"""Whose portfolio it is. A view says it in one line, ``@for_team``, inside the decorator of its verb."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from riskboard.portfolio.selectors import team_of
from riskboard.web.access import Role, View, requires


def for_team(view: Callable[..., HttpResponseBase]) -> View:
    """Hands the view the team of who is signed in, after the request; who has none is asked to make or join one."""

    @wraps(view)
    def handed(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        team = team_of(request.user)
        if team is None:
            return redirect("team")
        response = view(request, team, *arguments, **named)
        patch_cache_control(response, private=True)
        return response

    return requires(Role.VIEWER)(handed)
