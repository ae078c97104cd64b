"""What kombu 5.7 lacks to outlive a broker that goes away in the middle of a task."""

from kombu.transport import redis as transport
from redis.exceptions import ConnectionError as BrokerGoneError


class Channel(transport.Channel):
    """Says of a connection that is closed that it is gone.

    kombu looks for the address of the closed connection and fails with an AttributeError, which ends the worker: when
    messages are handed back, and when a task that outlived the connection acknowledges its own. A connection error it
    notes and goes on; the message comes again, and finds its job done.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, object]:
        if getattr(self.connection, "client", None) is None:
            raise BrokerGoneError("The connection to the broker is closed.")
        parameters: dict[str, object] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc] # unknown to its stubs
        return parameters


def install() -> None:
    transport.Transport.Channel = Channel
