"""The bodies of Mycelium's four events, call by call: keys, types and hashes as its endpoint has always got them."""

from __future__ import annotations

import hashlib
import json
import platform
from typing import Any

from support.collector import Collector
from support.house import House
from support.mycelium import arrived, await_events, client


def hashed(text: object) -> str:
    return hashlib.sha256(f"{text}pepper".encode()).hexdigest()


def agent(agent_id: object, operation: str = "discover", **metadata: Any) -> dict[str, Any]:
    event = {"event_type": "agent_usage", "agent_id_hash": hashed(agent_id), "operation": operation}
    return event | ({"metadata": metadata} if metadata else {})


def performance(name: str, value: float, unit: str = "ms", **tags: Any) -> dict[str, Any]:
    event = {"event_type": "performance", "metric_name": name, "value": value, "unit": unit}
    return event | ({"tags": tags} if tags else {})


def error(kind: str, message: str, **more: Any) -> dict[str, Any]:
    return {"event_type": "error", "error_type": kind, "error_message": message, **more}


PLAIN = {
    "duration_ms": 1.5,
    "success": False,
    "retry_count": 0,
    "cache_hit": True,
    "result_count": 5,
    "status_code": 200,
}
TAGS = {"operation": "search", "region": "us-east", "shard": 3, "user": "jane", "agent": "x", "session_id": "агент"}

#: A call on the client, and the event that the endpoint gets for it, but for its time.
AGENTS = [
    ("'backend-developer', 'discover', {'duration_ms': 150}", agent("backend-developer", duration_ms=150)),
    ("'a', 'coordinate'", agent("a", "coordinate")),
    ("'a', 'coordinate', {}", agent("a", "coordinate")),
    ("'a', 'coordinate', None", agent("a", "coordinate")),
    ("'a', 'coordinate', {'user_prompt': 'x', 'code': 'y'}", agent("a", "coordinate")),
    (f"'a', 'test', {PLAIN | {'nested': {}, 'extra': 1}}", agent("a", "test", **PLAIN)),
    ("'a', 'test', {'success': True, 'duration_ms': None, 'status_code': [1]}", agent("a", "test", success=True)),
    ("agent_id='агент-1', operation='discover', metadata=None", agent("агент-1")),
    ("'Agent 7/of jane@example.com', 'discover'", agent("Agent 7/of jane@example.com")),
    ("'', 'discover'", agent("")),
    ("7, 'discover'", agent(7)),
    (f"'{'🦄' * 300}', 'discover'", agent("🦄" * 300)),
    # What is not kept costs no event, however long it is and wherever it stands.
    ("'a', 'discover', {'user_prompt': 'x' * 20_000, 'duration_ms': 1}", agent("a", duration_ms=1)),
    ("'a', 'discover', {'success': 'x' * 20_000, 'duration_ms': 1}", agent("a", duration_ms=1)),
    ("'a', 'discover', {**{f'key{n}': n for n in range(1000)}, 'success': True}", agent("a", success=True)),
    ("'a', 'x' * 20_000", agent("a", "other")),
    ("'a', 'discover', {'duration_ms': Fraction(10**400), 'success': True}", agent("a", success=True)),
    ("'a', 'discover', {'duration_ms': Decimal('sNaN'), 'result_count': Decimal('1.5')}", agent("a", result_count=1.5)),
]
PERFORMANCES = [
    ("'discovery_latency', 123.45", performance("discovery_latency", 123.45)),
    ("'query_latency', 100, 'ms', {}", performance("query_latency", 100)),
    ("'prompt_tokens', 12, unit='tokens', tags=None", performance("prompt_tokens", 12, "tokens")),
    ("'wait', -1.5, 's'", performance("wait", -1.5, "s")),
    (
        f"'search', 0, 'ms', {TAGS}",
        performance(
            "search",
            0,
            operation="search",
            region="us-east",
            shard=3,
            user=hashed("jane"),
            agent=hashed("x"),
            session_id=hashed("агент"),
        ),
    ),
    ("'wait', 1, 'x' * 20_000", performance("wait", 1, "1")),
    ("'wait', 1, 's', {'note': 'x' * 20_000, 'x' * 20_000: 1, 'shard': 3}", performance("wait", 1, "s", shard=3)),
]
ERRORS = [
    ("'ValueError', 'Invalid input in module.py'", error("ValueError", "Invalid input in module.py")),
    ("'ConnectionError', 'Failed to connect', None, {}", error("ConnectionError", "Failed to connect")),
    ("'CoordinationError', '', ''", error("CoordinationError", "")),
    (
        "'ValueError', 'Failed to connect', context={'retry_count': 3, 'operation': 'x'}",
        error("ValueError", "Failed to connect", context={"retry_count": 3}),
    ),
    (
        "'IOError', 'Cannot read /home/jane/secret/file.txt', 'File \"/home/jane/code.py\", line 1'",
        error("IOError", "Cannot read <user>/<path>", stack_trace='  File "<user>/code.py", line 1'),
    ),
    (
        "'ConnectionError', 'Failed to connect to postgresql://jane:hunter2@db/x for jane@example.com'",
        error("ConnectionError", "Failed to connect to <url> for <email>"),
    ),
    (
        "'ValueError', 'Failed to connect', ('ы' * 79 + chr(10)) * 1000 + '  File \"/home/jane/code.py\", line 1'",
        error("ValueError", "Failed to connect", stack_trace='  File "<user>/code.py", line 1'),
    ),
    ("'x' * 20_000, 'ы' * 20_000", error("OtherError", "<redacted>")),
    ("'x.' * 10_000 + 'ValueError', 'Failed to connect'", error("ValueError", "Failed to connect")),
    (
        "'ValueError', 'Failed to connect', None, {'prompt': 'x' * 20_000, 'retry_count': 3}",
        error("ValueError", "Failed to connect", context={"retry_count": 3}),
    ),
]


def _sent(house: House, collector: Collector, call: str, table: list[tuple[str, dict[str, Any]]]) -> None:
    house.start_daemon()
    calls = "\n".join(f"client.{call}({arguments})" for arguments, _ in table)
    numbers = "from decimal import Decimal\nfrom fractions import Fraction\n"
    house.run_client(numbers + client(collector, batch_size=len(table) + 1) + calls)
    events = await_events(collector, table[0][1]["event_type"], len(table))
    assert [type(event.pop("timestamp")) for event in events] == [float] * len(table)
    for (arguments, expected), event in zip(table, events, strict=True):
        # As JSON: there 1, 1.0 and true are three things.
        assert json.dumps(event, sort_keys=True) == json.dumps(expected, sort_keys=True), arguments
    (request,) = collector.requests
    document = request.document
    assert set(document) == {"events", "version", "timestamp"}
    assert (document["version"], type(document["timestamp"])) == ("1.0", float)
    assert (request.method, request.headers["content-type"]) == ("POST", "application/json")


def test_agent_usage(house: House, collector: Collector) -> None:
    _sent(house, collector, "track_agent_usage", AGENTS)


def test_performance(house: House, collector: Collector) -> None:
    _sent(house, collector, "track_performance", PERFORMANCES)


def test_error(house: House, collector: Collector) -> None:
    _sent(house, collector, "track_error", ERRORS)


def test_system_info(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(client(collector))
    (event,) = await_events(collector, "system_info")
    assert type(event.pop("timestamp")) is float
    assert platform.release().startswith(event.pop("platform_version"))
    assert event == {
        "event_type": "system_info",
        "platform": platform.system(),
        "python_version": platform.python_version(),
        "python_implementation": platform.python_implementation(),
    }


def test_a_file_named_env_switches_it_on(house: House, collector: Collector) -> None:
    house.start_daemon()
    lines = ["TELEMETRY_ENABLED=true", f"export TELEMETRY_ENDPOINT='{collector.url}/from/env?x=1'"]
    (house.root / ".env").write_text("\n".join([*lines, 'TELEMETRY_SALT="pepper"', "TELEMETRY_BATCH_SIZE=2", ""]))
    host = "from daybeat.products.mycelium import TelemetryClient\nTelemetryClient().track_agent_usage('a', 'discover')"
    house.run_client(host)
    (event,) = await_events(collector, "agent_usage")
    assert event["agent_id_hash"] == hashed("a")
    assert {request.path for request in collector.requests} == {"/v1/from/env?x=1"}
    sent = len(collector.requests)
    house.run_client(host, TELEMETRY_ENABLED="no")
    house.settle()
    assert len(collector.requests) == sent


def test_two_installations_hash_differently(house: House, collector: Collector) -> None:
    with House() as other:
        for each in (house, other):
            each.start_daemon()
            each.run_client(client(collector, salt=None) + "client.track_agent_usage('a', 'discover')")
        first, second = await_events(collector, "agent_usage", 2)
    assert first["agent_id_hash"] != second["agent_id_hash"]
    assert house.daybeat("forget", "mycelium").returncode == 0
    house.run_client(client(collector, salt=None) + "client.track_agent_usage('a', 'discover')")
    hashes = {event["agent_id_hash"] for event in await_events(collector, "agent_usage", 3)}
    assert len(hashes) == 3, "forgotten, and so under a new salt"


def test_one_client_a_process_and_its_surface(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = """
import logging
assert get_telemetry_client() is get_telemetry_client()
with get_telemetry_client() as client:
    assert client.is_enabled() and client.config.is_enabled()
    client.track_agent_usage("a", "discover")
    client.track_system_info()
assert not client.is_enabled()
client.shutdown()
client.track_agent_usage("late", "discover")
assert client._event_queue.qsize() == 0
"""
    told = {"TELEMETRY_ENABLED": "yes", "TELEMETRY_ENDPOINT": collector.url, "TELEMETRY_SALT": "pepper"}
    prelude = "from daybeat.products.mycelium import get_telemetry_client\n"
    house.run_client(prelude + code, TELEMETRY_BATCH_SIZE="2", **told)
    (event,) = await_events(collector, "agent_usage")
    assert event["agent_id_hash"] == hashed("a")
    assert len(arrived(collector, "system_info")) == 1
