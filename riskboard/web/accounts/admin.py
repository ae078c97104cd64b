from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from riskboard.web.accounts.models import SecondFactor

if TYPE_CHECKING:
    SecondFactorAdminBase = admin.ModelAdmin[SecondFactor]
else:
    SecondFactorAdminBase = admin.ModelAdmin


@admin.register(SecondFactor)
class SecondFactorAdmin(SecondFactorAdminBase):
    """To delete one, for who lost their app and their recovery codes."""

    fields = list_display = ("user", "confirmed_at")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: SecondFactor | None = None) -> bool:  # noqa: ARG002
        return False
