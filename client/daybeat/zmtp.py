"""The bytes of a ZMTP 3.0 PUSH peer with the NULL mechanism (https://rfc.zeromq.org/spec/23/). Pure.

Only what this project sends and what a PULL peer may answer before its first message: the greeting and READY.
"""

from __future__ import annotations

_SIGNATURE = b"\xff" + b"\0" * 7 + b"\x01\x7f"
#: What we send first: signature, version 3.0, mechanism NULL, not a server, filler: 64 bytes.
GREETING = _SIGNATURE + b"\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0" + b"\0" * 31

_COMMAND = 0x04
_LONG = 0x02
#: Bytes. No known peer sends a longer READY command.
MAX_READY = 512


class ZmtpError(ValueError):
    """The peer is no PULL socket that speaks ZMTP 3 with the NULL mechanism."""


def _property(name: bytes, value: bytes) -> bytes:
    return bytes((len(name),)) + name + len(value).to_bytes(4, "big") + value


def _ready(socket_type: bytes) -> bytes:
    body = b"\x05READY" + _property(b"Socket-Type", socket_type) + _property(b"Identity", b"")
    return bytes((_COMMAND, len(body))) + body


#: What we send when the peer's READY has come. Sent earlier it would be refused or lose what follows it.
READY = _ready(b"PUSH")


def message(payload: bytes) -> bytes:
    """One message of one frame."""
    size = len(payload)
    if size < 256:
        return bytes((0, size)) + payload
    return bytes((_LONG,)) + size.to_bytes(8, "big") + payload


def handshake_complete(answer: bytes) -> bool:
    """Whether `answer`, all that the peer has sent so far, is its whole greeting and READY.

    False asks for more bytes. Raises ZmtpError as soon as the bytes can't become the answer of a PULL peer.
    """
    if not _begins(answer[:1], b"\xff") or not _begins(answer[9:10], b"\x7f"):
        raise ZmtpError("no ZMTP greeting")
    if answer[10:11] not in (b"", b"\x03") or not _begins(answer[12:32], b"NULL".ljust(20, b"\0")):
        raise ZmtpError("not ZMTP 3 with the NULL mechanism")
    if len(answer) > len(GREETING) + MAX_READY:
        raise ZmtpError("more than a greeting and READY")
    ready = answer[len(GREETING) :]
    if len(ready) < 2:
        return False
    if ready[0] == _COMMAND:
        start, size = 2, ready[1]
    elif ready[0] == _COMMAND | _LONG:
        start, size = 9, int.from_bytes(ready[1:9], "big")
    else:
        raise ZmtpError("a message or unknown frame instead of READY")
    if start + size > MAX_READY:
        raise ZmtpError("READY is too long")
    if len(ready) < start + size:
        return False
    if len(ready) > start + size or not _is_pull(ready[start:]):
        raise ZmtpError("not the READY of a PULL socket")
    return True


def _begins(found: bytes, wanted: bytes) -> bool:
    return wanted.startswith(found)


def _is_pull(body: bytes) -> bool:
    return body.startswith(b"\x05READY") and _property(b"Socket-Type", b"PULL") in body
