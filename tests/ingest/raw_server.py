"""A server that says exactly the bytes a test wants it to say, as slowly and for as long as it wants."""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import httpcore


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]


Script = Callable[[Heard], Iterable[bytes]]


@dataclass
class RawServer:
    port: int
    scheme: str
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    bytes_sent: int = 0
    stopped: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> list[bytes]:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return ["\r\n".join(lines).encode("latin-1"), body]


def redirect(location: str, status: str = "302 Found") -> list[bytes]:
    return answer(b"", f"Location: {location}", status=status)


@contextmanager
def serving(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(listener.getsockname()[1], "https" if tls else "http")
    accepting = Thread(target=_accept, args=(listener, server, script, tls), daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        server.stopped.set()
        # Closing alone does not wake a thread that waits in accept.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()


def _accept(listener: socket.socket, server: RawServer, script: Script, tls: ssl.SSLContext | None) -> None:
    talking = []
    with suppress(OSError):
        while True:
            connection, _address = listener.accept()
            server.connections += 1
            talking.append(Thread(target=_talk, args=(connection, server, script, tls), daemon=True))
            talking[-1].start()
    for thread in talking:
        thread.join()


def _talk(plain: socket.socket, server: RawServer, script: Script, tls: ssl.SSLContext | None) -> None:
    plain.settimeout(20)
    with plain, suppress(OSError), tls.wrap_socket(plain, server_side=True) if tls else plain as connection:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                return
            head += piece
        heard = _heard(head)
        server.heard.append(heard)
        for part in script(heard):
            if server.stopped.is_set():
                return
            connection.sendall(part)
            server.bytes_sent += len(part)


def _heard(head: bytes) -> Heard:
    first, *lines = head.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return Heard(first.split(" ")[1], {name.lower(): value for name, _colon, value in pairs})


class Rerouted(httpcore.SyncBackend):
    """A network that notes where each connection goes, and lets all of them arrive at one local server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connected: list[tuple[str, int]] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, timeout, local_address, socket_options)


@dataclass
class Resolver:
    """Answers from a list, the next one at each question."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]
