from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from riskboard.web.bundle import build_bundle
from riskboard.web.exports import EXPORTS
from riskboard.web.forms import NoParameters


@require_safe
def table(request: HttpRequest, table: str) -> HttpResponseBase:
    export = EXPORTS.get(table)
    if export is None:
        return no_such_table(table)
    form = export.form.asked(request, timezone.localdate())
    return StreamingHttpResponse(
        export.chunks(form),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, export.file_name(form)) or "attachment"},
    )


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
