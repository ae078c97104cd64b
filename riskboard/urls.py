from django.contrib import admin
from django.urls import path, register_converter

from riskboard.web.converters import DayConverter, KeyConverter
from riskboard.web.views import (
    accounts,
    board,
    changes,
    compare,
    corrections,
    data,
    exports,
    families,
    feeds,
    health,
    inbox,
    jobs,
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
    path("sources/", feeds.index, name="feeds"),
    path("sources/feeds/<int:pk>/", feeds.show, name="feed"),
    path("sources/<int:pk>/", sources.show, name="source"),
    path("compare/", compare.show, name="compare"),
    path("method/", method.show, name="method"),
    path("method/rubric.toml", method.rubric, name="rubric"),
    path("data/", data.show, name="data"),
    path("export/evidence.zip", exports.bundle, name="bundle"),
    path("export/<key:table>.csv", exports.table, name="export"),
    path("corrections/", corrections.index, name="corrections"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="retry_job"),
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/many/", inbox.many, name="decide_many"),
    path("inbox/<int:pk>/", inbox.show, name="proposal"),
    path("inbox/<int:pk>/accept/", inbox.accept, name="accept_proposal"),
    path("inbox/<int:pk>/edit/", inbox.edit, name="edit_proposal"),
    path("inbox/<int:pk>/dismiss/", inbox.dismiss, name="dismiss_proposal"),
    path("inbox/<int:pk>/merge/", inbox.merge, name="merge_proposal"),
    path("inbox/<int:pk>/undo/", inbox.undo, name="undo_proposal"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-in/code/", accounts.sign_in_code, name="sign_in_code"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("account/", accounts.show, name="account"),
    path("account/password/", accounts.password, name="password"),
    path("account/second-factor/", accounts.begin_second_factor, name="begin_second_factor"),
    path("account/second-factor/confirm/", accounts.confirm_second_factor, name="confirm_second_factor"),
    path("account/second-factor/remove/", accounts.remove_second_factor, name="remove_second_factor"),
    path("health/", health.show, name="health"),
    path("admin/", admin.site.urls),
]

handler400 = "riskboard.web.views.errors.bad_request"
handler403 = "riskboard.web.views.errors.forbidden"
handler404 = "riskboard.web.views.errors.not_found"
handler500 = "riskboard.web.views.errors.server_error"
