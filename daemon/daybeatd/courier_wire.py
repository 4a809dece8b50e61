"""What the daemon and the courier say to each other over two pipes. Pure; both sides use this module.

A frame is 4 bytes, big-endian, which give the length of what follows: one msgpack map. The daemon writes requests,
the courier answers each with one result of the same id, in the order in which the attempts end.

    request: id str, url str, path str, headers {str: str}, timeout float, body bin, and where set proxy str, ca str
    result:  id str, status int, words str, retry_after str, answer bin, and where set accept_encoding str

Decoding is total: any bytes give a value or raise `CourierWireError`, in memory bounded by the size of the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgpack

from daybeatd.sinks.contract import Delivery, Result

HEAD_BYTES = 4

#: Bytes of a frame: above any body that a sink makes (PostHog takes 20 MiB), and above any result.
MAX_REQUEST = 32 * 1024 * 1024
MAX_RESULT = 128 * 1024
#: Bytes that are kept of an answer.
MAX_ANSWER = 64 * 1024
#: Characters.
MAX_ID = 200
MAX_WORDS = 300
MAX_RETRY_AFTER = 100
MAX_TEXT = 8192
#: Seconds.
MAX_TIMEOUT = 600.0
MAX_HEADERS = 64


class CourierWireError(ValueError):
    """These bytes are no frame between daemon and courier; the message says why, without repeating them."""


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt to make. `proxy` is an address, `ca` the path of a PEM file; "" leaves both to the system."""

    id: str
    delivery: Delivery
    body: bytes
    proxy: str = ""
    ca: str = ""


def pack_request(id: str, delivery: Delivery, body: bytes, proxy: str = "", ca: str = "") -> bytes:
    """The frame that asks for one attempt. Raises CourierWireError for what the courier would not take."""
    fields = {
        "id": id,
        "url": delivery.url,
        "path": delivery.path,
        "headers": dict(delivery.headers),
        "timeout": float(delivery.timeout),
        "body": body,
        "proxy": proxy,
        "ca": ca,
    }
    framed = _framed(fields, MAX_REQUEST)
    unpack_request(framed[HEAD_BYTES:])
    return framed


def unpack_request(payload: bytes) -> Request:
    """The request in a frame's payload. Raises CourierWireError."""
    fields = _map(payload, {"proxy": "", "ca": ""}, ("id", "url", "path", "headers", "timeout", "body"))
    headers, timeout, body = fields["headers"], fields["timeout"], fields["body"]
    texts = [fields[name] for name in ("id", "url", "path", "proxy", "ca")]
    if any(type(text) is not str or len(text) > MAX_TEXT for text in texts) or not 0 < len(fields["id"]) <= MAX_ID:
        raise CourierWireError("a text of a request is none, or too long")
    if bool(fields["url"]) == bool(fields["path"]):
        raise CourierWireError("a request has a url or a path")
    if type(headers) is not dict or len(headers) > MAX_HEADERS:
        raise CourierWireError(f"headers are a map of at most {MAX_HEADERS}")
    if any(type(text) is not str or len(text) > MAX_TEXT for pair in headers.items() for text in pair):
        raise CourierWireError("a header is no text, or too long")
    if type(timeout) not in (int, float) or not 0 < timeout <= MAX_TIMEOUT:
        raise CourierWireError(f"a timeout is above 0 and at most {MAX_TIMEOUT:g} seconds")
    if type(body) is not bytes:
        raise CourierWireError("a body is bytes")
    delivery = Delivery(url=fields["url"], path=fields["path"], headers=headers, timeout=float(timeout))
    return Request(id=fields["id"], delivery=delivery, body=body, proxy=fields["proxy"], ca=fields["ca"])


def pack_result(id: str, result: Result) -> bytes:
    """The frame that tells how an attempt ended, cut to the limits. A text is made one printable line."""
    fields = {
        "id": id,
        "status": result.status,
        "words": line(result.words, MAX_WORDS),
        "retry_after": line(result.retry_after, MAX_RETRY_AFTER),
        "answer": result.answer[:MAX_ANSWER],
        "accept_encoding": line(result.accept_encoding, MAX_RETRY_AFTER),
    }
    return _framed(fields, MAX_RESULT)


def unpack_result(payload: bytes) -> tuple[str, Result]:
    """The id and the result in a frame's payload. Raises CourierWireError."""
    fields = _map(payload, {"accept_encoding": ""}, ("id", "status", "words", "retry_after", "answer"))
    id, status, words = fields["id"], fields["status"], fields["words"]
    retry_after, answer = fields["retry_after"], fields["answer"]
    if type(id) is not str or not 0 < len(id) <= MAX_ID:
        raise CourierWireError("the id is none")
    if type(status) is not int or not 0 <= status <= 999:
        raise CourierWireError("a status is 0 to 999")
    if type(words) is not str or words != line(words, MAX_WORDS):
        raise CourierWireError("words are one printable line")
    if type(retry_after) is not str or retry_after != line(retry_after, MAX_RETRY_AFTER):
        raise CourierWireError("retry_after is one printable line")
    accepts = fields["accept_encoding"]
    if type(accepts) is not str or accepts != line(accepts, MAX_RETRY_AFTER):
        raise CourierWireError("accept_encoding is one printable line")
    if type(answer) is not bytes or len(answer) > MAX_ANSWER:
        raise CourierWireError(f"an answer has at most {MAX_ANSWER} bytes")
    return id, Result(status, words, retry_after, answer, accepts)


def length(head: bytes, most: int) -> int:
    """The length that a frame's first 4 bytes give. Raises CourierWireError above `most`."""
    size = int.from_bytes(head, "big")
    if size > most:
        raise CourierWireError(f"a frame of {size} bytes is over the limit")
    return size


def split(pending: bytes, most: int) -> tuple[list[bytes], bytes]:
    """The payloads of all whole frames in what has been read so far, and the rest, which waits for more bytes.

    Raises CourierWireError as soon as a frame says that it is longer than `most`.
    """
    payloads, start = [], 0
    while len(pending) - start >= HEAD_BYTES:
        body = start + HEAD_BYTES
        end = body + length(pending[start:body], most)
        if end > len(pending):
            break
        payloads.append(pending[body:end])
        start = end
    return payloads, pending[start:]


def line(text: str, most: int) -> str:
    """`text` as one line of printable characters, at most `most` of them."""
    return "".join(character if character.isprintable() else " " for character in text[:most])


def _framed(fields: dict[str, Any], most: int) -> bytes:
    try:
        packed: bytes = msgpack.packb(fields)
    except (ValueError, TypeError, OverflowError) as error:
        raise CourierWireError("what msgpack cannot carry") from error
    return length(len(packed).to_bytes(HEAD_BYTES, "big"), most).to_bytes(HEAD_BYTES, "big") + packed


def _map(payload: bytes, optional: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    try:
        fields = msgpack.unpackb(payload, raw=False, strict_map_key=True, max_ext_len=0, max_array_len=0)
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise CourierWireError("no msgpack") from error
    if type(fields) is not dict or not set(required) <= set(fields) <= set(required) | set(optional):
        raise CourierWireError("a frame has exactly the fields " + ", ".join((*required, *optional)))
    return optional | fields
