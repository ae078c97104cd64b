from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from riskboard.catalog.models import Signal, Source, Tombstone
from riskboard.catalog.services import writing
from riskboard.web.admin.recording import CLOCKS, PlainAdmin, RecordingAdmin, RecordingForm, note_edit


class SignalForm(RecordingForm):
    """Publication is asked for only as far as it was stated."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as the admin passes them
        if self._signal().published_is_derived:
            self.initial["published_on"] = None

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        self._signal().published_is_derived = cleaned.get("published_on") is None
        return cleaned

    def _signal(self) -> Signal:
        assert isinstance(self.instance, Signal)
        return self.instance


@admin.register(Signal)
class SignalAdmin(RecordingAdmin):
    form = SignalForm
    list_display = (
        "summary",
        "vendor",
        "kind",
        "occurred_on",
        "published_on",
        "direction",
        "severity",
        "admiralty",
        "is_local",
    )
    list_filter = (
        "kind",
        "direction",
        "severity",
        "source_reliability",
        "confidence",
        "is_local",
        "source__is_recalled",
        "vendor",
    )
    list_select_related = ("vendor",)
    search_fields = ("key", "event_id", "summary", "publisher", "vendor__name", "family__name")
    date_hierarchy = "occurred_on"
    autocomplete_fields = ("vendor", "family", "source")
    readonly_fields = tuple(name for name in CLOCKS if name != "published_on")
    key_fields = ("key",)
    ordering = ("-occurred_on", "key")


@admin.register(Source)
class SourceAdmin(PlainAdmin):
    """What was cited stays as it was cited: a row that rests on another page cites another source."""

    list_display = ("title", "url", "is_recalled")
    list_filter = ("is_recalled",)
    search_fields = ("title", "url")
    fields = ("url", "title")
    ordering = ("title", "url")
    list_per_page = 50
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Source, form: object, change: bool) -> None:  # noqa: ARG002
        obj.is_recalled = Source.citing(obj.url, obj.title).is_recalled
        with writing():
            obj.save()
            note_edit(request, "recorded", f"source:{obj.pk}", after={"url": obj.url, "title": obj.title})

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Tombstone)
class TombstoneAdmin(PlainAdmin):
    """Shipped rows deleted here. Deleting the entry lets the next load bring the row back."""

    list_display = ("table", "key", "deleted_at")
    list_filter = ("table",)
    search_fields = ("key",)
    ordering = ("-deleted_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Tombstone | None = None) -> bool:  # noqa: ARG002
        return False

    def delete_model(self, request: HttpRequest, obj: Tombstone) -> None:
        with writing():
            note_edit(request, "freed", f"tombstone:{obj.table}:{obj.key}"[:200], reason="Deleted in the admin")
            obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tombstone]) -> None:
        with writing():
            for tombstone in queryset:
                self.delete_model(request, tombstone)
