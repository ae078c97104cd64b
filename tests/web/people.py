"""Accounts for tests, by role."""

from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from riskboard.portfolio.models import Membership, Team
from riskboard.web.access import Role
from riskboard.web.accounts.models import ApiScope
from riskboard.web.accounts.tokens import NewToken, make_token

PASSWORD = "a long pass phrase"


def make_user(role: Role, name: str = "") -> User:
    user = User.objects.create_user(name or f"the-{role.label}", password=PASSWORD)
    user.groups.add(Group.objects.get(name=role.label))
    return user


def client_of(role: Role, **options: bool) -> Client:
    """Somebody with that role, signed in unless the role is that of strangers."""
    client = Client(**options)  # type: ignore[arg-type]  # any option of the client
    if role is not Role.ANONYMOUS:
        client.force_login(User.objects.filter(username=f"the-{role.label}").first() or make_user(role))
    return client


def team_for(*users: User, name: str = "") -> Team:
    """The team that they share. The first owns it; who is in it already stays as they are."""
    owner = Membership.objects.filter(user=users[0]).select_related("team").first()
    team = owner.team if owner else Team.objects.create(name=name or f"Team of {users[0]}", created_at=timezone.now())
    for user in users:
        given = {"team": team, "is_owner": user == users[0], "since_at": timezone.now()}
        Membership.objects.get_or_create(user=user, defaults=given)
    return team


def team_of_all() -> Team:
    """One team of the accounts that ``client_of`` signs in, of every role; the admin owns it."""
    roles = [role for role in Role if role is not Role.ANONYMOUS]
    users = [User.objects.filter(username=f"the-{role.label}").first() or make_user(role) for role in reversed(roles)]
    return team_for(*users)


def make_api_token(user: User | None = None, *scopes: ApiScope) -> NewToken:
    """One that reads, of somebody, unless told otherwise."""
    user = user or make_user(Role.VIEWER, "somebody")
    return make_token(user, "A script", scopes or [ApiScope.READ], timedelta(days=30), timezone.now())
