"""The contract of a sink: a `Form` of pure functions. The sinks' files import this one, and none another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from daybeat.policy import Sink
from daybeatd.core.heartbeat import Heartbeat


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the courier is to do with a stored body, which it sends byte for byte.

    `url` is an address to POST to, or `path` a file to append to; the other is "". `timeout` is in seconds.
    """

    url: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Result:
    """How one attempt ended. `status` is that of HTTP, 200 for a file that was written, 0 when no answer came.

    `words` says it in one line for people, and never repeats a key, a header or the body. `retry_after` is what the
    receiver asked for, as it stands in the header; `accept_encoding` is what it says of the next body's (RFC 7694).
    """

    status: int
    words: str
    retry_after: str = ""
    answer: bytes = b""
    accept_encoding: str = ""


class MissingExtra(ImportError):
    """A sink needs a package that is not installed; the message names the extra that has it."""


def _nothing_missing() -> str:
    return ""


def _nothing_heard(answer: bytes) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Form:
    """A sink's form.

    `body` gives the exact bytes for a heartbeat, `delivery` what to do with them for a beat id,
    `show` the bytes as a person can read them, and `retried` the statuses after which it is tried again
    (0: no answer).

    `show` and `key_in` take any bytes: those that `body` never gave are a ValueError, and hold no credential.
    `missing` says in one line which extra to install; while it is not "", `body` and `show` raise `MissingExtra`.
    `heard` says in one line what people should know of an answer of success, "" when that is nothing.
    `packs`: a body is compressed where the receiver's last answer allowed it; `delivery` says so and `show` undoes it.
    `key_in` gives the credential that is part of a body, "" where there is none.
    """

    body: Callable[[Heartbeat, Sink], bytes]
    delivery: Callable[[Sink, str, bytes], Delivery]
    show: Callable[[bytes], str]
    retried: Callable[[int], bool]
    missing: Callable[[], str] = _nothing_missing
    heard: Callable[[bytes], str] = _nothing_heard
    packs: bool = False
    key_in: Callable[[bytes], str] = _nothing_heard


def any_fault_of_the_server(status: int) -> bool:
    """No answer, 408, 429 and 5xx: the sender did nothing wrong and may try again."""
    return status in (0, 408, 429) or status >= 500


def plain(body: bytes) -> str:
    return body.decode()
