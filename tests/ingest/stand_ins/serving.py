"""What every stand-in is made of: a server on a free loopback port that answers from plain Python state."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]  # lower-case names
    form: Mapping[str, list[str]] | None = None  # what was posted

    def first(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> "Reply":
        sent = {"content-type": "application/json; charset=utf-8", **(headers or {})}
        return cls(status, json.dumps(value).encode(), sent)

    @classmethod
    def page(cls, status: int = 200) -> "Reply":
        """What a sign-in page or a maintenance notice looks like to a program."""
        body = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>"
        return cls(status, body, {"content-type": "text/html; charset=utf-8"})

    def validated(self, asked: Asked, etag: str = "") -> "Reply":
        """With an ETag, and as "not modified" for who has it already."""
        etag = etag or f'"{sha256(self.body).hexdigest()[:32]}"'
        if asked.headers.get("if-none-match") in {etag, f"W/{etag}"}:
            return Reply(304, b"", {**self.headers, "etag": etag})
        return Reply(self.status, self.body, {**self.headers, "etag": etag})


@dataclass
class StandIn:
    """``outage``, when set, answers everything; ``outages`` answers the paths that contain its keys."""

    asked: list[Asked] = field(default_factory=list)
    outage: Reply | None = None
    outages: dict[str, Reply] = field(default_factory=dict)
    url: str = ""

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.outage is not None:
            return self.outage
        for part, reply in self.outages.items():
            if part in asked.path:
                return reply
        return self.answer(asked)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


S = TypeVar("S", bound=StandIn)


@contextmanager
def serving(stand_in: S) -> Iterator[S]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            self._answer(parse_qs(body.decode()))

        def do_GET(self) -> None:
            self._answer(None)

        def _answer(self, form: Mapping[str, list[str]] | None) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = stand_in.reply(Asked(parts.path, parse_qs(parts.query), headers, form))
            self.send_response(reply.status)
            for name, value in {**reply.headers, "content-length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
