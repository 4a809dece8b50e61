"""`first_run`: once in a product's life on this machine, with the system facts and nothing else."""

from __future__ import annotations

from support.collector import Answer, Collector
from support.house import House
from support.products import acme, https_json

NUMBERS = ("counters", "distributions", "errors", "fleet", "dropped", "window")


def test_it_goes_out_by_itself_and_carries_system_facts_alone(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + "telemetry.count('feature.search', 9)")
    (event,) = collector.await_events(1, "first_run")
    assert not set(NUMBERS) & set(event)
    assert "feature.search" not in str(event)
    assert {"os.family", "python.version"} <= set(event["system"])
    assert event["product_version"] == "2.1.0"


def test_it_stays_once_over_processes_heartbeats_and_restarts(house: House, collector: Collector) -> None:
    client = acme(https_json(collector.url)) + "telemetry.count('feature.search')"
    daemon = house.start_daemon()
    house.run_client(client)
    collector.await_events(1, "first_run")
    house.run_client(client)
    house.await_counters({"feature.search": 2})
    house.send("acme")
    daemon.stop()
    house.start_daemon()
    house.run_client(client)
    house.await_counters({"feature.search": 1})
    house.send("acme")
    assert len(collector.events("first_run")) == 1
    assert len(collector.events("heartbeat")) == 2
    installs = {
        event["install_id"] for kind in ("first_run", "heartbeat") for event in collector.events(kind)
    }
    assert len(installs) == 1


def test_it_does_not_go_out_under_local(house: House, collector: Collector) -> None:
    house.choose("acme", "local")
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + "telemetry.count('feature.search')")
    house.await_counters({"feature.search": 1})
    house.daybeat("send", "acme")
    house.settle()
    assert collector.requests == []


def test_a_failed_one_is_tried_again_by_itself_or_with_the_next_send(
    house: House, collector: Collector
) -> None:
    collector.answer(*[Answer(status=503)] * 4)
    house.start_daemon()
    client = acme(https_json(collector.url, retry_attempts=1, retry_backoff=1.0))
    house.run_client(client + "telemetry.count('feature.search')")
    collector.await_events(1, "first_run")
    house.await_counters({"feature.search": 1})
    for _ in range(5):
        house.daybeat("send", "acme")
    assert len(collector.events("first_run")) > 1
    bodies = {str(sorted(event.items())) for event in collector.events("first_run")}
    assert len(bodies) == 1, "a first_run that is sent again is the same"
