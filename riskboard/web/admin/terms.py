from django.contrib import admin
from django.db.models import Model

from riskboard.catalog.models import License, LicenseChange, Threshold
from riskboard.web.admin.recording import CLOCKS, PlainInline, RecordingAdmin


class ThresholdInline(PlainInline):
    model = Threshold
    extra = 0


@admin.register(License)
class LicenseAdmin(RecordingAdmin):
    list_display = ("name", "key", "spdx_id", "category", "text_read", "commercial_use", "irrevocable", "is_local")
    list_filter = ("category", "text_read", "commercial_use", "osi_approved", "terminable", "irrevocable", "is_local")
    search_fields = ("name", "key", "spdx_id", "termination")
    autocomplete_fields = ("source",)
    readonly_fields = CLOCKS
    key_fields = ("key",)
    inlines = (ThresholdInline,)
    ordering = ("name",)

    def parts_of(self, row: Model) -> list[Model]:
        return list(Threshold.objects.filter(license_id=row.pk))


@admin.register(LicenseChange)
class LicenseChangeAdmin(RecordingAdmin):
    list_display = (
        "asset",
        "vendor",
        "from_license",
        "to_license",
        "announced_on",
        "direction",
        "applies_to",
        "scope",
        "confidence",
        "is_local",
    )
    list_filter = ("direction", "applies_to", "scope", "confidence", "is_local", "source__is_recalled", "vendor")
    list_select_related = ("vendor", "from_license", "to_license")
    search_fields = ("key", "asset", "vendor__name", "family__name", "from_license__name", "to_license__name")
    date_hierarchy = "announced_on"
    autocomplete_fields = ("vendor", "family", "from_license", "to_license", "source")
    readonly_fields = CLOCKS
    key_fields = ("key",)
    ordering = ("-announced_on", "key")
