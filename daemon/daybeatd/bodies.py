"""What would leave now: the same functions for a preview as for sending, so that what is shown is what leaves."""

from __future__ import annotations

from daybeat import policy, privacy
from daybeatd.batches import Batches
from daybeatd.control import Answer
from daybeatd.core import closing, heartbeat
from daybeatd.core.destination import destination_of
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.core.ledger import Ledger, Stream
from daybeatd.sinks import FORMS, bytes_for, https_json
from daybeatd.sinks.contract import MissingExtra

#: What a dry run takes for a sink that the product does not have.
PLACEHOLDERS = {
    "file": policy.file("/dev/null"),
    "https_json": policy.https_json("https://example.com/"),
    "otlp": policy.otlp("https://example.com/v1/metrics"),
    "posthog": policy.posthog("<key>"),
}


def beat(ledger: Ledger, stream: Stream, now: float) -> Heartbeat:
    """What the stream's heartbeat is at `now`, within its bounds."""
    return heartbeat.fit(closing.heartbeat(ledger, stream, now), _size, privacy.MAX_HEARTBEAT)


def _size(beat: Heartbeat) -> int:
    return len(https_json.render(beat))


def body(ledger: Ledger, batches: Batches, stream: Stream, now: float) -> str:
    """The exact body that would be sent now, readable; "" when there is no event to send. Raises MissingExtra."""
    if ledger.goes_in_events(stream):
        return batches.body(stream, now)
    whole = beat(ledger, stream, now)
    sink = ledger.sink_for(stream)
    if sink is None:
        return https_json.render(whole).decode()
    form = FORMS[sink.kind]
    return form.show(form.body(whole, sink))


def stored(kind: str, body: bytes) -> str:
    """A stored body of a sink of that kind, readable; what is missing for that where it can't be read.

    SQLite keeps no sums of what is in a row: any bytes may have become of it.
    """
    try:
        return FORMS[kind].show(body)
    except MissingExtra as missing:
        return f"({len(body)} bytes; {missing})"
    except (KeyError, ValueError):
        return f"({len(body)} bytes that are damaged)"


def tried(ledger: Ledger, stream: Stream, kind: str, now: float) -> Answer | None:
    """What would go to a sink of that kind, or to the stream's own for "own"; None where it has none."""
    own = ledger.sink_for(stream)
    sink = own if own is not None and kind in ("own", own.kind) else PLACEHOLDERS.get(kind, own)
    if sink is None:
        return None
    form = FORMS[sink.kind]
    if form.missing():
        return {"product": stream.product, "missing": form.missing()}
    whole = beat(ledger, stream, now)
    made = bytes_for(whole, sink, gzip=stream.gzip and sink is own)
    order = form.delivery(sink, whole.beat_id, made)
    return {
        "product": stream.product,
        "missing": "",
        "destination": destination_of(sink) if sink is own else f"a sink {sink.kind}",
        "bytes": len(made),
        "encoding": order.headers.get("Content-Encoding", "identity"),
        "body": form.show(made),
    }
