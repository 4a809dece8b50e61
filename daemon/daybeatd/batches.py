"""Brings batches of events to their sinks, through a courier of their own. Nothing of this is ever on disk."""

from __future__ import annotations

import logging
import select
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from daybeat.policy import Sink
from daybeatd import host
from daybeatd.core import batch
from daybeatd.core.batch import Batch
from daybeatd.core.ledger import Ledger, Stream
from daybeatd.dispatch import Dispatch
from daybeatd.sinks import FORMS
from daybeatd.sinks.contract import Delivery, Result

log = logging.getLogger("daybeatd")

#: Seconds that the end of the daemon waits for the last batches.
LEAVING = 2.0

Key = tuple[str, str]


@dataclass(slots=True)
class Shipment:
    """One batch on its way. `body` is what is sent, byte for byte, at every attempt."""

    id: str
    key: Key
    sink: Sink
    body: bytes
    events: int
    attempts: int = 0
    #: When, by `monotonic`, the next attempt is made; None while one is.
    next_try: float | None = 0.0


def outcome(shipment: Shipment, state: str, words: str) -> dict[str, object]:
    """What a person is told of a shipment, in the form that heartbeats have there."""
    kind = f"{shipment.events} events"
    return {"product": shipment.key[0], "kind": kind, "beat_id": shipment.id, "state": state, "words": words}


class Batches:
    """One shipment of a stream at a time, so that events arrive in their order.

    `settled` is told of each that came to its end, or has no attempt to come soon: its id, and what `outcome` says.
    """

    def __init__(
        self, ledger: Ledger, wall: Callable[[], float], settled: Callable[[str, dict[str, object]], object]
    ) -> None:
        self._ledger = ledger
        self._wall = wall
        self._settled = settled
        self._shipments: dict[Key, Shipment] = {}
        self.dispatch = Dispatch()

    @property
    def is_idle(self) -> bool:
        return not self._shipments and not any(map(len, self._ledger.batches.values()))

    def _waiting(self) -> Iterator[tuple[Stream, Batch]]:
        ledger = self._ledger
        for key, waiting in ledger.batches.items():
            if len(waiting) and key not in self._shipments and key in ledger.streams:
                yield ledger.streams[key], waiting

    def deadlines(self) -> Iterator[float]:
        """When, by `monotonic`, there is something to do."""
        now = monotonic()
        yield self.dispatch.deadline
        if self.dispatch.has_room:  # else the next result is what an attempt waits for
            yield from (each.next_try for each in self._shipments.values() if each.next_try is not None)
        quiet = self._quiet()
        for stream, waiting in self._waiting():
            yield max(waiting.due_at(self._ledger.batch_size(stream), now), now + quiet)

    def _quiet(self) -> float:
        return self._ledger.settings.quiet_left(host.local_time(self._wall()))

    def work(self) -> None:
        """Take results, and send what is due."""
        for id, result in self.dispatch.results():
            self._after_attempt(id, result)
        self._tell_of_overflow()
        now = monotonic()
        quiet = self._quiet() > 0
        for stream, waiting in list(self._waiting()):
            if not quiet and waiting.due_at(self._ledger.batch_size(stream), now) <= now:
                self._begin(stream)
        for shipment in list(self._shipments.values()):
            if shipment.next_try is not None and shipment.next_try <= now:
                self._attempt(shipment)

    def _tell_of_overflow(self) -> None:
        for (product, _), waiting in self._ledger.batches.items():
            if waiting.overflowed and not waiting.warned:
                waiting.warned = True
                log.warning("%s has more than 5 MB of events waiting: the oldest are dropped and counted", product)

    def hurry(self, stream: Stream) -> str:
        """Have a stream's next batch sent now, or the one under way tried again now; its id, "" when there is none."""
        self._begin(stream)
        shipment = self._shipments.get(stream.key)
        if shipment is None:
            return ""
        if shipment.next_try is not None:
            shipment.next_try = 0.0
        return shipment.id

    def _begin(self, stream: Stream) -> None:
        """Take a stream's next batch, if there is one to send."""
        ledger = self._ledger
        sink = ledger.sink_for(stream)
        waiting = ledger.batches.get(stream.key)
        if waiting is None or not len(waiting) or stream.key in self._shipments:
            return
        if sink is None or ledger.why_held(stream):
            ledger.discard(stream)
            return
        events = waiting.take(ledger.batch_size(stream))
        body = batch.body(events, self._wall())
        self._shipments[stream.key] = Shipment(str(uuid.uuid4()), stream.key, sink, body, len(events))

    def body(self, stream: Stream, now: float) -> str:
        """The exact body that would be sent now, "" without an event."""
        ledger = self._ledger
        waiting = ledger.batches.get(stream.key)
        events = waiting.shown(ledger.batch_size(stream)) if waiting is not None else []
        return batch.body(events, now).decode() if events else ""

    def _attempt(self, shipment: Shipment, timeout: float | None = None) -> None:
        if not self.dispatch.has_room:
            return
        shipment.attempts += 1
        shipment.next_try = None
        order = FORMS[shipment.sink.kind].delivery(shipment.sink, shipment.id, shipment.body)
        if timeout is not None:
            order = Delivery(order.url, order.path, order.headers, min(order.timeout, timeout))
        settings = self._ledger.settings
        self.dispatch.send(shipment.id, order, shipment.body, settings.proxy, settings.ca)

    def _after_attempt(self, id: str, result: Result) -> None:
        shipment = next((each for each in self._shipments.values() if each.id == id), None)
        if shipment is None:
            return
        retries, backoff = shipment.sink.retry_attempts, shipment.sink.retry_backoff
        step = batch.after(result.status, shipment.attempts, retries, backoff)
        product = shipment.key[0]
        if step.state == batch.WAITING:
            log.info("%d events of %s: %s; again in %g s", shipment.events, product, result.words, step.wait)
            shipment.next_try = monotonic() + step.wait
            if step.wait > batch.SOON:
                self._settled(shipment.id, outcome(shipment, step.state, result.words))
            return
        del self._shipments[shipment.key]
        ledger = self._ledger
        if shipment.key in ledger.batches:
            ledger.batches[shipment.key].settled()
        if step.state == batch.DELIVERED:
            log.info("%d events of %s to %s: %s", shipment.events, product, shipment.sink.kind, result.words)
        else:
            words = "%d events of %s could not be delivered and are discarded: %s"
            log.warning(words, shipment.events, product, result.words)
            if shipment.key in ledger.streams:
                ledger.streams[shipment.key].window.drop("lost", shipment.events)
        self._settled(shipment.id, outcome(shipment, step.state, result.words))

    def withdraw(self, product: str, why: str) -> None:
        """Forget a product's events, and break off what is under way of them; who waits for it is told `why`."""
        for key in [key for key in self._ledger.batches if key[0] == product]:
            del self._ledger.batches[key]
        gone = [self._shipments.pop(key) for key in list(self._shipments) if key[0] == product]
        for shipment in gone:
            self._settled(shipment.id, outcome(shipment, batch.DISCARDED, why))
        if any(shipment.next_try is None for shipment in gone):
            self.dispatch.stop()
            for shipment in self._shipments.values():
                shipment.next_try = shipment.next_try or 0.0

    def leave(self) -> None:
        """Send what is pending once, and wait for the answers, LEAVING seconds at most."""
        deadline = monotonic() + LEAVING
        while True:
            for stream, _ in list(self._waiting()):
                self._begin(stream)
            left = deadline - monotonic()
            for shipment in list(self._shipments.values()):
                if shipment.next_try is not None and left > 0:
                    shipment.attempts = shipment.sink.retry_attempts  # it is the last one
                    self._attempt(shipment, left)
            if not self._shipments or left <= 0:
                break
            self._wait(min(left, 0.1))
            for id, result in self.dispatch.results():
                self._after_attempt(id, result)
        for shipment in self._shipments.values():
            log.warning("%d events of %s are discarded: the daemon has to go", shipment.events, shipment.key[0])

    def _wait(self, seconds: float) -> None:
        poller = select.poll()
        for descriptor, writing in self.dispatch.descriptors().items():
            poller.register(descriptor, select.POLLOUT if writing else select.POLLIN)
        poller.poll(seconds * 1000)
