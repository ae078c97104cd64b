"""What every admin page of evidence does alike: it writes through the services, as an edit made here."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from riskboard.catalog.services import remove, save_local

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Model]
    PlainAdmin = admin.ModelAdmin[Any]
    PlainInline = admin.TabularInline[Any, Any]
else:
    ModelForm, PlainAdmin, PlainInline = forms.ModelForm, admin.ModelAdmin, admin.TabularInline

CLOCKS = ("published_on", "published_is_derived", "recorded_at", "changed_at", "is_local")
# Written by the save itself: a difference in them alone is no edit.
STAMPS = {"changed_at", "is_local"}


class RecordingForm(ModelForm):
    change_reason = forms.CharField(
        max_length=100, required=False, help_text="Why this edit. Kept in the history of the row."
    )


class RecordingAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # the package is untyped
    """Saves and deletes through the services; the key of a stored row stays as it is."""

    form = RecordingForm
    key_fields: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fixed = self.key_fields if obj is not None else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def save_model(self, request: HttpRequest, obj: Model, form: forms.Form, change: bool) -> None:  # noqa: ARG002
        if _differs(obj):
            why = form.cleaned_data["change_reason"] or "Edited in the admin"
            save_local(obj, by=_editor(request), why=why)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ANN401, ARG002
        """Parts of a row: an edit of one is an edit of the row."""
        formset.save()
        if formset.has_changed():
            save_local(form.instance, by=_editor(request), why="Edited a part of it in the admin")

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        remove(obj, by=_editor(request), why="Deleted in the admin")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        for row in queryset:
            self.delete_model(request, row)


def _editor(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


def _differs(row: Model) -> bool:
    """Is ``row`` other than what is stored? A saved form that changed nothing does not make a row local."""
    fields = [field.attname for field in row._meta.concrete_fields if field.name not in STAMPS]
    stored = type(row)._default_manager.filter(pk=row.pk).values(*fields).first()
    return stored is None or any(getattr(row, name) != value for name, value in stored.items())
