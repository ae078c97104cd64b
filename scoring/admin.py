from django.contrib import admin
from django.http import HttpRequest

from scoring.models import History, Prediction, Resolution, Score


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the board computed is looked at here, never edited."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: object = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: object = None) -> bool:
        return False


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    date_hierarchy = "as_of"
    list_display = ["line", "as_of", "state", "durability", "low", "high", "cause", "rubric", "recorded_at"]
    list_filter = ["state", "cause", "rubric", "line__modality"]
    list_select_related = ["line"]
    search_fields = ["line__slug", "line__name", "input_digest"]
    ordering = ["-as_of", "-pk"]


@admin.register(History)
class HistoryAdmin(ReadOnlyAdmin):
    list_display = ["line", "first_on", "last_on", "delta90", "computed_at", "input_digest"]
    list_select_related = ["line"]
    search_fields = ["line__slug", "line__name"]
    exclude = ["durability", "low", "high"]
    ordering = ["line__slug"]


@admin.register(Prediction)
class PredictionAdmin(ReadOnlyAdmin):
    date_hierarchy = "made_on"
    list_display = ["line", "round", "made_on", "due_on", "engine", "comparator", "usual", "shown", "band", "rubric"]
    list_filter = ["round", "band", "shown", "rubric", "line__modality"]
    list_select_related = ["line"]
    search_fields = ["line__slug", "line__name", "input_digest"]
    ordering = ["-made_on", "line__slug"]


@admin.register(Resolution)
class ResolutionAdmin(ReadOnlyAdmin):
    date_hierarchy = "resolved_on"
    list_display = ["prediction", "outcome", "event_on", "mode", "resolved_on", "by", "reason"]
    list_filter = ["outcome", "mode", "prediction__round"]
    list_select_related = ["prediction__line", "ruled_by"]
    search_fields = ["prediction__line__slug", "prediction__line__name", "reason"]
    ordering = ["-pk"]
