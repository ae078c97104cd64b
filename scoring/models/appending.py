"""Rows that are written once: code refuses to change or delete them, as the database does (scoring.guarding)."""

from typing import Any, NoReturn, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class AppendOnlyError(TypeError):
    """What was once said stays as it was said."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **_fields: object) -> NoReturn:
        raise AppendOnlyError(f"{self._named} are never changed: add a row that follows.")

    def bulk_update(self, *_arguments: object, **_options: object) -> NoReturn:
        raise AppendOnlyError(f"{self._named} are never changed: add a row that follows.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self._named} are never deleted.")

    @property
    def _named(self) -> str:
        return str(self.model._meta.verbose_name_plural).capitalize()


class AppendOnlyModel(models.Model):
    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"A {self._meta.verbose_name} is never changed: add a row that follows.")
        super().save(**options | {"force_insert": True})

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise AppendOnlyError(f"A {self._meta.verbose_name} is never deleted.")
