"""The daemon: the one room that knows all others, and the loop that they run in."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import random
import secrets
import signal
import sqlite3
import stat
import time
import uuid
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import zmq

from daybeat import privacy, wire
from daybeat.endpoint import Endpoint
from daybeatd import choices, host, ledgerfile
from daybeatd.admin import Admin
from daybeatd.control import Control
from daybeatd.core import delivery, heartbeat, schedule
from daybeatd.core.ledger import LOCAL, NONE, Ledger, Product, Stream
from daybeatd.core.outbox import Parcel
from daybeatd.core.schedule import Moment
from daybeatd.dispatch import Dispatch
from daybeatd.ingest import Ingest, Message
from daybeatd.sinks import FORMS, https_json
from daybeatd.sinks.contract import Result
from daybeatd.store import Store, StoreError

log = logging.getLogger("daybeatd")

#: Seconds after the first change at which it is saved: with the time that a save takes, less than one.
SAVE_AFTER = 0.5
#: Seconds of rest after a drain: messages are then taken together, which costs a third.
REST = 0.05
#: Messages taken in one turn of the loop.
TURN = 2000
#: Seconds between looks at recorded choices that were written by hand.
LOOK = 1.0
#: The longest sleep of the loop, seconds: clocks that jumped and machines that slept are noticed by then.
LONGEST_SLEEP = 900.0
#: Seconds until a database that could not be written is tried again.
RETRY_STORE = 5.0


class AlreadyRunningError(Exception):
    """Another daemon serves this user."""


class App:
    """One daemon. `run` returns when it was told to stop; `close` leaves nothing behind but the database."""

    def __init__(self, place: Endpoint, idle_exit: float | None = None) -> None:
        self.place = place
        self._idle_exit = idle_exit
        self._lock = _take_lock(place)
        _own_directory(place.state)
        self._wake_read, self._wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.store = Store(place.database, self._wake)
        if self.store.set_aside:
            log.warning("%s", self.store.set_aside)
        self.ledger = Ledger(_new_id, lambda: secrets.token_bytes(32), lambda name: choices.read(place, name))
        self.outbox: dict[str, Parcel] = {}
        self.phase = self._restore()
        self.ingest = Ingest(place.ingest, self.ledger.fleet.connected, self.ledger.fleet.disconnected)
        self.dispatch = Dispatch()
        self.admin = Admin(self)
        self.control = Control(place.control, self.admin.handle)
        self.started = monotonic()
        #: Why the database can't be written, "" while it can.
        self.fault = ""
        self.malformed = 0
        self._stopping = False
        self._saving = False
        self._dirty_since = 0.0
        self._retry_store_at = 0.0
        self._resting_until = 0.0
        self._looked = 0.0
        self._busy_at = monotonic()
        self._random = random.Random()

    # The loop.

    def run(self) -> None:
        """Serve until SIGTERM, SIGINT or idleness."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        log.info("serving at %s", self.place.ingest)
        self.look_at_choices()
        while not self._stopping:
            self._turn()
            if self._idle_exit is not None and self._is_idle():
                log.info("idle for %g seconds, leaving", self._idle_exit)
                break
        self._leave()

    def _turn(self) -> None:
        ready = self._poll()
        if self._wake_read in ready:
            _empty(self._wake_read)
        now = monotonic()
        if now >= self._resting_until:
            self._look_at_clients()
        self.ingest.resume()
        self.store.finished()
        for id, result in self.dispatch.results():
            self._after_attempt(id, result)
        for descriptor in list(self.control.descriptors()):
            if descriptor in ready:
                self.control.serve(descriptor)
        self.control.expire(now)
        self._do_duties()

    def _poll(self) -> set[Any]:
        poller = zmq.Poller()
        now = monotonic()
        if now >= self._resting_until:
            poller.register(self.ingest.socket, zmq.POLLIN)
            poller.register(self.ingest.monitor, zmq.POLLIN)
        poller.register(self._wake_read, zmq.POLLIN)
        for descriptor, writing in (self.control.descriptors() | self.dispatch.descriptors()).items():
            poller.register(descriptor, zmq.POLLOUT if writing else zmq.POLLIN)
        wait = max(0.0, min(self._deadlines(now)) - now)
        try:
            return {which for which, _ in poller.poll(int(wait * 1000) + 1 if wait else 0)}
        except zmq.ZMQError as error:
            if error.errno != zmq.ENOTSOCK and error.errno != 9:
                raise
            return set()  # a descriptor went away between being listed and being polled

    def _deadlines(self, now: float) -> Iterator[float]:
        """When, by `monotonic`, there is something to do although nothing comes."""
        yield now + LONGEST_SLEEP
        if self._resting_until > now:
            yield self._resting_until
        if self.ingest.resume_at:
            yield self.ingest.resume_at
        if self._dirty_since and not self._saving:
            yield max(self._dirty_since + SAVE_AFTER, self._retry_store_at)
        yield self.control.expires_at
        yield self.dispatch.deadline
        if self._idle_exit is not None:
            yield max(self._busy_at + self._idle_exit, now + 0.1)
        wall = host.moment()
        for stream in self.ledger.streams.values():
            if self.ledger.may_send(stream) and stream.window.seen:
                yield now + self.due(stream, wall).wait
        if self.dispatch.has_room:
            for parcel in self.outbox.values():
                if parcel.state == delivery.WAITING and parcel.stored and not parcel.under_way:
                    yield now + max(0.0, parcel.next_try - wall.wall)

    def _is_idle(self) -> bool:
        assert self._idle_exit is not None
        if self.ingest.connections or any(parcel.under_way for parcel in self.outbox.values()):
            self._busy_at = monotonic()
        return monotonic() - self._busy_at >= self._idle_exit

    def _do_duties(self) -> None:
        now = monotonic()
        if self._dirty_since and now - self._looked >= LOOK:
            self.look_at_choices()
        if self._dirty_since and not self._saving and now >= max(self._dirty_since + SAVE_AFTER, self._retry_store_at):
            self.save()
        self._build_what_is_due()
        self._deliver_what_is_due()

    # Events in.

    def settle(self) -> None:
        """Take in all that clients have handed over so far, before a person is told numbers."""
        deadline = monotonic() + 1.0
        while monotonic() < deadline:
            if not self._look_at_clients() and not self.ingest.wait(0.02):
                break
        self.look_at_choices()

    def _look_at_clients(self) -> bool:
        """Take in what has come, and who came and went meanwhile; whether there was a message."""
        self.ingest.watch()  # before the drain: of all who are known to have gone, every message is drained
        messages = self.ingest.drain(TURN)
        self._take(messages)
        return bool(messages)

    def _take(self, messages: list[Message]) -> None:
        if messages:
            self._apply(messages)
        self.ledger.note_peaks()

    def _apply(self, messages: list[Message]) -> None:
        now = host.moment()
        for message in messages:
            try:
                frame = wire.decode(message.data)
            except wire.WireError as error:
                self.malformed += 1
                log.debug("a message that is no frame: %s", error)
                continue
            self.ledger.apply(frame, message.pid, now)
        self._busy_at = monotonic()
        self._resting_until = self._busy_at + REST if len(messages) < TURN else 0.0
        self.changed()

    def look_at_choices(self) -> None:
        """Enforce the recorded choices as they are at this moment."""
        self._looked = monotonic()
        for change in self.ledger.look_at_choices():
            self._choice_changed(change.product, change.choice, ended=change.ended)

    def _choice_changed(self, product: str, choice: str, *, ended: bool) -> None:
        log.info("%s is now %s", product, choice)
        statements = [ledgerfile.noting_choice(time.time(), product, choice)]
        if ended:
            self.ledger.erase(product)
            for parcel in [parcel for parcel in self.outbox.values() if parcel.product == product]:
                del self.outbox[parcel.beat_id]
            statements += ledgerfile.erasing(product)
        self.save(statements)

    # The copy on disk.

    def changed(self) -> None:
        """Something is to be saved, within a second."""
        self._dirty_since = self._dirty_since or monotonic()

    def save(
        self,
        statements: list[ledgerfile.Statement] | None = None,
        then: Callable[[], None] | None = None,
        *,
        durable: bool = False,
    ) -> None:
        """Write `statements` and all that was changed, in one transaction; call `then` when it is on disk."""
        if self.fault:
            # What is on disk is of unknown age: write everything anew.
            self.ledger.touch()
            statements = ledgerfile.emptying() + [ledgerfile.storing(parcel) for parcel in self.outbox.values()]
        todo = [*(statements or []), *ledgerfile.changes(self.ledger)]
        self._dirty_since = 0.0
        self._saving = True

        def job(connection: sqlite3.Connection) -> None:
            for sql, values in todo:
                connection.execute(sql, values)

        self.store.run(job, lambda result: self._saved(result, then), durable=durable)

    def _saved(self, result: object, then: Callable[[], None] | None) -> None:
        self._saving = False
        if isinstance(result, sqlite3.Error):
            if not self.fault:
                log.error("%s can't be written (%s); going on in memory", self.place.database, result)
            self.fault = str(result)
            self._retry_store_at = monotonic() + RETRY_STORE
            self.changed()
            return
        if self.fault:
            log.warning("%s can be written again", self.place.database)
            self.fault = ""
            for parcel in self.outbox.values():
                parcel.stored = True
        if then is not None:
            then()

    def _restore(self) -> float:
        """Fill the ledger and the outbox from the store; the phase of this install."""
        rows = self.store.load()
        ledgerfile.restore(self.ledger, rows)
        for row in rows["outbox"]:
            parcel = ledgerfile.parcel_of(row)
            self.outbox[parcel.beat_id] = parcel
        for name, value in rows["meta"]:
            if name == "phase":
                return float(value)
        phase = random.SystemRandom().random()
        self.store.run(
            lambda connection: connection.execute("INSERT INTO meta VALUES ('phase', ?)", (phase,)),
            lambda _: None,
        )
        return phase

    # Heartbeats out.

    def due(self, stream: Stream, now: Moment) -> schedule.Verdict:
        return schedule.due(now, stream.last, self.phase, first=stream.first)

    def _build_what_is_due(self) -> None:
        now = host.moment()
        for product in self.ledger.products.values():
            if not product.announced and product.system:
                self._announce(product, now)
        for stream in list(self.ledger.streams.values()):
            if not stream.window.seen or not self.ledger.may_send(stream):
                continue
            verdict = self.due(stream, now)
            if verdict.corrected:
                log.warning("the clock went back: the last heartbeat of %s now counts as built now", stream.product)
                stream.last = now
                stream.changed = True
                self.changed()
            elif verdict.wait <= 0:
                self.look_at_choices()
                if stream.key in self.ledger.streams and self.ledger.may_send(stream):
                    self.build(stream, now)

    def _announce(self, product: Product, now: Moment) -> None:
        """The product's first run, once in its life here."""
        stream = next((s for s in self.ledger.streams_of(product.name) if self.ledger.may_send(s)), None)
        if stream is None:
            return
        product.announced = True
        product.changed = True
        self._post(self.ledger.first_run(product, now.wall), stream, [])

    def build(self, stream: Stream, now: Moment) -> Parcel:
        """Close the stream's window: its heartbeat enters the outbox and its numbers go, in one transaction."""
        beat = self.beat(stream, now)
        statements = ledgerfile.closing(stream.key)
        self.ledger.close(stream, now)
        return self._post(beat, stream, statements)

    def beat(self, stream: Stream, now: Moment) -> heartbeat.Heartbeat:
        """What the stream's heartbeat is at this moment, for a preview as for sending."""
        whole = self.ledger.heartbeat(stream, now.wall)

        def size(beat: heartbeat.Heartbeat) -> int:
            return len(https_json.render(beat))

        return heartbeat.fit(whole, size, privacy.MAX_HEARTBEAT)

    def body(self, stream: Stream, now: Moment) -> str:
        """The exact body that a heartbeat would have now, readable."""
        beat = self.beat(stream, now)
        sink = self.ledger.declared[stream.digest].policy.sink
        if sink is None or stream.destination in (LOCAL, NONE):
            return https_json.render(beat).decode()
        form = FORMS[sink.kind]
        return form.show(form.body(beat, sink))

    def _post(self, beat: heartbeat.Heartbeat, stream: Stream, statements: list[ledgerfile.Statement]) -> Parcel:
        sink = self.ledger.declared[stream.digest].policy.sink
        assert sink is not None
        parcel = Parcel(
            beat_id=beat.beat_id,
            product=beat.product,
            destination=stream.destination,
            kind=beat.kind,
            sequence=beat.sequence,
            sink=sink,
            body=FORMS[sink.kind].body(beat, sink),
            created=beat.end,
        )
        self.outbox[parcel.beat_id] = parcel

        def stored() -> None:
            parcel.stored = True

        self.save([*statements, ledgerfile.storing(parcel)], stored, durable=True)
        return parcel

    def _deliver_what_is_due(self) -> None:
        now = time.time()
        for parcel in list(self.outbox.values()):
            if not self.dispatch.has_room:
                return
            if parcel.is_due(now) and self.may_deliver(parcel):
                parcel.under_way = True
                parcel.attempts += 1
                order = FORMS[parcel.sink.kind].delivery(parcel.sink, parcel.beat_id, parcel.body)
                self.dispatch.send(parcel.beat_id, order, parcel.body)

    def may_deliver(self, parcel: Parcel) -> bool:
        stream = self.ledger.streams.get((parcel.product, parcel.destination))
        if stream is not None:
            return self.ledger.may_send(stream)
        return self.ledger.decision_for(parcel.product).mode == "on"

    def _after_attempt(self, beat_id: str, result: Result) -> None:
        parcel = self.outbox.get(beat_id)
        if parcel is None:
            return  # its product was switched off meanwhile
        now = time.time()
        parcel.under_way = False
        parcel.status, parcel.words = result.status, result.words
        step = delivery.after(
            status=result.status,
            retried=FORMS[parcel.sink.kind].retried(result.status),
            retry_after=result.retry_after,
            attempts=parcel.attempts,
            retry_attempts=parcel.sink.retry_attempts,
            backoff=parcel.sink.retry_backoff,
            now=now,
            chance=self._random.random(),
        )
        parcel.state, parcel.next_try = step.state, step.next_try
        log.info("%s of %s to %s: %s", parcel.kind, parcel.product, parcel.sink.kind, result.words)
        if step.state == delivery.DELIVERED:
            del self.outbox[beat_id]
            self.save(ledgerfile.delivered(parcel, now), lambda: self.admin.settled(parcel, now), durable=True)
        else:
            self.save([ledgerfile.storing(parcel)], lambda: self.admin.settled(parcel, now))

    # Going.

    def _stop(self, *_: object) -> None:
        self._stopping = True
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is awake
            os.write(self._wake_write, b"!")

    def _leave(self) -> None:
        """Read to the end what clients have handed over, and save it."""
        self.ingest.leave(self._take)
        self.save(durable=True)

    def close(self) -> None:
        self.dispatch.stop()
        self.store.close()
        self.control.close()
        self.ingest.close()
        for descriptor in (self._wake_read, self._wake_write, self._lock):
            os.close(descriptor)


def _take_lock(place: Endpoint) -> int:
    """The descriptor that says that we are the daemon. Raises AlreadyRunningError."""
    _own_directory(place.runtime)
    descriptor = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunningError(f"a daemon is running already and serves {place.ingest}") from None
    return descriptor


def _own_directory(path: str) -> None:
    """Make a directory that is ours alone. Raises StoreError where it can't be."""
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        found = os.stat(path)
        if found.st_uid != os.geteuid():
            raise StoreError(f"{path} belongs to another user; set another directory or ask them to give it to you")
        if found.st_mode & stat.S_ISVTX:
            raise StoreError(f"{path} is shared with other users; name a directory of your own")
        if stat.S_IMODE(found.st_mode) & 0o077:
            os.chmod(path, 0o700)
    except OSError as error:
        raise StoreError(f"{path} can't be used: {error.strerror}") from error


def _new_id() -> str:
    return str(uuid.uuid4())


def _empty(descriptor: int) -> None:
    try:
        while os.read(descriptor, 4096):
            pass
    except BlockingIOError:
        pass
