"""Idun's host, and what PostHog got of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from daybeatd.sinks.packing import unpacked
from support.collector import Collector
from support.house import House
from support.waiting import until

IMPORT = (
    "from daybeat.products.idun import AgentFramework, agent_running, cli_running, feature_used\n"
    "from daybeat.products.idun import maybe_send_heartbeat, set_version, track_command, tutorial_running\n"
)
#: A host that uses everything once, and what it counts.
CALLS = """
agent_running(AgentFramework.LANGGRAPH)
agent_running("no such type")
feature_used("guardrails")
cli_running("serve")
tutorial_running("first-agent")
maybe_send_heartbeat()
"""
COUNTED = {
    "workflow.langgraph.count": 1,
    "workflow.custom.count": 1,
    "feature.guardrails.count": 1,
    "cli.serve.count": 1,
    "tutorial.first-agent.count": 1,
}
USER_ID = "5f0c954c-23a1-4b0e-8f6b-2f5c9d3c1a77"
RECORD = {"user_id", "telemetry_enabled", "created_at", "counters", "last_heartbeat_at"}


def environ(collector: Collector) -> dict[str, str]:
    """What sends Idun's heartbeats to our own PostHog."""
    return {"IDUN_POSTHOG_HOST": collector.url.removesuffix("/v1"), "IDUN_POSTHOG_KEY": "phc_ours"}


def sent(collector: Collector, name: str) -> list[dict[str, Any]]:
    """The events of one name that PostHog got, in their order."""
    bodies = [json.loads(unpacked(request.body)) for request in collector.requests]
    return [event for body in bodies for event in body["batch"] if event["event"] == name]


def await_sent(collector: Collector, name: str, count: int = 1) -> list[dict[str, Any]]:
    until(lambda: len(sent(collector, name)) >= count, lambda: f"{count} {name}; PostHog has {collector.requests}")
    return sent(collector, name)


def status(house: House) -> dict[str, Any]:
    """What `daybeat status idun --json` shows of the product."""
    shown = house.daybeat("status", "idun", "--json")
    assert shown.returncode == 0, shown.stderr
    product: dict[str, Any] = json.loads(shown.stdout)["products"]["idun"]
    return product


def await_counted(house: House, expected: dict[str, int]) -> None:
    """Wait until the counters are exactly these."""
    until(lambda: _counters(house) == expected, lambda: f"{expected}; held are {_counters(house)}")


def _counters(house: House) -> object:
    shown = house.daybeat("status", "idun", "--json")
    return json.loads(shown.stdout)["products"]["idun"]["counters"] if shown.returncode == 0 else None


def leave_config(house: House, text: str) -> Path:
    """The file that Idun's own telemetry had left."""
    path = Path(house.environ["HOME"]) / ".config" / "idun" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path
