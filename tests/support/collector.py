"""A real HTTP endpoint that keeps exactly what came, and answers as a test tells it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from support.waiting import DEADLINE, until


@dataclass(frozen=True)
class Answer:
    """One answer: after `delay` seconds this status, or with `hang_up` a closed connection and no word."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b'{"status": "ok"}'
    delay: float = 0.0
    hang_up: bool = False


@dataclass(frozen=True)
class Request:
    """One request as it came; `at` is the wall clock's second."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def document(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def events(self) -> list[dict[str, Any]]:
        return list(self.document["events"])


@dataclass
class _Script:
    default: Answer = field(default_factory=Answer)
    queued: list[Answer] = field(default_factory=list)


class Collector:
    """Loopback, a port of the kernel's choice, one thread a connection."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._requests: list[Request] = []
        self._script = _Script()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Collector:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(DEADLINE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def answer(self, *queued: Answer, then: Answer | None = None) -> None:
        """Answer the next requests with `queued`, one each, and all that follow with `then` (200)."""
        with self._changed:
            self._script = _Script(then or Answer(), list(queued))

    @property
    def requests(self) -> list[Request]:
        with self._changed:
            return list(self._requests)

    def events(self, kind: str = "heartbeat", product: str = "acme") -> list[dict[str, Any]]:
        """The events of one kind and product, in the order of arrival, repeated ones included."""
        came = [event for request in self.requests for event in request.events]
        return [event for event in came if event["event_type"] == kind and event["product"] == product]

    def carrying(self, kind: str = "heartbeat") -> list[Request]:
        """The requests that carry at least one event of this kind."""
        return [one for one in self.requests if any(event["event_type"] == kind for event in one.events)]

    def await_events(
        self, count: int, kind: str = "heartbeat", product: str = "acme"
    ) -> list[dict[str, Any]]:
        """Wait for that many events of a kind."""
        until(
            lambda: len(self.events(kind, product)) >= count,
            lambda: f"{count} {kind} of {product} at the collector; it has {[r.body for r in self.requests]}",
        )
        return self.events(kind, product)

    def _take(self, request: Request) -> Answer:
        with self._changed:
            self._requests.append(request)
            return self._script.queued.pop(0) if self._script.queued else self._script.default

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = collector._take(Request(self.command, self.path, headers, body, time.time()))
                collector._closing.wait(answer.delay)
                if answer.hang_up:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # the caller gave up waiting: that is what some tests are about
                    self.close_connection = True

            do_POST = do_GET = do_PUT = do_DELETE = _serve

            def log_message(self, format: str, *args: object) -> None:
                """Silent: the requests are kept, nobody reads a log."""

        return Handler
