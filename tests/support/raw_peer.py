"""Peers that are no client of ours: bytes as a stranger or a broken program would send them."""

from __future__ import annotations

import socket
from pathlib import Path

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0" + bytes(31)
_READY_BODY = b"\x05READY\x0bSocket-Type\x00\x00\x00\x04PUSH"
READY = bytes((4, len(_READY_BODY))) + _READY_BODY


def send_raw(path: Path, *pieces: bytes) -> socket.socket:
    """Connect and send the pieces, as far as the other side lets us; the open socket is the caller's."""
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(2)
    try:
        peer.connect(str(path))
        for piece in pieces:
            peer.sendall(piece)
    except OSError:  # refused or dropped half-way: the defence at work
        pass
    return peer


def shake_hands(path: Path) -> socket.socket:
    """A peer that has done its whole ZMTP 3 handshake as a PUSH socket."""
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(30)
    peer.connect(str(path))
    peer.sendall(GREETING)
    came = b""
    while (
        len(came) < 64 + 2 or len(came) < 64 + 2 + came[65]
    ):  # their greeting, then their READY, a short command
        piece = peer.recv(4096)
        assert piece, "the daemon closed in the handshake"
        came += piece
    peer.sendall(READY)
    return peer
