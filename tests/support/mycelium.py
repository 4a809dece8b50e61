"""Mycelium's host, as its guide has it, and what its endpoint got."""

from __future__ import annotations

from typing import Any

from support.collector import Collector
from support.waiting import until

IMPORT = "from daybeat.products.mycelium import TelemetryClient, TelemetryConfig, get_telemetry_client\n"


def client(collector: Collector, **settings: Any) -> str:
    """The host's first lines: `client` sends each event at once unless told otherwise."""
    given = {"enabled": True, "endpoint": collector.url, "batch_size": 1, "salt": "pepper", **settings}
    return IMPORT + f"client = TelemetryClient(config=TelemetryConfig(**{given!r}))\n"


def arrived(collector: Collector, kind: str) -> list[dict[str, Any]]:
    """The events of one kind, in the order of arrival."""
    return [event for request in collector.requests for event in request.events if event["event_type"] == kind]


def await_events(collector: Collector, kind: str, count: int = 1) -> list[dict[str, Any]]:
    until(
        lambda: len(arrived(collector, kind)) >= count,
        lambda: f"{count} {kind}; the endpoint has {[request.body for request in collector.requests]}",
    )
    return arrived(collector, kind)
