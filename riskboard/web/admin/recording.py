"""What every admin page of evidence does alike: it writes through the services and into the audit log."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from riskboard.audit.services import record as note
from riskboard.catalog.services import save_local, writing
from riskboard.ingest.recording import removed
from riskboard.ingest.rows import reference_of, texts_of

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Model]
    PlainAdmin = admin.ModelAdmin[Any]
    PlainInline = admin.TabularInline[Any, Any]
else:
    ModelForm, PlainAdmin, PlainInline = forms.ModelForm, admin.ModelAdmin, admin.TabularInline

CLOCKS = ("published_on", "published_is_derived", "recorded_at", "changed_at", "is_local")
# Written by the save itself: a difference in them alone is no edit.
STAMPS = {"changed_at", "is_local"}
EDITED, DELETED = "Edited in the admin", "Deleted in the admin"

Texts = dict[str, str]


class RecordingForm(ModelForm):
    change_reason = forms.CharField(
        max_length=100, required=False, help_text="Why this edit. Kept in the history of the row and in the audit log."
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
        why = form.cleaned_data["change_reason"] or EDITED
        with writing():
            if _differs(obj):
                before = _said(type(obj)._default_manager.filter(pk=obj.pk))
                save_local(obj, by=editor(request), why=why)
                _note_differences(request, before, _said(type(obj)._default_manager.filter(pk=obj.pk)), why)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ANN401, ARG002
        """Parts of a row: an edit of one is an edit of the row."""
        if not formset.has_changed():
            formset.save()
            return
        why = form.cleaned_data["change_reason"] or EDITED
        parts = formset.model._default_manager.filter(**{formset.fk.name: form.instance})
        with writing():
            before = _said(parts)
            formset.save()
            save_local(form.instance, by=editor(request), why=why)
            _note_differences(request, before, _said(parts), why)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        with writing():
            for row in (*self.parts_of(obj), obj):
                removed(row, by=editor(request), now=_now(), reason=DELETED)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        with writing():
            for row in queryset:
                self.delete_model(request, row)

    def parts_of(self, row: Model) -> list[Model]:  # noqa: ARG002
        """Rows of evidence that go with it."""
        return []


def editor(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


def note_edit(request: HttpRequest, action: str, subject: str, **said: Any) -> None:
    note(actor=editor(request), action=action, subject=subject, at=_now(), **said)


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 -- part of the view


def _said(rows: QuerySet[Model]) -> dict[str, Texts]:
    return {reference_of(row): texts_of(row) for row in rows.all()}


def _note_differences(request: HttpRequest, before: dict[str, Texts], after: dict[str, Texts], why: str) -> None:
    for subject in sorted(before.keys() | after.keys()):
        former, later = before.get(subject), after.get(subject)
        if former == later and former is not None:
            continue
        action = "recorded" if former is None else "withdrawn" if later is None else "corrected"
        note_edit(request, action, subject, before=former, after=later, reason=why, is_public=action != "recorded")


def _differs(row: Model) -> bool:
    """Is ``row`` other than what is stored? A saved form that changed nothing does not make a row local."""
    fields = [field.attname for field in row._meta.concrete_fields if field.name not in STAMPS]
    stored = type(row)._default_manager.filter(pk=row.pk).values(*fields).first()
    return stored is None or any(getattr(row, name) != value for name, value in stored.items())
