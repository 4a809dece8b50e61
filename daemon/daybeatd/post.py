"""Brings heartbeats to their sinks: from the outbox through the courier, and what follows from each answer."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from daybeat.policy import Sink
from daybeatd import host, ledgerfile, outboxfile
from daybeatd.core import closing, delivery, outbox
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.core.ledger import Stream
from daybeatd.core.outbox import Parcel
from daybeatd.core.schedule import Moment
from daybeatd.core.window import Window
from daybeatd.credentials import credentials_of, without
from daybeatd.dispatch import Dispatch
from daybeatd.keeper import Keeper
from daybeatd.sinks import FORMS, bytes_for
from daybeatd.sinks.contract import Result
from daybeatd.sinks.packing import takes_gzip
from daybeatd.statements import Statement

log = logging.getLogger("daybeatd")

Settled = Callable[[Parcel, float], None]


class Post:
    """As in mail, not as the HTTP method.

    `settled(parcel, now)` is called when an attempt's outcome is on disk or can't be, and for a heartbeat that will not
    be attempted soon.
    """

    def __init__(self, keeper: Keeper, settled: Settled, moment: Callable[[], Moment]) -> None:
        self._keeper = keeper
        self._moment = moment
        self._settled = settled
        self._random = random.Random()
        self._missing: dict[str, str] = {}
        self.dispatch = Dispatch()

    def add(
        self, beat: Heartbeat, stream: Stream, window: Window | None, statements: list[Statement], wait: float = 0.0
    ) -> Parcel:
        """Put a heartbeat into the outbox, in one transaction with `statements`. First attempt after `wait` seconds."""
        sink = self._keeper.ledger.sink_for(stream)
        assert sink is not None
        parcel = Parcel(
            beat_id=beat.beat_id,
            product=beat.product,
            destination=stream.destination,
            kind=beat.kind,
            sequence=beat.sequence,
            sink=sink,
            body=bytes_for(beat, sink, gzip=stream.gzip),
            version=beat.product_version,
            window=window,
            created=beat.end,
            next_try=beat.end + wait,
        )
        self._keeper.outbox[parcel.beat_id] = parcel

        def stored() -> None:
            parcel.stored = True

        self._keeper.save([*statements, outboxfile.storing(parcel)], stored, durable=True)
        return parcel

    def take_back(self, stream: Stream) -> list[Statement]:
        """Put the numbers of heartbeats that were never attempted back into the window, to go with the next."""
        statements = []
        for parcel in outbox.unsent(self._keeper.outbox.values(), stream.key):
            assert parcel.window is not None
            stream.window.merge(parcel.window, self._keeper.ledger.rules_of(stream))
            del self._keeper.outbox[parcel.beat_id]
            statements.append(outboxfile.dropping(parcel))
            self._not_sent(parcel, delivery.WITHDRAWN, "its numbers go with the next one")
        return statements

    def waiting(self) -> Iterator[Parcel]:
        """What may be attempted, now or later."""
        for parcel in self._keeper.outbox.values():
            if parcel.state == delivery.WAITING and parcel.stored and not parcel.under_way and self.may_go(parcel):
                yield parcel

    def may_go(self, parcel: Parcel) -> bool:
        """Whether the person and the receiver let it go."""
        return self._keeper.ledger.may_go(parcel.key, parcel.version)

    def may_send(self, stream: Stream) -> bool:
        """Whether a heartbeat of the stream may be built to be sent."""
        return not self.why_held(stream)

    def why_held(self, stream: Stream) -> str:
        """Why nothing of the stream is sent, in one line; "" when it may be."""
        return self._keeper.ledger.why_held(stream) or self.missing(self._keeper.ledger.sink_for(stream))

    def missing(self, sink: Sink | None) -> str:
        """What is not installed that a sink needs, in one line, as of the start of the daemon."""
        if sink is None:
            return ""
        if sink.kind not in self._missing:
            self._missing[sink.kind] = FORMS[sink.kind].missing()
        return self._missing[sink.kind]

    def wait_of(self, parcel: Parcel, now: float) -> float:
        """Seconds until the next attempt, which quiet hours hold back, and a person who asked does not."""
        settings = self._keeper.ledger.settings
        held = settings.quiet_hours is not None and not parcel.asked
        return max(parcel.wait(now), settings.quiet_left(host.local_time(now)) if held else 0.0)

    def waits(self, now: float) -> Iterator[float]:
        """For each heartbeat that may be attempted: the seconds until it is; none while there is no room for more."""
        if self.dispatch.has_room:
            yield from (self.wait_of(parcel, now) for parcel in self.waiting())

    def is_due(self) -> bool:
        """Whether `send_what_is_due` has something to do."""
        now = self._moment().wall
        self._give_up(now)
        self._tell_of_held()
        return self.dispatch.has_room and any(self.wait_of(parcel, now) <= 0 for parcel in self.waiting())

    def send_what_is_due(self) -> None:
        now = self._moment().wall
        for parcel in list(self.waiting()):
            if not self.dispatch.has_room:
                return
            if self.wait_of(parcel, now) <= 0:
                self._attempt(parcel)

    def _attempt(self, parcel: Parcel) -> None:
        parcel.under_way = True
        parcel.attempts += 1
        if parcel.attempts == 1:
            # That it was attempted is on disk before it is: it may never be built into another heartbeat again.
            note = [outboxfile.storing(parcel)]
            self._keeper.save(note, lambda: self._hand_over(parcel), otherwise=parcel.put_off, durable=True)
        else:
            self._hand_over(parcel)

    def _hand_over(self, parcel: Parcel) -> None:
        if self._keeper.outbox.get(parcel.beat_id) is not parcel or not self.may_go(parcel):
            parcel.under_way = False
            return
        order = FORMS[parcel.sink.kind].delivery(parcel.sink, parcel.beat_id, parcel.body)
        settings = self._keeper.ledger.settings
        self.dispatch.send(parcel.beat_id, order, parcel.body, settings.proxy, settings.ca)

    def take_results(self) -> None:
        for beat_id, result in self.dispatch.results():
            parcel = self._keeper.outbox.get(beat_id)
            if parcel is not None:  # else its product was switched off meanwhile
                self._after_attempt(parcel, result)

    def _after_attempt(self, parcel: Parcel, result: Result) -> None:
        now = self._moment()
        stream = self._keeper.ledger.streams.get(parcel.key)
        parcel.under_way = False
        parcel.status, parcel.words = result.status, result.words
        log.info("%s of %s to %s: %s", parcel.kind, parcel.product, parcel.sink.kind, result.words)
        if stream is not None and result.status:
            stream.gzip = takes_gzip(result.accept_encoding)
            stream.told = result.words
            stream.changed = True
        step = self._step_after(parcel, result, now.wall)
        parcel.state, parcel.next_try = step.state, step.next_try
        if step.state == delivery.ENDED and stream is not None:
            self._end(parcel, stream, now)
        elif step.state == delivery.DELIVERED:
            self._deliver(parcel, stream, result, now.wall)
        else:
            self._save_outcome([outboxfile.storing(parcel)], [parcel], now.wall)

    def _step_after(self, parcel: Parcel, result: Result, now: float) -> delivery.Step:
        return delivery.after(
            status=result.status,
            retried=FORMS[parcel.sink.kind].retried(result.status),
            retry_after=result.retry_after,
            attempts=parcel.attempts,
            retry_attempts=parcel.sink.retry_attempts,
            backoff=parcel.sink.retry_backoff,
            now=now,
            chance=self._random.random(),
        )

    def _deliver(self, parcel: Parcel, stream: Stream | None, result: Result, now: float) -> None:
        """It has arrived: into the history, with what the receiver said."""
        parcel.words = _with(parcel.words, FORMS[parcel.sink.kind].heard(result.answer), parcel.sink)
        if stream is not None:
            stream.told = parcel.words
        del self._keeper.outbox[parcel.beat_id]
        self._save_outcome(outboxfile.delivered(parcel, now), [parcel], now, durable=True)

    def _save_outcome(
        self, statements: list[Statement], parcels: list[Parcel], now: float, *, durable: bool = False
    ) -> None:
        """Tell who waits for an outcome when it is on disk, or can't be now: it is true all the same."""

        def told() -> None:
            for parcel in parcels:
                self._settled(parcel, now)

        self._keeper.save(statements, told, otherwise=told, durable=durable)

    def _not_sent(self, parcel: Parcel, state: str, why: str) -> None:
        """Tell those who wait for a heartbeat not to wait any longer."""
        parcel.asked = False
        self._settled(replace(parcel, state=state, words=why), self._moment().wall)

    def _tell_of_held(self) -> None:
        """What somebody asked to be sent, and the disk can't take note of, or the person has meanwhile held back."""
        for parcel in self._keeper.outbox.values():
            if not parcel.asked or parcel.state != delivery.WAITING or parcel.under_way:
                continue
            if self._keeper.is_stuck and not parcel.stored:
                self._not_sent(parcel, delivery.HELD, f"the database can't be used ({self._keeper.fault})")
            elif not self.may_go(parcel):
                stream = self._keeper.ledger.streams.get(parcel.key)
                why = self._keeper.ledger.why_held(stream, parcel.version) if stream is not None else ""
                self._not_sent(parcel, delivery.HELD, why or "it may not be sent now")

    def _end(self, parcel: Parcel, stream: Stream, now: Moment) -> None:
        """The receiver wants no more: the numbers stay here, and what it was told is in the history with its answer."""
        log.warning("%s of %s is not sent any more: 410 Gone", parcel.version, parcel.product)
        others = [
            each
            for each in self._keeper.outbox.values()
            if (each.key, each.version, each.state) == (parcel.key, parcel.version, delivery.WAITING)
            and not self.dispatch.has(each.beat_id)
        ]
        ended = [parcel, *others]
        for each in ended:
            del self._keeper.outbox[each.beat_id]
            each.state, each.words = delivery.ENDED, parcel.words
        windows = [each.window for each in ended if each.window is not None]
        closing.end(self._keeper.ledger, stream, parcel.version, windows, now)
        statements = [*ledgerfile.closing(stream.key), *outboxfile.delivered(parcel, now.wall)]
        statements += [outboxfile.dropping(each) for each in others]
        self._save_outcome(statements, ended, now.wall, durable=True)

    def _give_up(self, now: float) -> None:
        """Let go of what could not be delivered in its time, or is too much, and count what is lost with it."""
        parcels = self._keeper.outbox.values()
        over = [parcel for parcel in parcels if parcel.is_over(now)]
        over += [parcel for parcel in outbox.too_many(parcels) if not parcel.is_over(now)]
        for parcel in over:
            log.warning(
                "%s %s of %s could not be delivered and is given up", parcel.kind, parcel.beat_id, parcel.product
            )
            del self._keeper.outbox[parcel.beat_id]
            stream = self._keeper.ledger.streams.get(parcel.key)
            if stream is not None and parcel.weight:
                stream.window.drop("lost", parcel.weight)
            self._keeper.save([outboxfile.dropping(parcel)])
            self._not_sent(parcel, delivery.WITHDRAWN, "it could not be delivered in time and is given up")

    def withdraw(self, product: str, why: str) -> list[Parcel]:
        """Take back all that waits of a product, and break off what is under way. `why` is one line for people."""
        gone = [parcel for parcel in self._keeper.outbox.values() if parcel.product == product]
        for parcel in gone:
            del self._keeper.outbox[parcel.beat_id]
        if any(self.dispatch.has(parcel.beat_id) for parcel in gone):
            for parcel in self._keeper.outbox.values():
                if self.dispatch.has(parcel.beat_id):
                    parcel.under_way = False  # broken off with it, and made again with the same bytes
            self.dispatch.stop()
        for parcel in gone:
            self._not_sent(parcel, delivery.WITHDRAWN, why)
        return gone


def _with(words: str, heard: str, sink: Sink) -> str:
    """What a receiver said beside its answer; a credential that it repeats is left out."""
    return f"{words}; {without(heard, credentials_of(sink))}" if heard else words
