"""The daemon: wires all other modules together, and runs them in one loop."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import signal
import uuid
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import zmq

from daybeat.endpoint import ADMIN_CONSENT, Endpoint
from daybeatd import consent_changes, host, locks
from daybeatd.admin.context import Context
from daybeatd.admin.handler import Admin
from daybeatd.admin.sending import Sending
from daybeatd.batches import Batches
from daybeatd.builder import Builder
from daybeatd.control import Control
from daybeatd.core import enforcement
from daybeatd.core.ledger import Ledger
from daybeatd.core.schedule import Moment
from daybeatd.ingest import Ingest
from daybeatd.keeper import Keeper
from daybeatd.post import Post
from daybeatd.reception import Reception
from daybeatd.recorded import RecordedChoices
from daybeatd.settings import SettingsFile
from daybeatd.waker import Waker
from daybeatd.watch import Watch

log = logging.getLogger("daybeatd")

#: Seconds of sleep ahead at which the daemon is at rest.
CALM = 1.0
#: Seconds between looks at recorded choices that were written by hand where no watch tells of it.
LOOK = 1.0
#: The longest sleep of the loop, seconds: clocks that jumped and machines that slept are noticed by then.
LONGEST_SLEEP = 900.0


class App:
    """One daemon. `run` returns when it was told to stop; `close` leaves nothing behind but the database."""

    def __init__(
        self, place: Endpoint, idle_exit: float | None = None, moment: Callable[[], Moment] = host.moment
    ) -> None:
        self._place = place
        #: The clocks now.
        self._moment = moment
        self._idle_exit = idle_exit
        self._stopping = False
        self._looked = 0.0
        self._locks = locks.take(place)
        self._waker = Waker()
        self._recorded = RecordedChoices(place)
        self._settings = SettingsFile(place.settings)
        self._watch = Watch((place.config, f"{place.config}/consent"), (os.path.dirname(ADMIN_CONSENT),))
        self._keeper = Keeper(place.database, self._new_ledger, self._waker.wake)
        self._ledger = self._keeper.ledger
        self._ingest = Ingest(place.ingest, self._ledger.fleet.connected, self._ledger.fleet.disconnected)
        self._reception = Reception(self._ingest, self._keeper, moment)
        self._sending = Sending()
        self._post = Post(self._keeper, self._sending.settled, moment)
        self._batches = Batches(self._ledger, lambda: moment().wall, self._sending.ended)
        self._builder = Builder(self._keeper, self._post, self._look_at_choices)
        self._control = Control(place.control, self._admin().handle)
        #: When there was last something that keeps an idle daemon.
        self._busy_at = monotonic()

    def _new_ledger(self) -> Ledger:
        young_until = host.home_is_young_until(os.path.expanduser("~"), self._moment().wall)
        recorded = self._recorded
        return Ledger(_new_id, lambda: secrets.token_bytes(32), recorded.of, recorded.take_over, young_until)

    def _admin(self) -> Admin:
        context = Context(
            place=self._place,
            moment=self._moment,
            started=monotonic(),
            settings=self._settings,
            keeper=self._keeper,
            ingest=self._ingest,
            reception=self._reception,
            post=self._post,
            batches=self._batches,
            builder=self._builder,
        )
        return Admin(context, self._sending, self._settle)

    def run(self) -> None:
        """Serve until SIGTERM, SIGINT or idleness."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        log.info("serving at %s", self._place.ingest)
        self._look_at_choices()
        while not self._stopping:
            self._turn()
            if self._idle_exit is not None and self._idle_for() >= self._idle_exit:
                log.info("idle for %g seconds, leaving", self._idle_exit)
                break
        self._leave()

    # One turn of the loop.

    def _turn(self) -> None:
        ready = self._poll()
        if self._waker.fileno() in ready:
            self._waker.rest()
        if self._watch.descriptor in ready:  # before clients: those who decided by the new choice come behind it
            self._watch.take()
            self._look_at_choices()
        now = monotonic()
        if now >= self._reception.resting_until:
            self._reception.look()
        self._ingest.resume()
        self._keeper.store.finished()
        self._post.take_results()
        for descriptor in list(self._control.descriptors()):
            if descriptor in ready:
                self._control.serve(descriptor)
        self._control.expire(now)
        self._do_duties()

    def _poll(self) -> set[Any]:
        poller = zmq.Poller()
        now = monotonic()
        if now >= self._reception.resting_until:
            poller.register(self._ingest.socket, zmq.POLLIN)
            poller.register(self._ingest.monitor, zmq.POLLIN)
        poller.register(self._waker.fileno(), zmq.POLLIN)
        if self._watch.descriptor >= 0:
            poller.register(self._watch.descriptor, zmq.POLLIN)
        couriers = self._post.dispatch.descriptors() | self._batches.dispatch.descriptors()
        for descriptor, writing in (self._control.descriptors() | couriers).items():
            poller.register(descriptor, zmq.POLLOUT if writing else zmq.POLLIN)
        wait = max(0.0, min(self._deadlines(now)) - now)
        if wait > CALM:
            self._ingest.rest()
        try:
            return {which for which, _ in poller.poll(int(wait * 1000) + 1 if wait else 0)}
        except zmq.ZMQError as error:
            if error.errno not in (zmq.ENOTSOCK, errno.EBADF):
                raise
            return set()  # a descriptor went away between being listed and being polled

    def _deadlines(self, now: float) -> Iterator[float]:
        """When, by `monotonic`, there is something to do although nothing comes."""
        yield now + LONGEST_SLEEP
        if self._reception.is_behind:
            yield now
        if self._reception.resting_until > now:
            yield self._reception.resting_until
        if self._ingest.resume_at:
            yield self._ingest.resume_at
        yield self._keeper.save_at
        yield self._control.expires_at
        yield self._post.dispatch.deadline
        yield from self._batches.deadlines()
        if self._idle_exit is not None:
            yield max(self._busy_at + self._idle_exit, now + 0.1)
        moment = self._moment()
        yield from (now + wait for wait in self._builder.waits(moment))
        yield from (now + wait for wait in self._post.waits(moment.wall))

    def _idle_for(self) -> float:
        """Seconds since there was last something to do, or somebody to do it for."""
        under_way = any(parcel.under_way for parcel in self._keeper.outbox.values())
        if self._ingest.connections or under_way or not self._batches.is_idle:
            self._busy_at = monotonic()
        self._busy_at = max(self._busy_at, self._reception.busy_at)
        return monotonic() - self._busy_at

    def _do_duties(self) -> None:
        if monotonic() - self._looked >= (LOOK if self._keeper.is_dirty else LONGEST_SLEEP):
            self._look_at_choices()
        self._keeper.save_what_is_due()
        self._builder.build_what_is_due(self._moment())
        self._batches.work()
        if self._post.is_due():
            self._look_at_choices()
            self._post.send_what_is_due()

    # What a turn, a request and the end have in common.

    def _settle(self) -> None:
        """Take in all that clients have handed over so far, before a person is told numbers."""
        self._reception.catch_up()
        self._look_at_choices()

    def _look_at_choices(self) -> None:
        """Enforce the recorded choices and the settings as they are at this moment."""
        self._looked = monotonic()
        for fault in self._settings.look():
            log.warning("%s", fault)
        self._ledger.settings = self._settings.settings
        for change in enforcement.look_at_choices(self._ledger):
            log.info("%s is now %s", change.product, change.choice)
            consent_changes.apply(change, self._keeper, self._post, self._batches, self._moment())

    # Going.

    def _stop(self, *_: object) -> None:
        self._stopping = True
        self._waker.wake()

    def _leave(self) -> None:
        """Read to the end what clients have handed over, before it is saved, and post what is left of events."""
        self._reception.take([])
        self._ingest.leave(self._reception.take)
        self._look_at_choices()
        self._batches.leave()

    def close(self) -> None:
        """Save, and end all that was begun."""
        self._post.dispatch.stop()
        self._batches.dispatch.stop()
        self._keeper.close()
        self._watch.close()
        self._control.close()
        self._ingest.close()
        self._waker.close()
        for descriptor in self._locks:
            os.close(descriptor)


def _new_id() -> str:
    return str(uuid.uuid4())
