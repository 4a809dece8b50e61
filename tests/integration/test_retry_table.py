"""Every row of the retry table, for every sink, through the real daemon and a real server.

What is retried carries the same bytes; what is refused is sent once and shown; 410 is the vendor's own end.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from support.certificates import HOST, Authority
from support.collector import Answer, Collector
from support.endpoints import Endpoint, answering, read_request
from support.house import House
from support.processes import LiveClient
from support.products import acme, https_json
from support.settings import await_counted, configure, history, status, stream
from support.waiting import until

SINKS: dict[str, Callable[[str], str]] = {
    "https_json": lambda url: https_json(url),
    "otlp": lambda url: f"daybeat.otlp({url!r})",
    "posthog": lambda url: f"daybeat.posthog('phc_key', host={url!r})",
}

COUNT = "telemetry.count('feature.search')\nassert telemetry.flush(10)\n"

TAKEN = {200, 202, 204}
REDIRECTS = {301, 302, 307, 308}
REFUSED = REDIRECTS | {400, 401, 403, 404, 413, 422}
#: Of these otlp retries none: its own table is shorter.
SERVERS_FAULT = {408, 500, 501, 599}
#: 0 is a connection that is closed without an answer.
RETRIED = {0, 429, 502, 503, 504}


def expected(kind: str) -> dict[int, str]:
    """What becomes of a heartbeat that gets this status first and 200 afterwards."""
    return {
        **dict.fromkeys(TAKEN, "delivered at once"),
        **dict.fromkeys(REFUSED, "refused"),
        **dict.fromkeys(SERVERS_FAULT, "refused" if kind == "otlp" else "delivered again"),
        **dict.fromkeys(RETRIED, "delivered again"),
        410: "ended",
    }


def begin(house: House, collector: Collector, sink: str, **policy: str) -> LiveClient:
    """A daemon and a product whose first run is through."""
    house.start_daemon()
    client = house.live_client(acme(sink, **policy))
    report(client)
    until(lambda: collector.requests, "no first run came")
    until(lambda: not status(house)["outbox"], "the first run is still under way")
    return client


def report(client: LiveClient) -> None:
    client.do(COUNT)


def fate(house: House, collector: Collector, client: LiveClient, code: int) -> str:
    """Send one heartbeat to a receiver that answers `code` first, then 200; what became of it."""
    before = len(collector.requests)
    first = Answer(hang_up=True) if code == 0 else Answer(code, (("Location", collector.url + "/elsewhere"),))
    collector.answer(first, then=Answer(200, body=b""))
    report(client)
    sent = house.daybeat("send", "acme")
    came = collector.requests[before:]
    assert len({request.body for request in came}) == 1, "a retry carries other bytes"
    assert not [request for request in came if "elsewhere" in request.path]
    if sent.returncode == 0:
        return "delivered at once" if len(came) == 1 else "delivered again" if len(came) == 2 else f"{len(came)} times"
    assert str(code) in sent.stdout
    assert len(came) == 1
    refused = [parcel for parcel in status(house)["outbox"] if parcel["status"] == code]
    return str(refused[-1]["state"]) if refused else "ended"


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_the_retry_table(house: House, collector: Collector, kind: str) -> None:
    client = begin(house, collector, SINKS[kind](collector.url))
    # 410 is last: nothing of this version is sent after it.
    table = dict(sorted(expected(kind).items(), key=lambda row: row[0] == 410))
    found = {code: fate(house, collector, client, code) for code in table}
    assert found == table
    delivered = [code for code, words in table.items() if words.startswith("delivered")]
    assert len(history(house)) == len(delivered) + 1  # and the one that was answered 410


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_a_retry_carries_the_same_identity(house: House, collector: Collector, kind: str) -> None:
    client = begin(house, collector, SINKS[kind](collector.url))
    before = len(collector.requests)
    collector.answer(Answer(503), Answer(503))
    report(client)
    house.send("acme")
    first, *rest = collector.requests[before:]
    assert len(rest) == 2
    assert {(one.body, one.path) for one in rest} == {(first.body, first.path)}
    keys = {one.headers.get("idempotency-key") for one in (first, *rest)}
    (beat,) = history(house)
    assert keys == {None if kind == "posthog" else beat["beat_id"]}


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("kind", sorted(SINKS))
def test_retry_after_is_kept_in_both_forms(house: House, collector: Collector, kind: str, form: str) -> None:
    client = begin(house, collector, SINKS[kind](collector.url))
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    asked = "7200" if form == "seconds" else format_datetime(at, usegmt=True)
    collector.answer(Answer(429, (("Retry-After", asked),)))
    report(client)
    sent = house.daybeat("send", "acme")
    assert sent.returncode == 1
    assert "429" in sent.stdout
    (parcel,) = status(house)["outbox"]
    assert (parcel["state"], parcel["attempts"]) == ("waiting", 1)
    assert parcel["next_try"] >= at.timestamp() - 1e-3


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_an_answer_that_never_ends_is_an_answer(house: House, kind: str) -> None:
    def endless(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not endpoint.closing.is_set():
            connection.sendall(b"x" * 65536)

    with Endpoint(endless) as endpoint:
        house.start_daemon()
        house.run_client(acme(SINKS[kind](f"http://127.0.0.1:{endpoint.port}/v1")) + COUNT)
        await_counted(house, 1)
        house.send("acme")
        assert [entry["status"] for entry in history(house)] == [200]


def test_an_answer_that_does_not_come_is_a_failed_attempt(house: House) -> None:
    def silent(connection: socket.socket, endpoint: Endpoint) -> None:
        read_request(connection, endpoint)
        endpoint.closing.wait()

    with Endpoint(silent) as endpoint:
        house.start_daemon()
        sink = https_json(f"http://127.0.0.1:{endpoint.port}/v1", timeout=3, retry_attempts=0)
        house.run_client(acme(sink) + COUNT)
        await_counted(house, 1)
        sent = house.daybeat("send", "acme")
        assert sent.returncode == 1
        assert "timed out after 3 s without an answer" in sent.stdout
        assert {parcel["state"] for parcel in status(house)["outbox"]} == {"waiting"}


def test_the_end_is_for_one_version_and_its_numbers_stay(house: House, collector: Collector) -> None:
    client = begin(house, collector, https_json(collector.url))
    collector.answer(Answer(410))
    report(client)
    sent = house.daybeat("send", "acme")
    assert sent.returncode == 1
    assert "410 Gone" in sent.stdout
    collector.answer()
    report(client)
    before = len(collector.requests)
    again = house.send("acme")
    assert "410 Gone" in again.stderr
    assert len(collector.requests) == before
    assert stream(house, "https_json")["ended"] == ["2.1.0"]
    assert "410 Gone" in stream(house, "https_json")["held"]
    assert stream(house, "local")["counters"] == {"feature.search": 3}
    assert "410 Gone" in house.daybeat("status").stdout
    (beat,) = history(house)
    assert (beat["status"], beat["answer"]) == (410, "410 Gone")

    newer = house.live_client(acme(https_json(collector.url), version="2.2.0"))
    newer.do("telemetry.count('feature.search', 7)\nassert telemetry.flush(10)")
    house.send("acme")
    assert [each["counters"] for each in collector.events()][-1] == {"feature.search": 7}
    assert stream(house, "local")["counters"] == {"feature.search": 3}


def test_the_end_is_for_all_that_waits(house: House, collector: Collector) -> None:
    """A heartbeat that was to be tried again stays here too, and whoever waits for it is told."""
    collector.answer(then=Answer(503))
    house.start_daemon()
    sink = https_json(collector.url, retry_attempts=0)
    for n in (1, 2):
        house.run_client(acme(sink) + COUNT)
        await_counted(house, 1)
        assert house.daybeat("send", "acme").returncode == 1
        assert len(status(house)["outbox"]) == n + 1  # and the first run
    collector.answer(then=Answer(410))
    sent = house.daybeat("send", "acme")
    assert sent.returncode == 1
    assert sent.stdout.count("410 Gone") == 3
    assert status(house)["outbox"] == []
    assert stream(house, "local")["counters"] == {"feature.search": 2}


def test_the_end_outlives_the_daemon(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + COUNT)
    await_counted(house, 1)
    collector.await_events(1, "first_run")
    collector.answer(then=Answer(410))
    assert house.daybeat("send", "acme").returncode == 1
    daemon.stop()
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + "telemetry.count('feature.search', 4)")
    until(lambda: stream(house, "local")["counters"] == {"feature.search": 5}, "all of them should stay here")
    assert house.held() == {}  # a preview shows what would be sent
    before = len(collector.requests)
    assert "410 Gone" in house.send("acme").stderr
    assert len(collector.requests) == before


# TLS, by way of `ca` in config.toml.


def _sent_over_tls(house: House, endpoint: Endpoint, kind: str, ca: str) -> tuple[int, str]:
    configure(house, f'ca = "{ca}"\n' if ca else "")
    house.start_daemon()
    sink = SINKS[kind](f"https://localhost:{endpoint.port}/v1")
    if kind == "https_json":
        sink = https_json(f"https://localhost:{endpoint.port}/v1", retry_attempts=0)
    house.run_client(acme(sink) + COUNT)
    await_counted(house, 1)
    sent = house.daybeat("send", "acme")
    return sent.returncode, sent.stdout


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_a_private_authority_in_the_settings_is_believed(house: House, tmp_path: Path, kind: str) -> None:
    authority = Authority(tmp_path)
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with Endpoint(answering(ok), authority.server()) as endpoint:
        assert _sent_over_tls(house, endpoint, kind, authority.file)[0] == 0
        assert len(endpoint.requests) == 2  # the first run and the heartbeat


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("unknown", "the certificate is from an unknown authority"),
        ("expired", "the certificate has expired"),
        ("host", "the certificate is for another host"),
        ("self", "the certificate is self-signed"),
        ("bundle", "the file of certificate authorities cannot be read"),
    ],
)
def test_a_wrong_certificate_is_refused_with_words(house: House, tmp_path: Path, wrong: str, words: str) -> None:
    authority = Authority(tmp_path)
    (tmp_path / "other").mkdir()
    server = {
        "expired": lambda: authority.server(expired=True),
        "host": lambda: authority.server(HOST),
        "self": Authority(tmp_path / "other").self_signed,
    }.get(wrong, authority.server)
    ca = {"unknown": "", "self": "", "bundle": str(tmp_path / "absent.pem")}.get(wrong, authority.file)
    with Endpoint(answering(b""), server()) as endpoint:
        code, said = _sent_over_tls(house, endpoint, "https_json", ca)
        assert (code, words in said) == (1, True), said
        assert endpoint.requests == []
        assert {parcel["state"] for parcel in status(house)["outbox"]} == {"waiting"}
