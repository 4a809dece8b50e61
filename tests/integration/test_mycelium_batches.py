"""When batches go out, what follows from each answer, and what happens at the end."""

from __future__ import annotations

import itertools
import signal

from support.collector import Answer, Collector
from support.house import House
from support.mycelium import arrived, await_events, client
from support.waiting import until

USE = "client.track_agent_usage('a', 'discover')\n"


def test_a_batch_goes_out_when_it_is_full_across_processes(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = client(collector, batch_size=10) + "for _ in range(4): client.track_agent_usage('a', 'discover')\n"
    house.run_client(code)
    house.settle()
    assert collector.requests == []
    house.run_client(code)
    await_events(collector, "agent_usage", 8)
    (request,) = collector.requests
    assert len(request.events) == 10


def test_a_batch_goes_out_after_half_a_minute(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(client(collector, batch_size=100) + USE)
    until(lambda: arrived(collector, "agent_usage"), "a batch that was not full", deadline=60)


def test_a_fault_of_the_server_is_tried_again_with_the_same_bytes(house: House, collector: Collector) -> None:
    collector.answer(Answer(503), Answer(hang_up=True), Answer(500))
    house.start_daemon()
    house.run_client(client(collector, batch_size=2, retry_backoff=1.0) + USE)
    until(lambda: len(collector.requests) == 4, lambda: str(collector.requests))
    assert len({request.body for request in collector.requests}) == 1
    times = [request.at for request in collector.requests]
    assert all(later - earlier >= 0.9 for earlier, later in itertools.pairwise(times))


def test_after_the_last_try_it_is_discarded_and_logged_and_later_ones_go_on(house: House, collector: Collector) -> None:
    collector.answer(Answer(503), Answer(503))
    daemon = house.start_daemon()
    code = client(collector, batch_size=2, retry_attempts=1, retry_backoff=1.0)
    house.run_client(code + USE)
    until(lambda: "discarded" in daemon.log, "a word in the log")
    house.run_client(code + USE)
    until(lambda: len(collector.requests) == 3, lambda: str(collector.requests))
    bodies = [request.body for request in collector.requests]
    assert bodies[0] == bodies[1] != bodies[2]


def test_a_fault_of_ours_is_not_tried_again(house: House, collector: Collector) -> None:
    collector.answer(Answer(400))
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=2) + USE)
    until(lambda: "discarded" in daemon.log, "a word in the log")
    house.run_client(client(collector, batch_size=2) + USE)
    until(lambda: len(collector.requests) == 2, lambda: str(collector.requests))
    assert collector.requests[0].body != collector.requests[1].body


def test_the_pending_batch_is_posted_when_the_daemon_goes(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=100) + USE)
    assert daemon.stop(signal.SIGTERM) == 0
    assert len(arrived(collector, "agent_usage")) == 1
    assert len(collector.requests) == 1


def test_a_daemon_that_goes_does_not_wait_for_an_endpoint_that_hangs(house: House, collector: Collector) -> None:
    collector.answer(then=Answer(delay=60))
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=100, timeout=30) + USE)
    assert daemon.stop() == 0
    assert "discarded" in daemon.log


def test_preview_shows_the_batch_that_waits(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(client(collector, batch_size=100) + USE)
    shown = house.daybeat("preview", "mycelium").stdout
    house.daybeat("send", "mycelium")
    await_events(collector, "agent_usage")
    sent = collector.requests[0].body.decode()
    assert shown.partition('"version"')[0] == sent.partition('"version"')[0]


def test_off_deletes_what_waits(house: House, collector: Collector) -> None:
    house.choose("mycelium", "on")
    daemon = house.start_daemon()
    endpoint = {"TELEMETRY_ENDPOINT": collector.url}
    code = "from daybeat.products.mycelium import TelemetryClient\nclient = TelemetryClient()\n"
    house.run_client(code + USE, **endpoint)
    assert "agent_usage" in house.daybeat("preview", "mycelium").stdout
    assert house.daybeat("off", "mycelium").returncode == 0
    daemon.stop()
    assert collector.requests == []
