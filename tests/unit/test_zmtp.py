"""The answer of a real PULL socket is accepted byte by byte; nothing else is."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daybeat import zmtp

NULL = b"NULL".ljust(20, b"\0")


@pytest.fixture(scope="module")
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    with zmq.Context() as made:
        yield made


def recorded(context: zmq.Context[zmq.Socket[bytes]], path: Path, kind: int, **options: int | bytes) -> bytes:
    """What a bound socket of libzmq answers to our greeting."""
    with context.socket(kind) as bound, socket.socket(socket.AF_UNIX) as peer:
        bound.setsockopt(zmq.LINGER, 0)
        for name, value in options.items():
            bound.setsockopt(getattr(zmq, name), value)
        bound.bind(f"ipc://{path}")
        peer.settimeout(20)
        peer.connect(str(path))
        peer.sendall(zmtp.GREETING)
        answer = b""
        while len(answer) < 66 or len(answer) < 66 + answer[65]:
            piece = peer.recv(1)
            assert piece
            answer += piece
        return answer


@pytest.fixture(scope="module")
def answer(context: zmq.Context[zmq.Socket[bytes]], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return recorded(context, tmp_path_factory.mktemp("zmtp") / "s", zmq.PULL)


def ready(*properties: tuple[bytes, bytes], name: bytes = b"\x05READY") -> bytes:
    return name + b"".join(bytes((len(k),)) + k + struct.pack(">I", len(v)) + v for k, v in properties)


def command(body: bytes, *, long: bool = False) -> bytes:
    return b"\x06" + struct.pack(">Q", len(body)) + body if long else bytes((4, len(body))) + body


PULL = ready((b"Socket-Type", b"PULL"))


def test_every_beginning_of_a_real_answer_asks_for_more_and_the_whole_is_accepted(answer: bytes) -> None:
    for length in range(len(answer)):
        assert zmtp.handshake_complete(answer[:length]) is False
    assert zmtp.handshake_complete(answer) is True


@pytest.mark.parametrize("options", [{"ZAP_DOMAIN": b"daybeat"}, {"ROUTING_ID": b"someone"}, {"HEARTBEAT_IVL": 1000}])
def test_the_answers_of_a_socket_with_other_options_are_accepted(
    context: zmq.Context[zmq.Socket[bytes]], tmp_path: Path, options: dict[str, int | bytes]
) -> None:
    assert zmtp.handshake_complete(recorded(context, tmp_path / "s", zmq.PULL, **options)) is True


@pytest.mark.parametrize("kind", ["PUSH", "PUB", "SUB", "REP", "ROUTER", "DEALER", "PAIR", "XPUB"])
def test_a_socket_of_another_kind_is_refused(
    context: zmq.Context[zmq.Socket[bytes]], tmp_path: Path, kind: str
) -> None:
    found = recorded(context, tmp_path / "s", getattr(zmq, kind))
    with pytest.raises(zmtp.ZmtpError):
        zmtp.handshake_complete(found)


@pytest.mark.parametrize(
    "body",
    [
        PULL,
        ready((b"Socket-Type", b"PULL"), (b"Identity", b"")),
        ready((b"Identity", b"x" * 100), (b"Socket-Type", b"PULL"), (b"Resource", b"r")),
    ],
)
@pytest.mark.parametrize("long", [False, True])
def test_ready_may_carry_more_and_come_in_either_length(answer: bytes, body: bytes, long: bool) -> None:
    whole = answer[:64] + command(body, long=long)
    assert [zmtp.handshake_complete(whole[:n]) for n in range(len(whole))] == [False] * len(whole)
    assert zmtp.handshake_complete(whole) is True


@pytest.mark.parametrize(
    "after",
    [
        *(b"\x00\x05hello", b"\x01\x00", b"\x02" + b"\0" * 8, b"\x05\x00", b"\xff\x01", b"\x08\x01"),
        *(command(ready((b"Socket-Type", b"PUSH"))), command(b""), command(b"\x05READY"), command(b"\x05ERROR\x00")),
        *(command(ready((b"Socket-Type", b"PULL"), name=b"\x05ready")), command(PULL) + b"\x00", command(PULL) * 2),
        *(command(PULL + b"x" * 600, long=True), b"\x06" + b"\xff" * 8, b"\x06\x00\x00\x00\x00\x80\x00\x00\x00"),
        command(b"\x04PING\x00\x00"),
    ],
)
def test_what_is_not_the_ready_of_a_pull_socket_is_refused(answer: bytes, after: bytes) -> None:
    with pytest.raises(zmtp.ZmtpError):
        zmtp.handshake_complete(answer[:64] + after)


@pytest.mark.parametrize(
    "greeting",
    [
        *(b"\x00", b"\x01\x00", b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x7f", b"\xfe"),
        b"\xff" + b"\0" * 7 + b"\x01\x7e",  # the signature's end
        b"\xff" + b"\0" * 7 + b"\x01\x7f\x01",  # ZMTP 2
        b"\xff" + b"\0" * 7 + b"\x01\x7f\x04",  # a ZMTP that is not there yet
        b"\xff" + b"\0" * 7 + b"\x01\x7f\x03\x00PLAIN",
        b"\xff" + b"\0" * 7 + b"\x01\x7f\x03\x00CURVE",
        b"\xff" + b"\0" * 7 + b"\x01\x7f\x03\x00NULLX",
        b"\xff" + b"\0" * 7 + b"\x01\x7f\x03\x00" + b"NULL".ljust(19, b"\0") + b"x",
    ],
)
def test_another_greeting_is_refused_as_soon_as_it_differs(greeting: bytes) -> None:
    for rest in (b"", b"\0" * 64):
        with pytest.raises(zmtp.ZmtpError):
            zmtp.handshake_complete(greeting + rest)


@pytest.mark.parametrize("minor", [0, 1, 9])
def test_any_minor_version_of_3_is_accepted(answer: bytes, minor: int) -> None:
    assert zmtp.handshake_complete(answer[:11] + bytes((minor,)) + answer[12:]) is True


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_damaged_answer_is_incomplete_refused_or_still_an_answer(answer: bytes, data: st.DataObject) -> None:
    """Three outcomes and no fourth; and never accepted while the parts that matter differ."""
    place = data.draw(st.integers(0, len(answer) - 1))
    damaged = answer[:place] + data.draw(st.binary(max_size=8)) + answer[place + data.draw(st.integers(0, 4)) :]
    try:
        complete = zmtp.handshake_complete(damaged)
    except zmtp.ZmtpError:
        return
    if complete:
        assert damaged[:1] == b"\xff"
        assert damaged[10:11] == b"\x03"
        assert damaged[12:32] == NULL
        assert b"Socket-Type\x00\x00\x00\x04PULL" in damaged[64:]


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=700))
@example(b"")
def test_random_bytes_are_never_an_answer(noise: bytes) -> None:
    with contextlib.suppress(zmtp.ZmtpError):
        assert zmtp.handshake_complete(noise) is False


def test_our_greeting_is_zmtp_3_null_and_no_server() -> None:
    assert len(zmtp.GREETING) == 64
    assert zmtp.GREETING == b"\xff" + b"\0" * 7 + b"\x01\x7f\x03\x00" + NULL + b"\0" + b"\0" * 31


def test_our_ready_says_push() -> None:
    assert command(ready((b"Socket-Type", b"PUSH"), (b"Identity", b""))) == zmtp.READY


@pytest.mark.parametrize("size", [0, 1, 255, 256, 16384])
def test_a_message_is_one_final_frame_with_its_length(size: int) -> None:
    framed = zmtp.message(b"x" * size)
    head = bytes((0, size)) if size < 256 else b"\x02" + struct.pack(">Q", size)
    assert framed == head + b"x" * size


def test_a_real_pull_socket_takes_messages_of_every_length(
    context: zmq.Context[zmq.Socket[bytes]], tmp_path: Path
) -> None:
    with context.socket(zmq.PULL) as bound, socket.socket(socket.AF_UNIX) as peer:
        bound.setsockopt(zmq.RCVTIMEO, 20_000)
        bound.bind(f"ipc://{tmp_path / 's'}")
        peer.settimeout(20)
        peer.connect(str(tmp_path / "s"))
        peer.sendall(zmtp.GREETING)
        answer = b""
        while not zmtp.handshake_complete(answer):
            answer += peer.recv(512)
        sizes = [0, 1, 254, 255, 256, 257, 4096, 16384]
        peer.sendall(zmtp.READY + b"".join(zmtp.message(b"x" * size) for size in sizes))
        assert [len(bound.recv()) for _ in sizes] == sizes
