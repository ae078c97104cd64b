"""A file or a pasted text: what is too large is refused before it is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

AROUND = 100_000  # what a form sends around a file
Run = Callable[..., HttpResponse]


class UploadForm(forms.Form):
    """``content`` is what was sent, ``file_name`` blank for what was pasted. Its fields: ``file`` and ``text``."""

    largest: ClassVar[int]  # bytes of a file
    too_large: ClassVar[str]
    not_both: ClassVar[str]
    nothing: ClassVar[str]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_file, has_text = cleaned.get("file") is not None, bool(cleaned.get("text", "").strip())
        if has_file and has_text:
            raise ValidationError(self.not_both)
        if not has_file and not has_text and not self.errors:
            raise ValidationError(self.nothing)
        if has_file and cleaned["file"].size > self.largest:
            raise ValidationError(self.too_large, code="too_large")
        return cleaned

    @classmethod
    def refused(cls) -> Self:
        """For what was too large to be read."""
        form = cls({})
        form.errors.clear()
        form.add_error(None, cls.too_large)
        return form

    @property
    def is_too_large(self) -> bool:
        return self.has_error(NON_FIELD_ERRORS, "too_large")

    @property
    def content(self) -> bytes:
        upload = self.cleaned_data["file"]
        return bytes(upload.read()) if upload is not None else self.cleaned_data["text"].encode()

    @property
    def file_name(self) -> str:
        upload = self.cleaned_data["file"]
        return str(upload.name) if upload is not None else ""


def bounded(form: type[UploadForm], refuse: Run) -> Callable[[Run], Run]:
    """Answers with ``refuse`` what is larger than the form takes. Whatever is read needs its token."""

    def bind(view: Run) -> Run:
        protected = csrf_protect(view)

        @csrf_exempt  # or the token would be looked for in all of it first
        @wraps(view)
        def within(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            length = request.META.get("CONTENT_LENGTH") or "0"
            if length.isdecimal() and int(length) > form.largest + AROUND:
                return refuse(request, *arguments, **named)
            try:
                return protected(request, *arguments, **named)
            except RequestDataTooBig:
                return refuse(request, *arguments, **named)

        return within

    return bind
