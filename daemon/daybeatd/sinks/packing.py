"""Bodies that are worth it, compressed: the same bytes for the same body, and told apart by how they begin. Pure."""

from __future__ import annotations

import gzip
import zlib

#: Bytes. Below, compression saves less than a packet.
WORTH = 1024
_MAGIC = b"\x1f\x8b"
#: Weights that say no.
REFUSED = ("q=0", "q=0.", "q=0.0", "q=0.00", "q=0.000")


def packed(body: bytes) -> bytes:
    """`body`, by gzip where it is longer than `WORTH`; without a time in it, so that it never differs."""
    return gzip.compress(body, mtime=0) if len(body) > WORTH else body


def unpacked(body: bytes) -> bytes:
    """What `packed` was given. The first bytes tell: no JSON begins like gzip, and no OTLP request.

    Raises ValueError for what begins like gzip and is none.
    """
    if not body.startswith(_MAGIC):
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"what begins like gzip is none: {error}") from error


def takes_gzip(accept_encoding: str) -> bool:
    """Whether an answer's Accept-Encoding (RFC 7694) allows the next body to be compressed."""
    for entry in accept_encoding.split(","):
        coding, *parameters = (part.strip().lower() for part in entry.split(";"))
        if coding in ("gzip", "x-gzip"):
            return not any(parameter.replace(" ", "") in REFUSED for parameter in parameters)
    return False


def encoding(body: bytes) -> dict[str, str]:
    """The header that a stored body needs."""
    return {"Content-Encoding": "gzip"} if body.startswith(_MAGIC) else {}
