"""The daemon: the one room that knows all others, and the loop that they run in."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import random
import secrets
import signal
import uuid
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import zmq

from daybeat import privacy, wire
from daybeat.endpoint import ADMIN_CONSENT, Endpoint
from daybeatd import choices, heritage, host, ledgerfile
from daybeatd.admin import Admin
from daybeatd.batches import Batches
from daybeatd.control import Control
from daybeatd.core import heartbeat, schedule
from daybeatd.core.heritage import PRODUCT, Heritage
from daybeatd.core.ledger import LOCAL, NO_SINK, STAYS, Change, Ledger, Product, Stream
from daybeatd.core.outbox import Parcel
from daybeatd.core.schedule import Moment
from daybeatd.directories import own
from daybeatd.ingest import Ingest, Message
from daybeatd.keeper import Keeper
from daybeatd.post import Post
from daybeatd.settings import SettingsFile
from daybeatd.sinks import FORMS, https_json
from daybeatd.sinks.contract import MissingExtra
from daybeatd.watch import Watch

log = logging.getLogger("daybeatd")

#: Seconds of rest after a drain: messages are then taken together, which costs a third.
REST = 0.05
#: Seconds of sleep ahead at which the daemon is at rest.
CALM = 1.0
#: Messages taken in one turn of the loop.
TURN = 2000
#: Seconds between looks at recorded choices that were written by hand where no watch tells of it.
LOOK = 1.0
#: The longest sleep of the loop, seconds: clocks that jumped and machines that slept are noticed by then.
LONGEST_SLEEP = 900.0


class AlreadyRunningError(Exception):
    """Another daemon serves this user."""


class App:
    """One daemon. `run` returns when it was told to stop; `close` leaves nothing behind but the database."""

    def __init__(
        self, place: Endpoint, idle_exit: float | None = None, moment: Callable[[], Moment] = host.moment
    ) -> None:
        self.place = place
        #: The clocks now.
        self.moment = moment
        self._idle_exit = idle_exit
        self._locks = _take_locks(place)
        self._wake_read, self._wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.settings = SettingsFile(place.settings)
        self._watch = Watch((place.config, f"{place.config}/consent"), (os.path.dirname(ADMIN_CONSENT),))
        # Choices that were found and could not be written down.
        self._inherited_choices: dict[str, str] = {}
        if not os.access(place.config, os.W_OK) and not choices.read(place, PRODUCT):
            left = heritage.read(PRODUCT)
            self._inherited_choices |= {PRODUCT: "off"} if left is not None and left.is_off else {}
        self.keeper = Keeper(place.database, self._new_ledger, self._wake)
        self.ledger = self.keeper.ledger
        self.ingest = Ingest(place.ingest, self.ledger.fleet.connected, self.ledger.fleet.disconnected)
        self.admin = Admin(self)
        self.post = Post(self.keeper, self.admin.settled, moment)
        self.batches = Batches(self.ledger, lambda: moment().wall)
        self.control = Control(place.control, self.admin.handle)
        self.started = monotonic()
        self.malformed = 0
        self._stopping = False
        self._resting_until = 0.0
        self._looked = 0.0
        self._busy_at = monotonic()
        self._random = random.Random()

    def _new_ledger(self) -> Ledger:
        return Ledger(_new_id, lambda: secrets.token_bytes(32), self._recorded, self._inherit)

    def _recorded(self, name: str) -> str:
        return choices.read(self.place, name) or self._inherited_choices.get(name, "")

    def _inherit(self, product: str) -> Heritage | None:
        """What a product had before daybeat came. That it was off is recorded at once, as the person's choice."""
        left = heritage.read(product)
        if left is not None and left.is_off and not self._recorded(product):
            self._inherited_choices[product] = "off"
            with contextlib.suppress(OSError):  # then it is off all the same, for this daemon and the next
                choices.write(self.place, product, "off")
                del self._inherited_choices[product]
        return left

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
        if self._watch.descriptor in ready:  # before clients: those who decided by the new choice come behind it
            self._watch.take()
            self.look_at_choices()
        now = monotonic()
        if now >= self._resting_until:
            self._look_at_clients()
        self.ingest.resume()
        self.keeper.store.finished()
        self.post.take_results()
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
        if self._watch.descriptor >= 0:
            poller.register(self._watch.descriptor, zmq.POLLIN)
        couriers = self.post.dispatch.descriptors() | self.batches.dispatch.descriptors()
        for descriptor, writing in (self.control.descriptors() | couriers).items():
            poller.register(descriptor, zmq.POLLOUT if writing else zmq.POLLIN)
        wait = max(0.0, min(self._deadlines(now)) - now)
        if wait > CALM:
            self.ingest.rest()
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
        yield self.keeper.save_at
        yield self.control.expires_at
        yield self.post.dispatch.deadline
        yield from self.batches.deadlines()
        if self._idle_exit is not None:
            yield max(self._busy_at + self._idle_exit, now + 0.1)
        wall = self.moment()
        for stream in self.ledger.streams.values():
            if stream.window.seen and self.post.may_send(stream):
                yield now + self.due(stream, wall).wait
        if self.post.dispatch.has_room:
            for parcel in self.post.waiting():
                yield now + self.post.wait_of(parcel, wall.wall)

    def _is_idle(self) -> bool:
        assert self._idle_exit is not None
        under_way = any(parcel.under_way for parcel in self.keeper.outbox.values())
        if self.ingest.connections or under_way or not self.batches.is_idle:
            self._busy_at = monotonic()
        return monotonic() - self._busy_at >= self._idle_exit

    def _do_duties(self) -> None:
        if monotonic() - self._looked >= (LOOK if self.keeper.is_dirty else LONGEST_SLEEP):
            self.look_at_choices()
        self.keeper.save_what_is_due()
        self._build_what_is_due()
        self.batches.work()
        if self.post.is_due():
            self.look_at_choices()
            self.post.send_what_is_due()

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
        now = self.moment()
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
        self.keeper.changed()

    def look_at_choices(self) -> None:
        """Enforce the recorded choices and the settings as they are at this moment."""
        self._looked = monotonic()
        for fault in self.settings.look():
            log.warning("%s", fault)
        self.ledger.settings = self.settings.settings
        for change in self.ledger.look_at_choices():
            self._choice_changed(change)

    def _choice_changed(self, change: Change) -> None:
        log.info("%s is now %s", change.product, change.choice)
        now = self.moment()
        statements = [ledgerfile.noting_choice(now.wall, change.product, change.choice)]
        if change.ended or change.stays:
            self.batches.withdraw(change.product)
        if change.ended:
            self.ledger.erase(change.product)
            self.post.withdraw(change.product, f"{change.product} is {change.choice} now")
            statements += ledgerfile.erasing(change.product)
        elif change.stays:
            withdrawn = self.post.withdraw(change.product, f"{change.product} is {change.choice} now")
            statements += map(ledgerfile.dropping, withdrawn)
            for stream in [*self.ledger.streams_of(change.product)]:
                if stream.destination != LOCAL:
                    windows = [each.window for each in withdrawn if each.key == stream.key and each.window is not None]
                    statements += ledgerfile.closing(stream.key)
                    self.ledger.keep_here(stream, windows, now)
        self.keeper.save(statements, erases=change.ended)

    # Heartbeats out.

    def due(self, stream: Stream, now: Moment) -> schedule.Verdict:
        return schedule.due(now, stream.last, self.keeper.phase, first=stream.first)

    def _build_what_is_due(self) -> None:
        now = self.moment()
        for product in self.ledger.products.values():
            if not product.announced and product.system:
                self._announce(product, now)
        for stream in list(self.ledger.streams.values()):
            if not stream.window.seen or not self.post.may_send(stream):
                continue
            verdict = self.due(stream, now)
            if verdict.corrected:
                log.warning("the clock went back: the last heartbeat of %s now counts as built now", stream.product)
                stream.last = now
                stream.changed = True
                self.keeper.changed()
            elif verdict.wait <= 0:
                self.look_at_choices()
                if stream.key not in self.ledger.streams or not self.post.may_send(stream):
                    continue
                if self.ledger.goes_in_events(stream):
                    self._begin_anew(stream, now)
                else:
                    self.build(stream, now, schedule.stagger(now, stream.last, self._random.random()))

    def _announce(self, product: Product, now: Moment) -> None:
        """The product's first run, once in its life here."""
        streams = [s for s in self.ledger.streams_of(product.name) if not self.ledger.goes_in_events(s)]
        stream = next((s for s in streams if self.post.may_send(s)), None)
        if stream is None:
            return
        product.announced = True
        product.changed = True
        self.post.add(self.ledger.first_run(product, now.wall), stream, None, [])

    def build(self, stream: Stream, now: Moment, wait: float = 0.0) -> Parcel:
        """Close the stream's window: its heartbeat enters the outbox and its numbers go, in one transaction."""
        statements = [*self.post.take_back(stream), *ledgerfile.closing(stream.key)]
        beat, window = self.beat(stream, now), stream.window
        self.ledger.close(stream, now)
        return self.post.add(beat, stream, window, statements, wait)

    def _begin_anew(self, stream: Stream, now: Moment) -> None:
        """A day is over for numbers that are not sent: their events were."""
        self.ledger.close(stream, now)
        self.keeper.save(ledgerfile.closing(stream.key))

    def beat(self, stream: Stream, now: Moment) -> heartbeat.Heartbeat:
        """What the stream's heartbeat is at this moment, for a preview as for sending."""
        whole = self.ledger.heartbeat(stream, now.wall)

        def size(beat: heartbeat.Heartbeat) -> int:
            return len(https_json.render(beat))

        return heartbeat.fit(whole, size, privacy.MAX_HEARTBEAT)

    def body(self, stream: Stream, now: Moment) -> str:
        """The exact body that would be sent now, readable; "" when there is no event to send. Raises MissingExtra."""
        if self.ledger.goes_in_events(stream):
            return self.batches.body(stream, now.wall)
        beat = self.beat(stream, now)
        sink = self.ledger.sink_for(stream)
        if sink is None:
            return https_json.render(beat).decode()
        form = FORMS[sink.kind]
        return form.show(form.body(beat, sink))

    def shown(self, stream: Stream, now: Moment) -> str:
        """The same, or what is missing for it."""
        try:
            return self.body(stream, now)
        except MissingExtra as missing:
            return f"({missing})"

    def why_held(self, product: str) -> str:
        """Why nothing of a product is sent although it is on."""
        words = [self.post.why_held(stream) for stream in self.ledger.streams_of(product)]
        # What stays here by its nature explains least.
        return next((each for each in words if each not in (STAYS, NO_SINK)), NO_SINK)

    def secrets(self) -> set[str]:
        """What of the sinks may be a credential."""
        sinks = [self.ledger.sink_of(declared) for declared in self.ledger.declared.values()]
        sinks += [declared.policy.sink for declared in self.ledger.declared.values()]
        sinks += [parcel.sink for parcel in self.keeper.outbox.values()]
        known = {sink for sink in sinks if sink is not None}
        return {sink.key for sink in known} | {value for sink in known for _, value in sink.headers}

    # Going.

    def _stop(self, *_: object) -> None:
        self._stopping = True
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is awake
            os.write(self._wake_write, b"!")

    def _leave(self) -> None:
        """Read to the end what clients have handed over, before it is saved, and post what is left of events."""
        self.ingest.leave(self._take)
        self.look_at_choices()
        self.batches.leave()

    def close(self) -> None:
        """Save, and end all that was begun."""
        self.post.dispatch.stop()
        self.batches.dispatch.stop()
        self.keeper.close()
        self._watch.close()
        self.control.close()
        self.ingest.close()
        for descriptor in (self._wake_read, self._wake_write, *self._locks):
            os.close(descriptor)


def _take_locks(place: Endpoint) -> list[int]:
    """The descriptors that say that we are the daemon of these directories. Raises AlreadyRunningError."""
    own(place.runtime)
    locks = [_lock(place.lock)]
    # A state directory that can't be written has nothing to protect.
    with contextlib.suppress(OSError):
        os.makedirs(place.state, mode=0o700, exist_ok=True)
        locks.append(_lock(f"{place.state}/daybeatd.lock"))
    return locks


def _lock(path: str) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunningError(f"a daemon is running already: it holds {path}") from None
    return descriptor


def _new_id() -> str:
    return str(uuid.uuid4())


def _empty(descriptor: int) -> None:
    try:
        while os.read(descriptor, 4096):
            pass
    except BlockingIOError:
        pass
