"""A JSON body POSTed to an address, exactly as given: `{"events": [...], "version": "1.0", "timestamp": seconds}`."""

from __future__ import annotations

import json

from daybeat.policy import Sink
from daybeatd.core.heartbeat import Heartbeat, document
from daybeatd.sinks.contract import Delivery, Form, any_fault_of_the_server
from daybeatd.sinks.packing import encoding, unpacked


def render(heartbeat: Heartbeat) -> bytes:
    """The body, which is the same for every address; also what is shown of numbers that go nowhere."""
    batch = {"events": [document(heartbeat)], "version": "1.0", "timestamp": heartbeat.end}
    return json.dumps(batch, allow_nan=False, separators=(",", ":")).encode()


def body(heartbeat: Heartbeat, sink: Sink) -> bytes:
    return render(heartbeat)


def delivery(sink: Sink, beat_id: str, body: bytes) -> Delivery:
    own = {"Content-Type": "application/json", "Idempotency-Key": beat_id}
    return Delivery(url=sink.url, headers=own | dict(sink.headers) | encoding(body), timeout=sink.timeout)


def show(body: bytes) -> str:
    return unpacked(body).decode()


FORM = Form(body=body, delivery=delivery, show=show, retried=any_fault_of_the_server, packs=True)
