"""What pages ask of a team's own records. Nothing here writes or reads the clock."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from riskboard.portfolio.models import Team


def team_of(user: AbstractBaseUser | AnonymousUser) -> Team | None:
    """The team whose portfolio the account sees; None: it belongs to none."""
    return Team.objects.filter(memberships__user=user.pk).first() if user.is_authenticated else None
