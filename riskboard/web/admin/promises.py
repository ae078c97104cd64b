from django.contrib import admin
from django.http import HttpRequest

from riskboard.catalog.models import Pledge, Ruling
from riskboard.web.admin.recording import CLOCKS, PlainInline, RecordingAdmin


class RulingInline(PlainInline):
    """The history of the status: it grows when the status above is changed."""

    model = Ruling
    extra = 0
    can_delete = False
    fields = readonly_fields = ("status", "ruled_on", "reason", "source", "recorded_at")

    def has_add_permission(self, request: HttpRequest, obj: Pledge | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Pledge)
class PledgeAdmin(RecordingAdmin):
    list_display = (
        "summary",
        "vendor",
        "made_on",
        "due_on",
        "specificity",
        "status",
        "status_on",
        "confidence",
        "is_local",
    )
    list_filter = ("status", "specificity", "channel", "confidence", "is_local", "source__is_recalled", "vendor")
    list_select_related = ("vendor",)
    search_fields = ("key", "summary", "made_by", "status_reason", "vendor__name", "family__name")
    date_hierarchy = "made_on"
    autocomplete_fields = ("vendor", "family", "source", "status_source")
    readonly_fields = CLOCKS
    key_fields = ("key",)
    inlines = (RulingInline,)
    ordering = ("-made_on", "key")
