"""Why an attempt failed: what no server on loopback can show, since it takes a network, another system or luck."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from daybeatd.courier_words import answered, fault


def _unverified(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("certificate verify failed: names and all")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "secret.example"), "the name was not found"),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "the name could not be looked up: no name server answered"),
        (OSError(errno.ENETUNREACH, "x"), "the network cannot be reached"),
        (OSError(errno.EHOSTUNREACH, "x"), "the host cannot be reached"),
        (OSError(errno.ETIMEDOUT, "x"), "timed out while connecting"),
        (OSError(errno.EXDEV, "secret"), ""),
        (_unverified(23), "the certificate was revoked"),
        (_unverified(12345), "the certificate is not trusted"),
        (_unverified(-67818), "the certificate has expired"),
        (ValueError("secret"), ""),
    ],
)
def test_the_words_of_a_fault(error: Exception, words: str) -> None:
    assert fault(error) == words


def test_the_deepest_cause_is_told() -> None:
    outer = OSError("All connection attempts failed")
    outer.__cause__ = ExceptionGroup(
        "several", [OSError(errno.ENETUNREACH, "by IPv6"), ConnectionRefusedError(errno.ECONNREFUSED, "by IPv4")]
    )
    assert fault(outer) == "refused: nobody listens there"


def test_causes_in_a_circle_end() -> None:
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert fault(one) == ""


@pytest.mark.parametrize(("status", "words"), [(200, "200 OK"), (299, "299"), (999, "999")])
def test_an_answer_s_words(status: int, words: str) -> None:
    assert answered(status) == words
