from django.contrib import admin

from riskboard.catalog.models import Family, Line, Reach, Release, Revision, Vendor, VendorFact
from riskboard.web.admin.recording import CLOCKS, RecordingAdmin

STAMPS = ("changed_at", "is_local")


@admin.register(Vendor)
class VendorAdmin(RecordingAdmin):
    list_display = ("name", "slug", "kind", "country", "parent", "founded_on", "is_local")
    list_filter = ("kind", "is_local", "country")
    search_fields = ("name", "slug", "parent", "hf_org", "github_org", "ticker")
    readonly_fields = STAMPS
    key_fields = ("slug",)
    ordering = ("name",)


@admin.register(Line)
class LineAdmin(RecordingAdmin):
    list_display = ("name", "slug", "vendor", "modality", "known_as", "is_local")
    list_filter = ("modality", "is_local", "vendor")
    list_select_related = ("vendor",)
    search_fields = ("name", "slug", "known_as", "vendor__name")
    autocomplete_fields = ("vendor",)
    readonly_fields = STAMPS
    key_fields = ("slug",)
    ordering = ("name",)


@admin.register(Family)
class FamilyAdmin(RecordingAdmin):
    list_display = ("name", "slug", "line", "modality", "first_release_on", "is_local")
    list_filter = ("modality", "is_local", "line__vendor")
    list_select_related = ("line",)
    search_fields = ("name", "slug", "line__name")
    autocomplete_fields = ("line",)
    readonly_fields = STAMPS
    key_fields = ("slug",)
    ordering = ("name",)


@admin.register(Release)
class ReleaseAdmin(RecordingAdmin):
    list_display = (
        "name",
        "family",
        "released_on",
        "access",
        "license",
        "flagship",
        "weights_on",
        "withdrawn_on",
        "confidence",
        "is_local",
    )
    list_filter = (
        "access",
        "flagship",
        "modality",
        "confidence",
        "is_local",
        "source__is_recalled",
        "family__line__vendor",
    )
    list_select_related = ("family", "license")
    search_fields = ("name", "slug", "hf_repo", "family__name")
    date_hierarchy = "released_on"
    autocomplete_fields = ("family", "license", "source")
    readonly_fields = CLOCKS
    key_fields = ("slug",)
    ordering = ("-released_on", "name")


@admin.register(Revision)
class RevisionAdmin(RecordingAdmin):
    list_display = ("repository", "commit_sha", "release", "captured_on", "is_local")
    list_select_related = ("release",)
    search_fields = ("repository", "commit_sha", "release__name")
    date_hierarchy = "captured_on"
    autocomplete_fields = ("release", "source")
    readonly_fields = CLOCKS
    ordering = ("-captured_on", "repository")


@admin.register(VendorFact)
class VendorFactAdmin(RecordingAdmin):
    list_display = ("vendor", "family", "field", "value", "valid_from", "valid_to", "confidence", "is_local")
    list_filter = ("field", "value", "confidence", "is_local", "source__is_recalled", "vendor")
    list_select_related = ("vendor", "family")
    search_fields = ("vendor__name", "family__name", "value")
    date_hierarchy = "valid_from"
    autocomplete_fields = ("vendor", "family", "source")
    readonly_fields = CLOCKS
    ordering = ("vendor__name", "field", "-valid_from")


@admin.register(Reach)
class ReachAdmin(RecordingAdmin):
    list_display = ("vendor", "family", "metric", "value", "measured_on", "confidence", "is_local")
    list_filter = ("metric", "confidence", "is_local", "vendor")
    list_select_related = ("vendor", "family")
    search_fields = ("vendor__name", "family__name")
    date_hierarchy = "measured_on"
    autocomplete_fields = ("vendor", "family", "source")
    readonly_fields = CLOCKS
    ordering = ("vendor__name", "metric", "-measured_on")
