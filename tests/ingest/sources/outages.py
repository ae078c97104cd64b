"""The answers that say nothing about what a place holds."""

import pytest

from tests.ingest.stand_ins.serving import Reply

JSON_ERROR = Reply.json({"error": "internal", "message": "Something went wrong"})
OUTAGES = pytest.mark.parametrize(
    "outage",
    [
        pytest.param(Reply(500, b"Internal Server Error"), id="500"),
        pytest.param(Reply(502, b""), id="502"),
        pytest.param(Reply(404, b"Not found"), id="404"),
        pytest.param(Reply.page(), id="sign-in page"),
        pytest.param(Reply(200, b""), id="empty"),
        pytest.param(JSON_ERROR, id="error with 200"),
        pytest.param(Reply.json([]), id="a list"),
        pytest.param(Reply.json(None), id="null"),
        pytest.param(Reply(200, b'{"hits": [1, 2', {"content-type": "application/json"}), id="cut off"),
        pytest.param(Reply(200, b"[" * 100_000, {"content-type": "application/json"}), id="bottomless"),
    ],
)
