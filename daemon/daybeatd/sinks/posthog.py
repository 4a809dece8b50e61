"""PostHog, as its own library speaks to it: `POST <host>/batch/` with one anonymous event, `Heartbeat` or `First run`.

The beat id is the event's uuid and the window's end its timestamp, on every retry: PostHog merges events that agree in
day, event, distinct_id and uuid. `sent_at`, against which it would shift the timestamp, is not sent. The project's key
is part of the body.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from daybeat.policy import Sink
from daybeatd.core.heartbeat import FIRST_RUN, HEARTBEAT, Heartbeat, document
from daybeatd.sinks.contract import Delivery, Form, any_fault_of_the_server
from daybeatd.sinks.packing import encoding, packed, unpacked

EVENTS = {HEARTBEAT: "Heartbeat", FIRST_RUN: "First run"}

# No person is made of an install, and its address is neither looked up nor kept.
_ANONYMOUS = {
    "$process_person_profile": False,
    "$geoip_disable": True,
    "$ip": "0.0.0.0",
    "$ignore_sent_at": True,
}
# What PostHog has fields of its own for.
_ELSEWHERE = ("event_type", "beat_id", "install_id", "timestamp")


def body(heartbeat: Heartbeat, sink: Sink) -> bytes:
    event = {
        "event": EVENTS[heartbeat.kind],
        "distinct_id": heartbeat.install_id,
        "uuid": heartbeat.beat_id,
        "timestamp": datetime.fromtimestamp(heartbeat.end, UTC).isoformat(timespec="milliseconds"),
        "properties": properties(heartbeat),
    }
    batch = {"api_key": sink.key, "batch": [event]}
    return packed(json.dumps(batch, allow_nan=False, separators=(",", ":")).encode())


def properties(heartbeat: Heartbeat) -> dict[str, Any]:
    """The heartbeat, flat: `counters.feature.search` and `system.os.family` without their first part, the rest with it.

    Distributions are told by their summaries: `latency.search.p50`. A name that is already taken keeps its first part,
    so that a counter can hide nothing.
    """
    fields = {name: value for name, value in document(heartbeat).items() if name not in _ELSEWHERE}
    flat: dict[str, Any] = {
        **_ANONYMOUS,
        "$lib": heartbeat.product,
        "$lib_version": heartbeat.product_version,
    }
    short = {name: fields.pop(name, {}) for name in ("system", "counters", "distributions")}
    for name, value in fields.items():
        flat |= dict(_leaves(name, value))
    for part, value in short.items():
        for name, leaf in _leaves("", value):
            while name in flat:
                name = f"{part}.{name}"
            flat[name] = leaf
    return flat


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield name, value
        return
    for key, inner in value.items():
        yield from _leaves(f"{name}.{key}" if name else key, inner)


def delivery(sink: Sink, beat_id: str, body: bytes) -> Delivery:
    headers = {"Content-Type": "application/json", **encoding(body)}
    return Delivery(url=sink.url.rstrip("/") + "/batch/", headers=headers, timeout=sink.timeout)


def show(body: bytes) -> str:
    return unpacked(body).decode()


def key_in(body: bytes) -> str:
    try:
        batch = json.loads(unpacked(body))
    except ValueError:
        return ""
    return str(batch.get("api_key", "")) if isinstance(batch, dict) else ""


FORM = Form(body=body, delivery=delivery, show=show, retried=any_fault_of_the_server, key_in=key_in)
