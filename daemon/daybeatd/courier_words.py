"""Why an attempt failed, in words: from the exceptions of sockets, TLS and HTTP to one line for people. Pure.

The words are chosen here and never taken from the other side, an address, a header or a body.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

from daybeatd.sinks.contract import Result

REDIRECT = "a redirect, which is not followed: the sink's address must be the final one"

_SELF_SIGNED = "the certificate is self-signed"
_UNKNOWN = "the certificate is from an unknown authority"
_WRONG_HOST = "the certificate is for another host"
_EXPIRED = "the certificate has expired"

# OpenSSL's X509_V_ERR codes, and what Apple's SecBase.h calls errSec… (truststore hands those on; not tried on a Mac).
_CERTIFICATE = {
    9: "the certificate is not valid yet",
    10: _EXPIRED,
    18: _SELF_SIGNED,
    19: _UNKNOWN,
    20: _UNKNOWN,
    21: _UNKNOWN,
    23: "the certificate was revoked",
    62: _WRONG_HOST,
    64: _WRONG_HOST,
    -25318: _UNKNOWN,
    -67602: _WRONG_HOST,
    -67818: _EXPIRED,
    -67843: _UNKNOWN,
}

_ERRNO = {
    errno.ECONNREFUSED: "refused: nobody listens there",
    errno.ECONNRESET: "the connection was reset",
    errno.ECONNABORTED: "the connection was reset",
    errno.EPIPE: "the connection was closed while the body was sent",
    errno.EHOSTUNREACH: "the host cannot be reached",
    errno.ENETUNREACH: "the network cannot be reached",
    errno.ENETDOWN: "the network is down",
    errno.ETIMEDOUT: "timed out while connecting",
    errno.EACCES: "connecting is not permitted",
    errno.EPERM: "connecting is not permitted",
    errno.EMFILE: "no file descriptors are left",
    errno.EADDRNOTAVAIL: "this machine has no address of that kind",
    errno.EAFNOSUPPORT: "this machine has no address of that kind",
}


_PHASES = {
    "connect_tcp": "while connecting",
    "start_tls": "while connecting",
    "send_request_headers": "while the body was sent",
    "send_request_body": "while the body was sent",
    "receive_response_headers": "without an answer",
}


@dataclass(slots=True)
class Progress:
    """How far an attempt has come: what is left to tell when it is cut at its deadline."""

    phase: str = "while connecting"
    status: int = 0
    retry_after: str = ""
    accept_encoding: str = ""
    answer: bytearray = field(default_factory=bytearray)

    def note(self, event: str) -> None:
        """Take in an event of httpcore's: `connection.connect_tcp.started`."""
        self.phase = next((words for step, words in _PHASES.items() if f".{step}." in event), self.phase)

    def result(self, words: str = "") -> Result:
        """The answer where one came; it counts even if its body never ended."""
        words = answered(self.status) if self.status else words
        return Result(self.status, words, self.retry_after, bytes(self.answer), self.accept_encoding)


def answered(status: int) -> str:
    """An answer's status in words, from HTTP's own table: the other side's phrase is not repeated."""
    if 300 <= status < 400:
        return f"{status}: {REDIRECT}"
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status}"


def fault(error: BaseException) -> str:
    """What lies behind `error`; "" when nothing in its chain of causes is known here."""
    for cause in _causes(error):
        words = _of_one(cause)
        if words:
            return words
    return ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """`error`, what caused it, and so on: the deepest cause, which knows best, first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        # Of several addresses that were tried the last, most often the one by IPv4, has the reason that helps.
        last = error.exceptions[-1] if isinstance(error, BaseExceptionGroup) else None
        error = last or error.__cause__ or error.__context__
    return reversed(chain)


def _of_one(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, "the certificate is not trusted")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "the connection was closed during TLS"
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        return "TLS failed: the other side does not speak it"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({(error.reason or 'no reason given').replace('_', ' ').lower()})"
    if isinstance(error, socket.gaierror):
        again = error.errno == socket.EAI_AGAIN
        return "the name could not be looked up: no name server answered" if again else "the name was not found"
    if isinstance(error, TimeoutError):
        return "timed out while connecting"
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0, "")
    return ""
