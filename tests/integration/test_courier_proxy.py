"""Through a proxy with CONNECT: the courier's own or the environment's; never for this machine itself."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from support.certificates import HOST, Authority
from support.couriers import SECRET, attempt
from support.endpoints import OK, Endpoint, answering, connect_proxy


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_the_proxy_of_the_request_sees_a_name_and_nothing_else(authority: Authority) -> None:
    with (
        Endpoint(answering(OK), authority.server()) as endpoint,
        Endpoint(connect_proxy(endpoint.port)) as proxy,
    ):
        result = attempt(endpoint.url(HOST), ca=authority.file, proxy=f"http://127.0.0.1:{proxy.port}")
    assert (result.status, result.answer) == (200, b"ok")
    (asked,) = proxy.requests
    assert asked.startswith(f"CONNECT {HOST}:{endpoint.port} HTTP/1.1\r\n".encode())
    assert SECRET.encode() not in asked
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_proxy_of_the_environment(authority: Authority, variable: str, scheme: str) -> None:
    with (
        Endpoint(answering(OK), authority.server()) as endpoint,
        Endpoint(connect_proxy(endpoint.port)) as proxy,
    ):
        env = {variable: f"{scheme}127.0.0.1:{proxy.port}"}
        assert attempt(endpoint.url(HOST), ca=authority.file, **env).status == 200
    assert len(proxy.requests) == 1


def test_a_proxy_that_is_reached_by_tls_itself(authority: Authority) -> None:
    with (
        Endpoint(answering(OK), authority.server()) as endpoint,
        Endpoint(connect_proxy(endpoint.port), authority.server()) as proxy,
    ):
        result = attempt(endpoint.url(HOST), ca=authority.file, proxy=f"https://127.0.0.1:{proxy.port}")
    assert (result.status, result.words) == (200, "200 OK")
    assert len(proxy.requests) == 1


def test_the_proxy_s_own_password_reaches_the_proxy_alone(authority: Authority) -> None:
    with (
        Endpoint(answering(OK), authority.server()) as endpoint,
        Endpoint(connect_proxy(endpoint.port)) as proxy,
    ):
        attempt(endpoint.url(HOST), ca=authority.file, proxy=f"http://me:{SECRET}@127.0.0.1:{proxy.port}")
    assert b"\r\nProxy-Authorization: Basic " in proxy.requests[0]
    assert b"Proxy-Authorization" not in endpoint.requests[0]


def test_no_proxy_names_what_goes_without() -> None:
    with Endpoint(connect_proxy(0)) as proxy:
        env = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "NO_PROXY": HOST}
        result = attempt(f"https://{HOST}/", timeout=60, **env)
    assert result.words.startswith("the name ")
    assert proxy.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_never_reached_by_a_proxy(host: str) -> None:
    """Plain HTTP is for this machine alone; a proxy would carry it away."""
    with Endpoint(answering(OK)) as endpoint, Endpoint(connect_proxy(0)) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        env = {"HTTP_PROXY": address, "http_proxy": address, "ALL_PROXY": address}
        assert attempt(endpoint.url(host), proxy=address, **env).status == 200
    assert proxy.requests == []


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_refuses(status: int) -> None:
    answer = f"HTTP/1.1 {status} {SECRET}\r\nContent-Length: 0\r\n\r\n".encode()
    with Endpoint(connect_proxy(0, answer)) as proxy:
        result = attempt(f"https://{HOST}/", proxy=f"http://127.0.0.1:{proxy.port}")
    assert (result.status, result.words) == (0, f"the proxy refused ({status})")


def test_a_proxy_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        result = attempt(f"https://{HOST}/", proxy=f"http://me:{SECRET}@127.0.0.1:{taken.getsockname()[1]}")
    assert (result.status, result.words) == (0, "the proxy: refused: nobody listens there")


def test_a_proxy_that_never_answers_is_cut_at_the_deadline() -> None:
    with Endpoint(lambda connection, endpoint: endpoint.closing.wait() and None) as proxy:
        result = attempt(f"https://{HOST}/", proxy=f"http://127.0.0.1:{proxy.port}", timeout=1.0)
    assert result.status == 0
    assert result.words.startswith("timed out after 1 s")


def test_a_wrong_certificate_behind_a_proxy_is_refused(authority: Authority) -> None:
    with (
        Endpoint(answering(OK), authority.server("other.test")) as endpoint,
        Endpoint(connect_proxy(endpoint.port)) as proxy,
    ):
        result = attempt(endpoint.url(HOST), ca=authority.file, proxy=f"http://127.0.0.1:{proxy.port}")
    assert (result.status, result.words) == (0, "the certificate is for another host")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "nonsense://127.0.0.1:9"])
def test_a_proxy_of_another_kind_is_said(proxy: str) -> None:
    words = "the proxy's address must begin with http:// or https:// (SOCKS is not supported)"
    assert attempt(f"https://{HOST}/", ALL_PROXY=proxy).words == words
    assert attempt(f"https://{HOST}/", proxy=proxy).words == words


@pytest.mark.parametrize("proxy", ["http://", "http://[::1", "http://127.0.0.1:x"])
def test_a_proxy_s_address_that_cannot_be_read_is_a_failed_attempt(proxy: str) -> None:
    result = attempt(f"https://{HOST}/", proxy=proxy)
    assert result.status == 0
    assert "proxy" in result.words
