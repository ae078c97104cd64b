"""The API itself: its parts, its errors, and its schema."""

from typing import Any

from django.http import Http404
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from riskboard.web.api import gate, lines, method, portfolio, tables
from riskboard.web.api.bearing import Reading
from riskboard.web.api.problems import RefusedError, misread, not_found, refused, stopped, unknown

# One module a part: name its router here.
ROUTERS: tuple[Router, ...] = (lines.router, tables.router, method.router, portfolio.router, gate.router)
DESCRIPTION = (
    "Scores are reconstructed and experimental. They run from 0 to 100, higher is more durable. "
    "Null is unknown: never zero, never “no”. Days are YYYY-MM-DD."
)


class BoardAPI(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:  # noqa: ANN401
        """As the library writes it, and what all parts have in common."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _complete(operation)
        schema["components"]["securitySchemes"].pop("Reading")
        return schema


def _complete(operation: dict[str, Any]) -> None:
    """What everybody may read takes a token where strangers do not read, and an answer that the caller has may still
    be good. Examples of a parameter stand in its schema: beside it, the standard wants another form.
    """
    if operation["security"] == [{"Reading": []}]:
        operation["security"] = [{}, {"Token": []}]
        if "requestBody" not in operation:
            operation["responses"][304] = {"description": "Not Modified"}
    for parameter in operation["parameters"]:
        parameter.pop("examples", None)


api = BoardAPI(
    title="RiskBoard",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=Reading(),
    docs_url=None,  # a page of ours, without scripts
    docs_decorator=require_safe,
)
for router in ROUTERS:
    api.add_router("", router)
api.add_exception_handler(RefusedError, refused)
api.add_exception_handler(ValidationError, misread)
api.add_exception_handler(Http404, not_found)
api.add_exception_handler(HttpError, stopped)
api.add_exception_handler(AuthenticationError, unknown)
