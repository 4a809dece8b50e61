"""The control socket's server: for whom the loop wakes up, and whom it lets go."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgpack import packb

from daybeatd.control import PATIENCE, Control, Reply

INFINITY = float("inf")


class Asked:
    """Notes the requests, and answers none by itself."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    def __call__(self, request: dict[str, Any], reply: Reply) -> None:
        self.replies.append(reply)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def control(tmp_path: Path, asked: Asked) -> Iterator[Control]:
    served = Control(str(tmp_path / "control.sock"), asked)
    yield served
    served.close()


@pytest.fixture
def caller(control: Control, tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(5)
        peer.connect(str(tmp_path / "control.sock"))
        serve(control)
        yield peer


def serve(control: Control) -> None:
    for descriptor in list(control.descriptors()):
        control.serve(descriptor)


def ask(control: Control, caller: socket.socket) -> None:
    request = packb({"do": "send", "product": ""})
    caller.sendall(struct.pack(">I", len(request)) + request)
    serve(control)


def test_a_caller_who_asks_nothing_is_let_go(control: Control, caller: socket.socket) -> None:
    due = control.expires_at
    assert due < INFINITY
    control.expire(due + 1)
    assert caller.recv(1) == b""
    assert control.expires_at == INFINITY


def test_the_loop_sleeps_while_a_caller_waits_for_an_answer(
    control: Control, caller: socket.socket, asked: Asked
) -> None:
    """`daybeat send` may wait for minutes: a deadline that stays in the past would let the loop run without pause."""
    ask(control, caller)
    assert len(asked.replies) == 1
    assert control.expires_at == INFINITY
    control.expire(10 * PATIENCE + 1e9)
    asked.replies[0]({"outcomes": []})
    serve(control)
    assert caller.recv(100)


def test_a_caller_who_does_not_read_the_answer_is_let_go(
    control: Control, caller: socket.socket, asked: Asked
) -> None:
    ask(control, caller)
    asked.replies[0]({"outcomes": ["x" * 8_000_000]})
    serve(control)
    due = control.expires_at
    assert due < INFINITY
    control.expire(due + 1)
    assert control.expires_at == INFINITY
