"""What the daemon answers to the person's tool. Reads what the other rooms hold, and asks the app to act."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from daybeat import __version__, policy
from daybeat.policy import Sink
from daybeatd import choices, host, ledgerfile
from daybeatd.control import Answer, Reply
from daybeatd.core import delivery, heritage
from daybeatd.core.heartbeat import summary
from daybeatd.core.ledger import LOCAL, Product, Stream, destination_of
from daybeatd.core.outbox import Parcel
from daybeatd.core.schedule import Moment
from daybeatd.core.window import COUNTER, DROPPED, ERROR
from daybeatd.sinks import FORMS
from daybeatd.sinks.contract import MissingExtra

if TYPE_CHECKING:
    from daybeatd.app import App

#: A waiting parcel whose next attempt is further away than this has ended its round, seconds.
ROUND_ENDED = 60.0
#: Entries of the history that one answer tells.
MAX_HISTORY = 1000
#: What a dry run takes for a sink that the product does not have.
PLACEHOLDERS = {
    "file": policy.file("/dev/null"),
    "https_json": policy.https_json("https://example.com/"),
    "otlp": policy.otlp("https://example.com/v1/metrics"),
    "posthog": policy.posthog("<key>"),
}


@dataclass(slots=True)
class Wait:
    """Somebody who waits until none of `beat_ids` has an attempt to come soon."""

    beat_ids: set[str]
    outcomes: list[Answer]
    reply: Reply


class Admin:
    def __init__(self, app: App) -> None:
        self._app = app
        self._waits: list[Wait] = []
        self._answers: dict[str, Callable[[str, Reply], None]] = {
            "status": self._status,
            "preview": self._preview,
            "send": self._send,
            "history": self._history,
            "policy": self._policy,
            "export": self._export,
            "forget": self._forget,
            "look": self._look,
        }

    def handle(self, request: dict[str, Any], reply: Reply) -> None:
        """Answer one request: {"do": …, "product": name or ""}. A fault of the asker's is {"error": words}."""
        answer = self._answers.get(str(request.get("do")))
        product = request.get("product", "")
        if answer is None or not isinstance(product, str):
            reply({"error": "this daemon does not know that request; is it older than the tool?"})
            return
        self._app.settle()
        if product and product not in self._app.ledger.products and answer not in (self._look, self._policy):
            reply({"error": f"nothing is known of {product}: none of its processes has reported yet"})
            return
        if answer == self._preview and request.get("sink"):
            self._try(product, str(request["sink"]), reply)
        else:
            answer(product, reply)

    def _products(self, product: str) -> list[Product]:
        found = self._app.ledger.products
        return [found[product]] if product else sorted(found.values(), key=lambda each: each.name)

    # Telling.

    def _status(self, product: str, reply: Reply) -> None:
        app = self._app
        reply(
            {
                "daemon": {
                    "running": True,
                    "version": __version__,
                    "pid": os.getpid(),
                    "uptime": round(monotonic() - app.started, 1),
                    "memory": host.memory(),
                    "connections": app.ingest.connections,
                    "malformed": app.malformed,
                    "refused": app.ledger.refused,
                    "breaks": app.ingest.breaks,
                    "store": app.keeper.fault or "ok",
                    "set_aside": app.keeper.store.set_aside,
                    "settings": app.settings.faults,
                    "choices": choices.faults(app.place),
                },
                "products": {each.name: self._product(each) for each in self._products(product)},
            }
        )

    def _product(self, product: Product) -> Answer:
        app = self._app
        decision = app.ledger.decision_for(product.name)
        return {
            "consent": {"mode": decision.mode, "reason": decision.reason},
            "version": product.version,
            "install_id": product.install_id,
            "first_seen": product.first_seen,
            "streams": [self._stream(stream) for stream in app.ledger.streams_of(product.name)],
            "outbox": [_parcel(parcel) for parcel in app.keeper.outbox.values() if parcel.product == product.name],
            "processes": host.names(app.ledger.fleet.pids(product.name)),
            "kept_on": self._app.ledger.kept_on(product.name),
            "undeclared": app.ledger.undeclared.of(product.name),
            **(self._record(product) if product.name == heritage.PRODUCT else {}),
        }

    def _record(self, product: Product) -> Answer:
        """The record that Idun's own telemetry kept, under its names."""
        streams = list(self._app.ledger.streams_of(product.name))
        sent = [stream.last.wall for stream in streams if not stream.first]
        counters = [pair for stream in streams for pair in stream.window.numbers[COUNTER].items()]
        is_on = self._app.ledger.decision_for(product.name).mode != "off"
        return heritage.record(product.install_id, is_on, product.first_seen, max(sent, default=None), counters)

    def _stream(self, stream: Stream) -> Answer:
        window = stream.window
        app = self._app
        held = app.post.why_held(stream)
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
            "next_heartbeat_in": round(app.due(stream, self._app.moment()).wait) if not held else None,
        }

    def _preview(self, product: str, reply: Reply) -> None:
        now = self._app.moment()
        ledger = self._app.ledger
        streams = [stream for each in self._products(product) for stream in ledger.streams_of(each.name)]
        bodies: list[str] = []
        why = []
        for stream in streams:
            if stream.window.seen and not self._stays_for_good(stream):
                try:
                    bodies += filter(None, [self._app.body(stream, now)])
                except MissingExtra as missing:
                    why.append(f"{stream.product}: {missing}")
        reply({"bodies": bodies, "why": why})

    def _stays_for_good(self, stream: Stream) -> bool:
        """Whether numbers that are never sent lie beside others that may be: no preview of a sending."""
        return stream.destination == LOCAL and self._app.ledger.decision_for(stream.product).mode == "on"

    def _try(self, product: str, kind: str, reply: Reply) -> None:
        """What would go to a sink of this kind, or to their own for "own": nothing is sent, nothing changes."""
        now = self._app.moment()
        tried = []
        for each in self._products(product):
            for stream in self._app.ledger.streams_of(each.name):
                own = self._app.ledger.sink_for(stream)
                sink = own if own is not None and kind in ("own", own.kind) else PLACEHOLDERS.get(kind, own)
                if stream.window.seen and sink is not None:
                    tried.append(self._tried(stream, sink, now))
        reply({"tried": tried})

    def _tried(self, stream: Stream, sink: Sink, now: Moment) -> Answer:
        form = FORMS[sink.kind]
        if form.missing():
            return {"product": stream.product, "missing": form.missing()}
        beat = self._app.beat(stream, now)
        body = form.body(beat, sink)
        order = form.delivery(sink, beat.beat_id, body)
        return {
            "product": stream.product,
            "missing": "",
            "destination": destination_of(sink) if sink is not PLACEHOLDERS.get(sink.kind) else f"a sink {sink.kind}",
            "bytes": len(body),
            "encoding": order.headers.get("Content-Encoding", "identity"),
            "body": form.show(body),
        }

    def _history(self, product: str, reply: Reply) -> None:
        def then(rows: Any) -> None:
            if isinstance(rows, Exception):
                reply({"error": f"the history can't be read: {rows}"})
                return
            reply({"entries": [_entry(row) for row in reversed(rows["history"])]})

        self._app.keeper.ask(lambda connection: _past(connection, product), then)

    def _export(self, product: str, reply: Reply) -> None:
        """All that is held, credentials of sinks left out."""
        app = self._app
        now = self._app.moment()

        def held(each: Product) -> Answer:
            streams = [stream for stream in app.ledger.streams_of(each.name) if stream.window.seen]
            waiting = [parcel for parcel in app.keeper.outbox.values() if parcel.product == each.name]
            return {
                **self._product(each),
                "system": each.system,
                "class": each.host_class,
                "declared": [
                    declared.policy.to_map() | {"sink": declared.policy.sink and declared.policy.sink.kind}
                    for declared in app.ledger.declared.values()
                    if declared.policy.product == each.name
                ],
                "bodies": [app.shown(stream, now) for stream in streams],
                "waiting": [_parcel(each) | {"body": shown(each.sink.kind, each.body)} for each in waiting],
            }

        def then(rows: Any) -> None:
            if isinstance(rows, Exception):
                reply({"error": f"the history can't be read: {rows}"})
                return
            answer: Answer = {each.name: held(each) for each in self._products(product)}
            for name, exported in answer.items():
                exported["history"] = [_entry(row) for row in reversed(rows["history"]) if row[1] == name]
                exported["consent_changes"] = [
                    {"at": at, "choice": choice} for at, whose, choice in rows["consent"] if whose == name
                ]
            # Sent under a key that nobody declares any more, a body still holds it.
            former = {FORMS[row[5]].key_in(row[6]) for row in rows["history"]}
            reply({"products": without(answer, app.secrets() | former)})

        app.keeper.ask(lambda connection: _past(connection, product), then)

    def _forget(self, product: str, reply: Reply) -> None:
        app = self._app
        told = []
        for each in self._products(product):
            kinds = {stream.destination.partition(" ")[0] for stream in app.ledger.streams_of(each.name)}
            told.append({"product": each.name, "install_id": each.install_id, "sinks": sorted(kinds)})
            app.post.withdraw(each.name, f"{each.name} was forgotten")
            app.batches.withdraw(each.name)
            app.ledger.forget(each.name)
            app.keeper.save(ledgerfile.forgetting(each.name), durable=True, erases=True)

        def then(_: object) -> None:
            if app.keeper.fault:
                words = "forgotten in memory, but what is on disk could not be erased"
                reply({"error": f"{words} ({app.keeper.fault}): mend that, and forget again"})
            else:
                reply({"forgotten": told})

        app.keeper.ask(lambda _: None, then)

    def _policy(self, product: str, reply: Reply) -> None:
        declared = self._app.ledger.latest(product)
        reply({"packed": declared.packed if declared is not None else b""})

    def _look(self, product: str, reply: Reply) -> None:
        """The recorded choices changed; `settle` has looked at them. Who is kept on all the same?"""
        products = self._products(product) if product in self._app.ledger.products or not product else []
        kept_on = {each.name: host.names(self._app.ledger.kept_on(each.name)) for each in products}
        # After what off deletes has gone from the disk.
        self._app.keeper.ask(lambda _: None, lambda _: reply({"kept_on": kept_on}))

    # Sending.

    def _send(self, product: str, reply: Reply) -> None:
        app = self._app
        now = self._app.moment()
        why = []
        for each in self._products(product):
            decision = app.ledger.decision_for(each.name)
            streams = list(app.ledger.streams_of(each.name))
            for stream in streams:
                if app.ledger.goes_in_events(stream):
                    if app.batches.begin(stream):
                        why.append(f"{each.name}: the events that waited are on their way")
                elif stream.window.seen and app.post.may_send(stream):
                    app.build(stream, now)
            if not any(map(app.post.may_send, streams)):
                held = decision.reason if decision.mode != "on" else app.why_held(each.name)
                why.append(f"{each.name} sends nothing: {held}")
        waiting = {
            parcel.beat_id
            for parcel in app.keeper.outbox.values()
            if parcel.state == delivery.WAITING
            and (not product or parcel.product == product)
            and app.post.may_go(parcel)
        }
        if not waiting:
            reply({"outcomes": [], "why": why})
            return
        for beat_id in waiting:
            app.keeper.outbox[beat_id].next_try = now.wall
            app.keeper.outbox[beat_id].asked = True
        self._waits.append(Wait(waiting, [], reply))

    def settled(self, parcel: Parcel, now: float) -> None:
        """An attempt's outcome is on disk: tell those who wait for it, if no further attempt follows soon."""
        if parcel.state == delivery.WAITING and parcel.next_try - now < ROUND_ENDED:
            return
        for wait in list(self._waits):
            if parcel.beat_id in wait.beat_ids:
                wait.beat_ids.discard(parcel.beat_id)
                parcel.asked = False
                wait.outcomes.append(_parcel(parcel))
                if not wait.beat_ids:
                    self._waits.remove(wait)
                    wait.reply({"outcomes": wait.outcomes, "why": []})


def _past(connection: sqlite3.Connection, product: str) -> dict[str, list[tuple[Any, ...]]]:
    """What was sent, the latest first, and the changes of consent: of a product, or of all."""
    columns = "beat_id, product, destination, kind, sequence, sink, body, at, status, words"
    mine = "WHERE product = ? OR ? = ''"
    sent = connection.execute(
        f"SELECT {columns} FROM history {mine} ORDER BY number DESC LIMIT ?", (product, product, MAX_HISTORY)
    )
    chosen = connection.execute(f"SELECT at, product, choice FROM consent {mine}", (product, product))
    return {"history": sent.fetchall(), "consent": chosen.fetchall()}


def shown(kind: str, body: bytes) -> str:
    """A stored body as people can read it; what is missing for that where it can't be read."""
    try:
        return FORMS[kind].show(body)
    except MissingExtra as missing:
        return f"({len(body)} bytes; {missing})"


def without(value: Any, secrets: set[str]) -> Any:
    """`value` with every secret in its texts replaced."""
    if isinstance(value, dict):
        return {key: without(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [without(each, secrets) for each in value]
    if isinstance(value, str):
        for secret in secrets - {""}:
            value = value.replace(secret, "<key>")
    return value


def _parcel(parcel: Parcel) -> Answer:
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


def _entry(row: tuple[Any, ...]) -> Answer:
    beat_id, product, destination, kind, sequence, sink, body, at, status, words = row
    return {
        "at": at,
        "product": product,
        "kind": kind,
        "beat_id": beat_id,
        "sequence": sequence,
        "destination": destination,
        "status": status,
        "answer": words,
        "body": shown(sink, body),
    }
