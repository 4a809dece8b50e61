"""One heartbeat from end to end: what the processes reported is what the collector got, to the last unit."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from support.collector import Collector
from support.house import House
from support.products import acme, https_json, product

EVERY_KIND = """
telemetry.count("feature.search")
telemetry.count("feature.search", 4)
build = telemetry.counter("cli.build")
build.inc()
build.inc(5)
for value in (9.0, 12.0, 16.5):
    telemetry.observe("latency.search", value, unit="ms", tags={"operation": "search"})
telemetry.observe("size.index", 2048, unit="By")
with telemetry.timer("latency.block"):
    pass
@telemetry.timer("latency.call")
def work(value):
    return value + 1
assert [work(1), work(2)] == [2, 3]
for _ in range(3):
    try:
        int("x")
    except ValueError as error:
        telemetry.error(error)
telemetry.error("KeyError")
"""


@pytest.fixture
def beat(house: House, collector: Collector) -> dict[str, Any]:
    """The one heartbeat of a process that reported every kind of event and ended by itself."""
    house.start_daemon()
    house.run_client(acme(https_json(collector.url), tags={"operation": ["search", "build"]}) + EVERY_KIND)
    house.await_counters({"feature.search": 5, "cli.build": 6})
    house.send("acme")
    beats = collector.events("heartbeat")
    assert len(beats) == 1
    return beats[0]


def test_every_number_of_one_process_arrives_exactly(beat: dict[str, Any]) -> None:
    assert beat["counters"] == {"feature.search": 5, "cli.build": 6}
    assert beat["errors"] == {"ValueError": 3, "KeyError": 1}
    assert set(beat["distributions"]) == {
        "latency.search{operation=search}",
        "size.index",
        "latency.block",
        "latency.call",
    }
    search = beat["distributions"]["latency.search{operation=search}"]
    assert (search["unit"], search["count"], search["sum"]) == ("ms", 3, 37.5)
    assert (search["min"], search["max"]) == (9.0, 16.5)
    assert search["p50"] == pytest.approx(12.0, rel=0.01)
    assert search["p90"] == pytest.approx(16.5, rel=0.01)
    assert search["p99"] == pytest.approx(16.5, rel=0.01)
    size = beat["distributions"]["size.index"]
    assert (size["unit"], size["count"], size["sum"]) == ("By", 1, 2048)


def test_a_timer_observes_each_block_and_each_call_once(beat: dict[str, Any]) -> None:
    block, call = (beat["distributions"][name] for name in ("latency.block", "latency.call"))
    assert (block["count"], call["count"]) == (1, 2)
    assert block["unit"] == call["unit"]
    assert block["unit"] in ("ns", "us", "ms", "s")
    assert 0 <= call["min"] <= call["max"] <= call["sum"]


def test_the_body_has_the_fields_of_the_design(beat: dict[str, Any]) -> None:
    assert {
        "event_type",
        "beat_id",
        "sequence",
        "product",
        "product_version",
        "install_id",
        "timestamp",
        "window",
        "counters",
        "distributions",
        "errors",
        "fleet",
        "system",
        "dropped",
        "class",
    } == set(beat)
    assert (beat["event_type"], beat["product"], beat["product_version"]) == ("heartbeat", "acme", "2.1.0")
    assert str(uuid.UUID(beat["beat_id"])) == beat["beat_id"]
    assert str(uuid.UUID(beat["install_id"])) == beat["install_id"] != beat["beat_id"]
    assert isinstance(beat["sequence"], int)
    assert beat["window"]["start"] <= beat["window"]["end"] <= beat["timestamp"]
    assert beat["fleet"] == {"processes": 1, "peak": 1}
    assert beat["dropped"] == {"undeclared": 0, "unsafe": 0, "overflow": 0, "lost": 0, "version": 0}
    assert beat["class"] in ("person", "ci", "ephemeral")


def test_the_system_facts_are_of_the_host_process(beat: dict[str, Any]) -> None:
    system = beat["system"]
    assert {"os.family", "os.machine", "os.containerized", "python.version"} <= set(system)
    assert system["os.family"] in ("Linux", "Darwin")
    assert re.fullmatch(r"3\.\d+\.\d+\S*", system["python.version"])
    assert isinstance(system["os.containerized"], bool)


def test_the_request_is_the_one_of_the_design(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(
        acme(https_json(collector.url, headers={"X-Team": "acme"})) + "telemetry.count('cli.run')"
    )
    house.await_counters({"cli.run": 1})
    house.send("acme")
    (request,) = collector.carrying("heartbeat")
    (beat,) = (event for event in request.events if event["event_type"] == "heartbeat")
    assert (request.method, request.path) == ("POST", "/v1")
    assert request.headers["content-type"].split(";")[0] == "application/json"
    assert request.headers["x-team"] == "acme"
    assert request.headers["idempotency-key"] == beat["beat_id"]
    assert set(request.document) == {"events", "version", "timestamp"}
    assert request.document["version"] == "1.0"


def test_the_numbers_of_several_processes_are_added_up(house: House, collector: Collector) -> None:
    house.start_daemon()
    for number in range(1, 5):
        house.run_client(
            acme(https_json(collector.url))
            + f"telemetry.count('feature.search', {number})\n"
            + f"telemetry.observe('latency.search', {number}.0, unit='ms')\n"
            + "telemetry.error(ValueError())\n"
        )
    house.await_counters({"feature.search": 10})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    latency = beat["distributions"]["latency.search"]
    assert beat["counters"] == {"feature.search": 10}
    assert beat["errors"] == {"ValueError": 4}
    assert (latency["count"], latency["sum"], latency["min"], latency["max"]) == (4, 10.0, 1.0, 4.0)
    assert beat["fleet"]["processes"] == 4


def test_the_peak_is_the_number_of_processes_alive_at_once(house: House, collector: Collector) -> None:
    house.start_daemon()
    clients = [house.live_client(acme(https_json(collector.url))) for _ in range(3)]
    for _ in range(2):  # each is heard before and after each other: they are alive at the same time
        for client in clients:
            client.do("telemetry.count('feature.search'); telemetry.flush(5)")
    for client in clients:
        assert client.end() == (0, "")
    house.await_counters({"feature.search": 6})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    assert beat["fleet"] == {"processes": 3, "peak": 3}


def test_the_next_heartbeat_begins_where_the_last_one_ended(house: House, collector: Collector) -> None:
    house.start_daemon()
    for number in (3, 5):
        house.run_client(acme(https_json(collector.url)) + f"telemetry.count('feature.search', {number})")
        house.await_counters({"feature.search": number})
        house.send("acme")
    first, second = collector.events("heartbeat")
    assert (first["counters"], second["counters"]) == ({"feature.search": 3}, {"feature.search": 5})
    assert first["beat_id"] != second["beat_id"]
    assert first["install_id"] == second["install_id"]
    assert second["sequence"] == first["sequence"] + 1
    assert second["window"]["start"] == first["window"]["end"]


def test_two_products_are_never_mixed_nor_joined(house: House, collector: Collector) -> None:
    house.start_daemon()
    for name, number in (("acme", 2), ("other", 7)):
        house.run_client(product(name, https_json(collector.url)) + f"telemetry.count('feature.x', {number})")
        house.await_counters({"feature.x": number}, name)
        house.send(name)
    (ours,), (others,) = collector.events("heartbeat", "acme"), collector.events("heartbeat", "other")
    assert (ours["counters"], others["counters"]) == ({"feature.x": 2}, {"feature.x": 7})
    assert ours["install_id"] != others["install_id"]


def test_the_tags_of_a_name_are_sorted(house: House) -> None:
    house.start_daemon()
    tags = {"size": ["big", "small"], "operation": ["search", "build"]}
    house.run_client(
        acme(tags=tags) + "telemetry.observe('latency.x', 1.0, tags={'size': 'big', 'operation': 'build'})\n"
        "telemetry.count('cli.end')\n"
    )
    house.await_counters({"cli.end": 1})
    beat = house.beat()
    assert set(beat["distributions"]) == {"latency.x{operation=build,size=big}"}


def test_an_unlisted_unit_counts_as_one_and_a_strange_version_as_unknown(house: House) -> None:
    house.start_daemon()
    house.run_client(
        acme(version="my laptop build!") + "telemetry.observe('latency.x', 1.0, unit='bananas')\n"
        "telemetry.count('cli.end')\n"
    )
    house.await_counters({"cli.end": 1})
    beat = house.beat()
    assert beat["distributions"]["latency.x"]["unit"] == "1"
    assert beat["product_version"] == "unknown"


def test_an_exception_type_that_may_not_be_named_is_an_other_error(house: House) -> None:
    house.start_daemon()
    house.run_client(
        acme(errors=["httpx"]) + "class JaneDoesSecret(Exception): pass\n"
        "telemetry.error(JaneDoesSecret('/home/jane'))\ntelemetry.error('JaneDoesSecret')\n"
        "telemetry.error(TimeoutError())\ntelemetry.count('cli.end')\n"
    )
    house.await_counters({"cli.end": 1})
    shown = house.daybeat("preview", "acme").stdout
    beat = house.beat()
    assert beat["errors"] == {"OtherError": 2, "TimeoutError": 1}
    assert "jane" not in shown.lower()
