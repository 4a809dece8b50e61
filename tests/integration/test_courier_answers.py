"""The courier against real servers: what comes back, whatever they do, and always one result in the end."""

from __future__ import annotations

import gzip
import re
import socket
import struct

import pytest

from daybeat import __version__
from daybeatd.courier_wire import MAX_ANSWER
from support.couriers import SECRET, attempt
from support.endpoints import OK, Endpoint, answering, read_request, response

SHORT = 3.0
"""Seconds. The deadline of attempts that never end by themselves: on a busy machine too, all before is done by then."""


def test_the_body_goes_as_it_is_to_the_address_as_it_is() -> None:
    body = bytes(range(256)) * 3
    with Endpoint(answering(OK)) as endpoint:
        url = f"http://127.0.0.1:{endpoint.port}/v1/%7Ea//b/?x=1&y=%20&&z"
        result = attempt(url, body)
    assert (result.status, result.words, result.answer) == (200, "200 OK", b"ok")
    (request,) = endpoint.requests
    head, _, sent = request.partition(b"\r\n\r\n")
    assert sent == body
    assert head.startswith(b"POST /v1/%7Ea//b/?x=1&y=%20&&z HTTP/1.1\r\n")


def test_the_headers_tell_daybeat_and_nothing_of_the_machine() -> None:
    forged = dict.fromkeys(("User-Agent", "Host", "Content-Length", "Transfer-Encoding", "Accept-Encoding"), "1")
    with Endpoint(answering(OK)) as endpoint:
        attempt(endpoint.url(), headers={"X-Own": "kept", "content-type": "text/plain"} | forged)
    (request,) = endpoint.requests
    lines = request.decode().partition("\r\n\r\n")[0].split("\r\n")[1:]
    assert len(lines) == len({line.partition(":")[0].lower() for line in lines})
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert headers == {
        "host": f"127.0.0.1:{endpoint.port}",
        "user-agent": f"daybeat/{__version__}",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "keep-alive",
        "content-type": "text/plain",
        "content-length": headers["content-length"],
        "authorization": f"Bearer {SECRET}",
        "x-own": "kept",
    }


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "200 OK"),
        (204, "204 No Content"),
        (400, "400 Bad Request"),
        (410, "410 Gone"),
        (429, "429 Too Many Requests"),
        (500, "500 Internal Server Error"),
        (599, "599"),
    ],
)
def test_an_answer_is_told_in_words_of_our_own(status: int, words: str) -> None:
    with Endpoint(answering(response(status))) as endpoint:
        result = attempt(endpoint.url())
    assert (result.status, result.words) == (status, words)


@pytest.mark.parametrize("asked", ["120", "Fri, 31 Dec 2027 23:59:59 GMT"])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_retry_after_is_passed_on_as_it_stands(status: int, asked: str) -> None:
    with Endpoint(answering(response(status, f"Retry-After: {asked}"))) as endpoint:
        result = attempt(endpoint.url())
    assert (result.status, result.retry_after) == (status, asked)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_said_and_not_followed(status: int) -> None:
    with (
        Endpoint(answering(OK)) as elsewhere,
        Endpoint(answering(response(status, f"Location: {elsewhere.url()}"))) as endpoint,
    ):
        result = attempt(endpoint.url())
    assert result.status == status
    assert "redirect" in result.words
    assert elsewhere.requests == []


def test_a_compressed_answer_is_kept_as_it_came() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with Endpoint(answering(response(200, "Content-Encoding: gzip", body=bomb))) as endpoint:
        result = attempt(endpoint.url())
    assert result.answer == bomb[:MAX_ANSWER]


def test_an_answer_that_never_ends_is_cut_at_the_cap() -> None:
    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not endpoint.closing.is_set():
            connection.sendall(b"x" * 65536)

    with Endpoint(handle) as endpoint:
        result = attempt(endpoint.url())
    assert (result.status, len(result.answer)) == (200, MAX_ANSWER)


@pytest.mark.parametrize(
    ("start", "status"), [(b"HTTP/1.1 200 OK\r\n\r\n", 200), (b"HTTP/1.1 200 OK\r\nX-Slow: ", 0)], ids=["body", "head"]
)
def test_an_answer_that_trickles_is_cut_at_the_deadline(start: bytes, status: int) -> None:
    """Each byte comes in time, the whole never: only a limit on the whole ends it. A status that came counts."""

    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        connection.sendall(start)
        while not endpoint.closing.wait(0.05):
            connection.sendall(b"x")

    with Endpoint(handle) as endpoint:
        result = attempt(endpoint.url(), timeout=SHORT)
    assert result.status == status
    assert result.words == ("200 OK" if status else "timed out after 3 s without an answer")


def test_a_server_that_does_not_read_is_cut_at_the_deadline() -> None:
    with Endpoint(lambda connection, endpoint: endpoint.closing.wait() and None) as endpoint:
        result = attempt(endpoint.url(), b"x" * 20_000_000, timeout=SHORT)
    assert (result.status, result.words) == (0, "timed out after 3 s while the body was sent")


def test_a_slow_reader_that_reads_to_the_end_is_served() -> None:
    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        data = b""
        while len(data.partition(b"\r\n\r\n")[2]) < 200_000:
            data += connection.recv(8192)
            endpoint.closing.wait(0.001)
        connection.sendall(OK)

    with Endpoint(handle) as endpoint:
        assert attempt(endpoint.url(), b"x" * 200_000).status == 200


def test_a_server_that_never_answers_is_cut_at_the_deadline() -> None:
    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        endpoint.closing.wait()

    with Endpoint(handle) as endpoint:
        result = attempt(endpoint.url(), timeout=SHORT)
    assert (result.status, result.words) == (0, "timed out after 3 s without an answer")


def test_a_server_that_never_begins_tls_is_cut_at_the_deadline() -> None:
    with Endpoint(lambda connection, endpoint: endpoint.closing.wait() and None) as endpoint:
        result = attempt(endpoint.url().replace("http:", "https:"), timeout=SHORT)
    assert (result.status, result.words) == (0, "timed out after 3 s while connecting")


def test_a_connection_that_closes_without_an_answer() -> None:
    with Endpoint(lambda connection, endpoint: read_request(connection, endpoint) and None) as endpoint:
        result = attempt(endpoint.url())
    assert (result.status, result.words) == (0, "the connection was closed without an answer")


def test_a_connection_that_is_reset() -> None:
    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with Endpoint(handle) as endpoint:
        result = attempt(endpoint.url())
    assert result.status == 0
    assert re.search("reset|closed", result.words)


def test_an_answer_that_is_no_http() -> None:
    with Endpoint(answering(b"220 mail.example ESMTP\r\n\r\n")) as endpoint:
        result = attempt(endpoint.url())
    assert (result.status, result.words) == (0, "the answer broke the rules of HTTP")


def test_an_early_refusal_of_a_large_body_is_heard() -> None:
    """413 without reading the body: the answer must not be lost to a broken pipe."""

    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        connection.recv(1000)
        connection.sendall(response(413))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            continue

    with Endpoint(handle) as endpoint:
        assert attempt(endpoint.url(), b"x" * 5_000_000).status == 413


def test_nobody_listens() -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        result = attempt(f"https://user:{SECRET}@127.0.0.1:{taken.getsockname()[1]}/?key={SECRET}")
    assert (result.status, result.words) == (0, "refused: nobody listens there")


def test_a_name_that_does_not_exist() -> None:
    result = attempt(f"https://user:{SECRET}@daybeat.invalid/?key={SECRET}", timeout=60)
    assert result.status == 0
    assert result.words.startswith("the name ")  # "was not found", or without any name server "could not be looked up"


@pytest.mark.parametrize("host", ["[::1]", "localhost"])
def test_ipv6(host: str) -> None:
    if not socket.has_ipv6:
        pytest.skip("this Python has no IPv6")
    try:
        endpoint = Endpoint(answering(OK), address="::1")
    except OSError:
        pytest.skip("this machine has no ::1")
    with endpoint:
        found = {info[4][0] for info in socket.getaddrinfo("localhost", endpoint.port)}
        if host == "localhost" and "::1" not in found:
            pytest.skip("localhost has no IPv6 address here")
        assert attempt(endpoint.url(host)).status == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1\\@example.com/",
        "http://127.0.0.1:80#@example.com/",
        "http://localhost@example.com/",
        "ftp://example.com/",
        "https:///v1",
        "https://[::1/",
        "https://127.0.0.1:99999/",
        "https://127.0.0.1:x/",
    ],
)
def test_an_address_that_must_not_be_used_is_refused_here_as_well(url: str) -> None:
    """The policy was checked by others; two readers of addresses can differ, so the one that connects looks again."""
    result = attempt(url, timeout=60)
    assert result.status == 0
    assert re.search("address|refused", result.words)
