from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model

from riskboard.web.access import Role, role_of


class RoleBackend(ModelBackend):
    """An admin may do everything in the admin pages; nobody else gets there."""

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        return role_of(user_obj) is Role.ADMIN or super().has_perm(user_obj, perm, obj)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        return role_of(user_obj) is Role.ADMIN or super().has_module_perms(user_obj, app_label)
