"""Whatever bytes arrive: the daemon lives, and what honest clients count before and after is exact."""

from __future__ import annotations

import random
import resource
import socket
import struct
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.house import House
from support.products import CONNECT, acme
from support.raw_peer import GREETING, READY, send_raw, shake_hands
from support.waiting import until

HTTP = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _random_bytes(path: Path, open_: ExitStack) -> None:
    source = random.Random(20261123)
    for _ in range(100):
        open_.enter_context(send_raw(path, source.randbytes(source.randrange(1, 4000))))


def _http(path: Path, open_: ExitStack) -> None:
    for _ in range(20):
        open_.enter_context(send_raw(path, HTTP))


def _half_greetings(path: Path, open_: ExitStack) -> None:
    for length in range(1, 64):
        open_.enter_context(send_raw(path, GREETING[:length]))
    for length in range(len(READY)):
        open_.enter_context(send_raw(path, GREETING, READY[:length]))


def _old_versions(path: Path, open_: ExitStack) -> None:
    for start in (
        b"\x01\x00",
        b"\x05\x00abcd",
        b"\xff" + bytes(8) + b"\x7f\x01\x08\x00\x00",
        b"\xff" + bytes(8) + b"\x7f\x00",
    ):
        open_.enter_context(send_raw(path, start, bytes(range(256)) * 8))


def _declared_oversize(path: Path, open_: ExitStack) -> None:
    for size in (2**16, 2**31, 2**62, 2**64 - 1):
        peer = open_.enter_context(shake_hands(path))
        peer.sendall(b"\x02" + struct.pack(">Q", size) + b"x" * 1000)


def _real_oversize(path: Path, open_: ExitStack) -> None:
    for _ in range(10):
        peer = open_.enter_context(shake_hands(path))
        try:
            peer.sendall(b"\x02" + struct.pack(">Q", 2**20) + bytes(2**20))
        except OSError:
            continue  # dropped before the end, as it should be


def _garbage_messages(path: Path, open_: ExitStack) -> None:
    source = random.Random(7)
    peer = open_.enter_context(shake_hands(path))
    for _ in range(300):
        message = source.randbytes(source.randrange(200))
        peer.sendall(bytes((0, len(message))) + message)
    for hostile in (
        b"",
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 200,
        b"\x81\xa0" * 100,
        b"\x96\x01\xa6counts",
        b"\xc0",
    ):
        peer.sendall(bytes((0, len(hostile))) + hostile)


def _endless_multipart(path: Path, open_: ExitStack) -> None:
    peer = open_.enter_context(shake_hands(path))
    peer.settimeout(2)
    try:
        for _ in range(20_000):  # 80 MB of frames that say "more follows"
            peer.sendall(b"\x03" + struct.pack(">Q", 4096) + bytes(4096))
    except OSError:
        return  # stopped by the daemon


def _connect_flood(path: Path, open_: ExitStack) -> None:
    for _ in range(min(1500, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)):
        peer = open_.enter_context(socket.socket(socket.AF_UNIX))
        peer.setblocking(False)
        try:
            peer.connect(str(path))
        except OSError:
            continue  # the backlog is full, or newcomers are refused


def _commands_as_messages(path: Path, open_: ExitStack) -> None:
    for piece in (
        b"\x04\x05\x04PING",
        b"\x04\x00",
        b"\x06" + struct.pack(">Q", 2**40),
        b"\xff\xff\xff",
        READY * 50,
    ):
        open_.enter_context(shake_hands(path)).sendall(piece)


Attack = Callable[[Path, ExitStack], None]
ATTACKS: list[Attack] = [
    _random_bytes,
    _http,
    _half_greetings,
    _old_versions,
    _declared_oversize,
    _real_oversize,
    _garbage_messages,
    _endless_multipart,
    _connect_flood,
    _commands_as_messages,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=[each.__name__.strip("_") for each in ATTACKS])
def test_the_daemon_outlives_it_and_counts_on(house: House, attack: Attack) -> None:
    daemon = house.start_daemon()
    standing = house.live_client(acme())
    standing.do("telemetry.count('feature.before', 10); telemetry.flush(5)")
    house.run_client(acme() + "telemetry.count('feature.before', 10)")
    house.await_counters({"feature.before": 20})
    with ExitStack() as open_:
        attack(house.runtime / "ingest.sock", open_)
        assert house.daybeat("status").returncode == 0
    after = CONNECT + "telemetry.count('feature.after', 10)\nassert telemetry.flush(5)\n"
    house.run_client(acme() + after)
    standing.do(after)
    until(
        lambda: house.held().get("feature.after") == 20,
        lambda: f"20 after the attack: {house.held()}\n{daemon.log}",
    )
    counters = house.held()
    assert {name: counters[name] for name in counters if name != "cli.connect"} == {
        "feature.before": 20,
        "feature.after": 20,
    }
    assert daemon.running
    assert "Traceback" not in daemon.log
    assert daemon.stop() == 0


@pytest.mark.parametrize(
    "attack", [_random_bytes, _http, _half_greetings, _connect_flood], ids=lambda each: each.__name__
)
def test_the_control_socket_outlives_it_too(house: House, attack: Attack) -> None:
    daemon = house.start_daemon()
    house.run_client(acme() + "telemetry.count('feature.before', 10)")
    house.await_counters({"feature.before": 10})
    with ExitStack() as open_:
        attack(house.runtime / "control.sock", open_)
    until(lambda: house.daybeat("status").returncode == 0, "a status after the attack")
    house.await_counters({"feature.before": 10})
    assert daemon.running
    assert "Traceback" not in daemon.log


def test_the_tool_waits_for_its_turn_behind_a_queue_of_callers(house: House) -> None:
    house.start_daemon()
    with ExitStack() as open_:
        _connect_flood(house.runtime / "control.sock", open_)
        assert house.daybeat("off", "acme").stderr == ""


def test_an_unfinished_multipart_of_pyzmq_stops_nobody(house: House) -> None:
    daemon = house.start_daemon()
    house.run_client(acme() + "telemetry.count('feature.before', 10)")
    house.await_counters({"feature.before": 10})
    attacker = """
import os, zmq
context = zmq.Context()
push = context.socket(zmq.PUSH)
push.linger = 0
push.connect("ipc://" + os.environ["DAYBEAT_RUNTIME_DIR"] + "/ingest.sock")
for _ in range(15000):
    if not push.poll(200, zmq.POLLOUT):
        break
    try:
        push.send(bytes(4096), zmq.SNDMORE | zmq.NOBLOCK)
    except zmq.Again:
        break
os._exit(0)
"""
    house.run_client(attacker)
    house.run_client(acme() + CONNECT + "telemetry.count('feature.after', 10)\nassert telemetry.flush(5)\n")
    until(lambda: house.held().get("feature.after") == 10, lambda: f"10 in {house.held()}\n{daemon.log}")
    assert house.held()["feature.before"] == 10
    assert daemon.running
