"""The wire: connections that go to one pinned IP address, within an allowance of time and bytes."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpcore
import httpx

from riskboard.ingest.failures import TooLarge, TooSlow, Unreachable


@dataclass(slots=True)
class Allowance:
    """What may still be spent; every read and write draws on it, so that slow drops add up."""

    ends: float  # monotonic
    bytes_left: int

    def seconds(self, at_most: float | None = None) -> float:
        left = self.ends - monotonic()
        if left <= 0:
            raise TooSlow("The answer took too long.")
        return left if at_most is None else min(left, at_most)

    def spend(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TooLarge("The answer is too large.")


class PinnedTransport(httpx.HTTPTransport):
    """Speaks to `address` whatever the URL's host is; Host header, SNI and certificate check stay with the URL."""

    def __init__(
        self, address: str, allowance: Allowance, *, tls: ssl.SSLContext, network: httpcore.NetworkBackend
    ) -> None:
        super().__init__(verify=tls, trust_env=False)
        # httpx offers no way to hand over a backend.
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_PinnedNetwork(address, allowance, network),
        )


class _PinnedNetwork(httpcore.NetworkBackend):
    def __init__(self, address: str, allowance: Allowance, network: httpcore.NetworkBackend) -> None:
        self._address, self._allowance, self._network = address, allowance, network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = self._allowance.seconds(timeout)
        try:
            stream = self._network.connect_tcp(self._address, port, seconds, local_address, socket_options)
        except httpcore.ConnectTimeout as error:
            raise TooSlow(f"{host} did not take the connection.") from error
        except httpcore.ConnectError as error:
            raise Unreachable(f"{host} refused the connection.") from error
        return _BoundedStream(stream, self._allowance)


class _BoundedStream(httpcore.NetworkStream):
    """The timeouts of httpx hold for each single operation: ours hold for all of them together."""

    def __init__(self, stream: httpcore.NetworkStream, allowance: Allowance) -> None:
        self._stream, self._allowance = stream, allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            received = self._stream.read(max_bytes, self._allowance.seconds(timeout))
        except httpcore.ReadTimeout as error:
            raise TooSlow("The answer took too long.") from error
        except httpcore.ReadError as error:
            raise Unreachable("The connection broke.") from error
        self._allowance.spend(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpcore reads the answer of a host that no longer listens, and copes with a write error itself.
        try:
            self._stream.write(buffer, self._allowance.seconds(timeout))
        except httpcore.WriteTimeout as error:
            raise TooSlow("The host did not take the request.") from error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._allowance.seconds(timeout))
        except httpcore.ConnectTimeout as error:
            raise TooSlow(f"{server_hostname} did not finish the TLS handshake.") from error
        except httpcore.ConnectError as error:
            raise Unreachable(f"{server_hostname} offers no TLS that can be trusted: {error}", "bad_tls") from error
        return _BoundedStream(stream, self._allowance)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        return self._stream.get_extra_info(info)
