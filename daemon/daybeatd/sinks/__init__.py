"""Where heartbeats can go: one small file a sink, each a `Form` of pure functions behind the same contract.

A further sink takes one file and one line here. A sink opens nothing: `daybeatd.courier` does what a `Delivery` says.
"""

from __future__ import annotations

from daybeat.policy import Sink
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.sinks import file, https_json, otlp, posthog
from daybeatd.sinks.contract import Form
from daybeatd.sinks.packing import packed

FORMS: dict[str, Form] = {
    "file": file.FORM,
    "https_json": https_json.FORM,
    "otlp": otlp.FORM,
    "posthog": posthog.FORM,
}


def bytes_for(beat: Heartbeat, sink: Sink, *, gzip: bool) -> bytes:
    """The exact bytes that go to `sink`. `gzip`: its last answer allowed it. Raises MissingExtra."""
    form = FORMS[sink.kind]
    body = form.body(beat, sink)
    return packed(body) if form.packs and gzip else body
