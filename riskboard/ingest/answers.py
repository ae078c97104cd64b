"""What a host answered."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from riskboard.ingest.failures import BadAnswer

# Encodings of text that people use: Python knows others, and some of them take for ever.
CHARSET = re.compile(
    r"""charset\s*=\s*["']?(utf-?8|utf-?16(?:le|be)?|us-ascii|iso-8859-\d+|windows-125\d|gb2312|gbk|gb18030"""
    r"""|big5(?:-hkscs)?|shift_jis|euc-jp|euc-kr|koi8-[ru])\b""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered, errors of the 4xx kind included. `headers` have lower-case names."""

    url: str  # where the redirects ended
    status: int
    headers: Mapping[str, str]
    body: bytes
    not_modified: bool
    elapsed: float
    moved_to: str = ""  # as far as redirects "for good" led

    @property
    def place(self) -> str:
        """The address for sentences: without the query, which is long and may hold a key."""
        return self.url.partition("?")[0]

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")

    def expect_ok(self) -> Self:
        """Itself if the status is 200, 203 or 304. Raises BadAnswer with the status."""
        if self.status in {200, 203} or self.not_modified:
            return self
        raise BadAnswer(f"{self.place} answered with status {self.status}.", status=self.status)

    def text(self) -> str:
        charset = CHARSET.search(self.headers.get("content-type", ""))
        try:
            text = self.body.decode(charset[1] if charset else "utf-8", "replace")
        except LookupError:
            text = self.body.decode("utf-8", "replace")
        return text.removeprefix("\ufeff")

    def json(self) -> Any:  # noqa: ANN401 - what JSON holds is found out by asking
        """Raises BadAnswer for whatever is not JSON: an empty body, a sign-in page, a number without end."""
        try:
            return json.loads(self.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise BadAnswer(f"{self.place} did not answer with JSON.", "not_json", status=self.status) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
