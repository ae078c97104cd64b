"""From a name and a password to a session, with a code in between where the account has a second factor."""

from datetime import datetime, timedelta

from django.contrib.auth import authenticate, login
from django.contrib.auth.models import User
from django.http import HttpRequest

from riskboard.web.accounts import second_factor, sessions
from riskboard.web.accounts.addresses import client_address
from riskboard.web.accounts.throttling import admit

HALF_WAY = "half_way"
PATIENCE = timedelta(minutes=10)  # between password and code


def check_password(request: HttpRequest, name: str, password: str, now: datetime) -> User | None:
    """Raises TooManyAttemptsError. It takes as long for a name that nobody has."""
    attempt = admit(name, client_address(request), now)
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        return None
    if second_factor.is_on(user):
        attempt.take_back()  # half of it was right: the other half may not be guessed for that
    else:
        attempt.was_right()
    return user


def check_code(request: HttpRequest, user: User, code: str, now: datetime) -> bool:
    """Raises TooManyAttemptsError."""
    attempt = admit(user.get_username(), client_address(request), now)
    is_right = second_factor.accepts(user, code, now)
    if is_right:
        attempt.was_right()
    return is_right


def stop_half_way(request: HttpRequest, user: User, then: str, now: datetime) -> None:
    until = (now + PATIENCE).timestamp()
    # The hash goes with the password: a change of it in between begins anew.
    request.session[HALF_WAY] = {"user": user.pk, "hash": user.get_session_auth_hash(), "then": then, "until": until}


def half_way(request: HttpRequest, now: datetime) -> tuple[User, str] | None:
    """Who gave the right password a moment ago, and where they want to go."""
    kept = request.session.get(HALF_WAY)
    if not kept or kept["until"] < now.timestamp():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["hash"]:
        return None
    return user, kept["then"]


def enter(request: HttpRequest, user: User, now: datetime) -> None:
    request.session.pop(HALF_WAY, None)
    request.session.cycle_key()  # Django keeps the key of who signs in a second time
    login(request, user, backend="riskboard.web.accounts.backend.RoleBackend")
    sessions.begin(request.session, now)
