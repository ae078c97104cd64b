from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from riskboard.audit.services import record as note
from riskboard.web.access import role_of
from riskboard.web.accounts.models import ApiToken, SecondFactor
from riskboard.web.accounts.tokens import revoke

if TYPE_CHECKING:
    SecondFactorAdminBase = admin.ModelAdmin[SecondFactor]
    ApiTokenAdminBase = admin.ModelAdmin[ApiToken]
    UserAdminBase = UserAdmin[User]
else:
    ApiTokenAdminBase = SecondFactorAdminBase = admin.ModelAdmin
    UserAdminBase = UserAdmin

admin.site.unregister([User, Group])  # the groups are the roles: there are no others


@admin.register(User)
class AccountAdmin(UserAdminBase):
    """Who was given which role, and by whom, is in the audit log."""

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: ANN401
        form.former_standing = _standing(obj.pk) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: ANN401
        super().save_related(request, form, formsets, change)
        before, after = form.former_standing, _standing(form.instance.pk)
        if before != after:
            _note(request, "account changed" if before else "account made", form.instance, before=before, after=after)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                _note(request, "password set", User.objects.get(pk=id))
        return response

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        with transaction.atomic():
            _note(request, "account deleted", obj, before=_standing(obj.pk))
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        with transaction.atomic():
            for user in queryset:
                self.delete_model(request, user)


@admin.register(SecondFactor)
class SecondFactorAdmin(SecondFactorAdminBase):
    """To delete one, for who lost their app and their recovery codes."""

    fields = list_display = ("user", "confirmed_at")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: SecondFactor | None = None) -> bool:  # noqa: ARG002
        return False

    def delete_model(self, request: HttpRequest, obj: SecondFactor) -> None:
        with transaction.atomic():
            _note(request, "second factor off", obj.user)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SecondFactor]) -> None:
        with transaction.atomic():
            for factor in queryset:
                self.delete_model(request, factor)


@admin.register(ApiToken)
class ApiTokenAdmin(ApiTokenAdminBase):
    """To revoke those of others. What they are for is their owner's to say."""

    fields = list_display = ("prefix", "user", "name", "scopes", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    actions = ("revoke_all",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:  # noqa: ARG002
        return False

    @admin.action(description="Revoke these tokens")
    def revoke_all(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        assert isinstance(request.user, User)
        for token in queryset:
            revoke(token, request.user, timezone.now())  # noqa: TID251 -- part of the view


def _standing(pk: int) -> dict[str, Any]:
    user = User.objects.get(pk=pk)
    groups = sorted(user.groups.values_list("name", flat=True))
    return {
        "name": user.get_username(),
        "role": role_of(user).label,
        "groups": groups,
        "is_active": user.is_active,
        "is_superuser": user.is_superuser,
    }


def _note(request: HttpRequest, action: str, user: User, **said: Any) -> None:
    assert isinstance(request.user, User)
    now = timezone.now()  # noqa: TID251 -- part of the view
    note(actor=request.user, action=action, subject=f"account:{user.pk}", at=now, **said)
