from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from riskboard.web.access import Role, View, ask_to_sign_in, requires, role_of


class BoardAdminSite(AdminSite):
    """For admins, who sign in where everybody does: there failures are counted and second factors asked for."""

    def has_permission(self, request: HttpRequest) -> bool:
        return role_of(request.user) is Role.ADMIN

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: ANN401 - as Django's own
        guarded: View = requires(Role.ADMIN)(super().admin_view(view, cacheable))
        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied(f"This is for admins, and your role is {role_of(request.user).label}.")
        return ask_to_sign_in(request)
