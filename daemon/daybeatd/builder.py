"""Builds each stream's heartbeat when it is due, and each product's first run, into the outbox."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator

from daybeatd import bodies, ledgerfile
from daybeatd.core import closing, schedule
from daybeatd.core.ledger import Product, Stream
from daybeatd.core.outbox import Parcel
from daybeatd.core.schedule import Moment
from daybeatd.keeper import Keeper
from daybeatd.post import Post

log = logging.getLogger("daybeatd")


class Builder:
    """`look` enforces the choices as they are at this moment: nothing is built on older ones."""

    def __init__(self, keeper: Keeper, post: Post, look: Callable[[], None]) -> None:
        self._keeper = keeper
        self._ledger = keeper.ledger
        self._post = post
        self._look = look
        self._random = random.Random()

    def due(self, stream: Stream, now: Moment) -> schedule.Verdict:
        return schedule.due(now, stream.last, self._keeper.phase, first=stream.first)

    def waits(self, now: Moment) -> Iterator[float]:
        """For each stream that has something to send: the seconds until it is due."""
        return (self.due(stream, now).wait for stream in self._ledger.streams.values() if self._is_ready(stream))

    def _is_ready(self, stream: Stream) -> bool:
        return stream.window.seen and self._post.may_send(stream)

    def build_what_is_due(self, now: Moment) -> None:
        for product in self._ledger.products.values():
            if not product.announced and product.system:
                self._announce(product, now)
        for stream in list(self._ledger.streams.values()):
            if self._is_ready(stream):
                self._build_if_due(stream, now)

    def _announce(self, product: Product, now: Moment) -> None:
        """The product's first run, once in its life here."""
        if self._ledger.is_partial:
            return  # it may have been announced before
        streams = [s for s in self._ledger.streams_of(product.name) if not self._ledger.goes_in_events(s)]
        stream = next((s for s in streams if self._post.may_send(s)), None)
        if stream is None:
            return
        product.announced = True
        product.changed = True
        self._post.add(closing.first_run(self._ledger, product, now.wall), stream, None, [])

    def _build_if_due(self, stream: Stream, now: Moment) -> None:
        verdict = self.due(stream, now)
        if verdict.corrected:
            log.warning("the clock went back: the last heartbeat of %s now counts as built now", stream.product)
            stream.last = now
            stream.changed = True
            self._keeper.changed()
        elif verdict.wait <= 0:
            self._look()
            if stream.key not in self._ledger.streams or not self._post.may_send(stream):
                return
            if self._ledger.goes_in_events(stream):
                self._begin_anew(stream, now)
            else:
                self.build(stream, now, schedule.stagger(now, stream.last, self._random.random()))

    def build(self, stream: Stream, now: Moment, wait: float = 0.0) -> Parcel:
        """Close the stream's window: its heartbeat enters the outbox and its numbers go, in one transaction."""
        statements = [*self._post.take_back(stream), *ledgerfile.closing(stream.key)]
        beat, window = bodies.beat(self._ledger, stream, now.wall), stream.window
        closing.close(self._ledger, stream, now)
        return self._post.add(beat, stream, window, statements, wait)

    def _begin_anew(self, stream: Stream, now: Moment) -> None:
        """A day is over for numbers that are not sent: their events were."""
        closing.close(self._ledger, stream, now)
        self._keeper.save(ledgerfile.closing(stream.key))
