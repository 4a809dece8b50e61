"""TLS with real certificates: whom the courier believes, and the words for each whom it does not."""

from __future__ import annotations

import socket
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from support.certificates import HOST, Authority
from support.couriers import attempt
from support.endpoints import OK, Endpoint, answering


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_authority_is_believed_by_its_file(authority: Authority, host: str) -> None:
    with Endpoint(answering(OK), authority.server()) as endpoint:
        assert attempt(endpoint.url(host), ca=authority.file).words == "200 OK"


def test_the_system_s_authorities_are_believed_without_a_file(authority: Authority) -> None:
    """SSL_CERT_FILE is where OpenSSL keeps them; on a Mac it is the keychain, which no test can add to."""
    with Endpoint(answering(OK), authority.server()) as endpoint:
        assert attempt(endpoint.url(), SSL_CERT_FILE=authority.file).words == "200 OK"


def test_an_unknown_authority(authority: Authority) -> None:
    with Endpoint(answering(OK), authority.server()) as endpoint:
        result = attempt(endpoint.url())
    assert (result.status, result.words) == (0, "the certificate is from an unknown authority")
    assert endpoint.requests == []


def test_a_file_of_authorities_is_in_place_of_the_system_s(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    with Endpoint(answering(OK), authority.server()) as endpoint:
        result = attempt(endpoint.url(), ca=other.file, SSL_CERT_FILE=authority.file)
    assert (result.status, result.words) == (0, "the certificate is from an unknown authority")


@pytest.mark.parametrize(
    ("fault", "words"),
    [("expired", "the certificate has expired"), ("early", "the certificate is not valid yet")],
)
def test_a_certificate_out_of_its_time(authority: Authority, fault: str, words: str) -> None:
    with Endpoint(answering(OK), authority.server(**{fault: True})) as endpoint:
        result = attempt(endpoint.url(), ca=authority.file)
    assert (result.status, result.words) == (0, words)
    assert endpoint.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_for_another_host(authority: Authority, host: str) -> None:
    with Endpoint(answering(OK), authority.server(HOST)) as endpoint:
        result = attempt(endpoint.url(host), ca=authority.file)
    assert (result.status, result.words) == (0, "the certificate is for another host")
    assert endpoint.requests == []


def test_a_self_signed_certificate(authority: Authority) -> None:
    with Endpoint(answering(OK), authority.self_signed()) as endpoint:
        result = attempt(endpoint.url())
    assert (result.status, result.words) == (0, "the certificate is self-signed")


def test_the_other_side_does_not_speak_tls() -> None:
    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with Endpoint(handle) as endpoint:
        result = attempt(endpoint.url().replace("http:", "https:"))
    assert (result.status, result.words) == (0, "TLS failed: the other side does not speak it")


@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_a_file_of_authorities_that_is_none(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "bundle.pem"
    if text is not None:
        path.write_text(text)
    result = attempt("https://127.0.0.1:9/", ca=str(path))
    assert result.words == "the file of certificate authorities cannot be read, or holds none"


def test_http_2_where_the_server_offers_it(authority: Authority) -> None:
    body = b"x" * 100_000  # more than a window, so that the server's updates of it are waited for

    def handle(connection: socket.socket, endpoint: Endpoint) -> None:
        server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        server.initiate_connection()
        connection.sendall(server.data_to_send())
        received = b""
        while data := connection.recv(65536):
            for event in server.receive_data(data):
                if isinstance(event, h2.events.DataReceived):
                    received += event.data
                    server.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if isinstance(event, h2.events.StreamEnded):
                    endpoint.requests.append(received)
                    server.send_headers(event.stream_id, [(":status", "429"), ("retry-after", "9")])
                    server.send_data(event.stream_id, b"ok", end_stream=True)
            connection.sendall(server.data_to_send())

    with Endpoint(handle, authority.server(protocol="h2")) as endpoint:
        result = attempt(endpoint.url(), body, ca=authority.file)
    assert (result.status, result.retry_after, result.answer) == (429, "9", b"ok")
    assert endpoint.requests == [body]
