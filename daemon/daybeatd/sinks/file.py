"""A file of one JSON object a line, each the body that `https_json` would send."""

from __future__ import annotations

from daybeat.policy import Sink
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.sinks import https_json
from daybeatd.sinks.contract import Delivery, Form, any_fault_of_the_server, plain


def body(heartbeat: Heartbeat, sink: Sink) -> bytes:
    return https_json.render(heartbeat) + b"\n"


def delivery(sink: Sink, beat_id: str, body: bytes) -> Delivery:
    return Delivery(path=sink.url)


FORM = Form(body=body, delivery=delivery, show=plain, retried=any_fault_of_the_server)
