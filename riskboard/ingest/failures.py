"""Why a fetch brought nothing. Each has a word for records (`reason`) and a sentence for people (`str`)."""

from datetime import datetime
from typing import ClassVar


class FetchError(Exception):
    """`blames_host`: counts towards leaving that host alone for a while."""

    reason = "failed"
    blames_host: ClassVar[bool] = False

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        if reason:
            self.reason = reason


class Blocked(FetchError):
    """We refuse to go there: bad_address, blocked_address or blocked_redirect."""

    reason = "bad_address"


class TooManyRedirects(FetchError):
    reason = "too_many_redirects"


class TooLarge(FetchError):
    """Of the body, decoded or not, or of the headers."""

    reason = "too_large"


class TooSlow(FetchError):
    reason = "too_slow"
    blames_host = True


class Unreachable(FetchError):
    """No such name, no connection, or it broke: unknown_host, unreachable, bad_tls."""

    reason = "unreachable"
    blames_host = True


class BadAnswer(FetchError):
    """An answer that nothing can be read from. It says nothing about what the host holds."""

    reason = "bad_answer"

    def __init__(self, sentence: str, reason: str = "", *, status: int | None = None) -> None:
        super().__init__(sentence, reason)
        self.status = status


class BrokenAnswer(BadAnswer):
    """The bytes are not HTTP, or end early."""

    reason = "broken_answer"
    blames_host = True


class HostBusy(FetchError):
    """Not now: host_busy (it asked for a pause), host_failing (breaker), too_soon, in_flight. Try at `not_before`."""

    reason = "host_busy"

    def __init__(self, sentence: str, reason: str = "", *, not_before: datetime) -> None:
        super().__init__(sentence, reason)
        self.not_before = not_before


class NotConfigured(FetchError):
    """The operator has not given what this place asks for. The text says what, and where to put it."""

    reason = "not_configured"
