"""Who may do what. A view says it in one line, ``@requires(Role.ANALYST)``, inside the decorator of its verb."""

from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from riskboard.web.accounts.carrying import Carried
from riskboard.web.accounts.forms import SignInForm

View = Callable[..., HttpResponseBase]

SIGNED_OUT = "You are signed out, and nothing was changed. What you typed is still on the page that sent it: go back."


class Role(IntEnum):
    """Each may do all that the ones before it may. The names from ``VIEWER`` on are groups of accounts."""

    ANONYMOUS = 0
    VIEWER = 1
    ANALYST = 2
    REVIEWER = 3
    ADMIN = 4

    @property
    def label(self) -> str:
        return self.name.lower()


GROUPS = {role.label: role for role in Role if role is not Role.ANONYMOUS}


def role_of(user: AbstractBaseUser | AnonymousUser) -> Role:
    """The highest of the account's groups. An account in none is a viewer, a superuser an admin."""
    if not isinstance(user, User) or not user.is_active:
        return Role.ANONYMOUS
    if user.is_superuser:
        return Role.ADMIN
    prefetch_related_objects([user], "groups")  # once for a request, however often it is asked
    return max((GROUPS.get(group.name, Role.VIEWER) for group in user.groups.all()), default=Role.VIEWER)


def role_name_of(user: AbstractBaseUser | AnonymousUser) -> str:
    return role_of(user).label


def requires(role: Role) -> Callable[[View], View]:
    """Asks who is signed out to sign in and come back; refuses (403) who is signed in with less than ``role``."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            held = role_of(request.user)
            if held >= role:
                return view(request, *arguments, **named)
            if held is Role.ANONYMOUS:
                return ask_to_sign_in(request)
            raise PermissionDenied(f"This is for the role {role.label}, and your role is {held.label}.")

        setattr(guarded, "required_role", role)  # noqa: B010 -- for those who ask what an address takes
        return guarded

    return guard


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Comes back afterwards, with what a form sent. A part of a page is refused, as its page keeps what was typed."""
    htmx: HtmxDetails = getattr(request, "htmx")  # noqa: B009 -- the middleware adds it, the type does not know it
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        carried = None if htmx else Carried.of(request)
        if carried is None:
            raise PermissionDenied(SIGNED_OUT)
        return sign_in_with(request, carried)
    if htmx:
        return HttpResponseClientRedirect(_sign_in(htmx.current_url_abs_path or reverse("board")))
    return redirect(_sign_in(request.get_full_path()))


def sign_in_with(request: HttpRequest, carried: Carried) -> HttpResponse:
    """Refused for now; who signs in on this page gets to what was sent."""
    context = {"form": SignInForm(), "carried": carried}
    response = render(request, "accounts/sign_in.html", context, status=403)
    add_never_cache_headers(response)
    return response


def _sign_in(then: str) -> str:
    return f"{reverse('sign_in')}?{urlencode({'next': then})}"
