"""Somebody who asks the web server for one job after the other, and asks again until each is acknowledged."""

import http.client
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ASKED_AGAIN_AFTER = 0.1


@dataclass
class Asker:
    """``acknowledged`` is the ledger of the test's own: each job's name, and when it was first asked for."""

    port: int
    name: str
    count: int
    milliseconds: int
    may_ask: Callable[[int], bool]
    acknowledged: dict[str, float] = field(default_factory=dict)
    refusals: int = 0
    goes_on: bool = True  # beyond ``count``, as long as something is still to be done to the run
    is_stopped: bool = False

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._ask_for_all, daemon=True)

    def stop(self) -> None:
        self.is_stopped = True
        self.thread.join()

    def first_after(self, moment: float) -> str | None:
        """The first job of those that were asked for after that, once it is acknowledged."""
        return next((name for name, begun in list(self.acknowledged.items()) if begun > moment), None)

    def _ask_for_all(self) -> None:
        for number in itertools.count():
            if self._has_asked_enough(number):
                return
            while not self.may_ask(number) and not self.is_stopped:
                time.sleep(0.02)
            begun = time.monotonic()
            while not self.is_stopped and not self._is_acknowledged(f"{self.name}-{number}"):
                self.refusals += 1
                time.sleep(ASKED_AGAIN_AFTER)
            self.acknowledged[f"{self.name}-{number}"] = begun

    def _has_asked_enough(self, number: int) -> bool:
        return self.is_stopped or (number >= self.count and not self.goes_on)

    def _is_acknowledged(self, entry: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", f"/ask/append_batch/{entry}/{self.milliseconds}/")
            return connection.getresponse().status == http.client.CREATED
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
