"""Mycelium's four events, from a real host through a real daemon to a real endpoint."""

from __future__ import annotations

import hashlib
import json
import logging

import pytest

from support.collector import Collector
from support.house import House
from support.mycelium import IMPORT, arrived, await_events, client


def hashed(text: str, salt: str = "pepper") -> str:
    return hashlib.sha256((text + salt).encode()).hexdigest()


def test_agent_usage(house: House, collector: Collector) -> None:
    house.start_daemon()
    metadata = {"duration_ms": 150, "success": True, "who": "x"}
    call = f"client.track_agent_usage('backend-developer', 'discover', {metadata})"
    house.run_client(client(collector) + call)
    (event,) = await_events(collector, "agent_usage")
    assert type(event.pop("timestamp")) is float
    assert event == {
        "event_type": "agent_usage",
        "agent_id_hash": hashed("backend-developer"),
        "operation": "discover",
        "metadata": {"duration_ms": 150, "success": True},
    }
    (request,) = [one for one in collector.requests if "agent_usage" in one.body.decode()]
    assert request.path == "/v1"
    assert set(request.document) == {"events", "version", "timestamp"}
    assert request.document["version"] == "1.0"


def test_performance(house: House, collector: Collector) -> None:
    house.start_daemon()
    tags = {"operation": "search", "user": "jane", "agent_id": "a1", "note": "Jane Doe"}
    house.run_client(client(collector) + f"client.track_performance('query_latency', 95.5, 'ms', {tags})")
    (event,) = await_events(collector, "performance")
    event.pop("timestamp")
    assert event == {
        "event_type": "performance",
        "metric_name": "query_latency",
        "value": 95.5,
        "unit": "ms",
        "tags": {"operation": "search", "user": hashed("jane"), "agent_id": hashed("a1")},
    }


def test_error(house: House, collector: Collector) -> None:
    house.start_daemon()
    trace = 'File "/home/jane/myapp/module.py", line 42'
    call = f"client.track_error('ValueError', 'Invalid input in module.py from jane@example.com', {trace!r})"
    house.run_client(client(collector) + call)
    (event,) = await_events(collector, "error")
    event.pop("timestamp")
    assert set(event) == {"event_type", "error_type", "error_message", "stack_trace"}, "nothing empty, nothing null"
    assert event["error_type"] == "ValueError"
    assert "Invalid input in module.py" in event["error_message"]
    assert "jane" not in json.dumps(event)
    assert '"<user>/module.py", line 42' in event["stack_trace"]


def test_system_info_goes_out_by_itself_and_not_twice(house: House, collector: Collector) -> None:
    house.start_daemon()
    again = "client.track_system_info()\nTelemetryClient(config=client.config)\n"
    house.run_client(client(collector) + again + "client.track_agent_usage('a', 'discover')")
    await_events(collector, "agent_usage")
    (event,) = arrived(collector, "system_info")
    assert set(event) == {
        *("event_type", "platform", "platform_version", "python_version", "python_implementation", "timestamp"),
    }


def test_the_installations_salt_is_one_for_all_processes_and_never_the_clients(
    house: House, collector: Collector
) -> None:
    house.start_daemon()
    for _ in range(2):
        house.run_client(client(collector, salt=None) + "client.track_agent_usage('a', 'discover')")
    first, second = await_events(collector, "agent_usage", 2)
    assert first["agent_id_hash"] == second["agent_id_hash"]
    assert len(first["agent_id_hash"]) == 64
    salt = house.run_client(IMPORT + "print(TelemetryConfig().salt)").stdout.strip()
    assert len(bytes.fromhex(salt)) == 32


def test_the_events_are_counted_for_status_and_only_batches_go_out(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(client(collector) + "client.track_agent_usage('a', 'discover')")
    await_events(collector, "agent_usage")
    house.daybeat("send", "mycelium")
    shown = json.loads(house.daybeat("status", "mycelium", "--json").stdout)
    (stream,) = shown["products"]["mycelium"]["streams"]
    assert stream["counters"] == {"agent_usage": 1, "system_info": 1}
    kinds = {event["event_type"] for request in collector.requests for event in request.events}
    assert kinds == {"agent_usage", "system_info"}


@pytest.mark.parametrize("logger", ["daybeat.products.mycelium", "plugins.mycelium_core.telemetry"])
def test_debug_logging_shows_events_as_they_will_be_sent(house: House, collector: Collector, logger: str) -> None:
    house.start_daemon()
    code = f"import logging\nlogging.basicConfig()\nlogging.getLogger({logger!r}).setLevel({logging.DEBUG})\n"
    done = house.run_client(code + client(collector) + "client.track_agent_usage('secret-agent', 'discover')")
    (event,) = await_events(collector, "agent_usage")
    shown = [line for line in done.stderr.splitlines() if "agent_usage" in line]
    assert len(shown) == 1
    told = json.loads(shown[0][shown[0].index("{") :])
    assert {**told, "timestamp": 0} == {**event, "timestamp": 0}
    assert "secret-agent" not in done.stderr


def test_debug_logging_says_so_where_the_salt_is_the_daemon_s_alone(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = "import logging\nlogging.basicConfig(level=logging.DEBUG)\n" + client(collector, salt=None)
    tags = {"session_id": "s-1", "shard": 3}
    calls = f"client.track_agent_usage('a', 'discover')\nclient.track_performance('x', 1, tags={tags})\n"
    lines = [line for line in house.run_client(code + calls).stderr.splitlines() if "{" in line]
    shown = {event["event_type"]: event for event in (json.loads(line[line.index("{") :]) for line in lines)}
    (usage,), (performance,) = await_events(collector, "agent_usage"), await_events(collector, "performance")
    assert len(usage.pop("agent_id_hash")) == len(performance["tags"].pop("session_id")) == 64
    unknown = "<hashed under this installation's salt>"
    assert shown["agent_usage"].pop("agent_id_hash") == shown["performance"]["tags"].pop("session_id") == unknown
    for event in (usage, performance):
        assert {**shown[event["event_type"]], "timestamp": 0} == {**event, "timestamp": 0}


def test_the_salt_is_nowhere_on_disk(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    house.run_client(client(collector, salt="cayennepepper") + "client.track_agent_usage('agent-007', 'discover')")
    await_events(collector, "agent_usage")
    daemon.stop()
    held = b"".join(path.read_bytes() for path in house.root.rglob("*") if path.is_file())
    assert b"cayennepepper" not in held
    assert b"agent-007" not in held
    assert hashed("agent-007", "cayennepepper").encode() not in held
