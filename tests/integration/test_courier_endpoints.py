"""Endpoints that are dead, slow, rude or moved: bounded trouble, the same body again, nothing lost here."""

from __future__ import annotations

import socket

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.outcomes import assert_one_line_error
from support.products import acme, https_json
from support.waiting import DEADLINE, until

SEARCH = "telemetry.count('feature.search', 3)\n"
TROUBLE = {
    "500": Answer(status=500),
    "429": Answer(status=429, headers=(("Retry-After", "0"),)),
    "408": Answer(status=408),
    "hangs up": Answer(hang_up=True),
    "slow": Answer(delay=15),
}


def _reported(house: House, collector: Collector, **settings: float) -> None:
    """One product with three counts, its first_run already out of the way."""
    house.start_daemon()
    policy = {"timeout": 5, "retry_attempts": 3, "retry_backoff": 1.0, **settings}
    house.run_client(acme(https_json(collector.url, **policy)) + SEARCH)
    house.await_counters({"feature.search": 3})
    collector.await_events(1, "first_run")


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_that_passes_ends_in_one_beat_with_the_same_bytes(
    house: House, collector: Collector, trouble: str
) -> None:
    _reported(house, collector)
    collector.answer(TROUBLE[trouble], TROUBLE[trouble])
    house.send("acme")
    requests = collector.carrying("heartbeat")
    assert len(requests) == 3
    assert len({request.body for request in requests}) == 1
    assert len({request.headers["idempotency-key"] for request in requests}) == 1
    assert house.held() == {}


@pytest.mark.parametrize("trouble", ["500", "hangs up", "slow"])
def test_trouble_that_stays_fails_in_one_line_and_the_same_body_goes_later(
    house: House, collector: Collector, trouble: str
) -> None:
    _reported(house, collector, retry_attempts=1)
    collector.answer(then=TROUBLE[trouble])
    failed = house.daybeat("send", "acme")
    assert failed.returncode == 1
    assert_one_line_error(failed)
    collector.answer()
    house.send("acme")
    beats = collector.events("heartbeat")
    assert {str(beat["counters"]) for beat in beats} == {"{'feature.search': 3}"}
    assert len({request.body for request in collector.carrying("heartbeat")}) == 1
    assert len({beat["beat_id"] for beat in beats}) == 1


def test_a_failed_beat_survives_the_daemon_and_goes_unchanged(house: House, collector: Collector) -> None:
    house.start_daemon().stop()
    daemon = house.start_daemon()
    house.run_client(acme(https_json(collector.url, retry_attempts=0)) + SEARCH)
    house.await_counters({"feature.search": 3})
    collector.await_events(1, "first_run")
    collector.answer(then=Answer(status=503))
    assert house.daybeat("send", "acme").returncode == 1
    daemon.kill()
    collector.answer()
    house.start_daemon()
    house.daybeat("send", "acme")
    until(lambda: len(collector.carrying("heartbeat")) >= 2, "the stored beat after the restart")
    assert len({request.body for request in collector.carrying("heartbeat")}) == 1


def test_a_dead_endpoint_fails_in_one_line_and_keeps_the_numbers(house: House) -> None:
    with (
        socket.socket() as taken
    ):  # bound and not listening: every connect is refused, and nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        house.start_daemon()
        house.run_client(acme(https_json(url, timeout=1, retry_attempts=1, retry_backoff=1.0)) + SEARCH)
        house.await_counters({"feature.search": 3})
        failed = house.daybeat("send", "acme")
        assert failed.returncode == 1
        assert_one_line_error(failed)
        house.run_client(acme(https_json(url)) + "telemetry.count('feature.later')")
        until(lambda: house.held().get("feature.later") == 1, "counting goes on")


def test_counting_goes_on_while_an_endpoint_hangs(house: House, collector: Collector) -> None:
    _reported(house, collector, timeout=20, retry_attempts=0)
    collector.answer(Answer(delay=8))
    send = house.launch("-m", "daybeatd.cli", "send", "acme")
    until(lambda: collector.carrying("heartbeat"), "the beat at the endpoint that hangs")
    client = acme(https_json(collector.url, timeout=20, retry_attempts=0))
    for _ in range(3):
        house.run_client(client + "telemetry.count('feature.later', 2)")
    house.await_counters({"feature.later": 6})
    assert send.wait(DEADLINE) == 0
    assert [beat["counters"] for beat in collector.events("heartbeat")] == [{"feature.search": 3}]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(house: House, collector: Collector, status: int) -> None:
    with Collector() as elsewhere:
        _reported(house, collector, retry_attempts=0)
        collector.answer(then=Answer(status=status, headers=(("Location", elsewhere.url),)))
        assert house.daybeat("send", "acme").returncode == 1
        assert elsewhere.requests == []
        assert len(collector.carrying("heartbeat")) == 1


@pytest.mark.parametrize("status", [400, 401, 413])
def test_a_refusal_is_not_tried_again(house: House, collector: Collector, status: int) -> None:
    _reported(house, collector)
    collector.answer(then=Answer(status=status))
    failed = house.daybeat("send", "acme")
    assert failed.returncode == 1
    assert str(status) in failed.stderr + failed.stdout
    assert len(collector.carrying("heartbeat")) == 1


@pytest.mark.parametrize("status", [201, 202, 204])
def test_any_2xx_is_success(house: House, collector: Collector, status: int) -> None:
    _reported(house, collector)
    collector.answer(then=Answer(status=status, body=b"" if status == 204 else b"taken"))
    house.send("acme")
    assert len(collector.carrying("heartbeat")) == 1


def test_a_huge_answer_is_read_up_to_a_cap(house: House, collector: Collector) -> None:
    _reported(house, collector)
    collector.answer(then=Answer(body=b"x" * 30_000_000))
    house.send("acme")
    assert len(house.daybeat("history", "acme", "--json").stdout) < 1_000_000
