"""Servers on loopback that do what a test tells them with each connection, byte by byte."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType

from support.couriers import SECRET
from support.waiting import DEADLINE

Handler = Callable[[socket.socket, "Endpoint"], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Endpoint:
    """Listens on a port of the kernel's choice; `handler` has each connection in a thread, TLS done if asked for.

    A handler waits with `closing.wait(...)`, so that none outlives its test; what a vanished peer raises is expected.
    """

    def __init__(self, handler: Handler, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        self.closing = threading.Event()
        self.requests: list[bytes] = []
        self._handler = handler
        self._tls = tls
        self._listener = socket.create_server(
            (address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET
        )
        self._listener.settimeout(0.05)
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Endpoint:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        for thread in self._threads:
            thread.join(DEADLINE)
            assert not thread.is_alive()
        self._listener.close()

    def url(self, host: str = "127.0.0.1") -> str:
        """An address with a secret in each part that could tell one."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://user:{SECRET}@{host}:{self.port}/v1?key={SECRET}"

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(DEADLINE)
        with contextlib.ExitStack() as closed:
            closed.enter_context(contextlib.suppress(OSError))
            closed.callback(connection.close)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                closed.callback(connection.close)
            self._handler(connection, self)


def read_request(connection: socket.socket, endpoint: Endpoint) -> bytes:
    """One whole request, kept in `endpoint.requests`."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += _some(connection)
    whole = head + b"\r\n\r\n" + body
    endpoint.requests.append(whole)
    return whole


def answering(answer: bytes) -> Handler:
    """Read the request, write `answer`, close."""

    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        connection.sendall(answer)

    return handle


def response(status: int, *headers: str, body: bytes = b"") -> bytes:
    """The bytes of an answer; the phrase is one that nobody may repeat."""
    lines = [f"HTTP/1.1 {status} {SECRET}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def connect_proxy(target: int, answer: bytes = b"HTTP/1.1 200 Connected\r\n\r\n") -> Handler:
    """A proxy that answers CONNECT and, with a 200, takes every name for our own `target` port."""

    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        connection.sendall(answer)
        if b" 200 " not in answer:
            return
        with socket.create_connection(("127.0.0.1", target), DEADLINE) as onward:
            _relay(connection, onward)

    return handle


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Both ways until either ends, in one thread: an OpenSSL object may not be used by two at once."""
    ways = {one: other, other: one}
    while readable := select.select(list(ways), [], [], DEADLINE)[0]:
        if not all(_pass_on(source, ways[source]) for source in readable):
            return


def _pass_on(source: socket.socket, sink: socket.socket) -> bool:
    """All that has come, decrypted bytes that OpenSSL already holds among it; False at the end."""
    while True:
        source.settimeout(0)
        try:
            data = source.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        finally:
            source.settimeout(DEADLINE)
        if not data:
            return False
        sink.sendall(data)


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the peer has gone")
    return data
