"""Path converters: slugs may hold dots (``qwen2.5-72b``), days must exist."""

from datetime import date


class KeyConverter:
    regex = r"[A-Za-z0-9][A-Za-z0-9._-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class DigestConverter(KeyConverter):
    """A sha256, in lower case."""

    regex = r"[0-9a-f]{64}"


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a ValueError makes the path not match: 404

    def to_url(self, value: date) -> str:
        return value.isoformat()
