from dataclasses import dataclass

from django.contrib.auth.models import User

from riskboard.web.access import Role, role_of
from riskboard.web.accounts import second_factor

MAY = {
    Role.VIEWER: "You read every page.",
    Role.ANALYST: "You read every page, enter and correct evidence, decide about proposals and see to jobs.",
    Role.REVIEWER: "You do what analysts do, and see to what needs more than one person.",
    Role.ADMIN: "You do what reviewers do, and look after accounts and everything else in the admin pages.",
}


@dataclass(frozen=True, slots=True)
class AccountPage:
    name: str
    role: Role
    has_second_factor: bool
    codes_left: int

    @property
    def may(self) -> str:
        return MAY[self.role]

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


def account_page(user: User) -> AccountPage:
    is_on = second_factor.is_on(user)
    return AccountPage(user.get_username(), role_of(user), is_on, second_factor.codes_left(user) if is_on else 0)
