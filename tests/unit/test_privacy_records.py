"""Mycelium's four shapes."""

from __future__ import annotations

import hashlib
import json

import pytest

from daybeat import privacy, records


def test_agent_usage() -> None:
    fields = {
        "agent_id": "backend-developer",
        "operation": "discover",
        "metadata": {
            "duration_ms": 150,
            "success": True,
            "user_prompt": "jane",
            "status_code": "jane",
            "retry_count": [1],
        },
    }
    event, reasons = records.record("agent_usage", fields, 5.5, "salt")
    assert event == {
        "event_type": "agent_usage",
        "agent_id_hash": privacy.agent("backend-developer", "salt"),
        "operation": "discover",
        "metadata": {"duration_ms": 150, "success": True},
        "timestamp": 5.5,
    }
    assert reasons == ("undeclared",) * 3


def test_performance() -> None:
    tags = {"operation": "search", "agent_id": "agent-123", "user": "jane", "note": "Jane Doe", "api_key": "x"}
    fields = {"metric_name": "query_latency", "value": 95.5, "unit": "ms", "tags": tags}
    event, reasons = records.record("performance", fields, 1.0, "salt")
    assert event == {
        "event_type": "performance",
        "metric_name": "query_latency",
        "value": 95.5,
        "unit": "ms",
        "tags": {
            "operation": "search",
            "agent_id": privacy.agent("agent-123", "salt"),
            "user": privacy.agent("jane", "salt"),
        },
        "timestamp": 1.0,
    }
    assert len(reasons) == 2


def test_error() -> None:
    fields = {
        "error_type": "ValueError",
        "error_message": "Invalid value in /home/jane/file.py",
        "stack_trace": 'File "/home/jane/project/file.py", line 10',
        "context": {"retry_count": 3},
    }
    assert records.record("error", fields, 1.0, "salt") == (
        {
            "event_type": "error",
            "error_type": "ValueError",
            "error_message": "Invalid value in <user>/file.py",
            "stack_trace": '  File "<user>/file.py", line 10',
            "context": {"retry_count": 3},
            "timestamp": 1.0,
        },
        (),
    )
    assert records.record("error", {"error_type": "JaneDoeError", "error_message": ""}, 1.0, "s")[0] == {
        "event_type": "error",
        "error_type": "OtherError",
        "error_message": "",
        "timestamp": 1.0,
    }
    assert records.record("error", {"error_message": "jane"}, 1.0, "s")[0]["error_message"] == "<redacted>"


def test_tags_keep_their_type_and_those_that_point_at_someone_are_hashed_whatever_their_name() -> None:
    tags = {"shard": 3, "hot": True, "session_id": "s-1", "worker_id": 7, "user": "агент", "phone": 4915112345678}
    event, reasons = records.record("performance", {"metric_name": "x", "value": 1, "tags": tags}, 1.0, "salt")
    assert event["tags"] == {
        "shard": 3,
        "hot": True,
        "session_id": privacy.agent("s-1", "salt"),
        "worker_id": privacy.agent("7", "salt"),
        "user": privacy.agent("агент", "salt"),
    }
    assert reasons == ("unsafe",)


@pytest.mark.parametrize("name", ["CoordinationError", "AgentNotFoundError", "HandoffError", "TelemetryError"])
def test_the_names_of_mycelium_s_own_exceptions_are_kept(name: str) -> None:
    assert records.record("error", {"error_type": name, "error_message": "x"}, 1.0, "salt")[0]["error_type"] == name


@pytest.mark.parametrize(
    ("release", "kept"),
    [
        ("5.15.0", "5.15.0"),
        ("5.15.0-91-generic", "5.15.0"),
        ("5.15.153.1-microsoft-standard-WSL2", "5.15.153"),
        ("6.1.0-18-jane-laptop", "6.1.0"),
        ("23.1.0", "23.1.0"),
        ("10", "10"),
        ("10.0.0.1", "unknown"),
        ("192.168.1.1", "unknown"),
        ("jane", "unknown"),
        (None, "unknown"),
    ],
)
def test_system_info(release: object, kept: str) -> None:
    fields = {
        "platform": "Linux",
        "platform_version": release,
        "python_version": "3.11.4",
        "python_implementation": "CPython",
    }
    assert records.record("system_info", fields, 1.0, "salt")[0] == {
        "event_type": "system_info",
        "platform": "Linux",
        "platform_version": kept,
        "python_version": "3.11.4",
        "python_implementation": "CPython",
        "timestamp": 1.0,
    }


def test_other_records_are_dropped() -> None:
    assert records.record("gossip", {"about": "jane"}, 1.0, "salt") == ({}, ("undeclared",))
    assert records.record("agent_usage", "jane", 1.0, "salt") == ({}, ("undeclared",))
    assert records.record("agent_usage", {"agent_id": [7]}, 1.0, "salt") == ({}, ("unsafe",))
    assert records.record("performance", {"metric_name": "Jane Doe", "value": 1}, 1.0, "salt") == ({}, ("unsafe",))
    assert records.record("performance", {"metric_name": "x", "value": float("nan")}, 1.0, "salt") == ({}, ("unsafe",))


@pytest.mark.parametrize("agent", ["агент-1", "a b/c\\d", "", "🦄", 7])
def test_whatever_an_agent_s_id_is_it_is_hashed(agent: object) -> None:
    event, _ = records.record("agent_usage", {"agent_id": agent, "operation": "discover"}, 1.0, "salt")
    assert event["agent_id_hash"] == hashlib.sha256(f"{agent}salt".encode()).hexdigest()


def test_an_unsafe_operation_is_other() -> None:
    event, reasons = records.record("agent_usage", {"agent_id": "a", "operation": "mail jane@example.com"}, 1.0, "salt")
    assert (event["operation"], reasons) == ("other", ("unsafe",))


def test_an_event_is_at_most_4_kb() -> None:
    trace = "".join(f'  File "/x/site-packages/httpx/_client.py", line {i}, in _send\n' for i in range(400))
    tags = {f"tag{i}_id": "x" for i in range(40)}
    for kind, fields in (
        ("error", {"error_type": "ValueError", "error_message": "invalid " * 400, "stack_trace": trace}),
        ("performance", {"metric_name": "x", "value": 1, "tags": tags}),
    ):
        event = records.record(kind, fields, 1.0, "salt")[0]
        assert event["event_type"] == kind
        assert len(json.dumps(event)) <= privacy.MAX_EVENT
