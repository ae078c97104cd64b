from django.http import HttpRequest

from riskboard.web.checks import missing_vendor_files


def front_end(_request: HttpRequest) -> dict[str, bool]:
    """Tells templates whether chart scripts may be referenced: without them pages show tables."""
    return {"charts_available": not missing_vendor_files()}
