from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from riskboard.web.bundle import build_bundle
from riskboard.web.csv_lines import csv_download
from riskboard.web.exports import EXPORTS
from riskboard.web.forms import NoParameters


@require_safe
def table(request: HttpRequest, table: str) -> HttpResponseBase:
    export = EXPORTS.get(table)
    if export is None:
        return no_such_table(table)
    form = export.form.asked(request, timezone.localdate())
    return csv_download(export.file_name(form), export.chunks(form))


def no_such_table(name: str) -> HttpResponse:
    known = "\n".join(f"  {reverse('export', args=[table])}" for table in EXPORTS)
    text = f"There is no table {name[:80]!r}. There are:\n{known}\nWhat they hold: {reverse('data')}\n"
    return HttpResponse(text, status=404, content_type="text/plain; charset=utf-8")


@require_safe
def bundle(request: HttpRequest) -> HttpResponseBase:
    NoParameters.check(request)
    version, content = build_bundle()
    return FileResponse(
        content, as_attachment=True, filename=f"riskboard-evidence-{version}.zip", content_type="application/zip"
    )
