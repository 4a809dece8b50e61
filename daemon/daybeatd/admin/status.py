"""What the daemon holds now: products, their streams, and what waits of them."""

from __future__ import annotations

import os
from time import monotonic

from daybeat import __version__
from daybeatd import choices, host
from daybeatd.admin.context import Context
from daybeatd.control import Answer, Reply
from daybeatd.core import enforcement, legacy
from daybeatd.core.heartbeat import summary
from daybeatd.core.ledger import Product, Stream
from daybeatd.core.outbox import Parcel
from daybeatd.core.window import COUNTER, DROPPED, ERROR


def answer(context: Context, product: str, reply: Reply) -> None:
    products = {each.name: of_product(context, each) for each in context.products(product)}
    reply({"daemon": _of_daemon(context), "products": products})


def _of_daemon(context: Context) -> Answer:
    return {
        "running": True,
        "version": __version__,
        "pid": os.getpid(),
        "uptime": round(monotonic() - context.started, 1),
        "memory": host.memory(),
        "connections": context.ingest.connections,
        "malformed": context.reception.malformed,
        "refused": context.ledger.refused,
        "turned_away": list(context.ledger.turned_away),
        "crowded": sorted(context.ledger.crowded),
        "breaks": context.ingest.breaks,
        "ingest": context.ingest.fault or "ok",
        "store": context.keeper.fault or "ok",
        "set_aside": context.keeper.store.set_aside,
        "settings": context.settings.faults,
        "choices": choices.faults(context.place),
    }


def of_product(context: Context, product: Product) -> Answer:
    ledger = context.ledger
    decision = ledger.decision_for(product.name)
    return {
        "consent": {"mode": decision.mode, "reason": decision.reason},
        "version": product.version,
        "install_id": product.install_id,
        "first_seen": product.first_seen,
        "streams": [_of_stream(context, stream) for stream in ledger.streams_of(product.name)],
        "outbox": [of_parcel(parcel) for parcel in context.keeper.outbox.values() if parcel.product == product.name],
        "processes": host.names(ledger.fleet.pids(product.name)),
        "kept_on": enforcement.kept_on(ledger, product.name),
        "undeclared": ledger.undeclared.of(product.name),
        **(_iduns_record(context, product) if product.name == legacy.PRODUCT else {}),
    }


def _iduns_record(context: Context, product: Product) -> Answer:
    """The record that Idun's own telemetry kept, under its names: counters begin anew once they are delivered."""
    ledger = context.ledger
    streams = list(ledger.streams_of(product.name))
    sent = [stream.last.wall for stream in streams if not stream.first]
    waiting = [parcel.window for parcel in context.keeper.outbox.values() if parcel.product == product.name]
    windows = [stream.window for stream in streams] + [window for window in waiting if window is not None]
    counters = [pair for window in windows for pair in window.numbers[COUNTER].items()]
    is_on = ledger.decision_for(product.name).mode != "off"
    return legacy.record(product.install_id, is_on, product.first_seen, max(sent, default=None), counters)


def _of_stream(context: Context, stream: Stream) -> Answer:
    window = stream.window
    held = context.post.why_held(stream)
    return {
        "destination": stream.destination,
        "held": held,
        "ended": list(stream.ended),
        "last_answer": stream.told,
        "outgoing": "gzip" if stream.gzip else "identity",
        "window_start": window.start,
        "sequence": stream.sequence,
        "counters": dict(sorted(window.numbers[COUNTER].items())),
        "errors": dict(sorted(window.numbers[ERROR].items())),
        "distributions": {key: summary(found) for key, found in sorted(window.distributions.items())},
        "dropped": dict(window.numbers[DROPPED]),
        "fleet": {"processes": window.processes, "peak": window.peak},
        "next_heartbeat_in": round(context.builder.due(stream, context.moment()).wait) if not held else None,
    }


def of_parcel(parcel: Parcel) -> Answer:
    """A heartbeat on its way."""
    return {
        "product": parcel.product,
        "kind": parcel.kind,
        "beat_id": parcel.beat_id,
        "sequence": parcel.sequence,
        "destination": parcel.destination,
        "state": parcel.state,
        "attempts": parcel.attempts,
        "next_try": parcel.next_try,
        "status": parcel.status,
        "words": parcel.words,
    }
