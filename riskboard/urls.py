from django.contrib import admin
from django.urls import path, register_converter

from riskboard.web.converters import DayConverter, KeyConverter
from riskboard.web.views import (
    board,
    changes,
    compare,
    data,
    exports,
    families,
    health,
    licenses,
    lines,
    method,
    pledges,
    search,
    signals,
    sources,
    vendors,
)

register_converter(KeyConverter, "key")
register_converter(DayConverter, "day")

urlpatterns = [
    path("", board.show, name="board"),
    path("search/", search.show, name="search"),
    path("lines/<key:slug>/", lines.show, name="line"),
    path("models/<key:slug>/", families.show_family, name="family"),
    path("models/<key:family>/<key:slug>/", families.show_release, name="release"),
    path("changes/<key:key>/", changes.show, name="change"),
    path("vendors/", vendors.index, name="vendors"),
    path("vendors/<key:slug>/", vendors.show, name="vendor"),
    path("pledges/", pledges.index, name="pledges"),
    path("pledges/<key:key>/", pledges.show, name="pledge"),
    path("licenses/", licenses.index, name="licenses"),
    path("licenses/<key:key>/", licenses.show, name="license"),
    path("license-changes/", licenses.changes, name="license_changes"),
    path("signals/", signals.index, name="signals"),
    path("signals/<key:key>/", signals.show, name="signal"),
    path("sources/<int:pk>/", sources.show, name="source"),
    path("compare/", compare.show, name="compare"),
    path("method/", method.show, name="method"),
    path("method/rubric.toml", method.rubric, name="rubric"),
    path("data/", data.show, name="data"),
    path("export/evidence.zip", exports.bundle, name="bundle"),
    path("export/<key:table>.csv", exports.table, name="export"),
    path("health/", health.show, name="health"),
    path("admin/", admin.site.urls),
]

handler400 = "riskboard.web.views.errors.bad_request"
handler403 = "riskboard.web.views.errors.forbidden"
handler404 = "riskboard.web.views.errors.not_found"
handler500 = "riskboard.web.views.errors.server_error"
