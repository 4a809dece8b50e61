"""Batches over real TLS: to an endpoint whose certificate holds, and to none whose certificate does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.certificates import Authority
from support.endpoints import OK, Endpoint, answering
from support.house import House
from support.mycelium import IMPORT
from support.settings import configure
from support.waiting import until


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextmanager
def _posted(house: House, endpoint: Endpoint) -> Iterator[str]:
    """A batch of one event on its way to the endpoint, by a daemon that believes what config.toml says."""
    with endpoint:
        url = f"https://127.0.0.1:{endpoint.port}/in?x=1"
        settings = {"enabled": True, "endpoint": url, "batch_size": 2, "retry_attempts": 1, "retry_backoff": 1.0}
        daemon = house.start_daemon()
        code = f"client = TelemetryClient(TelemetryConfig(**{settings!r}))\nclient.track_agent_usage('a', 'discover')\n"
        house.run_client(IMPORT + code)
        until(lambda: endpoint.requests or "discarded" in daemon.log, lambda: daemon.log)
        yield daemon.log


def test_a_batch_goes_out_over_tls_to_the_url_as_it_was_given(house: House, authority: Authority) -> None:
    configure(house, f"ca = {json.dumps(authority.file)}\n")
    endpoint = Endpoint(answering(OK), authority.server())
    with _posted(house, endpoint):
        head, _, body = endpoint.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /in?x=1 HTTP/1.1\r\n")
    assert b"application/json" in head
    kinds = [event["event_type"] for event in json.loads(body)["events"]]
    assert sorted(kinds) == ["agent_usage", "system_info"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"expired": True}, "the certificate has expired"),
        ({"early": True}, "the certificate is not valid yet"),
        ({}, "the certificate is for another host"),
    ],
)
def test_a_certificate_that_does_not_hold_gets_nothing(
    house: House, authority: Authority, fault: dict[str, bool], words: str
) -> None:
    configure(house, f"ca = {json.dumps(authority.file)}\n")
    names = () if fault else ("elsewhere.test",)
    endpoint = Endpoint(answering(OK), authority.server(*names, **fault))
    with _posted(house, endpoint) as log:
        assert endpoint.requests == []
    assert "again in 1 s\n" in log
    assert f"are discarded: {words}\n" in log


def test_an_authority_that_nobody_named_is_not_believed(house: House, authority: Authority) -> None:
    endpoint = Endpoint(answering(OK), authority.server())
    with _posted(house, endpoint) as log:
        assert endpoint.requests == []
    assert "are discarded: the certificate is from an unknown authority\n" in log
