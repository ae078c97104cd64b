"""Accounts for tests, by role."""

from django.contrib.auth.models import Group, User
from django.test import Client

from riskboard.web.access import Role

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
