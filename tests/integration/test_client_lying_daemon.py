"""Whoever listens at the socket: wrong bytes, endless bytes, silence, a close at each step. The host goes on."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import CONNECT, acme
from support.raw_peer import GREETING

STRICT = ("-X", "dev", "-W", "error")

PULL_READY = b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x04PULL"
HTTP = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"

CALLS = """
import os, resource, time
def calls(number):
    for _ in range(number):
        telemetry.count("feature.search")
        telemetry.observe("latency.search", 1.5, "ms")
    telemetry.error(ValueError())
calls(1)
time.sleep(0.1)
calls(20000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(20):
    calls(5000)
    telemetry._sender._rest_until = 0.0  # as if two seconds had passed: so it tries again, often
    time.sleep(0.01)
telemetry.flush(0.05)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown < 8192, f"{grown} KB"
"""

Manner = Callable[[socket.socket], None]


def _silence(peer: socket.socket) -> None:
    peer.recv(1 << 16)
    _linger(peer)


def _close_at_once(peer: socket.socket) -> None:
    pass


def _close_after_greeting(peer: socket.socket) -> None:
    peer.sendall(GREETING)


def _close_after_ready(peer: socket.socket) -> None:
    peer.sendall(GREETING + PULL_READY)


def _close_after_a_frame(peer: socket.socket) -> None:
    peer.sendall(GREETING + PULL_READY)
    peer.recv(1 << 16)


def _reset(peer: socket.socket) -> None:
    peer.sendall(GREETING + PULL_READY)
    peer.shutdown(socket.SHUT_RDWR)


def _half_greeting(peer: socket.socket) -> None:
    peer.sendall(GREETING[:20])
    _linger(peer)


def _byte_by_byte(peer: socket.socket) -> None:
    for byte in GREETING + PULL_READY:
        peer.sendall(bytes([byte]))
    _linger(peer)


def _wrong_bytes(peer: socket.socket) -> None:
    peer.sendall(HTTP)
    _linger(peer)


def _random_bytes(peer: socket.socket) -> None:
    while True:
        peer.sendall(os.urandom(4096))


def _endless_ready(peer: socket.socket) -> None:
    peer.sendall(GREETING + b"\x06\0\0\0\0\0\xff\xff\xff")
    while True:
        peer.sendall(bytes(4096))


def _endless_after_ready(peer: socket.socket) -> None:
    peer.sendall(GREETING + PULL_READY)
    while True:
        peer.sendall(b"\x04\x06\x04PING\0")


def _a_push_socket(peer: socket.socket) -> None:
    peer.sendall(GREETING + PULL_READY.replace(b"PULL", b"PUSH"))
    _linger(peer)


def _never_reads(peer: socket.socket) -> None:
    peer.sendall(GREETING + PULL_READY)
    threading.Event().wait(20)


def _linger(peer: socket.socket) -> None:
    while peer.recv(1 << 16):
        pass


MANNERS: list[Manner] = [
    _silence,
    _close_at_once,
    _close_after_greeting,
    _close_after_ready,
    _close_after_a_frame,
    _reset,
    _half_greeting,
    _byte_by_byte,
    _wrong_bytes,
    _random_bytes,
    _endless_ready,
    _endless_after_ready,
    _a_push_socket,
    _never_reads,
]


@contextmanager
def impostor(path: Path, manner: Manner) -> Iterator[list[int]]:
    """Somebody at the daemon's place; the list grows by one with each connection."""
    met: list[int] = []

    def serve(peer: socket.socket) -> None:
        with peer:
            try:
                manner(peer)
            except OSError:
                return  # the client has gone, as it should

    def accept() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            met.append(1)
            threading.Thread(target=serve, args=(peer,), daemon=True).start()

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(8)
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield met
        finally:
            listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("manner", MANNERS, ids=[each.__name__.strip("_") for each in MANNERS])
def test_the_host_goes_on_in_silence_and_bounded_memory(house: House, manner: Manner) -> None:
    with impostor(house.runtime / "ingest.sock", manner) as met:
        assert_silent(house.run_client(acme() + CALLS, *STRICT))
        assert met


def test_a_listener_that_never_accepts_is_left_alone(house: House) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(house.runtime / "ingest.sock"))
        listener.listen(0)
        assert_silent(house.run_client(acme() + CALLS, *STRICT))


@pytest.mark.parametrize("kind", ["file", "directory", "datagram", "dangling link", "fifo"])
def test_something_else_in_the_sockets_place_is_no_daemon(house: House, kind: str) -> None:
    path = house.runtime / "ingest.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagram:
        if kind == "file":
            path.write_text("not a socket")
        elif kind == "directory":
            path.mkdir()
        elif kind == "datagram":
            datagram.bind(str(path))
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to(house.root / "nowhere")
        assert_silent(house.run_client(acme() + CALLS, *STRICT))


def test_an_impostor_that_gives_way_to_the_daemon_is_forgotten(house: House) -> None:
    client = house.live_client(acme())
    with impostor(house.runtime / "ingest.sock", _close_after_a_frame):
        client.do("telemetry.count('feature.lost'); telemetry.flush(0.2)")
    (house.runtime / "ingest.sock").unlink()
    house.start_daemon()
    client.do(CONNECT)
    client.do("telemetry.count('feature.after', 7)")
    assert client.ask("telemetry.flush(5)") is True
    assert client.end() == (0, "")
    house.settle()
    assert house.held()["feature.after"] == 7
